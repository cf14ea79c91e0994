"""Interpolation, sampling at given positions, windows as columns, Fourier transforms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import Any

from forge.dialects.aten.shapes.convolution import window_count
from forge.dialects.aten.shapes.dimensions import expect_rank, wrap_dims
from forge.dialects.aten.shapes.promotion import (
    complex_type,
    require_kind,
    require_same_dtype,
    to_real,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped

# -- interpolation --------------------------------------------------------------------------


def upsample(
    spatial: int, kinds: str, input: Shaped, output_size: Sequence[int], **_: object
) -> Shaped:
    require_kind(input.dtype, kinds, "input")
    expect_rank(input, spatial + 2)
    if len(output_size) != spatial:
        raise ShapeError(f"output_size must have {spatial} entries, got {list(output_size)}")
    if 0 in input.shape[1:] or any(extent < 1 for extent in output_size):
        raise ShapeError(f"nothing to interpolate from {input} to {list(output_size)}")
    return Shaped((*input.shape[:2], *output_size), input.dtype)


def upsample_by_scale(
    spatial: int,
    kinds: str,
    input: Shaped,
    output_size: Sequence[int] | None = None,
    scale_factors: Sequence[float] | None = None,
    **_: object,
) -> Shaped:
    expect_rank(input, spatial + 2)
    if (output_size is None) == (scale_factors is None):
        raise ShapeError("exactly one of output_size and scale_factors must be given")
    if output_size is None:
        assert scale_factors is not None
        if len(scale_factors) != spatial:
            raise ShapeError(f"scale_factors must have {spatial} entries: {list(scale_factors)}")
        if not all(isfinite(factor) for factor in scale_factors):
            raise ShapeError(f"scale_factors must be finite, got {list(scale_factors)}")
        pairs = zip(input.shape[2:], scale_factors, strict=True)
        output_size = [int(extent * factor) for extent, factor in pairs]
    return upsample(spatial, kinds, input, output_size)


for _name, _spatial, _kinds in (
    ("upsample_nearest1d", 1, "if"),
    ("upsample_nearest2d", 2, "if"),
    ("upsample_nearest3d", 3, "if"),
    ("upsample_linear1d", 1, "f"),
    ("upsample_bilinear2d", 2, "if"),
    ("upsample_bicubic2d", 2, "if"),
    ("upsample_trilinear3d", 3, "f"),
):
    shape_function(f"aten.{_name}")(partial(upsample, _spatial, _kinds))
    shape_function(f"aten.{_name}.vec")(partial(upsample_by_scale, _spatial, _kinds))
for _name in ("_upsample_bicubic2d_aa", "_upsample_bilinear2d_aa"):
    shape_function(f"aten.{_name}.vec")(partial(upsample_by_scale, 2, "bifc"))


# -- sampling at positions ------------------------------------------------------------------


@shape_function("aten.grid_sampler")
def grid_sampler(
    input: Shaped,
    grid: Shaped,
    interpolation_mode: int,
    padding_mode: int,
    align_corners: bool,
) -> Shaped:
    require_kind(require_same_dtype(input, grid), "f", "the operands")
    expect_rank(input, 4, 5)
    if grid.rank != input.rank or grid.shape[0] != input.shape[0]:
        raise ShapeError(f"grid must have input's rank and batch: {input}, {grid}")
    if grid.shape[-1] != input.rank - 2:
        raise ShapeError(f"grid's last extent must be {input.rank - 2}, got {grid}")
    if 0 in input.shape[2:]:
        raise ShapeError(f"there is nothing to sample in {input}")
    if input.rank == 5 and interpolation_mode == 2:
        raise ShapeError("bicubic interpolation needs an input of rank 4")
    return Shaped((*input.shape[:2], *grid.shape[1:-1]), input.dtype)


@shape_function("aten.grid_sampler_2d")
def grid_sampler_2d(input: Shaped, **rest: Any) -> Shaped:
    expect_rank(input, 4)
    return grid_sampler(input, **rest)


@shape_function("aten.grid_sampler_3d")
def grid_sampler_3d(input: Shaped, **rest: Any) -> Shaped:
    expect_rank(input, 5)
    return grid_sampler(input, **rest)


@shape_function("aten.affine_grid_generator")
def affine_grid_generator(theta: Shaped, size: Sequence[int], align_corners: bool) -> Shaped:
    spatial = len(size) - 2
    if spatial not in (2, 3):
        raise ShapeError(f"size must have 4 or 5 entries, got {list(size)}")
    if theta.shape != (size[0], spatial, spatial + 1):
        raise ShapeError(f"theta must have shape {[size[0], spatial, spatial + 1]}, got {theta}")
    return Shaped((size[0], *size[2:], spatial), theta.dtype)


# -- windows as columns ---------------------------------------------------------------------


def _block_count(
    extents: Sequence[int],
    kernel_size: Sequence[int],
    padding: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
) -> int:
    lists = (extents, kernel_size, padding, stride, dilation)
    if any(len(each) != 2 for each in lists):
        raise ShapeError("each list argument must have two entries, for height and width")
    windows = zip(*lists, strict=True)
    height, width = (window_count(*window) for window in windows)
    return height * width


@shape_function("aten.im2col")
def im2col(
    input: Shaped,
    kernel_size: Sequence[int],
    dilation: Sequence[int],
    padding: Sequence[int],
    stride: Sequence[int],
) -> Shaped:
    expect_rank(input, 3, 4)
    if 0 in input.shape[-3:]:
        raise ShapeError(f"only the batch may be empty, got {input}")
    *batch, channels, height, width = input.shape
    blocks = _block_count((height, width), kernel_size, padding, stride, dilation)
    rows = channels * kernel_size[0] * kernel_size[1]
    return Shaped((*batch, rows, blocks), input.dtype)


@shape_function("aten.col2im")
def col2im(
    input: Shaped,
    output_size: Sequence[int],
    kernel_size: Sequence[int],
    dilation: Sequence[int],
    padding: Sequence[int],
    stride: Sequence[int],
) -> Shaped:
    expect_rank(input, 2, 3)
    if 0 in input.shape[-2:]:
        raise ShapeError(f"only the batch may be empty, got {input}")
    *batch, rows, columns = input.shape
    blocks = _block_count(output_size, kernel_size, padding, stride, dilation)
    window = kernel_size[0] * kernel_size[1]
    if rows % window or columns != blocks:
        raise ShapeError(f"expected a multiple of {window} rows and {blocks} columns, got {input}")
    return Shaped((*batch, rows // window, *output_size), input.dtype)


# -- Fourier transforms ---------------------------------------------------------------------


@shape_function("aten._fft_c2c")
def fft_c2c(input: Shaped, dim: Sequence[int], normalization: int, forward: bool) -> Shaped:
    require_kind(input.dtype, "c", "input")
    _transformed(input, dim)
    return Shaped(input.shape, input.dtype)


def _transformed(input: Shaped, dim: Sequence[int]) -> tuple[int, ...]:
    if dim and input.numel == 0:
        raise ShapeError(f"there is nothing to transform in {input}")
    return wrap_dims(dim, input.rank)


def _last_extent(input: Shaped, dim: Sequence[int], extent: int | None) -> tuple[int, ...]:
    dims = _transformed(input, dim)
    if not dims or input.rank == 0:
        raise ShapeError("dim must name at least one dimension")
    last = dims[-1]
    extent = input.shape[last] // 2 + 1 if extent is None else extent
    return (*input.shape[:last], extent, *input.shape[last + 1 :])


@shape_function("aten._fft_r2c")
def fft_r2c(input: Shaped, dim: Sequence[int], normalization: int, onesided: bool) -> Shaped:
    require_kind(input.dtype, "f", "input")
    # A real signal's spectrum is symmetric, so that half of it is enough.
    shape = _last_extent(input, dim, None)
    return Shaped(shape if onesided else input.shape, complex_type(input.dtype))


@shape_function("aten._fft_c2r")
def fft_c2r(input: Shaped, dim: Sequence[int], normalization: int, last_dim_size: int) -> Shaped:
    require_kind(input.dtype, "c", "input")
    if last_dim_size < 1:
        raise ShapeError(f"last_dim_size must be positive, got {last_dim_size}")
    return Shaped(_last_extent(input, dim, last_dim_size), to_real(input.dtype))
