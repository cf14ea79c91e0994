"""Rearrangements that meet another one across element-wise operations."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.ir import Operation, SSAValue

from forge.analysis.elementwise import is_elementwise
from forge.analysis.rearrangement import Permutation, Reshape, Step
from forge.dialects import aten
from forge.ir.tensors import shaped
from forge.passes.layout.regions import Region
from forge.passes.layout.steps import Rearranging, cost_of, emit, step_of
from forge.rewriting import Pattern, Rewriter

# Operations that broadcast their operands.
_Broadcasting = (
    aten.AddTensorOp
    | aten.DivTensorOp
    | aten.EqTensorOp
    | aten.GeTensorOp
    | aten.GtTensorOp
    | aten.LeTensorOp
    | aten.LogicalAndOp
    | aten.LogicalOrOp
    | aten.LtTensorOp
    | aten.MaskedFillScalarOp
    | aten.MaximumOp
    | aten.MinimumOp
    | aten.MulTensorOp
    | aten.NeTensorOp
    | aten.SubTensorOp
    | aten.WhereSelfOp
)


class HoistAboveElementwise(Pattern[Rearranging]):
    # permute(f(permute(x), c))  →  f(x, permute(c))      where the two cancel, or become one

    def match_and_rewrite(self, op: Rearranging, rewriter: Rewriter) -> None:
        step, computed = step_of(op), op.operands[0]
        between = computed.owner
        if step is None or not isinstance(between, Operation) or not is_elementwise(between):
            return None
        if not _can_be_taken_first(step, computed):
            return None
        if not computed.has_one_use():
            if any(_rearranges(operand) for operand in between.operands):
                return rewriter.no_match(op, f"the result of {between.name} has other users")
            return None
        region = Region(between, step)
        difference = region.difference
        if difference is None:
            return rewriter.no_match(op, "it would separate dimensions that are broadcast")
        if not (difference - cost_of([step], op.result)).is_gain:
            if any(_rearranges(leaf) for leaf in region.leaves()):
                return rewriter.no_match(op, "other operands would have to be moved instead")
            return None
        return rewriter.replace(op, [region.rebuild(rewriter, before=op)])


class SinkBelowElementwise(Pattern[_Broadcasting]):
    # f(permute(x), permute(y))  →  permute(f(x, y))

    def match_and_rewrite(self, op: _Broadcasting, rewriter: Rewriter) -> None:
        steps = list(_steps_of_operands(op))
        for step, inverse in steps:
            region = Region(op, inverse)
            difference = region.difference
            if difference is None or not (difference + cost_of([step], op.result)).is_gain:
                continue
            result = region.rebuild(rewriter, before=op)
            return rewriter.replace(op, [emit(result, [step], rewriter, before=op)])
        if len(steps) > 1:
            return rewriter.no_match(op, "the operands are not moved alike, or have other users")
        return None


def _steps_of_operands(op: Operation) -> Iterator[tuple[Step, Step]]:
    """The steps that gave operands their shape, where that is the result's; and their inverses."""
    shape = shaped(op.results[0].type).shape
    for operand in dict.fromkeys(op.operands):
        owner = operand.owner
        if not isinstance(owner, Operation) or shaped(operand.type).shape != shape:
            continue
        if (step := step_of(owner)) is None:
            continue
        inverse = _inverse(step, shaped(owner.operands[0].type).shape)
        if _can_be_taken_first(inverse, operand):
            yield step, inverse


def _inverse(step: Step, shape: tuple[int, ...]) -> Step:
    if isinstance(step, Reshape):
        return Reshape(shape)
    return Permutation(tuple(step.dims.index(dim) for dim in range(len(step.dims))))


def _can_be_taken_first(step: Step, value: SSAValue) -> bool:
    # Where all is one number, what was broadcast is promoted in another way.
    shape = shaped(value.type).shape
    return 0 not in shape and bool(shape) and (not isinstance(step, Reshape) or bool(step.shape))


def _rearranges(value: SSAValue) -> bool:
    return isinstance(value.owner, Operation) and step_of(value.owner) is not None
