"""Products of matrices, convolutions, attention."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets


@interprets(reg.MatMulOp)
def matmul(op: reg.MatMulOp, values: Values) -> Tensor:
    """A·B over the last two axes; a vector is not transposed."""
    a, b = values[op.A], values[op.B]
    a = a.mT if op.get("transpose_a") and a.dim() > 1 else a
    b = b.mT if op.get("transpose_b") and b.dim() > 1 else b
    return a @ b


@interprets(reg.EinsumOp)
def einsum(op: reg.EinsumOp, values: Values) -> Tensor:
    """The sum that an equation describes."""
    operands = [values[operand] for operand in op.operands]
    return torch.einsum(op.get("equation"), *operands).to(operands[0].dtype)


@interprets(reg.InverseOp)
def inverse(op: reg.InverseOp, values: Values) -> Tensor:
    """The inverse of each square matrix; transposed if the adjoint is asked for."""
    x = values[op.data]
    result = torch.inverse(x.to(torch.float32)).to(x.dtype)
    return result.mT if op.get("adjoint") else result


@interprets(reg.GroupedMatMulOp)
def grouped_matmul(op: reg.GroupedMatMulOp, values: Values) -> Tensor:
    """Aᵍ·Bᵍᵀ for each group; the groups of a flat A end at the offsets, and zeros follow."""
    a, b, offsets = values[op.mat_a], values[op.mat_b], values.optional(op.offsets)
    if offsets is None:
        return a @ b.mT
    ends = read_integers(offsets)
    rows = zip([0, *ends[:-1]], ends, b, strict=True)
    products = torch.cat([a[start:end] @ group.mT for start, end, group in rows])
    return F.pad(products, (0, 0, 0, a.shape[0] - products.shape[0]))


@interprets(reg.ScaledDotProductAttentionOp)
def attention(op: reg.ScaledDotProductAttentionOp, values: Values) -> Tensor:
    """softmax(Q·Kᵀ·scale + mask)·V; a query without any key gets NaN."""
    query, key, value = values[op.query], values[op.key], values[op.value]
    mask, scale = values.optional(op.attn_mask), values.optional(op.scale)
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = (query * factor) @ key.mT
    if op.get("causal"):
        lower = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        scores = scores.masked_fill(~lower, -math.inf)
    elif mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -math.inf)
    elif mask is not None:
        scores = scores + mask
    sink = values.optional(op.sink)
    if sink is None:
        return scores.softmax(-1) @ value
    # One more score that takes its share of the attention and has no value.
    extended = torch.cat([scores, sink.expand(*scores.shape[:-1], 1)], -1)
    return extended.softmax(-1)[..., :-1] @ value


# -- convolutions ----------------------------------------------------------------------------------

_CONVOLUTIONS: dict[int, Callable[..., Tensor]] = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}
_TRANSPOSED: dict[int, Callable[..., Tensor]] = {
    3: F.conv_transpose1d,
    4: F.conv_transpose2d,
    5: F.conv_transpose3d,
}


@interprets(reg.ConvolutionOp)
def convolution(op: reg.ConvolutionOp, values: Values) -> Tensor:
    """x `[N, Cᵢ, …]` with filters `[Cₒ, Cᵢ, …]`."""
    return _convolve(op, values[op.data_batch], values[op.filters], 1)


@interprets(reg.GroupConvolutionOp)
def group_convolution(op: reg.GroupConvolutionOp, values: Values) -> Tensor:
    """A convolution per group; filters are `[G, Cₒ/G, Cᵢ/G, …]`."""
    filters = values[op.filters]
    return _convolve(op, values[op.data_batch], filters.flatten(0, 1), filters.shape[0])


def _convolve(op: Any, x: Tensor, filters: Tensor, groups: int) -> Tensor:
    strides, dilations = op.get("strides"), op.get("dilations")
    before, after = explicit_pads(op, x.shape[2:], filters.shape[2:], strides, dilations)
    padded = F.pad(real(x), _torch_padding(before, after))
    convolve = _CONVOLUTIONS[x.dim()]
    return convolve(padded, real(filters), None, strides, 0, dilations, groups).to(x.dtype)


def real(x: Tensor) -> Tensor:
    """Integers as real numbers, for functions that PyTorch has for those only."""
    return x if x.is_floating_point() else x.to(torch.float64)


def explicit_pads(
    op: Any, extents: Any, kernel: Any, strides: list[int], dilations: list[int]
) -> tuple[list[int], list[int]]:
    """What `auto_pad` adds before and after each spatial axis."""
    mode = op.get("auto_pad")
    if mode == "explicit":
        return list(op.get("pads_begin")), list(op.get("pads_end"))
    if mode == "valid":
        return [0] * len(strides), [0] * len(strides)
    before: list[int] = []
    after: list[int] = []
    for extent, size, stride, dilation in zip(extents, kernel, strides, dilations, strict=True):
        windows = -(-extent // stride)
        total = max(0, (windows - 1) * stride + dilation * (size - 1) + 1 - extent)
        small, large = total // 2, total - total // 2
        before.append(small if mode == "same_upper" else large)
        after.append(large if mode == "same_upper" else small)
    return before, after


def _torch_padding(before: list[int], after: list[int]) -> list[int]:
    """PyTorch lists pairs from the last axis on."""
    pairs = list(zip(before, after, strict=True))[::-1]
    return [amount for pair in pairs for amount in pair]


@interprets(reg.ConvolutionBackpropDataOp)
def transposed_convolution(op: reg.ConvolutionBackpropDataOp, values: Values) -> Tensor:
    """The transpose of a convolution; filters are `[Cᵢ, Cₒ, …]`."""
    return _convolve_transposed(op, values[op.data], values[op.filters], 1)


@interprets(reg.GroupConvolutionBackpropDataOp)
def group_transposed(op: reg.GroupConvolutionBackpropDataOp, values: Values) -> Tensor:
    """Its transpose per group; filters are `[G, Cᵢ/G, Cₒ/G, …]`."""
    filters = values[op.filter]
    return _convolve_transposed(op, values[op.data], filters.flatten(0, 1), filters.shape[0])


def _convolve_transposed(op: Any, x: Tensor, filters: Tensor, groups: int) -> Tensor:
    strides, dilations = op.get("strides"), op.get("dilations")
    shape = register_shaped(op.result.type).shape[2:]
    transposed = _TRANSPOSED[x.dim()]
    full = transposed(real(x), real(filters), None, strides, 0, 0, groups, dilations).to(x.dtype)
    extra = list(op.get("output_padding")) or [0] * len(shape)
    for axis, extent in enumerate(shape):
        cut = max(0, full.shape[axis + 2] + extra[axis] - extent)
        mode = op.get("auto_pad")
        if mode in ("same_upper", "same_lower"):
            before = cut - cut // 2 if mode == "same_upper" else cut // 2
        elif mode == "valid":
            before = 0
        else:
            before = op.get("pads_begin")[axis]
        full = _window(full, axis + 2, before, extent)
    return full


def _window(x: Tensor, axis: int, start: int, length: int) -> Tensor:
    """A part of an axis; zeros where it reaches out of it."""
    low, high = max(0, -start), max(0, start + length - x.shape[axis])
    x = F.pad(x, [0, 0] * (x.dim() - axis - 1) + [low, high])
    return x.narrow(axis, start + low, length)
