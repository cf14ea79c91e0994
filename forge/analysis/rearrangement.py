"""What a chain of reshapes and permutations does as a whole, and the shortest chain that does it.

A contiguous tensor is a row of elements, and a chain reads that row in another order: as a nest of
loops, each with a size and a stride in the row. A reshape only changes how the loops are grouped
into dimensions, a permutation changes their order. So what is left of a chain are its loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Loop:
    """So many steps of so many elements each."""

    size: int
    stride: int


@dataclass(frozen=True)
class Reshape:
    """Group the elements, in their order, into dimensions."""

    shape: Shape


@dataclass(frozen=True)
class Permutation:
    """Put the dimensions into another order: dimension `dims[i]` becomes dimension i."""

    dims: tuple[int, ...]


Step = Reshape | Permutation


@dataclass(frozen=True)
class Rearrangement:
    """How the elements of one tensor become those of another.

    Attributes:
        source: the shape of the first tensor; no extent is zero.
        target: the shape of the second.
        loops: how the first is read to write the second in order; as few as possible, and none
            with a single step.
    """

    source: Shape
    target: Shape
    loops: tuple[Loop, ...]

    @staticmethod
    def identity(shape: Shape) -> Rearrangement:
        """What leaves a tensor as it is."""
        size = prod(shape)
        return Rearrangement(shape, shape, (Loop(size, 1),) if size > 1 else ())

    def then(self, step: Step) -> Rearrangement | None:
        """This, and then a step; `None` if a dimension it moves is no nest of whole loops."""
        if isinstance(step, Reshape):
            return Rearrangement(self.source, step.shape, self.loops)
        if (dimensions := _split(self.loops, self.target)) is None:
            return None
        loops = [loop for dim in step.dims for loop in dimensions[dim]]
        target = tuple(self.target[dim] for dim in step.dims)
        return Rearrangement(self.source, target, _merged(loops))

    def steps(self) -> tuple[Step, ...]:
        """The fewest steps that do this."""
        keeps_order = len(self.loops) < 2
        if keeps_order:
            return () if self.source == self.target else (Reshape(self.target),)
        return self._permuted_last() or self._permuted_first() or self._permuted_between()

    def _permuted_last(self) -> tuple[Step, ...] | None:
        """A permutation, after a reshape where it needs one."""
        dimensions = _split(self.loops, self.target)
        if dimensions is None or any(len(loops) > 1 for loops in dimensions):
            return None
        moved = [dim for dim, loops in enumerate(dimensions) if loops]
        moved.sort(key=lambda dim: -dimensions[dim][0].stride)
        fixed = [dim for dim, loops in enumerate(dimensions) if not loops]
        dims = _interleave(moved, fixed, self.source, self.target)
        needed = Reshape(tuple(self.target[dim] for dim in dims))
        permutation = Permutation(tuple(dims.index(dim) for dim in range(len(dims))))
        return (permutation,) if needed.shape == self.source else (needed, permutation)

    def _permuted_first(self) -> tuple[Step, ...] | None:
        """A permutation of the source, and then a reshape."""
        strides = _strides(self.source)
        dims: list[int] = []
        for loop in self.loops:
            inside = [
                dim
                for dim, extent in enumerate(self.source)
                if extent > 1 and loop.stride <= strides[dim] < loop.stride * loop.size
            ]
            whole = inside and strides[inside[-1]] == loop.stride
            if not whole or prod(self.source[dim] for dim in inside) != loop.size:
                return None
            dims += inside
        dims = [dim for dim, extent in enumerate(self.source) if extent == 1] + dims
        return Permutation(tuple(dims)), Reshape(self.target)

    def _permuted_between(self) -> tuple[Step, ...]:
        in_order = sorted(self.loops, key=lambda loop: -loop.stride)
        return (
            Reshape(tuple(loop.size for loop in in_order)),
            Permutation(tuple(in_order.index(loop) for loop in self.loops)),
            Reshape(self.target),
        )


def _split(loops: Sequence[Loop], shape: Shape) -> list[list[Loop]] | None:
    """The loops of each dimension, outer first; `None` if a dimension ends inside of a step."""
    pending = list(reversed(loops))
    dimensions: list[list[Loop]] = []
    for extent in shape:
        inside: list[Loop] = []
        while extent > 1:
            loop = pending.pop()
            if extent % loop.size == 0:
                inside.append(loop)
                extent //= loop.size
            elif loop.size % extent == 0:
                rest = loop.size // extent
                inside.append(Loop(extent, loop.stride * rest))
                pending.append(Loop(rest, loop.stride))
                extent = 1
            else:
                return None
        dimensions.append(list(_merged(inside)))
    return dimensions


def _merged(loops: Sequence[Loop]) -> tuple[Loop, ...]:
    """The same loops, where one that continues another is made one with it."""
    merged: list[Loop] = []
    for loop in loops:
        if merged and merged[-1].stride == loop.size * loop.stride:
            loop = Loop(merged.pop().size * loop.size, loop.stride)
        merged.append(loop)
    return tuple(merged)


def _strides(shape: Shape) -> list[int]:
    return [prod(shape[dim + 1 :]) for dim in range(len(shape))]


def _interleave(moved: list[int], units: list[int], source: Shape, target: Shape) -> list[int]:
    """The target's dimensions in the order of the source.

    Dimensions of one element may stand anywhere: where the source has one, if it has as many, so
    that it needs no reshape; otherwise where the target has them.
    """
    if [extent for extent in source if extent > 1] == [target[dim] for dim in moved] and len(
        source
    ) == len(target):
        places = [place for place, extent in enumerate(source) if extent == 1]
    else:
        places = units
    order, remaining = iter(moved), iter(units)
    return [next(remaining) if place in places else next(order) for place in range(len(target))]
