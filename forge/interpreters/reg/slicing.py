"""Slices: read and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets


def _places(op: Any, values: Values, shape: Sequence[int]) -> dict[int, Tensor]:
    """For each sliced axis the indices that the slice takes."""
    start, stop, step = (read_integers(values[v]) for v in (op.start, op.stop, op.step))
    axes = range(len(start)) if op.axes is None else read_integers(values[op.axes])
    return {
        axis % len(shape): torch.tensor(_range(shape[axis], low, high, by), dtype=torch.int64)
        for axis, low, high, by in zip(axes, start, stop, step, strict=True)
    }


def _range(extent: int, start: int, stop: int, step: int) -> list[int]:
    # Backwards, a start before the first element is the first element; in Python it is none.
    start = max(start, -extent) if step < 0 else start
    return list(range(*slice(start, stop, step).indices(extent)))


@interprets(reg.SliceOp)
def slice_(op: reg.SliceOp, values: Values) -> Tensor:
    """Every step-th element from start to stop, along some axes."""
    x = values[op.data]
    for axis, places in _places(op, values, x.shape).items():
        x = x.index_select(axis, places)
    return x


@interprets(reg.SliceScatterOp)
def slice_scatter(op: reg.SliceScatterOp, values: Values) -> Tensor:
    """The data with such a slice replaced."""
    x = values[op.data].clone()
    taken = _places(op, values, x.shape)
    index = [
        taken.get(axis, torch.arange(extent)).reshape(
            [-1 if other == axis else 1 for other in range(x.dim())]
        )
        for axis, extent in enumerate(x.shape)
    ]
    x[tuple(index)] = values[op.updates]
    return x


@interprets(reg.StridedSliceOp)
def strided_slice(op: reg.StridedSliceOp, values: Values) -> Tensor:
    """NumPy's a[begin:end:strides]; masks mark open ends, new, dropped and elided axes."""
    x = values[op.data]
    begin, end = read_integers(values[op.begin]), read_integers(values[op.end])
    strides = values.optional(op.strides)
    steps = [1] * len(begin) if strides is None else read_integers(strides)
    masks = {
        name: _mask(op.get(f"{name}_mask"), len(begin))
        for name in ("begin", "end", "new_axis", "shrink_axis", "ellipsis")
    }
    axis = 0
    for place, (low, high, step) in enumerate(zip(begin, end, steps, strict=True)):
        if masks["ellipsis"][place]:
            axis += x.dim() - axis - _remaining(masks, place)
            continue
        if masks["new_axis"][place]:
            continue
        extent = x.shape[axis]
        if masks["shrink_axis"][place]:
            low = low if low >= 0 else low + extent
            places = torch.tensor([low])
        else:
            bounds = slice(
                None if masks["begin"][place] else low, None if masks["end"][place] else high, step
            )
            places = torch.tensor(list(range(*bounds.indices(extent))), dtype=torch.int64)
        x = x.index_select(axis, places)
        axis += 1
    return x.reshape(register_shaped(op.result.type).shape)


def _mask(bits: Sequence[int] | None, count: int) -> list[int]:
    bits = list(bits or [])
    return (bits + [0] * count)[:count]


def _remaining(masks: dict[str, list[int]], place: int) -> int:
    """How many axes of the data the specification after `place` takes."""
    return sum(1 - new for new in masks["new_axis"][place + 1 :])
