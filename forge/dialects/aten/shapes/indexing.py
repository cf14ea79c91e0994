"""Operators that read a tensor at places given by other tensors."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import i32, i64

from forge.dialects.aten.shapes.dimensions import broadcast, wrap_dim
from forge.dialects.aten.shapes.promotion import require_kind
from forge.dialects.aten.shapes.slicing import axis_of
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, i1, ui8

Shape = tuple[int, ...]


def expect_index(index: Shaped) -> None:
    """Check that `index` holds positions.

    Raises:
        ShapeError: its elements are not i32 or i64.
    """
    if index.dtype not in (i32, i64):
        raise ShapeError(f"an index must be i32 or i64, got {index}")


def expect_index_vector(index: Shaped) -> None:
    """Check that `index` holds positions along one dimension.

    Raises:
        ShapeError: its elements are not i32 or i64, or it has more than one dimension.
    """
    expect_index(index)
    if index.rank > 1:
        raise ShapeError(f"an index along one dimension has at most rank 1, got {index}")


def expect_elements(tensor: Shaped, axis: int, index: Shaped) -> None:
    """Check that there is something in a dimension to index, if anything is.

    Raises:
        ShapeError: the dimension is empty and the index is not.
    """
    if index.numel and tensor.shape and tensor.shape[axis] == 0:
        raise ShapeError(f"{tensor} has no element to index in dimension {axis}")


def expect_within(index: Shaped, tensor: Shaped, name: str, axis: int | None = None) -> None:
    """Check that `index` is in no dimension, but for `axis`, larger than `tensor`.

    Raises:
        ShapeError: it is, or their ranks differ; a scalar counts as a vector of one.
    """
    small, large = index.shape or (1,), tensor.shape or (1,)
    if len(small) != len(large):
        raise ShapeError(f"index {index} and {name} {tensor} must have the same rank")
    if index.numel == 0:
        return
    if axis is not None:
        expect_elements(tensor, axis, index)
    for position, (extent, limit) in enumerate(zip(small, large, strict=True)):
        if extent > limit and position != axis:
            raise ShapeError(
                f"index {index} is larger than {name} {tensor} in dimension {position}"
            )


@shape_function("aten.gather")
def gather(input: Shaped, dim: int, index: Shaped, sparse_grad: bool = False) -> Shaped:
    axis = wrap_dim(dim, input.rank)
    expect_index(index)
    expect_within(index, input, "input", axis)
    return Shaped(index.shape, input.dtype)


@shape_function("aten.index_select")
def index_select(input: Shaped, dim: int, index: Shaped) -> Shaped:
    axis = wrap_dim(dim, input.rank)
    expect_index_vector(index)
    if input.rank == 0:
        if index.numel != 1:
            raise ShapeError(f"a scalar has one element to select, got index {index}")
        return Shaped((), input.dtype)
    expect_elements(input, axis, index)
    return Shaped((*input.shape[:axis], index.numel, *input.shape[axis + 1 :]), input.dtype)


@shape_function("aten.take")
def take(input: Shaped, index: Shaped) -> Shaped:
    if index.dtype != i64:
        raise ShapeError(f"an index must be i64, got {index}")
    if input.numel == 0 and index.numel > 0:
        raise ShapeError(f"{input} has no element to take")
    return Shaped(index.shape, input.dtype)


@shape_function("aten.take_along_dim")
def take_along_dim(input: Shaped, indices: Shaped, dim: int | None = None) -> Shaped:
    expect_index(indices)
    if dim is None:
        return take(Shaped((input.numel,), input.dtype), Shaped((indices.numel,), i64))
    if indices.dtype != i64:
        raise ShapeError(f"an index along a dimension must be i64, got {indices}")
    if input.rank != indices.rank:
        raise ShapeError(f"{input} and indices {indices} must have the same rank")
    axis = axis_of(input, dim)
    rest = broadcast(_with(input.shape, axis, 1), _with(indices.shape, axis, 1))
    result = Shaped(_with(rest, axis, indices.shape[axis]), input.dtype)
    expect_elements(input, axis, result)
    return result


def _with(shape: Shape, axis: int, extent: int) -> Shape:
    return (*shape[:axis], extent, *shape[axis + 1 :])


# -- x[i, j, …] ----------------------------------------------------------------------------


def indexed_shape(input: Shaped, indices: Sequence[Shaped | None]) -> Shape:
    """The shape of `input[indices]`, where an absent index keeps its dimension.

    Raises:
        ShapeError: an index is no position, there are more of them than dimensions, or they do
            not broadcast.
    """
    if len(indices) > input.rank:
        raise ShapeError(f"{len(indices)} indices are too many for {input}")
    axes = [axis for axis, index in enumerate(indices) if index is not None]
    given = [index for index in indices if index is not None]
    if not indices:
        raise ShapeError("expected at least one index")
    if not given:
        return input.shape
    for index in given:
        expect_index(index)
    places = broadcast(*(index.shape for index in given))
    if 0 not in places and any(input.shape[axis] == 0 for axis in axes):
        raise ShapeError(f"{input} has no element to index")
    rest = [extent for axis, extent in enumerate(input.shape) if axis not in axes]
    # Indices side by side leave their dimensions where they are; others go to the front.
    first = axes[0] if axes[-1] - axes[0] == len(axes) - 1 else 0
    return (*rest[:first], *places, *rest[first:])


def has_mask(indices: Sequence[Shaped | None]) -> bool:
    """Whether an index is a mask, so that what it selects depends on data."""
    return any(index is not None and index.dtype in (i1, ui8) for index in indices)


@shape_function("aten._unsafe_index.Tensor", "aten.index.Tensor")
def index(input: Shaped, indices: list[Shaped | None]) -> Shaped:
    if has_mask(indices):
        raise ShapeError("with a mask as index the shape of the result depends on data")
    return Shaped(indexed_shape(input, indices), input.dtype)


# -- membership ----------------------------------------------------------------------------


@shape_function("aten.isin.Tensor_Tensor")
def isin(
    elements: Shaped, test_elements: Shaped, assume_unique: bool = False, invert: bool = False
) -> Shaped:
    return Shaped(elements.shape, i1)


@shape_function("aten.isin.Tensor_Scalar")
def isin_scalar(
    elements: Shaped,
    test_element: int | float | bool,
    assume_unique: bool = False,
    invert: bool = False,
) -> Shaped:
    return Shaped(elements.shape, i1)


@shape_function("aten.searchsorted.Tensor")
def searchsorted(
    sorted_sequence: Shaped,
    input: Shaped,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Shaped | None = None,
) -> Shaped:
    require_kind(sorted_sequence.dtype, "bif", "sorted_sequence")
    require_kind(input.dtype, "bif", "input")
    if sorted_sequence.rank == 0:
        raise ShapeError("a scalar is no sequence to search")
    if sorted_sequence.rank > 1 and sorted_sequence.shape[:-1] != input.shape[:-1]:
        raise ShapeError(
            f"{sorted_sequence} and {input} differ outside of the last dimension, which is searched"
        )
    if side not in (None, "left", "right"):
        raise ShapeError(f'side must be "left" or "right", got "{side}"')
    if side == "left" and right:
        raise ShapeError('side is "left", but right is true')
    if sorter is not None and (sorter.shape != sorted_sequence.shape or sorter.dtype != i64):
        raise ShapeError(f"the sorter of {sorted_sequence} cannot be {sorter}")
    return Shaped(input.shape, i32 if out_int32 else i64)


@shape_function("aten.bucketize.Tensor")
def bucketize(
    input: Shaped, boundaries: Shaped, out_int32: bool = False, right: bool = False
) -> Shaped:
    if boundaries.rank != 1:
        raise ShapeError(f"boundaries must be a vector, got {boundaries}")
    return searchsorted(boundaries, input, out_int32, right)
