"""Resizing images, sampling them at points, and windows as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import f32, i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.lowering.aten_to_reg.convolution import batched
from forge.lowering.aten_to_reg.rearrangement import pad_constant
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of

PATTERNS = ConversionPatterns()

_SCALES = ("scales", "scales_d", "scales_h", "scales_w")


def _scales(op: Any, source: Sequence[int], target: Sequence[int]) -> list[float] | None:
    """The factor of each spatial dimension; `None` if it is the ratio of the sizes."""
    if "scale_factors" in op.properties:
        given: list[float | None] = list(op.get("scale_factors"))
    else:
        given = [op.get(name) for name in _SCALES if name in op.properties]
    if not given or None in given:
        return None
    scales = [float(scale) for scale in given if scale is not None]
    ratios = [t / s for t, s in zip(target, source, strict=True)]
    return None if np.allclose(scales, ratios, rtol=1e-9) else scales


def _interpolated(op: Any, b: RegBuilder, **attributes: Any) -> SSAValue:
    """Resize the spatial dimensions to those of the result."""
    x = b[op.input]
    target = b.result().shape[2:]
    axes = b.ints(range(2, rank_of(x)))
    if shape_of(x)[2:] == target and attributes["mode"] == "nearest":
        return x
    scales = _scales(op, shape_of(x)[2:], target)
    align = attributes.get("coordinate_transformation_mode") == "align_corners"
    if scales is None or align:
        size = reg.InterpolateOp(
            x, b.ints(target), axes, shape_calculation_mode="sizes", **attributes
        )
        return b.emit(size)
    factors = b.constant(scales, f32)
    return b.emit(
        reg.InterpolateOp(x, factors, axes, shape_calculation_mode="scales", **attributes)
    )


@PATTERNS.convert(
    aten.UpsampleNearest1dOp,
    aten.UpsampleNearest1dVecOp,
    aten.UpsampleNearest2dOp,
    aten.UpsampleNearest2dVecOp,
    aten.UpsampleNearest3dOp,
    aten.UpsampleNearest3dVecOp,
)
def nearest(op: Any, b: RegBuilder) -> SSAValue:
    return _interpolated(
        op,
        b,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _corners(op: Any) -> Literal["align_corners", "pytorch_half_pixel"]:
    return "align_corners" if op.get("align_corners") else "pytorch_half_pixel"


@PATTERNS.convert(
    aten.UpsampleLinear1dOp,
    aten.UpsampleLinear1dVecOp,
    aten.UpsampleBilinear2dOp,
    aten.UpsampleBilinear2dVecOp,
    aten.UpsampleTrilinear3dOp,
    aten.UpsampleTrilinear3dVecOp,
)
def linear(op: Any, b: RegBuilder) -> SSAValue:
    mode = _corners(op)
    if mode == "pytorch_half_pixel" and 1 in b.result().shape[2:]:
        # The two differ for an output of extent 1, where PyTorch's kernels do not special-case it.
        return _interpolated(op, b, mode="linear_onnx", coordinate_transformation_mode="half_pixel")
    return _interpolated(op, b, mode="linear_onnx", coordinate_transformation_mode=mode)


@PATTERNS.convert(aten.UpsampleBicubic2dOp, aten.UpsampleBicubic2dVecOp)
def bicubic(op: Any, b: RegBuilder) -> SSAValue:
    mode = "align_corners" if op.get("align_corners") else "half_pixel"
    return _interpolated(op, b, mode="cubic", coordinate_transformation_mode=mode, cube_coeff=-0.75)


@PATTERNS.convert(aten.InternalUpsampleBilinear2dAaVecOp, aten.InternalUpsampleBicubic2dAaVecOp)
def antialiased(op: Any, b: RegBuilder) -> SSAValue:
    # PyTorch's filters here are Pillow's, and so are these.
    if op.get("align_corners") or 1 in b.result().shape[2:]:
        b.reject("Pillow's filters neither align corners nor reduce a dimension to one element")
    x = b[op.input]
    bilinear = isinstance(op, aten.InternalUpsampleBilinear2dAaVecOp)
    return b.emit(
        reg.InterpolateOp(
            x,
            b.ints(b.result().shape[2:]),
            b.ints([2, 3]),
            mode="bilinear_pillow" if bilinear else "bicubic_pillow",
            shape_calculation_mode="sizes",
            coordinate_transformation_mode="half_pixel",
            cube_coeff=-0.5,
        )
    )


_GRID_MODES: tuple[Literal["bilinear", "nearest", "bicubic"], ...] = (
    "bilinear",
    "nearest",
    "bicubic",
)
_GRID_PADDING: tuple[Literal["zeros", "border", "reflection"], ...] = (
    "zeros",
    "border",
    "reflection",
)


@PATTERNS.convert(aten.GridSamplerOp, aten.GridSampler2dOp)
def grid_sampler(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if rank_of(x) != 4:
        b.reject("GridSample takes images, not volumes")
    return b.emit(
        reg.GridSampleOp(
            x,
            b[op.grid],
            align_corners=bool(op.get("align_corners")),
            mode=_GRID_MODES[int(op.get("interpolation_mode"))],
            padding_mode=_GRID_PADDING[int(op.get("padding_mode"))],
        )
    )


@PATTERNS.convert(aten.AffineGridGeneratorOp)
def affine_grid(op: aten.AffineGridGeneratorOp, b: RegBuilder) -> SSAValue:
    # Every place of the output, with a 1 behind it, times θᵀ.
    theta, shape = b[op.theta], b.result().shape
    extents = shape[1:-1]
    lines = [_centres(extent, op.get("align_corners")) for extent in extents]
    mesh = np.meshgrid(*lines, indexing="ij")
    # Coordinates stand in the order x, y, z: that of the dimensions from the last on.
    places = np.stack([*reversed(mesh), np.ones(extents)], -1).reshape(-1, len(extents) + 1)
    grid = b.matmul(b.constant(places, dtype_of(theta)), theta, transpose_b=True)
    return b.reshape(grid, shape)


def _centres(extent: int, align_corners: bool) -> NDArray[np.floating]:
    """The places of a dimension's elements between −1 and 1."""
    if align_corners:
        return np.linspace(-1.0, 1.0, extent) if extent > 1 else np.zeros(1)
    return (2 * np.arange(extent) + 1) / extent - 1


