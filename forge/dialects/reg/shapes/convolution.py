"""Convolutions and their transposes; data are [N, C, spatial…]."""

from __future__ import annotations

from collections.abc import Sequence

from forge.dialects.reg.shapes.checks import (
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_ints,
)
from forge.dialects.reg.shapes.windows import Windows, check_image
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("reg.Convolution")
def convolution(
    data_batch: Shaped,
    filters: Shaped,
    strides: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    dilations: list[int],
    auto_pad: str,
) -> Shaped:
    dtype = check_same_dtype(data_batch=data_batch, filters=filters)
    check_numeric(data_batch, "data_batch")
    spatial = check_image(data_batch, "data_batch")
    check_rank(filters, "filters", data_batch.rank)
    if filters.shape[1] != data_batch.shape[1]:
        raise ShapeError(f"filters {filters} do not take the channels of {data_batch}")
    windows = Windows(filters.shape[2:], strides, dilations, pads_begin, pads_end, auto_pad)
    return Shaped((data_batch.shape[0], filters.shape[0], *windows.count(spatial)), dtype)


@shape_function("reg.GroupConvolution")
def group_convolution(
    data_batch: Shaped,
    filters: Shaped,
    strides: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    dilations: list[int],
    auto_pad: str,
) -> Shaped:
    dtype = check_same_dtype(data_batch=data_batch, filters=filters)
    check_numeric(data_batch, "data_batch")
    spatial = check_image(data_batch, "data_batch")
    check_rank(filters, "filters", data_batch.rank + 1)
    groups, outputs, inputs = filters.shape[:3]
    if groups * inputs != data_batch.shape[1]:
        raise ShapeError(f"filters {filters} do not take the channels of {data_batch}")
    windows = Windows(filters.shape[3:], strides, dilations, pads_begin, pads_end, auto_pad)
    return Shaped((data_batch.shape[0], groups * outputs, *windows.count(spatial)), dtype)


@shape_function("reg.ConvolutionBackpropData")
def convolution_backprop_data(
    data: Shaped,
    filters: Shaped,
    output_shape: Shaped | None,
    strides: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    dilations: list[int],
    auto_pad: str,
    output_padding: list[int],
) -> Shaped:
    dtype = check_same_dtype(data=data, filters=filters)
    check_numeric(data, "data")
    spatial = check_image(data, "data")
    check_rank(filters, "filters", data.rank)
    if filters.shape[0] != data.shape[1]:
        raise ShapeError(f"filters {filters} do not take the channels of {data}")
    windows = Windows(filters.shape[2:], strides, dilations, pads_begin, pads_end, auto_pad)
    extents = _backprop_extents(spatial, windows, output_padding, output_shape)
    return Shaped((data.shape[0], filters.shape[1], *extents), dtype)


@shape_function("reg.GroupConvolutionBackpropData")
def group_convolution_backprop_data(
    data: Shaped,
    filter: Shaped,
    output_shape: Shaped | None,
    strides: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    dilations: list[int],
    auto_pad: str,
    output_padding: list[int],
) -> Shaped:
    dtype = check_same_dtype(data=data, filter=filter)
    check_numeric(data, "data")
    spatial = check_image(data, "data")
    check_rank(filter, "filter", data.rank + 1)
    groups, inputs, outputs = filter.shape[:3]
    if groups * inputs != data.shape[1]:
        raise ShapeError(f"filter {filter} does not take the channels of {data}")
    windows = Windows(filter.shape[3:], strides, dilations, pads_begin, pads_end, auto_pad)
    extents = _backprop_extents(spatial, windows, output_padding, output_shape)
    return Shaped((data.shape[0], groups * outputs, *extents), dtype)


def _backprop_extents(
    spatial: Sequence[int],
    windows: Windows,
    output_padding: Sequence[int],
    output_shape: Shaped | None,
) -> tuple[int, ...]:
    windows.check(len(spatial))
    padding = output_padding or [0] * len(spatial)
    if len(padding) != len(spatial):
        raise ShapeError(f"output_padding must have one number for each of {len(spatial)} axes")
    if output_shape is not None:
        given = literal_ints(output_shape, "output_shape")
        if output_shape.shape != (len(spatial),) or min(given) < 0:
            raise ShapeError(f"output_shape {given} must have one extent an axis")
        return tuple(given)
    explicit = windows.auto_pad == "explicit"
    extents: list[int] = []
    for axis, extent in enumerate(spatial):
        window = (windows.kernel[axis] - 1) * windows.dilations[axis] + 1
        grown = (extent - 1) * windows.strides[axis] + window + padding[axis]
        cropped = windows.pads_begin[axis] + windows.pads_end[axis] if explicit else 0
        if grown < cropped:
            raise ShapeError(f"the pads leave nothing of an extent of {grown}")
        extents.append(grown - cropped)
    return tuple(extents)


@shape_function("reg.DeformableConvolution")
def deformable_convolution(
    arg: Shaped,
    offsets: Shaped,
    filters: Shaped,
    mask: Shaped | None,
    strides: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    dilations: list[int],
    auto_pad: str,
    group: int,
    deformable_group: int,
    bilinear_interpolation_pad: bool,
) -> Shaped:
    """Offsets hold two numbers, the mask one, for each deformable group, tap and window."""
    dtype = check_same_dtype(arg=arg, offsets=offsets, filters=filters, mask=mask)
    check_numeric(arg, "arg")
    for name, operand in (("arg", arg), ("offsets", offsets), ("filters", filters)):
        check_rank(operand, name, 4)
    batch, channels, *spatial = arg.shape
    if group < 1 or filters.shape[1] * group != channels or filters.shape[0] % group:
        raise ShapeError(f"filters {filters} do not take the channels of {arg} in {group} groups")
    if deformable_group < 1 or channels % deformable_group:
        raise ShapeError(f"{channels} channels do not make {deformable_group} deformable groups")
    windows = Windows(filters.shape[2:], strides, dilations, pads_begin, pads_end, auto_pad)
    counts = windows.count(spatial)
    taps = deformable_group * filters.shape[2] * filters.shape[3]
    if offsets.shape != (batch, 2 * taps, *counts):
        raise ShapeError(f"offsets must have shape {[batch, 2 * taps, *counts]}, got {offsets}")
    if mask is not None and mask.shape != (batch, taps, *counts):
        raise ShapeError(f"mask must have shape {[batch, taps, *counts]}, got {mask}")
    return Shaped((batch, filters.shape[0], *counts), dtype)
