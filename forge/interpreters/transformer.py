"""What `transformer` operations mean: the equations of their docstrings, in PyTorch."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from forge.dialects import transformer
from forge.dialects.transformer import Activation
from forge.interpreters.registry import Values, interprets


@interprets(transformer.LinearOp)
def linear(op: transformer.LinearOp, values: Values) -> torch.Tensor:
    """act(x·Wᵀ + b)."""
    layer = _layer(
        values[op.input],
        values[op.weight],
        values.optional(op.bias),
        transpose_weight=op.get("transpose_weight"),
    )
    return _activate(layer, op.activation.data)


@interprets(transformer.MlpOp)
def mlp(op: transformer.MlpOp, values: Values) -> torch.Tensor:
    """W₂·act(W₁·x + b₁) + b₂."""
    transpose = op.get("transpose_weight")
    up = _layer(values[op.input], values[op.up_weight], values.optional(op.up_bias), transpose)
    hidden = _activate(up, op.activation.data)
    return _layer(hidden, values[op.down_weight], values.optional(op.down_bias), transpose)


@interprets(transformer.GatedMlpOp)
def gated_mlp(op: transformer.GatedMlpOp, values: Values) -> torch.Tensor:
    """W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃."""
    transpose = op.get("transpose_weight")
    x = values[op.input]
    gate = _layer(x, values[op.gate_weight], values.optional(op.gate_bias), transpose)
    up = _layer(x, values[op.up_weight], values.optional(op.up_bias), transpose)
    hidden = _activate(gate, op.activation.data) * up
    return _layer(hidden, values[op.down_weight], values.optional(op.down_bias), transpose)


@interprets(transformer.AttentionOp)
def attention(op: transformer.AttentionOp, values: Values) -> torch.Tensor:
    """softmax(scale·q·kᵀ + mask)·v; heads of keys and values are repeated for their groups."""
    query, key, value = values[op.query], values[op.key], values[op.value]
    mask = values.optional(op.mask)
    causal = op.get("causal")
    if causal and mask is not None:
        # PyTorch takes only one of the two.
        mask, causal = _masked_triangle(mask, query.shape[-2], key.shape[-2]), False
    return F.scaled_dot_product_attention(
        query,
        key.repeat_interleave(op.groups, dim=-3),
        value.repeat_interleave(op.groups, dim=-3),
        attn_mask=mask,
        is_causal=causal,
        scale=op.get("scale"),
    )


@interprets(transformer.RotaryEmbeddingOp)
def rotary_embedding(op: transformer.RotaryEmbeddingOp, values: Values) -> torch.Tensor:
    """x ⊙ cos + rotate(x) ⊙ sin for the first `rotary_dims`; the rest is passed through."""
    whole, size = values[op.x], values[op.cos].shape[-1]
    x, rest = whole[..., :size], whole[..., size:]
    if op.get("interleaved"):
        rotated = torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).flatten(-2)
    else:
        rotated = torch.cat((-x[..., size // 2 :], x[..., : size // 2]), dim=-1)
    return torch.cat((x * values[op.cos] + rotated * values[op.sin], rest), dim=-1)


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


@interprets(transformer.EmbeddingOp)
def embedding(op: transformer.EmbeddingOp, values: Values) -> torch.Tensor:
    """W[ids]."""
    return F.embedding(values[op.ids].long(), values[op.weight])


def _layer(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, transpose_weight: bool
) -> torch.Tensor:
    return F.linear(x, weight if transpose_weight else weight.T, bias)


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


def _masked_triangle(mask: torch.Tensor, length: int, source_length: int) -> torch.Tensor:
    """A mask that admits what `mask` admits, and only up to each query's own position."""
    triangle = torch.ones(length, source_length, dtype=torch.bool).tril()
    if mask.dtype == torch.bool:
        return mask & triangle
    return mask.masked_fill(~triangle, float("-inf"))
