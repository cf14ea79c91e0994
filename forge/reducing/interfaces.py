"""What a function takes and returns, changed in place with the attributes that go with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import BlockArgument, Operation, SSAValue

_NOTHING = DictionaryAttr({})


def bodies(module: ModuleOp) -> Iterator[tuple[FuncOp, ReturnOp]]:
    """The functions of one block that are not called, each with the operation that ends it.

    What calls one would have to change with it; once the call is cut out, nothing does.
    """
    called = {op.callee.root_reference for op in module.walk() if isinstance(op, CallOp)}
    for op in module.walk():
        if isinstance(op, FuncOp) and len(op.body.blocks) == 1 and op.sym_name not in called:
            last = op.body.block.last_op
            if isinstance(last, ReturnOp):
                yield op, last


def body_of(function: FuncOp) -> list[Operation]:
    """A function's operations without the one that returns."""
    return list(function.body.block.ops)[:-1]


def set_returned(function: FuncOp, last: ReturnOp, kept: Sequence[int | SSAValue]) -> None:
    """Let a function return other values: some of those before, by number, and new ones."""
    attributes = _each(function.res_attrs, len(last.operands))
    values = [last.operands[v] if isinstance(v, int) else v for v in kept]
    function.res_attrs = _joined([attributes[v] if isinstance(v, int) else _NOTHING for v in kept])
    last.operands = values
    function.update_function_type()


def add_argument(function: FuncOp, value: SSAValue) -> BlockArgument:
    """A new last argument of a function, of the type of a value."""
    block = function.body.block
    attributes = _each(function.arg_attrs, len(block.args))
    argument = block.insert_arg(value.type, len(block.args))
    function.arg_attrs = _joined([*attributes, _NOTHING])
    function.update_function_type()
    return argument


def remove_arguments(function: FuncOp, arguments: Sequence[BlockArgument]) -> None:
    """Remove arguments that nothing uses."""
    block = function.body.block
    attributes = _each(function.arg_attrs, len(block.args))
    gone = {argument.index for argument in arguments}
    function.arg_attrs = _joined([a for i, a in enumerate(attributes) if i not in gone])
    for argument in arguments:
        block.erase_arg(argument)
    function.update_function_type()


def _each(attributes: ArrayAttr[DictionaryAttr] | None, count: int) -> Sequence[DictionaryAttr]:
    return attributes.data if attributes is not None else [_NOTHING] * count


def _joined(each: Sequence[DictionaryAttr]) -> ArrayAttr[DictionaryAttr] | None:
    # As the parser does, which leaves them out where there are none.
    return ArrayAttr(each) if any(one.data for one in each) else None
