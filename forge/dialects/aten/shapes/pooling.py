"""Pooling: windows of a given size, and as many windows as asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from xdsl.dialects.builtin import i64

from forge.dialects.aten.shapes.dimensions import expect_rank, per_dimension
from forge.dialects.aten.shapes.promotion import require_kind
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, ui8

Window = Sequence[int]


def _check_image(input: Shaped, spatial: int) -> None:
    expect_rank(input, spatial + 1, spatial + 2)
    first = 1 if input.rank == spatial + 2 else 0
    if 0 in input.shape[first:]:
        raise ShapeError(f"only the batch may be empty, got {input}")


def _pooled_extent(
    extent: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> int:
    if kernel < 1 or stride < 1 or dilation < 1:
        raise ShapeError(
            f"kernel_size, stride and dilation must be positive, got {kernel}, {stride}, {dilation}"
        )
    if not 0 <= padding <= kernel // 2:
        raise ShapeError(f"padding {padding} is not between 0 and half of the kernel's {kernel}")
    room = extent + 2 * padding - dilation * (kernel - 1) - 1
    count = (room + (stride - 1 if ceil_mode else 0)) // stride + 1
    # The last window must start inside the input or its left padding.
    if ceil_mode and (count - 1) * stride >= extent + padding:
        count -= 1
    if count < 1:
        raise ShapeError(f"no window of {kernel} fits into the extent {extent}")
    return count


def _pooled(
    input: Shaped,
    spatial: int,
    kernel_size: Window,
    stride: Window,
    padding: Window,
    dilation: Window,
    ceil_mode: bool,
) -> Shaped:
    _check_image(input, spatial)
    kernels = per_dimension(kernel_size, spatial, "kernel_size")
    # No stride means windows side by side.
    strides = per_dimension(stride, spatial, "stride") if stride else kernels
    paddings = per_dimension(padding, spatial, "padding")
    dilations = per_dimension(dilation, spatial, "dilation")
    windows = zip(input.shape[-spatial:], kernels, strides, paddings, dilations, strict=True)
    extents = [_pooled_extent(*window, ceil_mode) for window in windows]
    return Shaped((*input.shape[:-spatial], *extents), input.dtype)


def max_pool_with_indices(
    spatial: int,
    input: Shaped,
    kernel_size: Window,
    stride: Window = (),
    padding: Window = (0,),
    dilation: Window = (1,),
    ceil_mode: bool = False,
) -> tuple[Shaped, Shaped]:
    require_kind(input.dtype, "if", "input")
    result = _pooled(input, spatial, kernel_size, stride, padding, dilation, ceil_mode)
    return result, Shaped(result.shape, i64)


def max_pool(spatial: int, **arguments: Any) -> Shaped:
    return max_pool_with_indices(spatial, **arguments)[0]


def avg_pool(
    spatial: int,
    input: Shaped,
    kernel_size: Window,
    stride: Window = (),
    padding: Window = (0,),
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Shaped:
    require_kind(input.dtype, "if", "input")
    if input.dtype == ui8:
        raise ShapeError(f"unsigned elements have no average here, got {input}")
    if divisor_override == 0:
        raise ShapeError("divisor_override must not be 0")
    result = _pooled(input, spatial, kernel_size, stride, padding, (1,), ceil_mode)
    kernels = per_dimension(kernel_size, spatial, "kernel_size")
    if spatial == 3 and any(
        extent < kernel for extent, kernel in zip(input.shape[-3:], kernels, strict=True)
    ):
        raise ShapeError(f"the kernel {list(kernels)} is larger than the image {input}")
    return result


def adaptive_avg_pool(spatial: int, input: Shaped, output_size: Window) -> Shaped:
    require_kind(input.dtype, "fc", "input")
    expect_rank(input, spatial + 1, spatial + 2)
    return _adapted(input, spatial, output_size)


def adaptive_max_pool(spatial: int, input: Shaped, output_size: Window) -> tuple[Shaped, Shaped]:
    require_kind(input.dtype, "if", "input")
    expect_rank(input, spatial + 1, spatial + 2)
    if 0 in input.shape[1:]:
        raise ShapeError(f"there is nothing to choose from in {input}")
    result = _adapted(input, spatial, output_size)
    return result, Shaped(result.shape, i64)


def _adapted(input: Shaped, spatial: int, output_size: Window) -> Shaped:
    extents = per_dimension(output_size, spatial, "output_size")
    if any(extent < 0 for extent in extents):
        raise ShapeError(f"output_size must not be negative, got {list(extents)}")
    return Shaped((*input.shape[:-spatial], *extents), input.dtype)


for _spatial in (1, 2, 3):
    for _name, _function in (
        (f"avg_pool{_spatial}d", avg_pool),
        (f"max_pool{_spatial}d", max_pool),
        (f"max_pool{_spatial}d_with_indices", max_pool_with_indices),
        (f"adaptive_avg_pool{_spatial}d", adaptive_avg_pool),
        (f"adaptive_max_pool{_spatial}d", adaptive_max_pool),
    ):
        shape_function(f"aten.{_name}")(partial(_function, _spatial))
shape_function("aten._adaptive_avg_pool2d")(partial(adaptive_avg_pool, 2))
shape_function("aten._adaptive_avg_pool3d")(partial(adaptive_avg_pool, 3))
