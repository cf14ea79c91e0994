"""Resizing along some axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets


@interprets(reg.InterpolateOp)
def interpolate(op: reg.InterpolateOp, values: Values) -> Tensor:
    """The image resized; separable, so one axis after the other."""
    x = values[op.image]
    dtype = x.dtype
    x = _padded(op, x)
    wide = x.to(torch.float32) if op.get("mode") != "nearest" else x
    axes = values.optional(op.axes)
    named = list(range(x.dim())) if axes is None else read_integers(axes)
    given = values[op.scales_or_sizes]
    for axis, number in zip(named, given, strict=True):
        extent = x.shape[axis]
        if op.get("shape_calculation_mode") == "sizes":
            size, scale = int(number), int(number) / extent
        else:
            size, scale = math.floor(extent * float(number) + 1e-6), float(number)
        wide = _resized(op, wide, axis % x.dim(), size, scale)
    return wide.to(dtype) if dtype.is_floating_point else wide.round().to(dtype)


def _padded(op: Any, x: Tensor) -> Tensor:
    before, after = (_per_axis(op.get(name), x.dim()) for name in ("pads_begin", "pads_end"))
    pairs = list(zip(before, after, strict=True))[::-1]
    return F.pad(x, [amount for pair in pairs for amount in pair])


def _per_axis(pads: Sequence[int], rank: int) -> list[int]:
    """Pads for every axis; those that are not given are 0."""
    return [*pads, *[0] * rank][:rank]


def _sources(op: Any, extent: int, size: int, scale: float) -> Tensor:
    """Where each output element lies among the input's, a real number."""
    places = torch.arange(size, dtype=torch.float32)
    match op.get("coordinate_transformation_mode"):
        case "half_pixel":
            return (places + 0.5) / scale - 0.5
        case "pytorch_half_pixel":
            return (places + 0.5) / scale - 0.5 if size > 1 else torch.zeros(size)
        case "asymmetric":
            return places / scale
        case "tf_half_pixel_for_nn":
            return (places + 0.5) / scale
        case _:
            return places * (extent - 1) / (size - 1) if size > 1 else torch.zeros(size)


def _resized(op: Any, x: Tensor, axis: int, size: int, scale: float) -> Tensor:
    extent, mode = x.shape[axis], op.get("mode")
    if size == extent and scale == 1.0:
        return x
    if mode.endswith("pillow"):
        return _apply(_pillow(op, extent, size, scale), x, axis)
    sources = _sources(op, extent, size, scale)
    if mode == "nearest":
        return x.index_select(axis, _nearest(op, sources, scale).clamp(0, extent - 1))
    if mode == "linear":
        return _apply(_linear(op, sources, extent, scale), x, axis)
    if mode == "linear_onnx":
        return _apply(_linear_onnx(sources, extent), x, axis)
    return _apply(_cubic(sources, extent, op.get("cube_coeff")), x, axis)


def _apply(weights: Tensor, x: Tensor, axis: int) -> Tensor:
    """`weights[i, j]` is how much of input j goes into output i."""
    return (x.movedim(axis, -1) @ weights.T).movedim(-1, axis)


def _nearest(op: Any, sources: Tensor, scale: float) -> Tensor:
    match op.get("nearest_mode"):
        case "round_prefer_floor":
            nearest = (sources - 0.5).ceil()
        case "round_prefer_ceil":
            nearest = (sources + 0.5).floor()
        case "floor":
            nearest = sources.floor()
        case "ceil":
            nearest = sources.ceil()
        case _:
            nearest = sources.ceil() if scale < 1 else sources.trunc()
    return nearest.to(torch.int64)


def _linear_onnx(sources: Tensor, extent: int) -> Tensor:
    sources = sources.clamp(0, extent - 1)
    low = sources.floor().clamp(max=extent - 1)
    weights = torch.zeros(len(sources), extent)
    high = (low + 1).clamp(max=extent - 1)
    share = (sources - low)[:, None]
    weights.scatter_add_(1, low.to(torch.int64)[:, None], 1 - share)
    weights.scatter_add_(1, high.to(torch.int64)[:, None], share)
    return weights


def _linear(op: Any, sources: Tensor, extent: int, scale: float) -> Tensor:
    """A triangle around the source, stretched when the image shrinks and antialias is asked for."""
    stretch = scale if scale < 1 and op.get("antialias") else 1.0
    distance = (sources[:, None] - torch.arange(extent)) * stretch
    weights = (1 - distance.abs()).clamp(min=0)
    reach = 2 if scale >= 1 or not op.get("antialias") else math.ceil(2 / stretch)
    centre = sources.round()[:, None]
    weights = torch.where((torch.arange(extent) - centre).abs() <= reach, weights, 0.0)
    return weights / weights.sum(1, keepdim=True)


def _cubic(sources: Tensor, extent: int, a: float) -> Tensor:
    low = sources.floor()
    share = sources - low
    weights = torch.zeros(len(sources), extent)
    for offset, distance in ((-1, share + 1), (0, share), (1, 1 - share), (2, 2 - share)):
        place = (low + offset).clamp(0, extent - 1).to(torch.int64)
        weights.scatter_add_(1, place[:, None], _cubic_kernel(distance, a)[:, None])
    return weights


def _cubic_kernel(distance: Tensor, a: float) -> Tensor:
    near = ((a + 2) * distance - (a + 3)) * distance * distance + 1
    far = ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
    return torch.where(distance <= 1, near, torch.where(distance < 2, far, 0.0))


def _pillow(op: Any, extent: int, size: int, scale: float) -> Tensor:
    """The weights of Pillow's resize: a kernel as wide as what an output element covers."""
    bilinear = op.get("mode") == "bilinear_pillow"
    support, filter_scale = (1.0 if bilinear else 2.0), max(1 / scale, 1.0)
    weights = torch.zeros(size, extent)
    for place in range(size):
        centre = (place + 0.5) / scale
        low = max(int(centre - support * filter_scale + 0.5), 0)
        high = min(int(centre + support * filter_scale + 0.5), extent)
        distance = ((torch.arange(low, high) - centre + 0.5) / filter_scale).abs()
        kernel = (
            (1 - distance).clamp(min=0)
            if bilinear
            else _cubic_kernel(distance, op.get("cube_coeff"))
        )
        weights[place, low:high] = kernel / kernel.sum()
    return weights
