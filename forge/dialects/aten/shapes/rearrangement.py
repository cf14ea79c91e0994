"""Operators that join tensors, repeat them, or put their elements in another order."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import wrap_dim, wrap_dims
from forge.dialects.aten.shapes.promotion import require_same_dtype, result_type
from forge.dialects.aten.shapes.slicing import axis_of, diagonal, with_extent
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _common_type(tensors: Sequence[Shaped]) -> Attribute:
    if not tensors:
        raise ShapeError("expected at least one tensor")
    return result_type(*tensors)


# -- joining -------------------------------------------------------------------------------


@shape_function("aten.cat", "aten.concat")
def cat(tensors: list[Shaped], dim: int = 0) -> Shaped:
    dtype = _common_type(tensors)
    if any(tensor.rank == 0 for tensor in tensors):
        raise ShapeError("a scalar cannot be concatenated")
    # PyTorch skips tensors of shape [0], whatever the rank of the others.
    joined = [tensor for tensor in tensors if tensor.shape != (0,)]
    if not joined:
        return Shaped((0,), dtype)
    axis = wrap_dim(dim, joined[0].rank)
    for tensor in joined:
        if tensor.rank != joined[0].rank or _without(tensor, axis) != _without(joined[0], axis):
            raise ShapeError(f"{tensor} and {joined[0]} differ outside of dimension {dim}")
    total = sum(tensor.shape[axis] for tensor in joined)
    return Shaped(with_extent(joined[0], axis, total).shape, dtype)


def _without(tensor: Shaped, axis: int) -> tuple[int, ...]:
    return tensor.shape[:axis] + tensor.shape[axis + 1 :]


@shape_function("aten.stack")
def stack(tensors: list[Shaped], dim: int = 0) -> Shaped:
    dtype = _common_type(tensors)
    for tensor in tensors:
        if tensor.shape != tensors[0].shape:
            raise ShapeError(f"{tensor} and {tensors[0]} differ in shape")
    shape = tensors[0].shape
    axis = wrap_dim(dim, len(shape) + 1)
    return Shaped((*shape[:axis], len(tensors), *shape[axis:]), dtype)


@shape_function("aten.hstack")
def hstack(tensors: list[Shaped]) -> Shaped:
    _common_type(tensors)
    rows = [Shaped(tensor.shape or (1,), tensor.dtype) for tensor in tensors]
    return cat(rows, 0 if rows[0].rank == 1 else 1)


@shape_function("aten.vstack")
def vstack(tensors: list[Shaped]) -> Shaped:
    _common_type(tensors)
    return cat([_matrix(tensor, (1, tensor.numel)) for tensor in tensors], 0)


@shape_function("aten.column_stack")
def column_stack(tensors: list[Shaped]) -> Shaped:
    _common_type(tensors)
    return cat([_matrix(tensor, (tensor.numel, 1)) for tensor in tensors], 1)


def _matrix(tensor: Shaped, shape: tuple[int, int]) -> Shaped:
    return tensor if tensor.rank > 1 else Shaped(shape, tensor.dtype)


@shape_function("aten.meshgrid")
def meshgrid(tensors: list[Shaped]) -> list[Shaped]:
    return meshgrid_indexing(tensors, "ij")


@shape_function("aten.meshgrid.indexing")
def meshgrid_indexing(tensors: list[Shaped], indexing: str) -> list[Shaped]:
    _common_type(tensors)
    dtype = require_same_dtype(*tensors)
    if any(tensor.rank > 1 for tensor in tensors):
        raise ShapeError("a mesh is made of vectors and scalars")
    if indexing not in ("ij", "xy"):
        raise ShapeError(f'indexing must be "ij" or "xy", got "{indexing}"')
    shape = [tensor.numel for tensor in tensors]
    if indexing == "xy":
        shape[:2] = shape[:2][::-1]
    return [Shaped(tuple(shape), dtype)] * len(tensors)


# -- repeating -----------------------------------------------------------------------------


@shape_function("aten.repeat")
def repeat(input: Shaped, repeats: list[int]) -> Shaped:
    if len(repeats) < input.rank:
        raise ShapeError(f"{repeats} does not name all dimensions of {input}")
    if any(count < 0 for count in repeats):
        raise ShapeError(f"a number of repeats is negative in {repeats}")
    shape = (1,) * (len(repeats) - input.rank) + input.shape
    extents = (extent * count for extent, count in zip(shape, repeats, strict=True))
    return Shaped(tuple(extents), input.dtype)


@shape_function("aten.tile")
def tile(input: Shaped, dims: list[int]) -> Shaped:
    return repeat(input, [1] * (input.rank - len(dims)) + dims)


@shape_function("aten.repeat_interleave.self_int")
def repeat_interleave(
    input: Shaped, repeats: int, dim: int | None = None, output_size: int | None = None
) -> Shaped:
    if repeats < 0:
        raise ShapeError(f"repeats must not be negative, got {repeats}")
    if dim is None:
        input, dim = Shaped((input.numel,), input.dtype), 0
    axis = axis_of(input, dim)
    extent = input.shape[axis] * repeats
    if output_size not in (None, extent):
        raise ShapeError(f"output_size is {output_size}, but dimension {dim} becomes {extent}")
    return with_extent(input, axis, extent)


# -- other orders --------------------------------------------------------------------------


@shape_function("aten.flip")
def flip(input: Shaped, dims: list[int]) -> Shaped:
    wrap_dims(dims, input.rank)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.roll")
def roll(input: Shaped, shifts: list[int], dims: Sequence[int] = ()) -> Shaped:
    if not shifts or len(shifts) != max(len(dims), 1):
        raise ShapeError(f"expected one shift a dimension, got {shifts} for {list(dims)}")
    if dims and input.rank == 0:
        raise ShapeError(f"a scalar has no dimension to roll along, got {list(dims)}")
    for dim in dims:
        wrap_dim(dim, input.rank)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.rot90")
def rot90(input: Shaped, k: int = 1, dims: Sequence[int] = (0, 1)) -> Shaped:
    if len(dims) != 2 or input.rank < 2:
        raise ShapeError(f"a rotation takes two dimensions, got {list(dims)} of {input}")
    first, second = wrap_dims(dims, input.rank)
    shape = list(input.shape)
    if k % 2:
        shape[first], shape[second] = shape[second], shape[first]
    return Shaped(tuple(shape), input.dtype)


@shape_function("aten.tril", "aten.triu")
def triangle(input: Shaped, diagonal: int = 0) -> Shaped:
    if input.rank < 2:
        raise ShapeError(f"expected a matrix or a batch of matrices, got {input}")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.diag")
def diag(input: Shaped, diagonal: int = 0) -> Shaped:
    if input.rank not in (1, 2):
        raise ShapeError(f"expected a vector or a matrix, got {input}")
    return diag_embed(input, diagonal) if input.rank == 1 else diagonal_of(input, diagonal)


diagonal_of = diagonal


@shape_function("aten.diag_embed")
def diag_embed(input: Shaped, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Shaped:
    rank = input.rank + 1
    axes = wrap_dims((dim1, dim2), rank)
    if input.rank == 0:
        raise ShapeError("a scalar has no elements to put on a diagonal")
    extent = input.shape[-1] + abs(offset)
    rest = iter(input.shape[:-1])
    return Shaped(tuple(extent if a in axes else next(rest) for a in range(rank)), input.dtype)
