"""Reductions, and running sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_types import torch_dtype

Reduction = Callable[[Tensor, list[int], bool], Tensor]


def _sum(x: Tensor, axes: list[int], keep: bool) -> Tensor:
    return x.sum(axes, keepdim=keep, dtype=x.dtype)


def _mean(x: Tensor, axes: list[int], keep: bool) -> Tensor:
    if x.is_floating_point():
        return x.mean(axes, keepdim=keep)
    count = 1
    for axis in axes:
        count *= x.shape[axis]
    return torch.div(_sum(x, axes, keep), count, rounding_mode="trunc")


def _product(x: Tensor, axes: list[int], keep: bool) -> Tensor:
    for axis in sorted(axes, reverse=True):
        x = x.prod(axis, keepdim=keep, dtype=x.dtype)
    return x


def _l2(x: Tensor, axes: list[int], keep: bool) -> Tensor:
    return _sum(x * x, axes, keep).to(torch.float32).sqrt().to(x.dtype)


_REDUCTIONS: dict[type[reg.RegOp], Reduction] = {
    reg.ReduceL1Op: lambda x, axes, keep: _sum(x.abs(), axes, keep),
    reg.ReduceL2Op: _l2,
    reg.ReduceLogicalAndOp: lambda x, axes, keep: torch.all(x, axes, keepdim=keep),
    reg.ReduceLogicalOrOp: lambda x, axes, keep: torch.any(x, axes, keepdim=keep),
    reg.ReduceMaxOp: lambda x, axes, keep: x.amax(axes, keepdim=keep),
    reg.ReduceMeanOp: _mean,
    reg.ReduceMinOp: lambda x, axes, keep: x.amin(axes, keepdim=keep),
    reg.ReduceProdOp: _product,
    reg.ReduceSumOp: _sum,
}


def read_axes(axes: Tensor, rank: int) -> list[int]:
    """Axes counted from the front."""
    return [int(axis) % rank for axis in axes.flatten()] if rank else []


@interprets(*_REDUCTIONS)
def reduce(op: Any, values: Values) -> Tensor:
    """A reduction along some axes; along none, the operand, or the norm of each element."""
    x = values[op.operands[0]]
    axes = read_axes(values[op.reduction_axes], x.dim())
    if axes:
        return _REDUCTIONS[type(op)](x, axes, bool(op.get("keep_dims")))
    return x.abs() if isinstance(op, reg.ReduceL1Op | reg.ReduceL2Op) else x


@interprets(reg.CumSumOp)
def cum_sum(op: reg.CumSumOp, values: Values) -> Tensor:
    """Sums of all elements up to each one; without itself if exclusive, from the end if reverse."""
    x = values[op.arg]
    axis = int(values[op.axis])
    if op.get("reverse"):
        x = x.flip(axis)
    total = x.cumsum(axis, dtype=x.dtype)
    if op.get("exclusive"):
        total = total - x
    return total.flip(axis) if op.get("reverse") else total


@interprets(reg.SoftmaxOp)
def softmax(op: reg.SoftmaxOp, values: Values) -> Tensor:
    """exp(xᵢ) / Σⱼ exp(xⱼ) along an axis."""
    return values[op.arg].softmax(op.get("axis"))


@interprets(reg.LogSoftmaxOp)
def log_softmax(op: reg.LogSoftmaxOp, values: Values) -> Tensor:
    """ln softmax(x) along an axis."""
    return values[op.arg].log_softmax(op.get("axis"))


@interprets(reg.MVNOp)
def mvn(op: reg.MVNOp, values: Values) -> Tensor:
    """(x − mean) / √(variance + eps), or / (√variance + eps)."""
    x = values[op.data]
    axes = read_axes(values[op.reduction_axes], x.dim())
    if not axes:
        return torch.zeros_like(x)
    wide = x.to(torch.float32) if x.dtype in (torch.float16, torch.bfloat16) else x
    centred = wide - wide.mean(axes, keepdim=True)
    if not op.get("normalize_variance"):
        return centred.to(x.dtype)
    variance, eps = (centred * centred).mean(axes, keepdim=True), op.get("eps")
    inside = op.get("eps_mode") == "INSIDE_SQRT"
    deviation = (variance + eps).sqrt() if inside else variance.sqrt() + eps
    return (centred / deviation).to(x.dtype)


@interprets(reg.NormalizeL2Op)
def normalize_l2(op: reg.NormalizeL2Op, values: Values) -> Tensor:
    """x / √(Σ x² + eps), or x / √max(Σ x², eps); without axes each element by itself."""
    x = values[op.data]
    axes = read_axes(values[op.axes], x.dim())
    squares = (x * x).sum(axes, keepdim=True) if axes else x * x
    eps = op.get("eps")
    return x / (squares + eps if op.get("eps_mode") == "add" else squares.clamp(min=eps)).sqrt()


@interprets(reg.GRNOp)
def grn(op: reg.GRNOp, values: Values) -> Tensor:
    """x / √(Σ x² + bias), over the channels."""
    x = values[op.data]
    return x / ((x * x).sum(1, keepdim=True) + op.get("bias")).sqrt()


@interprets(reg.LRNOp)
def lrn(op: reg.LRNOp, values: Values) -> Tensor:
    """x / (bias + alpha·Σ x² / size)^beta over neighbours along some axes."""
    x, size = values[op.arg], op.get("size")
    axes = read_axes(values[op.axes], x.dim())
    total, before = x * x, (size - 1) // 2
    for axis in axes:
        padding = [0, 0] * (x.dim() - axis - 1) + [before, size - 1 - before]
        total = torch.nn.functional.pad(total, padding).unfold(axis, size, 1).sum(-1)
    scale = op.get("bias") + op.get("alpha") * total / size ** len(axes)
    return x / scale ** op.get("beta")


@interprets(reg.BatchNormInferenceOp)
def batch_norm(op: reg.BatchNormInferenceOp, values: Values) -> Tensor:
    """γ·(x − μ) / √(σ² + ε) + β, per channel."""
    x, gamma, beta, mean, variance = (values[operand] for operand in op.operands)
    shape = (-1, *[1] * (x.dim() - 2))
    scale = gamma / (variance + op.get("epsilon")).sqrt()
    return (x - mean.reshape(shape)) * scale.reshape(shape) + beta.reshape(shape)


@interprets(reg.GroupNormalizationOp)
def group_norm(op: reg.GroupNormalizationOp, values: Values) -> Tensor:
    """Each group of channels standardized, then scaled and shifted per channel."""
    x, scale, bias = (values[operand] for operand in op.operands)
    grouped = x.reshape(x.shape[0], op.get("num_groups"), -1).to(torch.float32)
    centred = grouped - grouped.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    y = (centred / (variance + op.get("epsilon")).sqrt()).reshape(x.shape).to(x.dtype)
    shape = (-1, *[1] * (x.dim() - 2))
    return y * scale.reshape(shape) + bias.reshape(shape)


@interprets(reg.TopKOp)
def top_k(op: reg.TopKOp, values: Values) -> Sequence[Tensor]:
    """The k largest or smallest elements; of equal ones the first."""
    x, count, axis = values[op.data], int(values[op.k]), op.get("axis")
    descending = op.get("mode") == "max"
    ordered, indices = x.sort(dim=axis, descending=descending, stable=True)
    ordered, indices = (part.narrow(axis, 0, count) for part in (ordered, indices))
    if op.get("sort") == "index":
        indices, order = indices.sort(dim=axis)
        ordered = ordered.gather(axis, order)
    return [ordered, indices.to(torch_dtype(op.index_element_type))]
