"""Attention."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site


def attention(site: Site) -> Kernel:
    """softmax(cap(scale·q·kᵀ) + mask)·v; key and value heads are repeated for their groups."""
    query, source = site.shaped("query"), site.shaped("key")
    length, source_length = query.shape[-2], source.shape[-2]
    groups = query.shape[-3] // source.shape[-3]
    causal, window = site.static["causal"], site.static.get("window")
    scale, softcap = site.static.get("scale"), site.static.get("softcap")

    def call(
        query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor | None
    ) -> torch.Tensor:
        key, value = (x.repeat_interleave(groups, dim=-3) for x in (key, value))
        if causal:
            mask = _masked_band(mask, length, source_length, window)
        elif mask is not None and mask.ndim < 2:
            mask = mask.expand(length, source_length)
        if softcap is not None:
            return _capped_attention(query, key, value, mask, scale, softcap)
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale)

    return bind(call, *map(site.value, ("query", "key", "value")), site.optional("mask"))


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
