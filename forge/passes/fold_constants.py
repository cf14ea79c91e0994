"""Compute while compiling what does not depend on the inputs."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from forge.analysis.constants import Array, Constants, find_constants
from forge.analysis.folding import attribute_of
from forge.dialects.forge import ConstantOp
from forge.ir.tensors import is_float, shaped
from forge.rewriting.dead_code import erase_with_producers, is_dead


@dataclass(frozen=True)
class FoldConstantsPass(ModulePass):
    """Replace what depends neither on the inputs nor on weights by constants.

    These are integers and booleans, of which positions and masks are made, and single floats whose
    value has only one rounding. So that the text stays small, results larger than `max_elements`
    stay as they are, and so do tables of floats, such as those of rotary embeddings: a backend
    computes them once, when it loads the program, just as what is computed of weights.

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
        constants = find_constants(block)
        folded = {
            op: value
            for op in block.ops
            if self._is_worth_it(op, constants)
            and (value := constants.get(op.results[0])) is not None
        }
        for op, value in folded.items():
            # What only goes into other constants is not needed.
            if any(use.operation not in folded for use in op.results[0].uses):
                _replace(op, value)
        for op in reversed(folded):
            if op.parent is not None and is_dead(op):
                erase_with_producers(op)

    def _is_worth_it(self, op: Operation, constants: Constants) -> bool:
        if isinstance(op, ConstantOp) or len(op.results) != 1:
            return False
        if not constants.may_know(op.results[0]):
            return False
        result = shaped(op.results[0].type)
        # A table of floats is shorter as the operations that compute it.
        return result.numel <= (1 if is_float(result.dtype) else self.max_elements)


def _replace(op: Operation, value: Array) -> None:
    result = op.results[0]
    constant = ConstantOp(attribute_of(value, shaped(result.type).dtype), op.location)
    Rewriter.insert_op(constant, InsertPoint.before(op))
    constant.result.name_hint = result.name_hint
    result.replace_all_uses_with(constant.result)
