"""Pools over the spatial axes; data are [N, C, spatial…]."""

from __future__ import annotations

from xdsl.ir import Attribute

from forge.dialects.reg.shapes.checks import (
    check_extents,
    check_float,
    check_index_type,
    check_integer,
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_ints,
    normalize_axis,
)
from forge.dialects.reg.shapes.windows import Windows, check_image
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _pooled(arg: Shaped, windows: Windows) -> tuple[int, ...]:
    check_numeric(arg, "arg")
    spatial = check_image(arg, "arg")
    return (*arg.shape[:2], *windows.count(spatial))


@shape_function("reg.AvgPool")
def avg_pool(
    arg: Shaped,
    strides: list[int],
    dilations: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    kernel: list[int],
    exclude_pad: bool,
    rounding_type: str,
    auto_pad: str,
) -> Shaped:
    dilations = dilations or [1] * len(kernel)
    windows = Windows(kernel, strides, dilations, pads_begin, pads_end, auto_pad, rounding_type)
    shape = _pooled(arg, windows)
    if exclude_pad and auto_pad == "explicit":
        _check_mean_of_something(windows)
    return Shaped(shape, arg.dtype)


def _check_mean_of_something(windows: Windows) -> None:
    # Where a window lies in the border as a whole, nothing would be left to take the mean of.
    for axis in range(len(windows.kernel)):
        border = max(windows.pads_begin[axis], windows.pads_end[axis])
        if border >= windows.window(axis):
            raise ShapeError(f"a window of {windows.window(axis)} fits into a border of {border}")


@shape_function("reg.MaxPool")
def max_pool(
    arg: Shaped,
    strides: list[int],
    dilations: list[int],
    pads_begin: list[int],
    pads_end: list[int],
    kernel: list[int],
    rounding_type: str,
    auto_pad: str,
    index_element_type: Attribute,
    axis: int,
) -> tuple[Shaped, Shaped]:
    check_index_type(index_element_type, "index_element_type")
    dilations = dilations or [1] * len(kernel)
    windows = Windows(kernel, strides, dilations, pads_begin, pads_end, auto_pad, rounding_type)
    shape = _pooled(arg, windows)
    normalize_axis(axis, arg.rank)
    return Shaped(shape, arg.dtype), Shaped(shape, index_element_type)


@shape_function("reg.AdaptiveAvgPool")
def adaptive_avg_pool(data: Shaped, output_shape: Shaped) -> Shaped:
    check_numeric(data, "data")
    spatial = check_image(data, "data")
    extents = literal_ints(output_shape, "output_shape")
    check_extents(output_shape, "output_shape", (len(spatial),))
    if min(extents) < 1:
        raise ShapeError(f"output_shape {extents} must be positive")
    return Shaped((*data.shape[:2], *extents), data.dtype)


@shape_function("reg.AdaptiveMaxPool")
def adaptive_max_pool(
    data: Shaped, output_shape: Shaped, index_element_type: Attribute
) -> tuple[Shaped, Shaped]:
    check_index_type(index_element_type, "index_element_type")
    pooled = adaptive_avg_pool(data, output_shape)
    return pooled, Shaped(pooled.shape, index_element_type)


@shape_function("reg.ROIAlign")
def roi_align(
    input: Shaped,
    rois: Shaped,
    batch_indices: Shaped,
    pooled_h: int,
    pooled_w: int,
    sampling_ratio: int,
    spatial_scale: float,
    mode: str,
    aligned_mode: str,
) -> Shaped:
    """Images [N, C, H, W] and regions [R, 4] give [R, C, pooled_h, pooled_w]."""
    dtype = check_same_dtype(input=input, rois=rois)
    check_float(input, "input")
    check_integer(batch_indices, "batch_indices")
    check_rank(input, "input", 4)
    check_rank(rois, "rois", 2)
    check_extents(rois, "rois", (rois.shape[0], 4))
    check_extents(batch_indices, "batch_indices", rois.shape[:1])
    if min(pooled_h, pooled_w) < 1 or sampling_ratio < 0 or spatial_scale <= 0:
        raise ShapeError("pooled_h, pooled_w and spatial_scale must be positive")
    return Shaped((rois.shape[0], input.shape[1], pooled_h, pooled_w), dtype)
