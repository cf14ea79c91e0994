"""Operators that take parts of a tensor at places known beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from forge.dialects.aten.shapes.dimensions import wrap_dim
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def axis_of(input: Shaped, dim: int) -> int:
    """The dimension that `dim` means, in a tensor that has dimensions.

    Raises:
        ShapeError: it is out of range, or the tensor is a scalar.
    """
    if input.rank == 0:
        raise ShapeError("a scalar has no dimension to take a part of")
    return wrap_dim(dim, input.rank)


def with_extent(input: Shaped, axis: int, extent: int) -> Shaped:
    """`input` with another extent in one dimension."""
    return Shaped((*input.shape[:axis], extent, *input.shape[axis + 1 :]), input.dtype)


def _clamp(position: int, extent: int) -> int:
    return min(max(position + extent if position < 0 else position, 0), extent)


# -- one part ------------------------------------------------------------------------------


@shape_function("aten.select.int")
def select(input: Shaped, dim: int, index: int) -> Shaped:
    axis = axis_of(input, dim)
    extent = input.shape[axis]
    if not -extent <= index < extent:
        raise ShapeError(f"index {index} is out of range for dimension {dim} of {input}")
    return Shaped(input.shape[:axis] + input.shape[axis + 1 :], input.dtype)


@shape_function("aten.slice.Tensor")
def slice(
    input: Shaped, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Shaped:
    axis = axis_of(input, dim)
    if step <= 0:
        raise ShapeError(f"step must be positive, got {step}")
    extent = input.shape[axis]
    first = _clamp(start or 0, extent)
    last = _clamp(extent if end is None else end, extent)
    return with_extent(input, axis, max(0, -(-(last - first) // step)))


@shape_function("aten.narrow")
def narrow(input: Shaped, dim: int, start: int, length: int) -> Shaped:
    axis = axis_of(input, dim)
    extent = input.shape[axis]
    first = start + extent if start < 0 else start
    if length < 0 or not 0 <= first <= extent - length:
        raise ShapeError(f"{length} elements from {start} are not in dimension {dim} of {input}")
    return with_extent(input, axis, length)


@shape_function("aten.diagonal")
def diagonal(input: Shaped, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Shaped:
    first, second = wrap_dim(dim1, input.rank), wrap_dim(dim2, input.rank)
    if first == second:
        raise ShapeError(f"dim1 {dim1} and dim2 {dim2} are the same dimension")
    rows, columns = input.shape[first], input.shape[second]
    length = min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns)
    rest = (extent for axis, extent in enumerate(input.shape) if axis not in (first, second))
    return Shaped((*rest, max(length, 0)), input.dtype)


@shape_function("aten.unfold")
def unfold(input: Shaped, dimension: int, size: int, step: int) -> Shaped:
    axis = wrap_dim(dimension, input.rank)
    extent = input.shape[axis] if input.rank else 1
    if not 0 <= size <= extent:
        raise ShapeError(f"a window of {size} does not fit dimension {dimension} of {input}")
    if step <= 0:
        raise ShapeError(f"step must be positive, got {step}")
    if input.rank == 0:
        return Shaped((size,), input.dtype)
    windows = with_extent(input, axis, (extent - size) // step + 1)
    return Shaped((*windows.shape, size), input.dtype)


# -- all parts -----------------------------------------------------------------------------


MAX_PARTS = 1 << 16
"""The most results that an operation may have; beyond it a number is surely a mistake."""


def _expect_few(count: int) -> None:
    if count > MAX_PARTS:
        raise ShapeError(f"{count} parts are more than the {MAX_PARTS} that are supported")


def _parts(input: Shaped, axis: int, extents: Sequence[int]) -> list[Shaped]:
    return [with_extent(input, axis, extent) for extent in extents]


@shape_function("aten.split.Tensor")
def split(input: Shaped, split_size: int, dim: int = 0) -> list[Shaped]:
    axis = axis_of(input, dim)
    extent = input.shape[axis]
    if split_size < 0 or (split_size == 0 and extent > 0):
        raise ShapeError(f"split_size must be positive, got {split_size}")
    _expect_few(extent // max(split_size, 1))
    starts = range(0, extent, split_size) if extent else [0]
    return _parts(input, axis, [min(split_size, extent - start) for start in starts])


@shape_function("aten.split_with_sizes")
def split_with_sizes(input: Shaped, split_sizes: list[int], dim: int = 0) -> list[Shaped]:
    axis = axis_of(input, dim)
    if any(size < 0 for size in split_sizes):
        raise ShapeError(f"a size is negative in {split_sizes}")
    if sum(split_sizes) != input.shape[axis]:
        raise ShapeError(
            f"sizes {split_sizes} do not add up to the {input.shape[axis]} of dimension {dim}"
        )
    return _parts(input, axis, split_sizes)


@shape_function("aten.split.sizes")
def split_sizes(input: Shaped, split_size: list[int], dim: int = 0) -> list[Shaped]:
    return split_with_sizes(input, split_size, dim)


@shape_function("aten.chunk")
def chunk(input: Shaped, chunks: int, dim: int = 0) -> list[Shaped]:
    axis = axis_of(input, dim)
    if chunks <= 0:
        raise ShapeError(f"chunks must be positive, got {chunks}")
    if (extent := input.shape[axis]) == 0:
        _expect_few(chunks)
        return _parts(input, axis, [0] * chunks)
    return split(input, -(-extent // chunks), dim)


@shape_function("aten.tensor_split.sections")
def tensor_split_sections(input: Shaped, sections: int, dim: int = 0) -> list[Shaped]:
    axis = axis_of(input, dim)
    if sections <= 0:
        raise ShapeError(f"sections must be positive, got {sections}")
    _expect_few(sections)
    size, longer = divmod(input.shape[axis], sections)
    return _parts(input, axis, [size + (part < longer) for part in range(sections)])


@shape_function("aten.tensor_split.indices")
def tensor_split_indices(input: Shaped, indices: list[int], dim: int = 0) -> list[Shaped]:
    starts, ends = [0, *indices], [*indices, None]
    return [slice(input, dim, *bounds) for bounds in zip(starts, ends, strict=True)]


@shape_function("aten.unbind.int")
def unbind(input: Shaped, dim: int = 0) -> list[Shaped]:
    axis = axis_of(input, dim)
    _expect_few(input.shape[axis])
    part = Shaped(input.shape[:axis] + input.shape[axis + 1 :], input.dtype)
    return [part] * input.shape[axis]