@PATTERNS.convert(aten.Im2colOp)
def im2col(op: aten.Im2colOp, b: RegBuilder) -> SSAValue:
    # Every window of the padded image as a column: one gather over the merged spatial dimensions.
    x = batched(b[op.input], 2, b)
    padding = op.get("padding")
    x = pad_constant(x, [padding[1], padding[1], padding[0], padding[0]], 0, b)
    batch, channels, height, width = shape_of(x)
    rows = _window_places(height, 0, op)
    columns = _window_places(width, 1, op)
    # [kernel row, kernel column, window row, window column]
    places = rows[:, None, :, None] * width + columns[None, :, None, :]
    indices = places.reshape(rows.shape[0] * columns.shape[0], -1)
    flat = b.reshape(x, [batch, channels, height * width])
    return b.reshape(b.gather(flat, b.constant(indices, i64), 2), b.result().shape)


def _window_places(extent: int, dim: int, op: aten.Im2colOp) -> NDArray[np.integer]:
    """`[kernel, windows]`: where each element of each window along one dimension is."""
    kernel, dilation, stride = (
        int(op.get(name)[dim]) for name in ("kernel_size", "dilation", "stride")
    )
    count = (extent - dilation * (kernel - 1) - 1) // stride + 1
    return dilation * np.arange(kernel)[:, None] + stride * np.arange(count)[None, :]


@PATTERNS.convert(aten.Col2imOp)
def col2im(op: aten.Col2imOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    columns = x if rank_of(x) == 3 else b.unsqueeze(x, 0)
    padding = op.get("padding")
    image = reg.Col2ImOp(
        columns,
        b.ints(op.get("output_size")),
        b.ints(op.get("kernel_size")),
        strides=op.get("stride"),
        dilations=op.get("dilation"),
        pads_begin=padding,
        pads_end=padding,
    )
    return b.reshape(b.emit(image), b.result().shape)
