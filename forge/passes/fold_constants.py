"""Compute while compiling what does not depend on the inputs."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from forge.analysis.constants import Constants, find_constants
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense
from forge.ir.tensors import shaped
from forge.rewriting.dead_code import erase_with_producers, is_dead


@dataclass(frozen=True)
class FoldConstantsPass(ModulePass):
    """Replace integers and booleans that do not depend on the inputs by constants.

    Positions and masks are made of them. Results larger than `max_elements` stay as they are, so
    that the text stays small.

        %0 = aten.arange {end = 4} : () -> tensor<4xi64>
        %1 = aten.add.Scalar %0 {other = 1} : (tensor<4xi64>) -> tensor<4xi64>
        %2 = aten.embedding %w, %1 : …

    becomes

        %1 = forge.constant dense<[1, 2, 3, 4]> : tensor<4xi64>
        %2 = aten.embedding %w, %1 : …
    """

    name = "fold-constants"

    max_elements: int = 1024

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            for region in inner.regions:
                for block in region.blocks:
                    self._fold(block)

    def _fold(self, block: Block) -> None:
        known = find_constants(block)
        for value in known:
            op = value.owner
            if isinstance(op, Operation) and self._is_worth_it(op, value, known):
                constant = ConstantOp(dense(known[value], shaped(value.type).dtype), op.location)
                Rewriter.insert_op(constant, InsertPoint.before(op))
                constant.result.name_hint = value.name_hint
                value.replace_all_uses_with(constant.result)
        for value in known:
            op = value.owner
            if isinstance(op, Operation) and op.parent is not None and is_dead(op):
                erase_with_producers(op)

    def _is_worth_it(self, op: Operation, value: SSAValue, known: Constants) -> bool:
        if isinstance(op, ConstantOp) or shaped(value.type).numel > self.max_elements:
            return False
        # What only goes into other constants is not needed.
        return any(
            not any(result in known for result in use.operation.results) for use in value.uses
        )
