"""Writing by index: the data with some elements replaced or combined."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.reg.indexing import from_front
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets

_REDUCE = {"sum": "sum", "prod": "prod", "min": "amin", "max": "amax", "mean": "mean"}


@interprets(reg.ScatterUpdateOp)
def scatter_update(op: reg.ScatterUpdateOp, values: Values) -> Tensor:
    """The data with slices along an axis replaced."""
    x, updates = values[op.data], values[op.updates]
    axis = int(values[op.axis]) % x.dim()
    indices = values[op.indices]
    rows = updates.reshape(
        *updates.shape[:axis], indices.numel(), *updates.shape[axis + indices.dim() :]
    )
    return x.index_copy(axis, from_front(indices, x.shape[axis]).reshape(-1), rows)


@interprets(reg.ScatterElementsUpdateOp)
def scatter_elements(op: reg.ScatterElementsUpdateOp, values: Values) -> Tensor:
    """The data with elements along an axis replaced or combined."""
    x, updates, axis = values[op.data], values[op.updates], int(values[op.axis])
    indices = from_front(values[op.indices], x.shape[axis])
    reduction = op.get("reduction")
    if reduction == "none":
        return x.scatter(axis, indices, updates)
    initial = bool(op.get("use_init_val"))
    if x.dtype != torch.bool:
        return x.scatter_reduce(axis, indices, updates, _REDUCE[reduction], include_self=initial)
    return _scatter_booleans(x, axis, indices, updates, reduction, initial)


def _scatter_booleans(
    x: Tensor, axis: int, indices: Tensor, updates: Tensor, reduction: str, initial: bool
) -> Tensor:
    # `or` is the maximum, `and` the minimum.
    name = {"sum": "amax", "max": "amax", "prod": "amin", "min": "amin"}[reduction]
    numbers = x.to(torch.int32)
    combined = numbers.scatter_reduce(
        axis, indices, updates.to(torch.int32), name, include_self=initial
    )
    return combined.to(torch.bool)


@interprets(reg.ScatterNDUpdateOp)
def scatter_nd(op: reg.ScatterNDUpdateOp, values: Values) -> Tensor:
    """The data with slices, each by a tuple of leading indices, replaced or combined."""
    x, indices, updates = (values[operand] for operand in op.operands)
    depth = indices.shape[-1]
    extents = x.shape[:depth]
    linear = torch.zeros(indices.shape[:-1], dtype=torch.int64)
    for part, extent in zip(indices.unbind(-1), extents, strict=True):
        linear = linear * extent + from_front(part, extent)
    rest = prod(x.shape[depth:])
    rows = x.reshape(prod(extents), rest).clone()
    changes = updates.reshape(-1, rest)
    for place, change in zip(read_integers(linear), changes, strict=True):
        rows[place] = _combined(op.get("reduction"), rows[place], change)
    return rows.reshape(x.shape)


def _combined(reduction: str, old: Tensor, new: Tensor) -> Tensor:
    match reduction:
        case "sum":
            return old | new if old.dtype == torch.bool else old + new
        case "sub":
            return old ^ new if old.dtype == torch.bool else old - new
        case "prod":
            return old & new if old.dtype == torch.bool else old * new
        case "min":
            return torch.minimum(old, new)
        case "max":
            return torch.maximum(old, new)
        case _:
            return new
