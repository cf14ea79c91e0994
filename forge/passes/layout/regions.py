"""Element-wise operations between two rearrangements, through which one of them can move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from forge.analysis.elementwise import is_elementwise
from forge.analysis.rearrangement import Permutation, Reshape, Step
from forge.ir.tensors import shaped, tensor_type
from forge.passes.layout.steps import Cost, cost_of, emit, rearrangement, step_of
from forge.rewriting import Rewriter

MAX_OPS = 16
"""How many operations a region has at most."""


@dataclass(frozen=True)
class _Source:
    """A value and the steps that make an operand of it; what they cost more than what goes."""

    value: SSAValue
    steps: Sequence[Step]
    difference: Cost


class Region:
    """The element-wise operations that compute one result, and a step taken before them.

    f(x, y) followed by a permutation is f of x and y permuted; so it is with a reshape where
    nothing is broadcast. Every operation but the last has users inside of the region only, and a
    result of the same shape.

    Args:
        last: the operation that computes the result; it must be element-wise.
        step: what is done to the result now, and to the operands of the region then.
    """

    def __init__(self, last: Operation, step: Step) -> None:
        self._shape = shaped(last.results[0].type).shape
        self._step = step
        self._ops = _grown(last, self._shape)
        self._sources: dict[SSAValue, _Source | None] = {}
        self._cut(last)

    @property
    def difference(self) -> Cost | None:
        """What the operands' steps cost more than what goes; `None` if one cannot be moved."""
        total = Cost()
        for leaf in self.leaves():
            if (source := self._source(leaf)) is None:
                return None
            total += source.difference
        return total

    def leaves(self) -> Iterable[SSAValue]:
        """The operands that come from outside, each once."""
        inside = {op.results[0] for op in self._ops}
        operands = (operand for op in self._ops for operand in op.operands)
        return dict.fromkeys(operand for operand in operands if operand not in inside)

    def rebuild(self, rewriter: Rewriter, *, before: Operation) -> SSAValue:
        """Compute the result with the step taken first; the old operations stay."""
        built: dict[SSAValue, SSAValue] = {}
        for leaf in self.leaves():
            source = self._source(leaf)
            assert source is not None, "the cost was asked before"
            built[leaf] = emit(source.value, source.steps, rewriter, before=before)
        result = self._ops[0].results[0]
        for op in reversed(self._ops):
            result = op.results[0]
            type_ = tensor_type(_moved(self._shape, self._step), shaped(result.type).dtype)
            new = type(op).create(
                operands=[built[operand] for operand in op.operands],
                result_types=[type_],
                properties=dict(op.properties),
                attributes=dict(op.attributes),
            )
            new.location = op.location
            built[result] = rewriter.insert(new, before=before).results[0]
        return built[result]

    def _cut(self, op: Operation) -> Cost | None:
        """Leave out what costs less as an operand; returns the difference of the rest."""
        total: Cost | None = Cost()
        for operand in dict.fromkeys(op.operands):
            below = self._below(operand)
            total = None if total is None or below is None else total + below
        return total

    def _below(self, operand: SSAValue) -> Cost | None:
        source = self._source(operand)
        outside = None if source is None else source.difference
        owner = operand.owner
        if owner not in self._ops or not isinstance(owner, Operation):
            return outside
        inside = self._cut(owner)
        if inside is not None and (outside is None or inside.ops < outside.ops):
            return inside
        self._leave_out(owner)
        return outside

    def _leave_out(self, op: Operation) -> None:
        # With it goes what only it connects to the region.
        self._ops.remove(op)
        for operand in op.operands:
            owner = operand.owner
            if owner in self._ops and isinstance(owner, Operation):
                self._leave_out(owner)
        self._sources.clear()

    def _source(self, leaf: SSAValue) -> _Source | None:
        if leaf not in self._sources:
            self._sources[leaf] = self._find_source(leaf)
        return self._sources[leaf]

    def _find_source(self, leaf: SSAValue) -> _Source | None:
        """The cheapest way to the operand: from itself, or from what it was rearranged from."""
        if (steps := _steps_for(shaped(leaf.type).shape, self._step, self._shape)) is None:
            return None
        if (whole := rearrangement(leaf, steps)) is None:
            return None
        steps = whole.steps()
        best = _Source(leaf, steps, cost_of(steps, leaf))
        owner = leaf.owner
        if not isinstance(owner, Operation) or (step := step_of(owner)) is None:
            return best
        x = owner.operands[0]
        if (whole := rearrangement(x, [step, *steps])) is None:
            return best
        steps = whole.steps()
        only_here = all(use.operation in self._ops for use in leaf.uses)
        gone = cost_of([step], leaf) if only_here else Cost()
        difference = cost_of(steps, leaf) - gone
        return min(best, _Source(x, steps, difference), key=_by_cost)


def _by_cost(source: _Source) -> tuple[int, int]:
    return source.difference.ops, source.difference.moved


def _grown(last: Operation, shape: tuple[int, ...]) -> list[Operation]:
    """The operations of a region, users before what they use."""
    ops = [last]
    for op in ops:
        for operand in op.operands:
            owner = operand.owner
            if (
                len(ops) < MAX_OPS
                and isinstance(owner, Operation)
                and owner not in ops
                and is_elementwise(owner)
                and shaped(operand.type).shape == shape
                and all(use.operation in ops for use in operand.uses)
            ):
                ops.append(owner)
    return ops


def _moved(shape: tuple[int, ...], step: Step) -> tuple[int, ...]:
    return step.shape if isinstance(step, Reshape) else tuple(shape[dim] for dim in step.dims)


def _steps_for(
    shape: tuple[int, ...], step: Step, result_shape: tuple[int, ...]
) -> list[Step] | None:
    """What has to be done to an operand of some shape, for the result to be moved."""
    if isinstance(step, Reshape):
        if shape == result_shape:
            return [step]
        # A single element is broadcast to whatever there is.
        return [] if set(shape) <= {1} and len(shape) <= len(step.shape) else None
    return _steps_for_permutation(shape, step, len(result_shape))


def _steps_for_permutation(shape: tuple[int, ...], step: Permutation, rank: int) -> list[Step]:
    if set(shape) <= {1}:
        return []
    # Dimensions meet from the last one on: those that are missing stand in front.
    padded = (1,) * (rank - len(shape)) + shape
    moved = [padded[dim] for dim in step.dims]
    while len(moved) > len(shape) and moved[0] == 1:
        del moved[0]
    return [Reshape(padded), step, Reshape(tuple(moved))]
