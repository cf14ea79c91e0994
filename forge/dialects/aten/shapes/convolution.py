"""Convolutions, forward and transposed, in one to three spatial dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forge.dialects.aten.shapes.dimensions import Shape, per_dimension
from forge.dialects.aten.shapes.promotion import require_kind, require_same_dtype
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def window_count(extent: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """How many times a window fits into an extent padded on both sides.

    Raises:
        ShapeError: not even once, or the window makes no sense.
    """
    if kernel < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ShapeError(
            f"expected a positive kernel, stride and dilation and a padding of 0 or more, "
            f"got {kernel}, {stride}, {dilation} and {padding}"
        )
    room = extent + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ShapeError(
            f"a kernel of {kernel}, dilated by {dilation}, is wider than the extent {extent} "
            f"with a padding of {padding}"
        )
    return room // stride + 1


def _check_operands(
    input: Shaped, weight: Shaped, bias: Shaped | None, groups: int, transposed: bool
) -> int:
    # Returns the number of channels that come out.
    require_kind(require_same_dtype(input, weight, bias), "ifc", "the operands")
    if input.rank != weight.rank or input.rank < 3:
        raise ShapeError(f"input and weight must have one rank of at least 3: {input}, {weight}")
    if groups < 1 or weight.shape[0] % groups or weight.shape[0] < groups:
        raise ShapeError(f"{weight} does not divide into {groups} groups")
    expected = weight.shape[0] if transposed else weight.shape[1] * groups
    if input.shape[1] != expected:
        raise ShapeError(f"expected {expected} input channels for weight {weight}, got {input}")
    channels = weight.shape[1] * groups if transposed else weight.shape[0]
    if bias is not None and bias.shape != (channels,):
        raise ShapeError(f"bias must have shape [{channels}], got {bias}")
    return channels


def _transposed_extent(
    extent: int, kernel: int, padding: int, stride: int, dilation: int, output_padding: int
) -> int:
    if stride < 1 or dilation < 1 or padding < 0:
        raise ShapeError(
            f"expected a positive stride and dilation and a padding of 0 or more, "
            f"got {stride}, {dilation} and {padding}"
        )
    if not 0 <= output_padding < max(stride, dilation):
        raise ShapeError(
            f"output_padding must be less than the stride {stride} or the dilation {dilation}, "
            f"got {output_padding}"
        )
    return (extent - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1


def _spatial_shape(
    extents: Shape,
    kernel: Shape,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
) -> Shape:
    count = len(extents)
    strides = per_dimension(stride, count, "stride")
    paddings = per_dimension(padding, count, "padding")
    dilations = per_dimension(dilation, count, "dilation")
    windows = zip(extents, kernel, paddings, strides, dilations, strict=True)
    if not transposed:
        return tuple(window_count(*window) for window in windows)
    extra = per_dimension(output_padding, count, "output_padding")
    result = tuple(_transposed_extent(*window, extra[axis]) for axis, window in enumerate(windows))
    if min(result) < 0 or max(result) < 1:
        raise ShapeError(f"the result would have extents {list(result)}")
    return result


@shape_function("aten.convolution")
def convolution(
    input: Shaped,
    weight: Shaped,
    bias: Shaped | None = None,
    *,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Shaped:
    channels = _check_operands(input, weight, bias, groups, transposed)
    spatial = _spatial_shape(
        input.shape[2:], weight.shape[2:], stride, padding, dilation, transposed, output_padding
    )
    return Shaped((input.shape[0], channels, *spatial), input.dtype)


@shape_function("aten.conv1d", "aten.conv2d", "aten.conv3d")
def conv(
    input: Shaped,
    weight: Shaped,
    bias: Shaped | None = None,
    stride: Sequence[int] = (1,),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    groups: int = 1,
    *,
    transposed: bool = False,
    output_padding: Sequence[int] = (0,),
) -> Shaped:
    # A single image stands for a batch of one.
    single = input.rank == weight.rank - 1
    result = convolution(
        Shaped((1, *input.shape), input.dtype) if single else input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        transposed=transposed,
        output_padding=output_padding,
        groups=groups,
    )
    return Shaped(result.shape[1:], result.dtype) if single else result


@shape_function(
    "aten.conv_transpose1d", "aten.conv_transpose2d.input", "aten.conv_transpose3d.input"
)
def conv_transpose(input: Shaped, weight: Shaped, **rest: Any) -> Shaped:
    return conv(input, weight, transposed=True, **rest)


@shape_function("aten.conv1d.padding", "aten.conv2d.padding", "aten.conv3d.padding")
def conv_padding(
    input: Shaped,
    weight: Shaped,
    bias: Shaped | None = None,
    stride: Sequence[int] = (1,),
    padding: str = "valid",
    dilation: Sequence[int] = (1,),
    groups: int = 1,
) -> Shaped:
    if padding == "valid":
        return conv(input, weight, bias, stride, (0,), dilation, groups)
    if padding != "same":
        raise ShapeError(f'padding must be "valid" or "same", got "{padding}"')
    if any(step != 1 for step in stride):
        raise ShapeError(f'padding = "same" needs a stride of 1, got {list(stride)}')
    count = weight.rank - 2
    dilations = per_dimension(dilation, count, "dilation")
    if 0 in input.shape[-count:]:
        raise ShapeError(f"there is nothing to convolve in {input}")
    # Half the padding may be one larger on the right: pad by that much, then keep the extents.
    halves = [step * kernel // 2 for step, kernel in zip(dilations, weight.shape[2:], strict=True)]
    result = conv(input, weight, bias, (1,), halves, dilation, groups)
    rank = len(result.shape)
    return Shaped((*result.shape[: rank - count], *input.shape[rank - count :]), input.dtype)
