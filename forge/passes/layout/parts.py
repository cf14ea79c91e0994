"""Tensors taken apart and put together again."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.ir import Operation, SSAValue

from forge.analysis.rearrangement import Permutation, Reshape, Step
from forge.dialects import aten
from forge.dialects.forge import WeightOp
from forge.ir.tensors import shaped
from forge.passes.layout.steps import emit, step_of
from forge.rewriting import Pattern, Rewriter, single_user

# Operations whose results are the parts of their operand along `dim`, in order.
Splitting = (
    aten.ChunkOp
    | aten.SplitSizesOp
    | aten.SplitTensorOp
    | aten.SplitWithSizesOp
    | aten.TensorSplitSectionsOp
)
_Joining = aten.CatOp | aten.ConcatOp


class DropSplitAndCat(Pattern[_Joining]):
    # cat(split(x))  →  x

    def match_and_rewrite(self, op: _Joining, rewriter: Rewriter) -> None:
        split = op.tensors[0].owner
        if not isinstance(split, Splitting):
            return None
        if list(op.tensors) != list(split.results):
            return rewriter.no_match(op, "these are not all parts of one tensor, in their order")
        rank = len(shaped(op.result.type).shape)
        if op.get("dim") % rank != split.get("dim") % rank:
            return rewriter.no_match(op, "the parts are put together along another dimension")
        return rewriter.replace(op, split.input)


class DropCatAndSplit(Pattern[Splitting]):
    # split(cat(x, y))  →  x, y

    def match_and_rewrite(self, op: Splitting, rewriter: Rewriter) -> None:
        cat = op.input.owner
        if not isinstance(cat, _Joining):
            return None
        rank = len(shaped(op.input.type).shape)
        if op.get("dim") % rank != cat.get("dim") % rank:
            return rewriter.no_match(op, "the tensor is taken apart along another dimension")
        if [part.type for part in op.results] != [part.type for part in cat.tensors]:
            return rewriter.no_match(op, "the parts are not those that were put together")
        return rewriter.replace(op, list(cat.tensors))


class HoistAboveSplit(Pattern[Splitting]):
    # reshape(a), reshape(b), where a, b = split(x)  →  split(reshape(x)), and so for permutations

    def match_and_rewrite(self, op: Splitting, rewriter: Rewriter) -> None:
        users = [single_user(part) for part in op.results]
        steps = [None if user is None else step_of(user) for user in users]
        if len(users) < 2 or not any(steps):
            return None
        dim = op.get("dim") % len(shaped(op.input.type).shape)
        if (hoisted := _hoisted(op, dim, steps)) is None:
            return rewriter.no_match(op, "not all parts are rearranged alike")
        step, dim = hoisted
        whole = emit(op.input, [step], rewriter, before=op)
        moved = [user.results[0] for user in users if user is not None]
        sizes = [shaped(part.type).shape[dim] for part in moved]
        split = rewriter.insert(aten.SplitWithSizesOp(whole, sizes, dim), before=op)
        for part, new in zip(moved, split.results, strict=True):
            assert isinstance(part.owner, Operation)
            rewriter.replace(part.owner, [new])
        return None


def _hoisted(op: Splitting, dim: int, steps: Sequence[Step | None]) -> tuple[Step, int] | None:
    """The one step that does to the whole what the steps do to its parts, and where they are."""
    whole = shaped(op.input.type).shape
    first = steps[0]
    if isinstance(first, Permutation):
        if any(step != first for step in steps):
            return None
        return first, first.dims.index(dim)
    shapes = [step.shape for step in steps if isinstance(step, Reshape)]
    if len(shapes) < len(steps):
        return None
    for place in range(len(shapes[0])):
        if (shape := _joined(whole, dim, shapes, place)) is not None:
            return Reshape(shape), place
    return None


def _joined(
    whole: tuple[int, ...],
    dim: int,
    shapes: Sequence[tuple[int, ...]],
    place: int,
) -> tuple[int, ...] | None:
    """The shape of the whole, if reshaping it makes of each part what its own shape says."""
    before, after = whole[:dim], shapes[0][:place]
    behind = shapes[0][place + 1 :]
    alike = all(shape[:place] == after and shape[place + 1 :] == behind for shape in shapes)
    if not alike or prod(before) != prod(after) or 0 in whole:
        return None
    return (*after, sum(shape[place] for shape in shapes), *behind)


class MergeSlices(Pattern[aten.SliceTensorOp]):
    # x[:a], x[a:]  →  split(x)

    def match_and_rewrite(self, op: aten.SliceTensorOp, rewriter: Rewriter) -> None:
        dim, size = _extent(op)
        if _bounds(op)[0] != 0 or isinstance(op.input.owner, WeightOp):
            return None
        slices = [
            use.operation
            for use in op.input.uses
            if isinstance(use.operation, aten.SliceTensorOp) and _extent(use.operation)[0] == dim
        ]
        slices.sort(key=_bounds)
        bounds = [_bounds(part) for part in slices]
        ends = [end for _, end in bounds]
        if len(slices) < 2 or [start for start, _ in bounds] != [0, *ends[:-1]] or ends[-1] != size:
            return None
        if any(part.get("step") != 1 for part in slices):
            return rewriter.no_match(op, "a slice leaves out elements")
        sizes = [end - start for start, end in bounds]
        split = aten.SplitWithSizesOp(op.input, sizes, dim)
        rewriter.insert(split, before=_first_place_for_users(op.input))
        for part, new in zip(slices, split.results, strict=True):
            rewriter.replace(part, [new])
        return None


def _extent(op: aten.SliceTensorOp) -> tuple[int, int]:
    """The dimension that a slice is of, and its extent."""
    shape = shaped(op.input.type).shape
    dim: int = op.get("dim") % len(shape)
    return dim, shape[dim]


def _bounds(op: aten.SliceTensorOp) -> tuple[int, int]:
    start, end, _ = slice(op.get("start"), op.get("end")).indices(_extent(op)[1])
    return start, end


def _first_place_for_users(value: SSAValue) -> Operation:
    """The operation that follows where a value is computed."""
    owner = value.owner
    place = owner.next_op if isinstance(owner, Operation) else owner.first_op
    assert place is not None, "a value with users is not the last of its block"
    return place
