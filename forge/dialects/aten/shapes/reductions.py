"""Reductions: over one dimension, a list of them, or all."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import i1, i64
from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import (
    Shape,
    broadcast,
    expect_rank,
    wrap_dims,
)
from forge.dialects.aten.shapes.promotion import (
    kind,
    promote,
    require_kind,
    to_float,
    to_real,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, ui8

Dims = int | Sequence[int] | None


def reduced_shape(shape: Shape, dim: Dims, keepdim: bool = False) -> Shape:
    """What is left of `shape`; no dimension, or an empty list, means all of them.

    Raises:
        ShapeError: a dimension is out of range or named twice.
    """
    if dim is None or dim == []:
        dims = tuple(range(len(shape)))
    else:
        dims = wrap_dims((dim,) if isinstance(dim, int) else dim, len(shape))
    if keepdim:
        return tuple(1 if axis in dims else extent for axis, extent in enumerate(shape))
    return tuple(extent for axis, extent in enumerate(shape) if axis not in dims)


def _shape_over(input: Shaped, dim: Dims, keepdim: bool) -> Shape:
    # For a few operators an empty list means no dimension.
    return input.shape if dim == [] else reduced_shape(input.shape, dim, keepdim)


def _require_elements(input: Shaped, dim: Dims) -> None:
    # A maximum over nothing has no value. A result that is itself empty needs none.
    if dim is None or dim == []:
        empty = input.numel == 0
    else:
        dims = wrap_dims((dim,) if isinstance(dim, int) else dim, input.rank)
        empty = input.rank > 0 and any(input.shape[axis] == 0 for axis in dims)
    if empty:
        raise ShapeError(f"{input} has no elements to choose from")


def _sum_type(input: Shaped, dtype: Attribute | None) -> Attribute:
    if dtype is not None:
        return dtype
    # Sums and products of integers are kept from overflowing.
    return i64 if kind(input.dtype) in "bi" else input.dtype


@shape_function("aten.prod", "aten.prod.dim_int", "aten.sum", "aten.sum.dim_IntList")
def total(
    input: Shaped, dim: Dims = None, keepdim: bool = False, dtype: Attribute | None = None
) -> Shaped:
    return Shaped(reduced_shape(input.shape, dim, keepdim), _sum_type(input, dtype))


@shape_function("aten.nansum")
def nansum(
    input: Shaped, dim: Dims = None, keepdim: bool = False, dtype: Attribute | None = None
) -> Shaped:
    require_kind(input.dtype, "bif", "input")
    return Shaped(_shape_over(input, dim, keepdim), _sum_type(input, dtype))


@shape_function("aten.mean", "aten.mean.dim")
def mean(
    input: Shaped, dim: Dims = None, keepdim: bool = False, dtype: Attribute | None = None
) -> Shaped:
    result = input.dtype if dtype is None else dtype
    require_kind(result, "fc", "a mean")
    return Shaped(reduced_shape(input.shape, dim, keepdim), result)


@shape_function("aten.nanmean")
def nanmean(
    input: Shaped, dim: Dims = None, keepdim: bool = False, dtype: Attribute | None = None
) -> Shaped:
    require_kind(input.dtype, "f", "input")
    return Shaped(_shape_over(input, dim, keepdim), mean(input, dtype=dtype).dtype)


@shape_function(
    "aten.all", "aten.all.dim", "aten.all.dims", "aten.any", "aten.any.dim", "aten.any.dims"
)
def truth(input: Shaped, dim: Dims = None, keepdim: bool = False) -> Shaped:
    # uint8 was PyTorch's bool once, and still gives itself.
    return Shaped(_shape_over(input, dim, keepdim), ui8 if input.dtype == ui8 else i1)


@shape_function("aten.count_nonzero.dim_IntList")
def count_nonzero(input: Shaped, dim: Sequence[int]) -> Shaped:
    return Shaped(reduced_shape(input.shape, dim), i64)


@shape_function("aten.amax", "aten.amin", "aten.max", "aten.min")
def extremum(input: Shaped, dim: Dims = None, keepdim: bool = False) -> Shaped:
    require_kind(input.dtype, "bif", "input")
    _require_elements(input, dim)
    return Shaped(reduced_shape(input.shape, dim, keepdim), input.dtype)


@shape_function("aten.aminmax")
def aminmax(input: Shaped, dim: int | None = None, keepdim: bool = False) -> tuple[Shaped, Shaped]:
    result = extremum(input, dim, keepdim)
    return result, result


@shape_function("aten.max.dim", "aten.min.dim")
def extremum_along(input: Shaped, dim: int, keepdim: bool = False) -> tuple[Shaped, Shaped]:
    values = extremum(input, dim, keepdim)
    return values, Shaped(values.shape, i64)


@shape_function("aten.argmax", "aten.argmin")
def position(input: Shaped, dim: int | None = None, keepdim: bool = False) -> Shaped:
    require_kind(input.dtype, "if", "input")
    _require_elements(input, dim)
    return Shaped(reduced_shape(input.shape, dim, keepdim), i64)


@shape_function("aten.median")
def median(input: Shaped) -> Shaped:
    require_kind(input.dtype, "if", "input")
    return Shaped((), input.dtype)


@shape_function("aten.median.dim")
def median_along(input: Shaped, dim: int, keepdim: bool = False) -> tuple[Shaped, Shaped]:
    require_kind(input.dtype, "if", "input")
    _require_elements(input, dim)
    shape = reduced_shape(input.shape, dim, keepdim)
    return Shaped(shape, input.dtype), Shaped(shape, i64)


# -- spread --------------------------------------------------------------------------------


@shape_function("aten.std", "aten.std.dim", "aten.var", "aten.var.dim")
@shape_function("aten.std.correction", "aten.var.correction")
def spread(input: Shaped, dim: Dims = None, keepdim: bool = False, **_: object) -> Shaped:
    require_kind(input.dtype, "fc", "input")
    return Shaped(reduced_shape(input.shape, dim, keepdim), to_real(input.dtype))


@shape_function("aten.std_mean.correction", "aten.std_mean.dim")
@shape_function("aten.var_mean.correction", "aten.var_mean.dim")
def spread_and_mean(
    input: Shaped, dim: Dims = None, keepdim: bool = False, **_: object
) -> tuple[Shaped, Shaped]:
    result = spread(input, dim, keepdim)
    return result, Shaped(result.shape, input.dtype)


# -- norms ---------------------------------------------------------------------------------


@shape_function("aten.linalg_vector_norm")
def vector_norm(
    input: Shaped,
    ord: float = 2,
    dim: Dims = None,
    keepdim: bool = False,
    dtype: Attribute | None = None,
) -> Shaped:
    require_kind(input.dtype, "fc", "input")
    result = input.dtype if dtype is None else dtype
    if kind(result) != kind(input.dtype) or promote(result, input.dtype) != result:
        raise ShapeError(f"dtype {result} cannot hold elements of type {input.dtype}")
    if ord < 0 or ord == float("inf"):
        _require_elements(input, dim)
    return Shaped(reduced_shape(input.shape, dim, keepdim), to_real(result))


@shape_function("aten.norm.Scalar", "aten.norm.ScalarOpt_dtype")
@shape_function("aten.norm.ScalarOpt_dim", "aten.norm.ScalarOpt_dim_dtype")
def norm(
    input: Shaped,
    p: float | None = None,
    dim: Dims = None,
    keepdim: bool = False,
    dtype: Attribute | None = None,
) -> Shaped:
    return vector_norm(input, 2 if p is None else p, dim, keepdim, dtype)


@shape_function("aten.logsumexp")
def logsumexp(input: Shaped, dim: Dims, keepdim: bool = False) -> Shaped:
    if dim == [] and input.rank > 0 and not keepdim:
        raise ShapeError("dim must name at least one dimension")
    return Shaped(reduced_shape(input.shape, dim, keepdim), to_float(input.dtype))


@shape_function("aten.cosine_similarity")
def cosine_similarity(x1: Shaped, x2: Shaped, dim: int = 1, eps: float = 1e-8) -> Shaped:
    dtype = promote(x1.dtype, x2.dtype)
    require_kind(dtype, "f", "the operands' common type")
    return Shaped(reduced_shape(broadcast(x1.shape, x2.shape), dim), dtype)


@shape_function("aten.trace")
def trace(input: Shaped) -> Shaped:
    expect_rank(input, 2)
    return Shaped((), _sum_type(input, None))
