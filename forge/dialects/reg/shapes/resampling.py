"""Images at other points: Interpolate, GridSample, patches and columns."""

from __future__ import annotations

from math import ceil, floor, prod
from struct import pack, unpack

from forge.dialects.reg.shapes.checks import (
    check_float,
    check_index,
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_ints,
)
from forge.dialects.reg.shapes.windows import Windows
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("reg.Interpolate")
def interpolate(
    image: Shaped,
    scales_or_sizes: Shaped,
    axes: Shaped | None,
    mode: str,
    shape_calculation_mode: str,
    pads_begin: list[int],
    pads_end: list[int],
    coordinate_transformation_mode: str,
    nearest_mode: str,
    antialias: bool,
    cube_coeff: float,
) -> Shaped:
    """Along each of the axes the padded extent becomes the given size, or is scaled."""
    check_numeric(image, "image")
    if str(image.dtype) not in _RESIZABLE:
        raise ShapeError(f"image must hold one of {', '.join(_RESIZABLE)}, got {image}")
    along = list(range(image.rank))
    if axes is not None:
        check_rank(axes, "axes", 1)
        _check_wide(axes, "axes")
        along = literal_ints(axes, "axes")
        if any(not 0 <= axis < image.rank for axis in along):
            raise ShapeError(f"axes {along} must be from 0 to {image.rank - 1}")
    pads = ((*pads_begin, *[0] * image.rank), (*pads_end, *[0] * image.rank))
    shape = [
        extent + before + after for extent, before, after in zip(image.shape, *pads, strict=False)
    ]
    check_rank(scales_or_sizes, "scales_or_sizes", 1)
    if scales_or_sizes.numel != len(along):
        raise ShapeError(f"scales_or_sizes {scales_or_sizes} must have one number an axis")
    if shape_calculation_mode == "scales":
        for axis, scale in zip(along, _scales(scales_or_sizes), strict=True):
            shape[axis] = _scaled(shape[axis], scale)
    else:
        _check_wide(scales_or_sizes, "sizes")
        for axis, size in zip(along, literal_ints(scales_or_sizes, "scales_or_sizes"), strict=True):
            shape[axis] = size
    if min(shape, default=0) < 0:
        raise ShapeError(f"the extents {shape} must not be negative")
    return Shaped(tuple(shape), image.dtype)


_RESIZABLE = ("f32", "f16", "bf16", "f64", "i8", "i32", "i64", "ui8")
_EPSILON = 1e-6


def _check_wide(operand: Shaped, name: str) -> None:
    if str(operand.dtype) not in ("i32", "i64", "ui32", "ui64"):
        raise ShapeError(f"{name} must hold integers of 32 or 64 bits, got {operand}")


def _scales(operand: Shaped) -> list[float]:
    if str(operand.dtype) not in ("f16", "f32"):
        raise ShapeError(f"scales must be f16 or f32, got {operand}")
    if operand.literal is None:
        raise ShapeError("scales must be a reg.Constant: the result's shape depends on them")
    return [float(value) for value in operand.literal]


def _single(number: float) -> float:
    (rounded,) = unpack("f", pack("f", number))
    return rounded


def _scaled(extent: int, scale: float) -> int:
    """⌊extent · scale⌋ in single precision, just below a whole number the number itself."""
    product = _single(extent * _single(scale))
    return ceil(product) if ceil(product) - product < _EPSILON else floor(product)


@shape_function("reg.GridSample")
def grid_sample(
    data: Shaped, grid: Shaped, align_corners: bool, mode: str, padding_mode: str
) -> Shaped:
    """Data [N, C, H, W] at points [N, H', W', 2] gives [N, C, H', W']."""
    check_numeric(data, "data")
    check_float(grid, "grid")
    check_rank(data, "data", 4)
    check_rank(grid, "grid", 4)
    if grid.shape[3] != 2 or grid.shape[0] != data.shape[0]:
        raise ShapeError(f"grid {grid} does not hold points for each of data {data}")
    return Shaped((*data.shape[:2], *grid.shape[1:3]), data.dtype)


@shape_function("reg.ExtractImagePatches")
def extract_image_patches(
    image: Shaped, sizes: list[int], strides: list[int], rates: list[int], auto_pad: str
) -> Shaped:
    """Images [N, C, H, W] give [N, C · patch, H', W']."""
    check_rank(image, "image", 4)
    batch, channels, *spatial = image.shape
    if auto_pad == "explicit":
        raise ShapeError("auto_pad must be same_upper, same_lower or valid")
    none = [0] * len(spatial)
    windows = Windows(sizes, strides, rates, none, none, auto_pad)
    return Shaped((batch, channels * prod(sizes), *windows.count(spatial)), image.dtype)


@shape_function("reg.Col2Im")
def col2im(
    data: Shaped,
    output_size: Shaped,
    kernel_size: Shaped,
    strides: list[int],
    dilations: list[int],
    pads_begin: list[int],
    pads_end: list[int],
) -> Shaped:
    """Columns [N?, C · kernel, windows] give images [N?, C, H, W]."""
    check_rank(data, "data", 2, 3)
    check_same_dtype(output_size=output_size, kernel_size=kernel_size)
    for name, operand in (("output_size", output_size), ("kernel_size", kernel_size)):
        check_index(operand, name)
        if operand.shape != (2,):
            raise ShapeError(f"{name} must hold two numbers, got {operand}")
    image = literal_ints(output_size, "output_size")
    kernel = literal_ints(kernel_size, "kernel_size")
    if min(image) < 1:
        raise ShapeError(f"output_size {image} must be positive")
    windows = Windows(kernel, strides, dilations, pads_begin, pads_end, "explicit")
    columns = prod(windows.count(image))
    if data.shape[-1] != columns:
        raise ShapeError(f"data {data} has {data.shape[-1]} windows, an image of {image} {columns}")
    if data.shape[-2] % prod(kernel):
        raise ShapeError(f"data {data} does not hold kernels of {kernel}")
    return Shaped((*data.shape[:-2], data.shape[-2] // prod(kernel), *image), data.dtype)
