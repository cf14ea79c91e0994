"""How the elements of a register lie in its storage: by strides, as PyTorch has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Element `i₀, i₁, …` is at `start + i₀·strides[0] + i₁·strides[1] + …` of the storage.

    Attributes:
        start: of the first element, counted in elements of the register's type.
        shape: the extents.
        strides: from one element of a dimension to the next, counted in elements.
    """

    start: int
    shape: Shape
    strides: Shape

    @staticmethod
    def dense(shape: Shape) -> Layout:
        """Row by row from the start of the storage, without gaps."""
        strides = [1] * len(shape)
        for dim in range(len(shape) - 2, -1, -1):
            strides[dim] = strides[dim + 1] * max(shape[dim + 1], 1)
        return Layout(0, shape, tuple(strides))

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements lie row by row without gaps, wherever they start."""
        expected = 1
        for extent, stride in zip(reversed(self.shape), reversed(self.strides), strict=True):
            if extent == 0:
                return True
            if extent != 1 and stride != expected:
                return False
            expected *= extent
        return True

    @property
    def is_dense(self) -> bool:
        """Whether they do so from the start of the storage."""
        return self.start == 0 and self.is_contiguous

    def wrap(self, dim: int) -> int:
        """A dimension counted from the front."""
        return dim % max(len(self.shape), 1)

    def permuted(self, dims: Sequence[int]) -> Layout:
        """Dimension `dims[i]` becomes dimension i."""
        order = [self.wrap(dim) for dim in dims]
        shape, strides = self.shape, self.strides
        return Layout(self.start, tuple(shape[d] for d in order), tuple(strides[d] for d in order))

    def swapped(self, first: int, second: int) -> Layout:
        """Two dimensions change places."""
        order = list(range(len(self.shape)))
        if order:
            first, second = self.wrap(first), self.wrap(second)
            order[first], order[second] = order[second], order[first]
        return self.permuted(order)

    def sliced(self, dim: int, start: int, extent: int, step: int = 1) -> Layout:
        """`extent` elements of a dimension: `start`, `start + step`, …"""
        dim = self.wrap(dim)
        shape, strides = list(self.shape), list(self.strides)
        start = self.start + start * strides[dim]
        shape[dim] = extent
        strides[dim] *= step
        return Layout(start, tuple(shape), tuple(strides))

    def selected(self, dim: int, index: int) -> Layout:
        """One element of a dimension, which is gone."""
        dim = self.wrap(dim)
        index %= self.shape[dim]
        return Layout(
            self.start + index * self.strides[dim],
            self.shape[:dim] + self.shape[dim + 1 :],
            self.strides[:dim] + self.strides[dim + 1 :],
        )

    def expanded(self, shape: Shape) -> Layout:
        """Dimensions of extent 1, and new ones in front, are repeated by a stride of 0."""
        added = len(shape) - len(self.shape)
        strides = [0] * added
        for extent, wanted, stride in zip(self.shape, shape[added:], self.strides, strict=True):
            strides.append(stride if extent == wanted else 0)
        return Layout(self.start, shape, tuple(strides))

    def diagonal(self, offset: int, first: int, second: int) -> Layout:
        """The diagonal of two dimensions, which becomes the last one."""
        first, second = self.wrap(first), self.wrap(second)
        rows, columns = self.shape[first], self.shape[second]
        length = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
        skipped = self.strides[second] if offset >= 0 else self.strides[first]
        kept = [dim for dim in range(len(self.shape)) if dim not in (first, second)]
        return Layout(
            self.start + (abs(offset) * skipped if length else 0),
            (*(self.shape[dim] for dim in kept), length),
            (*(self.strides[dim] for dim in kept), self.strides[first] + self.strides[second]),
        )

    def windows(self, dim: int, size: int, step: int) -> Layout:
        """Windows of `size` elements along a dimension, which become the last one."""
        if not self.shape:
            return Layout(self.start, (size,), (1,))
        dim = self.wrap(dim)
        stride = self.strides[dim]
        moved = self.sliced(dim, 0, (self.shape[dim] - size) // step + 1, step)
        return Layout(self.start, (*moved.shape, size), (*moved.strides, stride))

    def reshaped(self, shape: Shape) -> Layout | None:
        """The same elements in another shape; `None` if no strides do that.

        As `computeStride_impl` in PyTorch's `aten/src/ATen/TensorUtils.cpp`: dimensions are grouped
        into pieces that one stride walks through, and each piece is divided anew.
        """
        if 0 in self.shape or not self.shape:
            return Layout(self.start, shape, Layout.dense(shape).strides)
        strides = [0] * len(shape)
        dim = len(shape) - 1
        stride, size = self.strides[-1], 1
        for old in range(len(self.shape) - 1, -1, -1):
            size *= self.shape[old]
            if old and (self.shape[old - 1] == 1 or self.strides[old - 1] == size * stride):
                continue
            done = 1
            while dim >= 0 and (done < size or shape[dim] == 1):
                strides[dim] = done * stride
                done *= shape[dim]
                dim -= 1
            if done != size:
                return None
            if old:
                stride, size = self.strides[old - 1], 1
        return Layout(self.start, shape, tuple(strides)) if dim < 0 else None

    def in_smaller_elements(self, ratio: int) -> Layout:
        """The same bytes as elements of a type that is `ratio` times smaller, side by side."""
        return Layout(
            self.start * ratio,
            (*self.shape[:-1], self.shape[-1] * ratio),
            (*(stride * ratio for stride in self.strides[:-1]), 1),
        )

    def in_larger_elements(self, ratio: int) -> Layout:
        """The same bytes as elements of a type that is `ratio` times larger."""
        return Layout(
            self.start // ratio,
            (*self.shape[:-1], self.shape[-1] // ratio),
            (*(stride // ratio for stride in self.strides[:-1]), 1),
        )
