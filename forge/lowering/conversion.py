"""A small dialect conversion: each function is rebuilt once, in order, from legal operations.

A conversion is a function from an operation to the values that replace its results. It reads the
already converted operands and emits new operations; every one of them gets the location of the
operation it stands for. What is neither legal nor converted is reported by name and location.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from xdsl.dialects.builtin import FunctionType, ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError

OpT = TypeVar("OpT", bound=Operation)
Converted = SSAValue | Sequence[SSAValue]
# A conversion names the operation and the rewriter that it expects; its target sees to both.
Conversion = Callable[[Any, Any], Converted]
ConversionT = TypeVar("ConversionT", bound=Conversion)


class Rejection(ForgeError):
    """A conversion refuses an operation; the target's fallback may still know what to do.

    Args:
        reason: why, in one clause.
        op: the operation.
        hint: what to do about it.
    """

    def __init__(self, reason: str, *, op: Operation | None, hint: str | None = None) -> None:
        super().__init__(f"cannot be lowered: {reason}", op=op, hint=hint)
        self.reason = reason


class ConversionPatterns:
    """Conversions by the class of the operation they convert."""

    def __init__(self, *parts: ConversionPatterns) -> None:
        self._conversions: dict[type[Operation], Conversion] = {}
        for part in parts:
            for op_class, conversion in part._conversions.items():
                self._add(op_class, conversion)

    def __contains__(self, op_class: type[Operation]) -> bool:
        return op_class in self._conversions

    def convert(self, *op_classes: type[Operation]) -> Callable[[ConversionT], ConversionT]:
        """Register the decorated function for operations of these classes."""

        def register(conversion: ConversionT) -> ConversionT:
            for op_class in op_classes:
                self._add(op_class, conversion)
            return conversion

        return register

    def find(self, op: Operation) -> Conversion | None:
        """The conversion for an operation, if there is one."""
        return self._conversions.get(type(op))

    def _add(self, op_class: type[Operation], conversion: Conversion) -> None:
        if op_class in self._conversions:
            raise ValueError(f"{op_class.name} has two conversions")
        self._conversions[op_class] = conversion


@dataclass(frozen=True)
class ConversionTarget:
    """What a conversion ends with.

    Attributes:
        legal_dialects: dialects whose operations stay as they are.
        convert_type: the type of a value after the conversion, from the type it had.
        fallback: a conversion tried for operations that have none of their own, or whose own
            refused them (then it gets the reason); it returns `None` for those that it leaves
            illegal.
        make_rewriter: what conversions work with, made anew for every function.
    """

    legal_dialects: frozenset[str]
    convert_type: Callable[[Attribute], Attribute]
    fallback: Callable[[Operation, Any, Rejection | None], Converted | None] | None = None
    make_rewriter: Callable[[Block, ConversionTarget], ConversionRewriter] | None = None


@dataclass
class ConversionRewriter:
    """What a conversion works with: the converted operands, and where new operations go."""

    block: Block
    target: ConversionTarget
    values: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    source: Operation | None = None

    def __getitem__(self, value: SSAValue) -> SSAValue:
        """What an operand of the source program has become."""
        return self.values[value]

    def optional(self, value: SSAValue | None) -> SSAValue | None:
        """What an operand has become; `None` stays `None`."""
        return None if value is None else self.values[value]

    def emit(self, op: Operation) -> SSAValue:
        """Append an operation with one result, and return that result."""
        return self.emit_all(op)[0]

    def emit_all(self, op: Operation) -> Sequence[SSAValue]:
        """Append an operation and return its results."""
        if self.source is not None:
            op.location = self.source.location
        self.block.add_op(op)
        return op.results

    def reject(self, reason: str, hint: str | None = None) -> NoReturn:
        """Refuse the operation under conversion.

        Raises:
            Rejection: always; it names the operation, its location and the reason.
        """
        raise Rejection(reason, op=self.source, hint=hint)

    def undo(self, last: Operation | None) -> None:
        """Erase every operation emitted after `last`; all of them if it is `None`."""
        while (op := self.block.last_op) is not last and op is not None:
            # What a conversion built and did not emit may still use it.
            self.block.erase_op(op, safe_erase=False)


def convert_module(
    module: ModuleOp, patterns: ConversionPatterns, target: ConversionTarget
) -> None:
    """Convert every function of `module` in place; linear in the number of operations.

    Raises:
        ForgeError: an operation remains illegal, or its conversion refused it.
    """
    for function in module.ops:
        if isinstance(function, FuncOp):
            _convert_function(function, patterns, target)


def _convert_function(
    function: FuncOp, patterns: ConversionPatterns, target: ConversionTarget
) -> None:
    if len(function.body.blocks) != 1:
        raise ForgeError("only functions with one block can be converted", op=function)
    old = function.body.block
    new = Block(arg_types=[target.convert_type(argument.type) for argument in old.args])
    make_rewriter = target.make_rewriter or ConversionRewriter
    rewriter = make_rewriter(new, target)
    for before, after in zip(old.args, new.args, strict=True):
        after.name_hint = before.name_hint
        after.location = before.location
        rewriter.values[before] = after
    remaining = [op for op in old.ops if not _convert_op(op, rewriter, patterns)]
    if remaining:
        raise _illegal(remaining)
    function.detach_region(0).drop_all_references()
    function.add_region(Region(new))
    signature = function.function_type
    function.properties["function_type"] = FunctionType.from_lists(
        [argument.type for argument in new.args],
        [target.convert_type(type) for type in signature.outputs],
    )


def _convert_op(op: Operation, rewriter: ConversionRewriter, patterns: ConversionPatterns) -> bool:
    """Convert one operation; false if it remains illegal."""
    rewriter.source = op
    target = rewriter.target
    converted: Converted | None = None
    rejection: Rejection | None = None
    if (conversion := patterns.find(op)) is not None:
        converted, rejection = _try(conversion, op, rewriter)
    elif op.dialect_name() in target.legal_dialects:
        converted = rewriter.emit_all(_clone(op, rewriter.values))
    if converted is None and target.fallback is not None:
        converted = target.fallback(op, rewriter, rejection)
    if converted is None:
        if rejection is not None:
            raise rejection
        # Later operations may still be converted, so that one message names all that is illegal.
        rewriter.values.update(_placeholders(op, rewriter.target))
        return False
    results = [converted] if isinstance(converted, SSAValue) else list(converted)
    _check_results(op, results, rewriter.target)
    for before, after in zip(op.results, results, strict=True):
        rewriter.values[before] = after
        if after.name_hint is None and before.name_hint is not None:
            after.name_hint = before.name_hint
    return True


def _try(
    conversion: Conversion, op: Operation, rewriter: ConversionRewriter
) -> tuple[Converted | None, Rejection | None]:
    """What a conversion gives, or why it refused; nothing is left of a conversion that refused."""
    last = rewriter.block.last_op
    try:
        return conversion(op, rewriter), None
    except Rejection as error:
        rejection = error
    except ShapeError as error:
        rejection = Rejection(str(error), op=op)
    rewriter.undo(last)
    return None, rejection


def _clone(op: Operation, values: Mapping[SSAValue, SSAValue]) -> Operation:
    return op.clone(dict(values))


def _placeholders(op: Operation, target: ConversionTarget) -> dict[SSAValue, SSAValue]:
    block = Block(arg_types=[target.convert_type(result.type) for result in op.results])
    return dict(zip(op.results, block.args, strict=True))


def _check_results(op: Operation, results: Sequence[SSAValue], target: ConversionTarget) -> None:
    """A conversion that changes a type is a bug in it; found here, it is named."""
    if len(results) != len(op.results):
        raise ForgeError(f"its conversion gave {len(results)} of {len(op.results)} results", op=op)
    for index, (before, after) in enumerate(zip(op.results, results, strict=True)):
        expected = target.convert_type(before.type)
        if after.type is not expected and after.type != expected:
            raise ForgeError(
                f"its conversion changed result #{index} from {expected} to {after.type}", op=op
            )


def _illegal(ops: Sequence[Operation]) -> ForgeError:
    names = Counter(op.name for op in ops)
    others = ", ".join(f"{name} ({count})" for name, count in names.most_common())
    return ForgeError(
        f"this op remains illegal: {ops[0].name}",
        op=ops[0],
        hint=f"no conversion is registered for: {others}",
    )
