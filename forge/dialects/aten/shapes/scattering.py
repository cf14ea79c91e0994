"""Operators that write into a copy of a tensor, at places given by numbers or by other tensors."""

from __future__ import annotations

from forge.dialects.aten.shapes.dimensions import broadcast, expect_broadcastable, wrap_dim
from forge.dialects.aten.shapes.indexing import (
    expect_index,
    expect_index_vector,
    expect_within,
    has_mask,
    indexed_shape,
)
from forge.dialects.aten.shapes.promotion import require_same_dtype
from forge.dialects.aten.shapes.slicing import diagonal, select, slice
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, i1, i64, is_complex

Number = int | float | bool

# -- at places given by numbers ------------------------------------------------------------


def _embedded(input: Shaped, src: Shaped, part: Shaped) -> Shaped:
    if src.shape != part.shape:
        raise ShapeError(f"src must have shape {list(part.shape)}, got {src}")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.select_scatter")
def select_scatter(input: Shaped, src: Shaped, dim: int, index: int) -> Shaped:
    return _embedded(input, src, select(input, dim, index))


@shape_function("aten.slice_scatter")
def slice_scatter(
    input: Shaped,
    src: Shaped,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Shaped:
    return _embedded(input, src, slice(input, dim, start, end, step))


@shape_function("aten.diagonal_scatter")
def diagonal_scatter(
    input: Shaped, src: Shaped, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Shaped:
    return _embedded(input, src, diagonal(input, offset, dim1, dim2))


# -- element by element --------------------------------------------------------------------

_REDUCTIONS = {
    "aten.scatter.reduce": ("add", "multiply"),
    "aten.scatter_reduce.two": ("sum", "prod", "mean", "amax", "amin"),
}


def _expect_reduction(reduce: str, op_name: str) -> None:
    if reduce not in (accepted := _REDUCTIONS[op_name]):
        names = ", ".join(f'"{name}"' for name in accepted)
        raise ShapeError(f'reduce must be one of {names}, got "{reduce}"')


@shape_function("aten.scatter.value")
def scatter_value(input: Shaped, dim: int, index: Shaped, value: Number) -> Shaped:
    axis = wrap_dim(dim, input.rank)
    expect_index(index)
    expect_within(index, input, "input", axis)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.scatter_add", "aten.scatter.src")
def scatter(input: Shaped, dim: int, index: Shaped, src: Shaped) -> Shaped:
    require_same_dtype(input, src)
    expect_within(index, src, "src")
    return scatter_value(input, dim, index, 0)


@shape_function("aten.scatter.value_reduce")
def scatter_value_reduce(
    input: Shaped, dim: int, index: Shaped, value: Number, reduce: str
) -> Shaped:
    _expect_reduction(reduce, "aten.scatter.reduce")
    return scatter_value(input, dim, index, value)


@shape_function("aten.scatter.reduce")
def scatter_reduce(input: Shaped, dim: int, index: Shaped, src: Shaped, reduce: str) -> Shaped:
    _expect_reduction(reduce, "aten.scatter.reduce")
    return scatter(input, dim, index, src)


@shape_function("aten.scatter_reduce.two")
def scatter_reduce_two(
    input: Shaped, dim: int, index: Shaped, src: Shaped, reduce: str, include_self: bool = True
) -> Shaped:
    _expect_reduction(reduce, "aten.scatter_reduce.two")
    if reduce in ("amax", "amin") and is_complex(input.dtype) and index.numel:
        raise ShapeError(f"complex numbers have no order, so {reduce} is not defined")
    return scatter(input, dim, index, src)


@shape_function("aten.masked_scatter")
def masked_scatter(input: Shaped, mask: Shaped, source: Shaped) -> Shaped:
    require_same_dtype(input, source)
    if mask.dtype != i1:
        raise ShapeError(f"mask must be boolean, got {mask}")
    return Shaped(broadcast(input.shape, mask.shape), input.dtype)


# -- slice by slice ------------------------------------------------------------------------


def _expect_slices(input: Shaped, dim: int, index: Shaped, source: Shaped) -> None:
    axis = wrap_dim(dim, input.rank)
    expect_index_vector(index)
    require_same_dtype(input, source)
    if input.rank == 0 and index.numel != 1:
        raise ShapeError(f"a scalar has one place, got index {index}")
    wanted = list(input.shape)
    if wanted:
        wanted[axis] = index.numel
    if list(source.shape) != wanted:
        raise ShapeError(f"source must have shape {wanted}, got {source}")


@shape_function("aten.index_add")
def index_add(input: Shaped, dim: int, index: Shaped, source: Shaped, alpha: Number = 1) -> Shaped:
    _expect_slices(input, dim, index, source)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.index_copy")
def index_copy(input: Shaped, dim: int, index: Shaped, source: Shaped) -> Shaped:
    _expect_slices(input, dim, index, source)
    if index.dtype != i64:
        raise ShapeError(f"an index must be i64, got {index}")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.index_fill.int_Scalar")
def index_fill(input: Shaped, dim: int, index: Shaped, value: Number) -> Shaped:
    wrap_dim(dim, input.rank)
    expect_index_vector(index)
    if index.dtype != i64:
        raise ShapeError(f"an index must be i64, got {index}")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.index_fill.int_Tensor")
def index_fill_tensor(input: Shaped, dim: int, index: Shaped, value: Shaped) -> Shaped:
    if value.rank:
        raise ShapeError(f"value must be a scalar, got {value}")
    return index_fill(input, dim, index, 0)


# -- x[i, j, …] = values -------------------------------------------------------------------


@shape_function("aten.index_put")
def index_put(
    input: Shaped, indices: list[Shaped | None], values: Shaped, accumulate: bool = False
) -> Shaped:
    require_same_dtype(input, values)
    # How many places a mask selects is known only when the program runs.
    if not has_mask(indices):
        expect_broadcastable(values.shape, indexed_shape(input, indices))
    return Shaped(input.shape, input.dtype)
