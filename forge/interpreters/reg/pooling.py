"""Pooling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.reg.linear_algebra import explicit_pads
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_types import torch_dtype


def _windows(
    op: Any, x: Tensor, outputs: Sequence[int], fill: float | bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Every window of the padded spatial axes.

    Returns:
        The elements, `[N, C, windows, elements]`; where each stands in the image, `[windows,
        elements]`, −1 outside of it; and whether each is at most in the padding.
    """
    kernel, strides = op.get("kernel"), op.get("strides")
    dilations = op.get("dilations") or [1] * len(kernel)
    extents = x.shape[2:]
    before, after = explicit_pads(op, extents, kernel, strides, dilations)
    flat = torch.zeros((math.prod(outputs), 1), dtype=torch.int64)
    inside = torch.ones_like(flat, dtype=torch.bool)
    padded = torch.ones_like(inside)
    for axis, extent in enumerate(extents):
        starts = torch.arange(outputs[axis]) * strides[axis] - before[axis]
        shape = [1] * len(extents)
        shape[axis] = -1
        starts = starts.reshape(shape).expand(*outputs).reshape(-1, 1)
        places = starts + torch.arange(kernel[axis]) * dilations[axis]
        within = (places >= 0) & (places < extent)
        reach = (places >= -before[axis]) & (places < extent + after[axis])
        flat = (flat[:, :, None] * extent + places.clamp(0, extent - 1)[:, None, :]).flatten(1)
        inside = (inside[:, :, None] & within[:, None, :]).flatten(1)
        padded = (padded[:, :, None] & reach[:, None, :]).flatten(1)
    picked = x.flatten(2)[:, :, flat.clamp(min=0)]
    return torch.where(inside, picked, fill), torch.where(inside, flat, -1), padded


@interprets(reg.AvgPoolOp)
def avg_pool(op: reg.AvgPoolOp, values: Values) -> Tensor:
    """The mean in each window; padding counts unless it is excluded."""
    x = values[op.arg]
    shape = register_shaped(op.result.type).shape
    elements, places, padded = _windows(op, x, shape[2:], 0)
    counted = places >= 0 if op.get("exclude_pad") else padded
    return (elements.sum(-1) / counted.sum(-1)).to(x.dtype).reshape(shape)


@interprets(reg.MaxPoolOp)
def max_pool(op: reg.MaxPoolOp, values: Values) -> Sequence[Tensor]:
    """The maximum in each window, and where it is among the axes from `axis` on."""
    x = values[op.arg]
    shape = register_shaped(op.output.type).shape
    lowest = (torch.finfo if x.is_floating_point() else torch.iinfo)(x.dtype).min
    elements, places, _ = _windows(op, x, shape[2:], lowest)
    largest, chosen = elements.max(-1)
    where = places.expand_as(elements).gather(-1, chosen.unsqueeze(-1)).squeeze(-1)
    where = where.clamp(min=0)
    axis, image = op.get("axis") % x.dim(), math.prod(x.shape[2:])
    if axis < 2:
        where = where + torch.arange(x.shape[1])[None, :, None] * image
    if axis < 1:
        where = where + torch.arange(x.shape[0])[:, None, None] * image * x.shape[1]
    if axis > 2:
        where = where % math.prod(x.shape[axis:])
    indices = where.to(torch_dtype(op.index_element_type))
    return [largest.reshape(shape), indices.reshape(shape)]


@interprets(reg.AdaptiveAvgPoolOp)
def adaptive_avg_pool(op: reg.AdaptiveAvgPoolOp, values: Values) -> Tensor:
    """The mean of each bin of a grid over the spatial axes."""
    x = values[op.data]
    result = torch.empty(register_shaped(op.result.type).shape, dtype=x.dtype)
    for place, bounds in _bins(x.shape[2:], result.shape[2:]):
        result[(..., *place)] = x[(..., *bounds)].flatten(2).mean(-1)
    return result


@interprets(reg.AdaptiveMaxPoolOp)
def adaptive_max_pool(op: reg.AdaptiveMaxPoolOp, values: Values) -> Sequence[Tensor]:
    """The maximum of each bin of a grid over the spatial axes, and where it is in the image."""
    x = values[op.data]
    shape = register_shaped(op.output.type).shape
    result = torch.empty(shape, dtype=x.dtype)
    indices = torch.empty(shape, dtype=torch.int64)
    places = torch.arange(math.prod(x.shape[2:])).reshape(x.shape[2:])
    for place, bounds in _bins(x.shape[2:], shape[2:]):
        largest, chosen = x[(..., *bounds)].flatten(2).max(-1)
        result[(..., *place)] = largest
        indices[(..., *place)] = places[bounds].flatten()[chosen]
    return [result, indices.to(torch_dtype(op.index_element_type))]


def _bins(extents: Sequence[int], counts: Sequence[int]) -> Any:
    """Each place of the grid, and the slices of its bin."""
    for place in product(*(range(count) for count in counts)):
        yield (
            place,
            tuple(
                slice(i * extent // count, -(-(i + 1) * extent // count))
                for i, extent, count in zip(place, extents, counts, strict=True)
            ),
        )
