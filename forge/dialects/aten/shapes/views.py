"""Operators that see the same elements in another shape, and those that keep tensor and shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import broadcast, wrap_dim, wrap_dims
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, bit_width, c64, c128, f32, f64, is_bool, is_complex

Shape = tuple[int, ...]

_MEMORY_FORMAT_RANKS = {"channels_last": 4, "channels_last_3d": 5}


def expect_memory_format(shape: Sequence[int], memory_format: str | None) -> None:
    """Check that a tensor of `shape` can have the memory format.

    Raises:
        ShapeError: its rank does not fit, or there is no such format.
    """
    if memory_format in (None, "contiguous_format", "preserve_format"):
        return
    if (rank := _MEMORY_FORMAT_RANKS.get(memory_format)) is None:
        raise ShapeError(f'there is no memory format "{memory_format}"')
    if len(shape) != rank:
        raise ShapeError(f"{memory_format} is for tensors of rank {rank}, got shape {list(shape)}")


# -- the same shape ------------------------------------------------------------------------


@shape_function(
    "aten.alias",
    "aten.detach",
    "aten.lift_fresh",
    "aten.lift_fresh_copy",
    "aten.resolve_conj",
    "aten.resolve_neg",
)
def identity(input: Shaped) -> Shaped:
    return Shaped(input.shape, input.dtype)


@shape_function("aten.contiguous")
def contiguous(input: Shaped, memory_format: str = "contiguous_format") -> Shaped:
    if memory_format == "preserve_format":
        raise ShapeError("preserve_format says nothing of how to be contiguous")
    return clone(input, memory_format)


@shape_function("aten.clone")
def clone(input: Shaped, memory_format: str | None = None) -> Shaped:
    expect_memory_format(input.shape, memory_format)
    return Shaped(input.shape, input.dtype)


# -- other shapes of the same elements -----------------------------------------------------


def infer_size(size: Sequence[int], numel: int) -> Shape:
    """`size` with its −1 replaced, so that it has `numel` elements.

    Raises:
        ShapeError: no extent makes it so, or any does.
    """
    unknown = [position for position, extent in enumerate(size) if extent == -1]
    if len(unknown) > 1:
        raise ShapeError(f"only one extent can be -1, got {list(size)}")
    if any(extent < -1 for extent in size):
        raise ShapeError(f"an extent is negative in {list(size)}")
    known = prod(extent for extent in size if extent != -1)
    if unknown and known == 0:
        raise ShapeError(f"in {list(size)} the extent -1 can be anything")
    if numel % known if unknown else numel != known:
        raise ShapeError(f"{numel} elements do not fit shape {list(size)}")
    return tuple(numel // known if extent == -1 else extent for extent in size)


@shape_function("aten._unsafe_view", "aten.view")
def view(input: Shaped, size: list[int]) -> Shaped:
    return Shaped(infer_size(size, input.numel), input.dtype)


@shape_function("aten.reshape")
def reshape(input: Shaped, shape: list[int]) -> Shaped:
    return view(input, shape)


@shape_function("aten.view_as")
def view_as(input: Shaped, other: Shaped) -> Shaped:
    return view(input, list(other.shape))


@shape_function("aten.ravel")
def ravel(input: Shaped) -> Shaped:
    return Shaped((input.numel,), input.dtype)


@shape_function("aten.flatten.using_ints")
def flatten(input: Shaped, start_dim: int = 0, end_dim: int = -1) -> Shaped:
    start, end = wrap_dim(start_dim, input.rank), wrap_dim(end_dim, input.rank)
    if start > end:
        raise ShapeError(f"start_dim {start_dim} comes after end_dim {end_dim}")
    flat = prod(input.shape[start : end + 1])
    return Shaped((*input.shape[:start], flat, *input.shape[end + 1 :]), input.dtype)


@shape_function("aten.unflatten.int")
def unflatten(input: Shaped, dim: int, sizes: list[int]) -> Shaped:
    axis = wrap_dim(dim, input.rank)
    if not sizes:
        raise ShapeError("sizes is empty")
    if input.rank == 0:
        raise ShapeError("a scalar has no dimension to unflatten")
    inner = infer_size(sizes, input.shape[axis])
    return Shaped((*input.shape[:axis], *inner, *input.shape[axis + 1 :]), input.dtype)


@shape_function("aten.squeeze")
def squeeze(input: Shaped) -> Shaped:
    return Shaped(tuple(extent for extent in input.shape if extent != 1), input.dtype)


@shape_function("aten.squeeze.dim")
def squeeze_dim(input: Shaped, dim: int) -> Shaped:
    return squeeze_dims(input, [dim])


@shape_function("aten.squeeze.dims")
def squeeze_dims(input: Shaped, dim: list[int]) -> Shaped:
    axes = wrap_dims(dim, input.rank)
    kept = (extent for axis, extent in enumerate(input.shape) if extent != 1 or axis not in axes)
    return Shaped(tuple(kept), input.dtype)


@shape_function("aten.unsqueeze")
def unsqueeze(input: Shaped, dim: int) -> Shaped:
    axis = wrap_dim(dim, input.rank + 1)
    return Shaped((*input.shape[:axis], 1, *input.shape[axis:]), input.dtype)


# -- dimensions in another order -----------------------------------------------------------


@shape_function("aten.permute")
def permute(input: Shaped, dims: list[int]) -> Shaped:
    if len(dims) != input.rank:
        raise ShapeError(f"dims must name the {input.rank} dimensions of {input}, got {dims}")
    axes = wrap_dims(dims, input.rank)
    return Shaped(tuple(input.shape[axis] for axis in axes), input.dtype)


@shape_function("aten.swapdims", "aten.transpose.int")
def transpose(input: Shaped, dim0: int, dim1: int) -> Shaped:
    first, second = wrap_dim(dim0, input.rank), wrap_dim(dim1, input.rank)
    shape = list(input.shape)
    if shape:
        shape[first], shape[second] = shape[second], shape[first]
    return Shaped(tuple(shape), input.dtype)


@shape_function("aten.swapaxes")
def swapaxes(input: Shaped, axis0: int, axis1: int) -> Shaped:
    return transpose(input, axis0, axis1)


@shape_function("aten.t")
def t(input: Shaped) -> Shaped:
    if input.rank > 2:
        raise ShapeError(f"t is for tensors of at most two dimensions, got {input}")
    return numpy_transpose(input)


@shape_function("aten.numpy_T")
def numpy_transpose(input: Shaped) -> Shaped:
    return Shaped(input.shape[::-1], input.dtype)


@shape_function("aten.adjoint", "aten.mT")
def matrix_transpose(input: Shaped) -> Shaped:
    if input.rank == 1:
        raise ShapeError(f"expected a matrix or a batch of matrices, got {input}")
    return transpose(input, -2, -1) if input.rank else input


@shape_function("aten.movedim.int")
def movedim(input: Shaped, source: int, destination: int) -> Shaped:
    return movedim_list(input, [source], [destination])


@shape_function("aten.movedim.intlist")
def movedim_list(input: Shaped, source: list[int], destination: list[int]) -> Shaped:
    if len(source) != len(destination):
        raise ShapeError(f"source {source} and destination {destination} differ in length")
    moved = dict(
        zip(wrap_dims(destination, input.rank), wrap_dims(source, input.rank), strict=True)
    )
    rest = (axis for axis in range(input.rank) if axis not in moved.values())
    order = [moved[axis] if axis in moved else next(rest) for axis in range(input.rank)]
    return Shaped(tuple(input.shape[axis] for axis in order), input.dtype)


# -- broadcasting --------------------------------------------------------------------------


@shape_function("aten.broadcast_to", "aten.expand")
def expand(input: Shaped, size: list[int], implicit: bool = False) -> Shaped:
    added = len(size) - input.rank
    if added < 0:
        raise ShapeError(f"{input} has more dimensions than size {size}")
    shape: list[int] = []
    for position, extent in enumerate(size):
        own = input.shape[position - added] if position >= added else 1
        if extent == -1 and position >= added:
            extent = own
        if extent < 0 or own not in (1, extent):
            raise ShapeError(f"{input} does not expand to {size}")
        shape.append(extent)
    return Shaped(tuple(shape), input.dtype)


@shape_function("aten.expand_as")
def expand_as(input: Shaped, other: Shaped) -> Shaped:
    return expand(input, list(other.shape))


@shape_function("aten.broadcast_tensors")
def broadcast_tensors(tensors: list[Shaped]) -> list[Shaped]:
    shape = broadcast(*(tensor.shape for tensor in tensors))
    return [Shaped(shape, tensor.dtype) for tensor in tensors]


# -- elements of another type --------------------------------------------------------------


def _bytes(dtype: Attribute) -> int:
    if is_complex(dtype):
        return 16 if dtype == c128 else 8
    return 1 if is_bool(dtype) else bit_width(dtype) // 8


@shape_function("aten.view.dtype")
def view_dtype(input: Shaped, dtype: Attribute) -> Shaped:
    old, new = _bytes(input.dtype), _bytes(dtype)
    if old == new:
        return Shaped(input.shape, dtype)
    if input.rank == 0:
        raise ShapeError(f"a scalar of {old} bytes cannot be seen as {dtype}")
    extent = input.shape[-1] * old
    if extent % new:
        raise ShapeError(f"the {extent} bytes of the last dimension do not divide into {dtype}")
    return Shaped((*input.shape[:-1], extent // new), dtype)


@shape_function("aten.view_as_complex")
def view_as_complex(input: Shaped) -> Shaped:
    if input.dtype not in (f32, f64):
        raise ShapeError(f"expected elements f32 or f64, got {input}")
    if not input.shape or input.shape[-1] != 2:
        raise ShapeError(f"the last dimension must hold real and imaginary part, got {input}")
    return Shaped(input.shape[:-1], c64 if input.dtype == f32 else c128)


@shape_function("aten.view_as_real")
def view_as_real(input: Shaped) -> Shaped:
    if not is_complex(input.dtype):
        raise ShapeError(f"expected complex elements, got {input}")
    return Shaped((*input.shape, 2), f32 if input.dtype == c64 else f64)
