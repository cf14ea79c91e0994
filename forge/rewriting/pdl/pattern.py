"""A pattern of PDL as one of Forge's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from xdsl.dialects import pdl
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import IRDLOperation

from forge.diagnostics import Places
from forge.errors import ForgeError
from forge.ir.locations import describe_location
from forge.ir.schema_op import SchemaOp
from forge.ir.shape_functions import ShapeError
from forge.rewriting.pattern import Pattern, Rewriter
from forge.rewriting.pdl.matching import Match, Matcher, Mismatch


class _Mistake(ForgeError):
    """What is wrong with a pattern; its text is another one than the program's."""


class PdlPattern(Pattern[Operation]):
    """Matches what stands above `pdl.rewrite`, and does what stands in it.

    Attributes:
        benefit: patterns of a higher one are tried first.
    """

    def __init__(
        self,
        pattern: pdl.PatternOp,
        rewrite: pdl.RewriteOp,
        root: pdl.OperationOp,
        classes: Mapping[Operation, type[Operation]],
        places: Places,
    ) -> None:
        self._places = places
        self.benefit: int = pattern.benefit.value.data
        self._name = (
            pattern.sym_name.data
            if pattern.sym_name is not None
            else f"pattern at {describe_location(pattern.location)}"
        )
        self._root = root
        self._rewrite = rewrite
        self._classes = classes
        self.roots = (classes.get(root, Operation),)  # pyright: ignore[reportIncompatibleVariableOverride, reportAttributeAccessIssue] one class a pattern here, not a class a root

    @property
    def name(self) -> str:
        return self._name

    def match_and_rewrite(self, op: Operation, rewriter: Rewriter) -> None:
        matcher = Matcher()
        try:
            matcher.operation(self._root.op, op)
        except Mismatch as mismatch:
            return rewriter.no_match(mismatch.op, mismatch.reason)
        try:
            built = self._build(matcher.match)
            for new in built:
                rewriter.insert(new, before=op)
            self._rewrite_with(matcher.match, rewriter)
        except ShapeError as error:
            return rewriter.no_match(op, str(error))
        except _Mistake as mistake:
            mistake.places = self._places
            raise
        return None

    def _rewrite_with(self, match: Match, rewriter: Rewriter) -> None:
        for step in self._rewrite.body.ops:
            if isinstance(step, pdl.ReplaceOp):
                self._replace(step, match, rewriter)
            elif isinstance(step, pdl.EraseOp):
                self._erase(step, match, rewriter)

    def _build(self, match: Match) -> list[Operation]:
        """The new operations, which are not part of the program yet; `match` learns them."""
        built: list[Operation] = []
        for step in self._rewrite.body.ops:
            match step:
                case pdl.OperationOp():
                    try:
                        new = self._new_operation(step, match)
                    except ShapeError:
                        for op in reversed(built):
                            op.erase()
                        raise
                    match[step.op] = new
                    built.append(new)
                case pdl.ResultOp():
                    match[step.val] = _result(step, match)
                case _:
                    pass
        return built

    def _new_operation(self, step: pdl.OperationOp, match: Match) -> Operation:
        operands = [cast(SSAValue, _found(value, match)) for value in step.operand_values]
        names = [name.data for name in step.attributeValueNames]
        values = [cast(Attribute, _found(value, match)) for value in step.attribute_values]
        types = [cast(Attribute, _found(value, match)) for value in step.type_values]
        op_class = self._classes[step]
        known: Sequence[str] = ()
        if issubclass(op_class, IRDLOperation):
            known = tuple(op_class.get_irdl_definition().properties)
        given = dict(zip(names, values, strict=True))
        properties = {name: value for name, value in given.items() if name in known}
        attributes = {name: value for name, value in given.items() if name not in known}
        if issubclass(op_class, SchemaOp) and not op_class.OPAQUE:
            return op_class.from_operands(operands, properties, attributes, types or None)
        return op_class.create(
            operands=operands, result_types=types, properties=properties, attributes=attributes
        )

    def _replace(self, step: pdl.ReplaceOp, match: Match, rewriter: Rewriter) -> None:
        old = _alive(step, step.op_value, match)
        if step.repl_operation is not None:
            new = cast(Operation, match[step.repl_operation]).results
        else:
            new = [cast(SSAValue, _found(value, match)) for value in step.repl_values]
        if any(value.owner is old for value in new):
            raise _failed(step, f"{old.name} is replaced by its own result")
        try:
            rewriter.replace(old, new)
        except ForgeError as error:
            raise _failed(step, error.message) from error

    def _erase(self, step: pdl.EraseOp, match: Match, rewriter: Rewriter) -> None:
        old = cast(Operation, match[step.op_value])
        # What only a replaced operation used went with it.
        if old.parent is None:
            return
        if any(result.first_use is not None for result in old.results):
            raise _failed(step, f"{old.name} is erased, and its results are still used")
        rewriter.erase(old)


def _found(value: SSAValue, match: Match) -> Any:
    """What a value of a rewrite stands for: what was matched or made, or a constant."""
    if (found := match.get(value)) is not None:
        return found
    owner = value.owner
    constant = None
    if isinstance(owner, pdl.AttributeOp):
        constant = owner.value
    elif isinstance(owner, pdl.TypeOp):
        constant = owner.constantType
    if constant is None:
        assert isinstance(owner, Operation)
        raise _Mistake("nothing says which this is", op=owner, hint="give it a value")
    return constant


def _result(step: pdl.ResultOp, match: Match) -> SSAValue:
    op = cast(Operation, match[step.parent_])
    index = step.index.value.data
    if index >= len(op.results):
        raise _Mistake(f"{op.name} has {len(op.results)} results", op=step)
    return op.results[index]


def _alive(step: Operation, value: SSAValue, match: Match) -> Operation:
    op = cast(Operation, match[value])
    if op.parent is None:
        raise _failed(step, f"{op.name} is gone already: only what was replaced had used it")
    return op


def _failed(step: Operation, reason: str) -> _Mistake:
    return _Mistake(f"this rewrite is wrong: {reason}", op=step)
