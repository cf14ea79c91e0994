"""Padding by a constant, by reflection, by replication or around, and the pixel shuffles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forge.dialects.aten.shapes.dimensions import Shape, expect_rank
from forge.dialects.aten.shapes.promotion import require_kind
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _padded(shape: Shape, pad: Sequence[int]) -> Shape:
    # The pairs (before, after) start at the last dimension. Negative padding crops.
    extents = list(shape)
    for index, (before, after) in enumerate(zip(pad[::2], pad[1::2], strict=True)):
        axis = len(shape) - 1 - index
        if extents[axis] + min(before, 0) + min(after, 0) < 0:
            raise ShapeError(f"padding {list(pad)} crops more than {list(shape)} has")
        extents[axis] += before + after
    return tuple(extents)


@shape_function("aten.constant_pad_nd")
def constant_pad_nd(input: Shaped, pad: Sequence[int], value: float = 0) -> Shaped:
    if len(pad) % 2 or len(pad) > 2 * input.rank:
        raise ShapeError(
            f"expected a pair of paddings for at most {input.rank} dimensions, got {list(pad)}"
        )
    return Shaped(_padded(input.shape, pad), input.dtype)


def _check_borders(input: Shaped, padding: Sequence[int], spatial: int) -> None:
    if len(padding) != 2 * spatial:
        raise ShapeError(f"expected {2 * spatial} paddings, got {list(padding)}")
    expect_rank(input, spatial + 1, spatial + 2)
    first = 1 if input.rank == spatial + 2 else 0
    if 0 in input.shape[first:]:
        raise ShapeError(f"only the batch may be empty, got {input}")


def _bordered(input: Shaped, padding: Sequence[int]) -> Shaped:
    shape = _padded(input.shape, padding)
    spatial = len(padding) // 2
    if not any(shape[-spatial:]):
        raise ShapeError(f"padding {list(padding)} leaves nothing of {input}")
    return Shaped(shape, input.dtype)


@shape_function("aten.reflection_pad1d", "aten.reflection_pad2d", "aten.reflection_pad3d")
def reflection_pad(input: Shaped, padding: Sequence[int]) -> Shaped:
    _check_borders(input, padding, len(padding) // 2)
    for index, amount in enumerate(padding):
        extent = input.shape[-1 - index // 2]
        if amount >= extent:
            raise ShapeError(f"a reflection of {amount} needs more than the {extent} elements")
    return _bordered(input, padding)


@shape_function("aten.replication_pad1d", "aten.replication_pad2d", "aten.replication_pad3d")
def replication_pad(input: Shaped, padding: Sequence[int]) -> Shaped:
    require_kind(input.dtype, "ifc", "input")
    _check_borders(input, padding, len(padding) // 2)
    return _bordered(input, padding)


def circular_pad(input: Shaped, padding: Sequence[int]) -> Shaped:
    spatial = len(padding) // 2
    expect_rank(input, spatial + 1, spatial + 2)
    for index, amount in enumerate(padding):
        extent = input.shape[-1 - index // 2]
        if amount > extent:
            raise ShapeError(f"padding around by {amount} needs at least as many as {extent}")
    return Shaped(_padded(input.shape, padding), input.dtype)


_MODES: dict[str, Callable[[Shaped, Sequence[int]], Shaped]] = {
    "circular": circular_pad,
    "constant": constant_pad_nd,
    "reflect": reflection_pad,
    "replicate": replication_pad,
}


@shape_function("aten.pad")
def pad(
    input: Shaped, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Shaped:
    if mode not in _MODES:
        raise ShapeError(f'mode must be one of {", ".join(_MODES)}, got "{mode}"')
    if mode != "constant" and value:
        raise ShapeError(f'mode "{mode}" takes no value')
    return _MODES[mode](input, pad)


# -- between channels and pixels ------------------------------------------------------------


@shape_function("aten.pixel_shuffle")
def pixel_shuffle(input: Shaped, upscale_factor: int) -> Shaped:
    if input.rank < 3 or upscale_factor < 1:
        raise ShapeError(
            f"expected rank 3 or more and a positive factor: {input}, {upscale_factor}"
        )
    *batch, channels, height, width = input.shape
    if channels % upscale_factor**2:
        raise ShapeError(f"{channels} channels do not divide by {upscale_factor} squared")
    shape = (
        *batch,
        channels // upscale_factor**2,
        height * upscale_factor,
        width * upscale_factor,
    )
    return Shaped(shape, input.dtype)


@shape_function("aten.pixel_unshuffle")
def pixel_unshuffle(input: Shaped, downscale_factor: int) -> Shaped:
    if input.rank < 3 or downscale_factor < 1:
        raise ShapeError(
            f"expected rank 3 or more and a positive factor: {input}, {downscale_factor}"
        )
    *batch, channels, height, width = input.shape
    if height % downscale_factor or width % downscale_factor:
        raise ShapeError(f"{height}×{width} does not divide by {downscale_factor}")
    shape = (
        *batch,
        channels * downscale_factor**2,
        height // downscale_factor,
        width // downscale_factor,
    )
    return Shaped(shape, input.dtype)


@shape_function("aten.channel_shuffle")
def channel_shuffle(input: Shaped, groups: int) -> Shaped:
    if input.rank < 3 or groups < 1 or input.shape[1] % groups:
        raise ShapeError(f"the channels of {input} do not divide into {groups} groups")
    return Shaped(input.shape, input.dtype)
