"""What `transformer` operations mean: the equations of their docstrings, in PyTorch.

Each meaning is a function of tensors and static arguments under the operation's names, and with its
defaults: what `transformer.linear` means, the kernel `reg.host "transformer.linear"` means too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
import torch.nn.functional as F

from forge.dialects import transformer
from forge.dialects.transformer import Activation
from forge.errors import ForgeError
from forge.interpreters.aten import read_operand
from forge.interpreters.registry import Values, interprets
from forge.ir.schema_op import SchemaOp
from forge.ir.signature import signature_of

Kernel = Callable[..., torch.Tensor]
KernelT = TypeVar("KernelT", bound=Kernel)

_KERNELS: dict[str, Kernel] = {}


def find_kernel(name: str) -> Kernel:
    """What the operation `name` computes, as a function of its arguments by name.

    Raises:
        ForgeError: the dialect has no such operation.
    """
    if (kernel := _KERNELS.get(name)) is None:
        raise ForgeError(f"there is no kernel {name}", hint=f"there are {', '.join(_KERNELS)}")
    return kernel


def _computes(op_class: type[SchemaOp]) -> Callable[[KernelT], KernelT]:
    """Register the decorated function as what operations of a class compute."""

    def register(kernel: KernelT) -> KernelT:
        _KERNELS[op_class.name] = kernel
        interprets(op_class)(_call_kernel)
        return kernel

    return register


def _call_kernel(op: SchemaOp, values: Values) -> torch.Tensor:
    tensors = {name: read_operand(group, values) for name, group in op.operand_groups().items()}
    static = {name: op.get(name) for name in signature_of(type(op)).arguments}
    return find_kernel(op.name)(**tensors, **static)


@_computes(transformer.LinearOp)
def linear(
    input: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    residual: torch.Tensor | None = None,
    activation: str = Activation.NONE,
    transpose_weight: bool = True,
) -> torch.Tensor:
    """r + act(x·Wᵀ + b)."""
    return _added(residual, _activate(_layer(input, weight, bias, transpose_weight), activation))


@_computes(transformer.MlpOp)
def mlp(
    input: torch.Tensor,
    up_weight: torch.Tensor,
    down_weight: torch.Tensor,
    up_bias: torch.Tensor | None = None,
    down_bias: torch.Tensor | None = None,
    residual: torch.Tensor | None = None,
    *,
    activation: str,
    transpose_weight: bool = True,
) -> torch.Tensor:
    """r + W₂·act(W₁·x + b₁) + b₂."""
    hidden = _activate(_layer(input, up_weight, up_bias, transpose_weight), activation)
    return _added(residual, _layer(hidden, down_weight, down_bias, transpose_weight))


@_computes(transformer.GatedMlpOp)
def gated_mlp(
    input: torch.Tensor,
    gate_weight: torch.Tensor,
    up_weight: torch.Tensor,
    down_weight: torch.Tensor,
    gate_bias: torch.Tensor | None = None,
    up_bias: torch.Tensor | None = None,
    down_bias: torch.Tensor | None = None,
    residual: torch.Tensor | None = None,
    activation: str = Activation.SILU,
    transpose_weight: bool = True,
) -> torch.Tensor:
    """r + W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃."""
    gate = _activate(_layer(input, gate_weight, gate_bias, transpose_weight), activation)
    hidden = gate * _layer(input, up_weight, up_bias, transpose_weight)
    return _added(residual, _layer(hidden, down_weight, down_bias, transpose_weight))


@_computes(transformer.AttentionOp)
def attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None = None,
    scale: float | None = None,
    causal: bool = False,
    softcap: float | None = None,
    window: int | None = None,
) -> torch.Tensor:
    """softmax(cap(scale·q·kᵀ) + mask)·v; key and value heads are repeated for their groups."""
    groups = query.shape[-3] // key.shape[-3]
    key, value = (x.repeat_interleave(groups, dim=-3) for x in (key, value))
    if causal:
        # PyTorch takes a mask or is_causal, and knows no window.
        mask = _masked_band(mask, query.shape[-2], key.shape[-2], window)
    elif mask is not None and mask.ndim < 2:
        # PyTorch takes no mask of fewer dimensions.
        mask = mask.expand(query.shape[-2], key.shape[-2])
    if softcap is not None:
        return _capped_attention(query, key, value, mask, scale, softcap)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale)


@_computes(transformer.RotaryEmbeddingOp)
def rotary_embedding(
    x: torch.Tensor,
    cos: torch.Tensor,
    sin: torch.Tensor,
    interleaved: bool = False,
    rotary_dims: int | None = None,
) -> torch.Tensor:
    """x ⊙ cos + rotate(x) ⊙ sin for the first `rotary_dims`; the rest is passed through."""
    size = rotary_dims or x.shape[-1]
    part = x[..., :size].to(cos.dtype)
    if interleaved:
        rotated = torch.stack((-part[..., 1::2], part[..., ::2]), dim=-1).flatten(-2)
    else:
        rotated = torch.cat((-part[..., size // 2 :], part[..., : size // 2]), dim=-1)
    if cos.shape[-1] != size:
        cos, sin = (_for_both(table, interleaved) for table in (cos, sin))
    return torch.cat(((part * cos + rotated * sin).to(x.dtype), x[..., size:]), dim=-1)


@_computes(transformer.LayerNormOp)
def layer_norm(
    input: torch.Tensor,
    weight: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
    *,
    normalized_shape: Sequence[int],
    eps: float,
) -> torch.Tensor:
    """(x − mean(x)) / √(var(x) + eps) ⊙ w + b."""
    return F.layer_norm(input, list(normalized_shape), weight, bias, eps)


@_computes(transformer.RmsNormOp)
def rms_norm(
    input: torch.Tensor,
    weight: torch.Tensor | None = None,
    *,
    normalized_shape: Sequence[int],
    eps: float,
    weight_offset: float = 0.0,
) -> torch.Tensor:
    """x / √(mean(x²) + eps) ⊙ (weight_offset + w), in f32 at least, rounded once."""
    wide = torch.promote_types(input.dtype, torch.float32)
    y = input.to(wide)
    dims = list(range(-len(normalized_shape), 0))
    y = y * torch.rsqrt(y.pow(2).mean(dims, keepdim=True) + eps)
    if weight is not None:
        y = y * (weight.to(wide) + weight_offset)
    return y.to(input.dtype)


@_computes(transformer.GatedConvolutionOp)
def gated_convolution(
    input: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    """c ⊙ conv(b ⊙ x), with b ‖ c ‖ x in the last dimension."""
    b, c, x = input.mT.chunk(3, dim=-2)
    # Padding only in front of the first token makes it causal.
    z = F.pad(b * x, (weight.shape[-1] - 1, 0))
    y = c * F.conv1d(z, weight, bias, groups=len(weight))
    return y.mT.contiguous()


@_computes(transformer.EmbeddingOp)
def embedding(weight: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """W[ids]."""
    return F.embedding(ids.long(), weight)


def _layer(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, transpose_weight: bool
) -> torch.Tensor:
    return F.linear(x, weight if transpose_weight else weight.T, bias)


def _added(residual: torch.Tensor | None, y: torch.Tensor) -> torch.Tensor:
    return y if residual is None else residual + y


def _activate(x: torch.Tensor, activation: str) -> torch.Tensor:
    match Activation(activation):
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
