"""Scans, sorting and differences along one dimension."""

from __future__ import annotations

from xdsl.dialects.builtin import i64
from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import wrap_dim
from forge.dialects.aten.shapes.promotion import kind, require_kind, result_type
from forge.dialects.aten.shapes.reductions import reduced_shape
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("aten.cumprod", "aten.cumsum")
def cumulate(input: Shaped, dim: int, dtype: Attribute | None = None) -> Shaped:
    wrap_dim(dim, input.rank)
    if dtype is None:
        dtype = i64 if kind(input.dtype) in "bi" else input.dtype
    return Shaped(input.shape, dtype)


@shape_function("aten.logcumsumexp")
def logcumsumexp(input: Shaped, dim: int) -> Shaped:
    require_kind(input.dtype, "fc", "input")
    wrap_dim(dim, input.rank)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.cummax", "aten.cummin")
def cumulative_extremum(input: Shaped, dim: int) -> tuple[Shaped, Shaped]:
    wrap_dim(dim, input.rank)
    return Shaped(input.shape, input.dtype), Shaped(input.shape, i64)


@shape_function("aten.sort", "aten.sort.stable")
def sort(input: Shaped, dim: int = -1, **_: object) -> tuple[Shaped, Shaped]:
    require_kind(input.dtype, "bif", "input")
    return cumulative_extremum(input, dim)


@shape_function("aten.argsort", "aten.argsort.stable")
def argsort(input: Shaped, dim: int = -1, **_: object) -> Shaped:
    return sort(input, dim)[1]


@shape_function("aten.topk")
def topk(input: Shaped, k: int, dim: int = -1, **_: object) -> tuple[Shaped, Shaped]:
    require_kind(input.dtype, "if", "input")
    axis = wrap_dim(dim, input.rank)
    extent = input.shape[axis] if input.rank else 1
    if not 0 <= k <= extent:
        raise ShapeError(f"k = {k} is not between 0 and the extent {extent} of dimension {dim}")
    shape = (*input.shape[:axis], k, *input.shape[axis + 1 :]) if input.rank else ()
    return Shaped(shape, input.dtype), Shaped(shape, i64)


@shape_function("aten.kthvalue")
def kthvalue(input: Shaped, k: int, dim: int = -1, keepdim: bool = False) -> tuple[Shaped, Shaped]:
    axis = wrap_dim(dim, input.rank)
    extent = input.shape[axis] if input.rank else 1
    if not 1 <= k <= extent:
        raise ShapeError(f"k = {k} is not between 1 and the extent {extent} of dimension {dim}")
    shape = reduced_shape(input.shape, dim, keepdim)
    return Shaped(shape, input.dtype), Shaped(shape, i64)


@shape_function("aten.diff")
def diff(
    input: Shaped,
    n: int = 1,
    dim: int = -1,
    prepend: Shaped | None = None,
    append: Shaped | None = None,
) -> Shaped:
    if input.rank == 0 or n < 0:
        raise ShapeError(f"expected a tensor with dimensions and n of 0 or more: {input}, n = {n}")
    if n == 0 and prepend is None and append is None:
        return Shaped(input.shape, input.dtype)
    axis = wrap_dim(dim, input.rank)
    parts = [part for part in (prepend, input, append) if part is not None]
    for part in parts:
        others = (part.rank, part.shape[:axis], part.shape[axis + 1 :])
        if others != (input.rank, input.shape[:axis], input.shape[axis + 1 :]):
            raise ShapeError(f"{part} must have the shape of {input} outside dimension {dim}")
    if n == 0:
        return Shaped(input.shape, input.dtype)
    extent = max(sum(part.shape[axis] for part in parts) - n, 0)
    shape = (*input.shape[:axis], extent, *input.shape[axis + 1 :])
    return Shaped(shape, result_type(*parts))
