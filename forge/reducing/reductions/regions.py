"""Put what stands in a region in the place of the operation that has it."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.traits import IsTerminator, SymbolOpInterface

from forge.reducing.choices import Choices


def unwrap_regions(module: ModuleOp, choices: Choices) -> None:
    """Replace an operation by the operations of one of its regions, where types allow it."""
    # Inner ones come first.
    ways = [
        (op, region.blocks[0])
        for op in module.walk(reverse=True, region_first=True)
        if op is not module and not op.has_trait(SymbolOpInterface)
        for region in op.regions
        if len(region.blocks) == 1 and _fits(op, region.blocks[0])
    ]
    for op, block in ways:
        if choices.make() and op.parent is not None:
            _unwrap(op, block)


def _fits(op: Operation, block: Block) -> bool:
    last = block.last_op
    return (
        not block.args
        and last is not None
        and last.has_trait(IsTerminator)
        and last.operand_types == op.result_types
    )


def _unwrap(op: Operation, block: Block) -> None:
    last = block.last_op
    assert last is not None
    values = list(last.operands)
    Rewriter.erase_op(last)
    for inner in list(block.ops):
        inner.detach()
        Rewriter.insert_op(inner, InsertPoint.before(op))
    Rewriter.replace_op(op, (), values)
