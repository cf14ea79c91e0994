"""Compute while compiling what does not depend on the inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from forge.analysis.constants import Array, Constants, find_constants
from forge.analysis.folding import attribute_of
from forge.dialects import aten
from forge.dialects.forge import ConstantOp
from forge.ir.tensors import is_bool, is_float, shaped
from forge.rewriting import Pattern, apply_patterns, commuted
from forge.rewriting import Rewriter as PatternRewriter
from forge.rewriting.dead_code import erase_with_producers, is_dead

Neutral = aten.AddTensorOp | aten.AndTensorOp | aten.BitwiseAndTensorOp | aten.LogicalAndOp
Choice = aten.WhereSelfOp | aten.WhereScalarOtherOp | aten.MaskedFillScalarOp


@dataclass(frozen=True)
class FoldConstantsPass(ModulePass):
    """Replace what depends neither on the inputs nor on weights by constants.

    These are integers and booleans, of which positions and masks are made, and single floats whose
    value has only one rounding. So that the text stays small, results larger than `max_elements`
    stay as they are, and so do tables of floats, such as those of rotary embeddings: a backend
    computes them once, when it loads the program, just as what is computed of weights.

    Operands that change nothing are dropped, however large: a mask that hides nothing.

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
        if isinstance(parent := block.parent_op(), FuncOp):
            apply_patterns(parent, [DropNeutralOperand(constants), ChooseKnownSide(constants)])
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


class DropNeutralOperand(Pattern[Neutral]):
    # x + 0  →  x     where 0 is a constant of any shape
    # x & true  →  x

    def __init__(self, constants: Constants) -> None:
        self._constants = constants

    def match_and_rewrite(self, op: Neutral, rewriter: PatternRewriter) -> None:
        adds = isinstance(op, aten.AddTensorOp)
        if not adds and not is_bool(shaped(op.result.type).dtype):
            return rewriter.no_match(op, "true keeps booleans only, not the bits of integers")
        for kept, neutral in commuted(op.input, op.other):
            if self._constants.may_know(kept) or not self._constants.may_know(neutral):
                continue
            if kept.type != op.result.type:
                return rewriter.no_match(op, "the constant gives the result its shape or type")
            if adds and neutral is op.input and op.get("alpha") != 1:
                return rewriter.no_match(op, "what is added to the constant is scaled")
            value = self._constants.get(neutral)
            if value is not None and bool(np.all(value == (0 if adds else 1))):
                return rewriter.replace(op, kept)
        return None


class ChooseKnownSide(Pattern[Choice]):
    # where(true, x, y)  →  x     where the condition is a constant of any shape
    # where(false, x, y)  →  y

    def __init__(self, constants: Constants) -> None:
        self._constants = constants

    def match_and_rewrite(self, op: Choice, rewriter: PatternRewriter) -> None:
        condition, chosen, other = _sides(op)
        if not self._constants.may_know(condition) or self._constants.may_know(op.results[0]):
            return None
        if (known := self._constants.get(condition)) is None or known.dtype != np.bool_:
            return None
        if bool(np.all(known)):
            side = chosen
        elif not bool(np.any(known)):
            side = other
        else:
            return None
        if side is None or side.type != op.results[0].type:
            return rewriter.no_match(op, "the side that is always chosen has another type")
        return rewriter.replace(op, side)


def _sides(op: Choice) -> tuple[SSAValue, SSAValue | None, SSAValue | None]:
    """The condition, and what it chooses between; `None` for a number."""
    if isinstance(op, aten.MaskedFillScalarOp):
        return op.mask, None, op.input
    if isinstance(op, aten.WhereScalarOtherOp):
        return op.condition, op.input, None
    return op.condition, op.input, op.other


def _replace(op: Operation, value: Array) -> None:
    result = op.results[0]
    constant = ConstantOp(attribute_of(value, shaped(result.type).dtype), op.location)
    Rewriter.insert_op(constant, InsertPoint.before(op))
    constant.result.name_hint = result.name_hint
    result.replace_all_uses_with(constant.result)
