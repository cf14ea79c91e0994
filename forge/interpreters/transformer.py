"""What `transformer` operations mean: the equations of their docstrings, in PyTorch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from forge.dialects import transformer
from forge.dialects.transformer import Activation
from forge.interpreters.registry import Values, interprets


@interprets(transformer.LinearOp)
def linear(op: transformer.LinearOp, values: Values) -> torch.Tensor:
    """r + act(x·Wᵀ + b)."""
    layer = _layer(
        values[op.input],
        values[op.weight],
        values.optional(op.bias),
        transpose_weight=op.get("transpose_weight"),
    )
    return _added(values.optional(op.residual), _activate(layer, op.activation.data))


@interprets(transformer.MlpOp)
def mlp(op: transformer.MlpOp, values: Values) -> torch.Tensor:
    """r + W₂·act(W₁·x + b₁) + b₂."""
    transpose = op.get("transpose_weight")
    up = _layer(values[op.input], values[op.up_weight], values.optional(op.up_bias), transpose)
    hidden = _activate(up, op.activation.data)
    down = _layer(hidden, values[op.down_weight], values.optional(op.down_bias), transpose)
    return _added(values.optional(op.residual), down)


@interprets(transformer.GatedMlpOp)
def gated_mlp(op: transformer.GatedMlpOp, values: Values) -> torch.Tensor:
    """r + W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃."""
    transpose = op.get("transpose_weight")
    x = values[op.input]
    gate = _layer(x, values[op.gate_weight], values.optional(op.gate_bias), transpose)
    up = _layer(x, values[op.up_weight], values.optional(op.up_bias), transpose)
    hidden = _activate(gate, op.activation.data) * up
    down = _layer(hidden, values[op.down_weight], values.optional(op.down_bias), transpose)
    return _added(values.optional(op.residual), down)


@interprets(transformer.AttentionOp)
def attention(op: transformer.AttentionOp, values: Values) -> torch.Tensor:
    """softmax(cap(scale·q·kᵀ) + mask)·v; key and value heads are repeated for their groups."""
    query = values[op.query]
    key, value = (values[x].repeat_interleave(op.groups, dim=-3) for x in (op.key, op.value))
    mask, scale = values.optional(op.mask), op.get("scale")
    if op.get("causal"):
        # PyTorch takes a mask or is_causal, and knows no window.
        mask = _masked_band(mask, query.shape[-2], key.shape[-2], op.get("window"))
    elif mask is not None and mask.ndim < 2:
        # PyTorch takes no mask of fewer dimensions.
        mask = mask.expand(query.shape[-2], key.shape[-2])
    if (softcap := op.get("softcap")) is not None:
        return _capped_attention(query, key, value, mask, scale, softcap)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale)


@interprets(transformer.RotaryEmbeddingOp)
def rotary_embedding(op: transformer.RotaryEmbeddingOp, values: Values) -> torch.Tensor:
    """x ⊙ cos + rotate(x) ⊙ sin for the first `rotary_dims`; the rest is passed through."""
    whole, cos, sin = values[op.x], values[op.cos], values[op.sin]
    size = op.get("rotary_dims") or whole.shape[-1]
    x, interleaved = whole[..., :size].to(cos.dtype), op.get("interleaved")
    if interleaved:
        rotated = torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).flatten(-2)
    else:
        rotated = torch.cat((-x[..., size // 2 :], x[..., : size // 2]), dim=-1)
    if cos.shape[-1] != size:
        cos, sin = (_for_both(table, interleaved) for table in (cos, sin))
    return torch.cat(((x * cos + rotated * sin).to(whole.dtype), whole[..., size:]), dim=-1)


@interprets(transformer.LayerNormOp)
def layer_norm(op: transformer.LayerNormOp, values: Values) -> torch.Tensor:
    """(x − mean(x)) / √(var(x) + eps) ⊙ w + b."""
    return F.layer_norm(
        values[op.input],
        op.get("normalized_shape"),
        values.optional(op.weight),
        values.optional(op.bias),
        op.get("eps"),
    )


@interprets(transformer.RmsNormOp)
def rms_norm(op: transformer.RmsNormOp, values: Values) -> torch.Tensor:
    """x / √(mean(x²) + eps) ⊙ (weight_offset + w), in f32 at least, rounded once."""
    x = values[op.input]
    wide = torch.promote_types(x.dtype, torch.float32)
    y = x.to(wide)
    dims = list(range(-len(op.get("normalized_shape")), 0))
    y = y * torch.rsqrt(y.pow(2).mean(dims, keepdim=True) + op.get("eps"))
    if (weight := values.optional(op.weight)) is not None:
        y = y * (weight.to(wide) + op.get("weight_offset"))
    return y.to(x.dtype)


@interprets(transformer.GatedConvolutionOp)
def gated_convolution(op: transformer.GatedConvolutionOp, values: Values) -> torch.Tensor:
    """c ⊙ conv(b ⊙ x), with b ‖ c ‖ x in the last dimension."""
    weight = values[op.weight]
    b, c, x = values[op.input].mT.chunk(3, dim=-2)
    # Padding only in front of the first token makes it causal.
    z = F.pad(b * x, (weight.shape[-1] - 1, 0))
    y = c * F.conv1d(z, weight, values.optional(op.bias), groups=len(weight))
    return y.mT.contiguous()


@interprets(transformer.EmbeddingOp)
def embedding(op: transformer.EmbeddingOp, values: Values) -> torch.Tensor:
    """W[ids]."""
    return F.embedding(values[op.ids].long(), values[op.weight])


def _layer(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, transpose_weight: bool
) -> torch.Tensor:
    return F.linear(x, weight if transpose_weight else weight.T, bias)


def _added(residual: torch.Tensor | None, y: torch.Tensor) -> torch.Tensor:
    return y if residual is None else residual + y


def _activate(x: torch.Tensor, activation: Activation) -> torch.Tensor:
    match activation:
        case Activation.NONE:
            return x
        case Activation.RELU:
            return F.relu(x)
        case Activation.GELU_ERF:
            return F.gelu(x)
        case Activation.GELU_TANH:
            return F.gelu(x, approximate="tanh")
        case Activation.SILU:
            return F.silu(x)
        case Activation.TANH:
            return x.tanh()
        case Activation.SIGMOID:
            return x.sigmoid()
        case Activation.QUICK_GELU:
            return x * torch.sigmoid(1.702 * x)
        case Activation.RELU_SQUARED:
            return F.relu(x).square()


def _for_both(table: torch.Tensor, interleaved: bool) -> torch.Tensor:
    """A table of half the size, for both of the elements that are rotated into each other."""
    return table.repeat_interleave(2, -1) if interleaved else torch.cat((table, table), -1)


def _masked_band(
    mask: torch.Tensor | None, length: int, source_length: int, window: int | None
) -> torch.Tensor:
    """A mask that admits what `mask` admits, and only the keys in each query's window."""
    band = torch.ones(length, source_length, dtype=torch.bool).tril()
    if window is not None:
        band = band.triu(1 - window)
    if mask is None:
        return band
    return mask & band if mask.dtype == torch.bool else mask.where(band, float("-inf"))


def _capped_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None,
    scale: float | None,
    softcap: float,
) -> torch.Tensor:
    """softmax(softcap·tanh(scale·q·kᵀ/softcap) + mask)·v, in f32 at least, rounded once."""
    wide = torch.promote_types(query.dtype, torch.float32)
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = softcap * torch.tanh(query.to(wide) @ key.to(wide).mT * scale / softcap)
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.where(mask, float("-inf"))
    elif mask is not None:
        scores = scores + mask
    # A query that attends to nothing gets zeros.
    hidden = (scores == float("-inf")).all(-1, keepdim=True)
    weights = scores.softmax(-1).masked_fill(hidden, 0.0)
    return (weights @ value.to(wide)).to(query.dtype)
