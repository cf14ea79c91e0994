"""Products of vectors, matrices and batches of them, and distances between rows."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from forge.dialects.aten.shapes.dimensions import (
    Shape,
    broadcast,
    expect_broadcastable,
    expect_rank,
    wrap_dim,
    wrap_dims,
)
from forge.dialects.aten.shapes.promotion import (
    elementwise,
    promote,
    require_kind,
    require_same_dtype,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _expect_contracted(left: int, right: int, what: str) -> None:
    if left != right:
        raise ShapeError(f"{what} must agree, got {left} and {right}")


def _product_type(*tensors: Shaped | None) -> None:
    dtype = require_same_dtype(*tensors)
    require_kind(dtype, "ifc", "the operands")


def matmul_shape(left: Shape, right: Shape) -> Shape:
    """The shape of `left @ right`: batches broadcast, a vector is a row or a column.

    Raises:
        ShapeError: an operand is a scalar, or the shapes do not fit.
    """
    if not left or not right:
        raise ShapeError("a matrix product needs operands with at least one dimension")
    _expect_contracted(left[-1], right[-2:][0], "the contracted extents")
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    return (*broadcast(left[:-2], right[:-2]), *rows, *columns)


@shape_function("aten.matmul")
def matmul(input: Shaped, other: Shaped) -> Shaped:
    _product_type(input, other)
    return Shaped(matmul_shape(input.shape, other.shape), input.dtype)


@shape_function("aten.mm")
def mm(input: Shaped, mat2: Shaped) -> Shaped:
    expect_rank(input, 2)
    expect_rank(mat2, 2, name="mat2")
    return matmul(input, mat2)


@shape_function("aten.mv")
def mv(input: Shaped, vec: Shaped) -> Shaped:
    expect_rank(input, 2)
    expect_rank(vec, 1, name="vec")
    return matmul(input, vec)


@shape_function("aten.bmm")
def bmm(input: Shaped, mat2: Shaped) -> Shaped:
    expect_rank(input, 3)
    expect_rank(mat2, 3, name="mat2")
    _expect_contracted(input.shape[0], mat2.shape[0], "the batches' extents")
    return matmul(input, mat2)


@shape_function("aten.dot", "aten.vdot")
def dot(input: Shaped, **others: Shaped) -> Shaped:
    (other,) = others.values()
    expect_rank(input, 1)
    expect_rank(other, 1, name=next(iter(others)))
    return matmul(input, other)


@shape_function("aten.linear")
def linear(input: Shaped, weight: Shaped, bias: Shaped | None = None) -> Shaped:
    expect_rank(weight, 1, 2, name="weight")
    _product_type(input, weight, bias)
    transposed = (weight.shape[1], weight.shape[0]) if weight.rank == 2 else weight.shape
    shape = matmul_shape(input.shape, transposed)
    if bias is not None:
        expect_broadcastable(bias.shape, shape)
        if weight.rank == 1 and (bias.rank > 0 or input.rank == 2):
            raise ShapeError(f"a single output, from weight {weight}, takes no bias {bias} here")
    return Shaped(shape, input.dtype)


# -- a product added to something -----------------------------------------------------------


def _added(input: Shaped, product: Shaped) -> Shaped:
    _product_type(input, product)
    expect_broadcastable(input.shape, product.shape)
    return product


@shape_function("aten.addmm")
def addmm(input: Shaped, mat1: Shaped, mat2: Shaped, **_: object) -> Shaped:
    return _added(input, mm(mat1, mat2))


@shape_function("aten.addmv")
def addmv(input: Shaped, mat: Shaped, vec: Shaped, **_: object) -> Shaped:
    return _added(input, mv(mat, vec))


@shape_function("aten.baddbmm")
def baddbmm(input: Shaped, batch1: Shaped, batch2: Shaped, **_: object) -> Shaped:
    return _added(input, bmm(batch1, batch2))


@shape_function("aten.addbmm")
def addbmm(input: Shaped, batch1: Shaped, batch2: Shaped, **_: object) -> Shaped:
    product = bmm(batch1, batch2)
    return _added(input, Shaped(product.shape[1:], product.dtype))


@shape_function("aten.addr")
def addr(input: Shaped, vec1: Shaped, vec2: Shaped, **_: object) -> Shaped:
    expect_rank(vec1, 1, name="vec1")
    expect_rank(vec2, 1, name="vec2")
    shape = (*vec1.shape, *vec2.shape)
    expect_broadcastable(input.shape, shape)
    return Shaped(shape, elementwise(input, Shaped(shape, promote(vec1.dtype, vec2.dtype))).dtype)


# -- other products ------------------------------------------------------------------------


@shape_function("aten.outer")
def outer(input: Shaped, vec2: Shaped) -> Shaped:
    expect_rank(input, 1)
    expect_rank(vec2, 1, name="vec2")
    return Shaped((*input.shape, *vec2.shape), promote(input.dtype, vec2.dtype))


@shape_function("aten.inner")
def inner(input: Shaped, other: Shaped) -> Shaped:
    if input.rank == 0 or other.rank == 0:
        return elementwise(input, other)
    _product_type(input, other)
    _expect_contracted(input.shape[-1], other.shape[-1], "the last extents")
    return Shaped((*input.shape[:-1], *other.shape[:-1]), input.dtype)


@shape_function("aten.tensordot")
def tensordot(
    input: Shaped, other: Shaped, dims_self: Sequence[int], dims_other: Sequence[int]
) -> Shaped:
    _product_type(input, other)
    if len(dims_self) != len(dims_other):
        raise ShapeError(f"{list(dims_self)} and {list(dims_other)} differ in length")
    if dims_self and 0 in (input.rank, other.rank):
        raise ShapeError(f"a scalar has no dimension to contract: {input}, {other}")
    left, right = wrap_dims(dims_self, input.rank), wrap_dims(dims_other, other.rank)
    for axis, other_axis in zip(left, right, strict=True):
        extents = {input.shape[axis], other.shape[other_axis]}
        if len(extents - {1}) > 1:
            raise ShapeError(f"contracted extents {sorted(extents)} differ")
    kept = [extent for axis, extent in enumerate(input.shape) if axis not in left]
    kept += [extent for axis, extent in enumerate(other.shape) if axis not in right]
    return Shaped(tuple(kept), input.dtype)


@shape_function("aten.linalg_cross")
def linalg_cross(input: Shaped, other: Shaped, dim: int = -1) -> Shaped:
    _product_type(input, other)
    if input.rank != other.rank:
        raise ShapeError(f"the operands must have one rank, got {input} and {other}")
    axis = wrap_dim(dim, input.rank)
    if any(tensor.rank == 0 or tensor.shape[axis] != 3 for tensor in (input, other)):
        raise ShapeError(f"dimension {dim} must have extent 3, got {input} and {other}")
    return Shaped(broadcast(input.shape, other.shape), input.dtype)


@shape_function("aten.cross")
def cross(input: Shaped, other: Shaped, dim: int | None = None) -> Shaped:
    if dim is None:
        if 3 not in input.shape:
            raise ShapeError(f"no dimension of {input} has extent 3")
        dim = input.shape.index(3)
    return linalg_cross(input, other, dim)


@shape_function("aten.bilinear")
def bilinear(input1: Shaped, input2: Shaped, weight: Shaped, bias: Shaped | None = None) -> Shaped:
    _product_type(input1, input2, weight, bias)
    expect_rank(weight, 3, name="weight")
    outputs, *features = weight.shape
    if 0 in features:
        raise ShapeError(f"there are no features to weigh with {weight}")
    if input1.shape[-1:] + input2.shape[-1:] != tuple(features):
        raise ShapeError(f"the last extents of {input1} and {input2} must be those of {weight}")
    if input1.shape[:-1] != input2.shape[:-1]:
        raise ShapeError(f"{input1} and {input2} must agree up to the last extent")
    if bias is not None and bias.shape != (outputs,):
        raise ShapeError(f"bias must have shape [{outputs}], got {bias}")
    return Shaped((*input1.shape[:-1], outputs), input1.dtype)


@shape_function("aten._cdist_forward", "aten.cdist")
def cdist(x1: Shaped, x2: Shaped, p: float = 2, compute_mode: int | None = None) -> Shaped:
    require_kind(require_same_dtype(x1, x2), "f", "the operands")
    if x1.rank < 2 or x2.rank < 2:
        raise ShapeError(f"the operands must have at least rank 2, got {x1} and {x2}")
    _expect_contracted(x1.shape[-1], x2.shape[-1], "the last extents")
    if p < 0:
        raise ShapeError(f"p must not be negative, got {p}")
    if compute_mode not in (None, 0, 1, 2):
        raise ShapeError(f"compute_mode must be 0, 1 or 2, got {compute_mode}")
    shape = (*broadcast(x1.shape[:-2], x2.shape[:-2]), x1.shape[-2], x2.shape[-2])
    return Shaped(shape, x1.dtype)


@shape_function("aten._pdist_forward")
def pdist(input: Shaped, p: float = 2) -> Shaped:
    expect_rank(input, 2)
    return Shaped((comb(input.shape[0], 2),), input.dtype)
