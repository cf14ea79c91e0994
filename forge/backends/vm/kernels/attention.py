"""Attention: PyTorch's flash kernel for the CPU wherever it can, the equation where it cannot.

The flash kernel takes queries, keys and values of any strides but the last (they are usually views
of one product), shares key heads among groups of query heads, and gives zeros to queries that
attend to nothing. At 128 tokens it is as fast as two batched products with a softmax between them,
and from 384 on it is faster. It wants four dimensions, a mask of two or four, and numbers in it: a
mask that does not change between runs is brought into this form once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site
from forge.interpreters.transformer import find_kernel
from forge.ir.torch_types import torch_dtype

Tensor = torch.Tensor
Attend = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]
Adapt = Callable[[Tensor | None], Tensor | None]


def attention(site: Site) -> Kernel:
    """softmax(cap(scale·q·kᵀ) + mask)·v; key and value heads are shared by their groups."""
    operands = tuple(site.value(name) for name in ("query", "key", "value"))
    attend, adapt = _attend(site), _adapt(site)
    if len(site.shaped("query").shape) == 3:
        attend = _lifted(attend)
    mask = site.optional("mask")
    if mask is None or site.known(mask) is not None:
        return bind(attend, *operands, adapt(site.tensor("mask")))
    return bind(_after(adapt, attend), *operands, mask)


def _attend(site: Site) -> Attend:
    """What computes attention, of four dimensions or more and with an adapted mask."""
    scale = site.static.get("scale")
    if _is_by_equation(site):
        softcap = site.static.get("softcap")
        return partial(find_kernel(site.kernel), scale=scale, softcap=softcap)
    heads, length, _ = site.shaped("query").shape[-3:]
    groups = heads // site.shaped("key").shape[-3]
    if groups > 1 and length == 1 and _mask_heads(site) == 1:
        return partial(_single_query, groups=groups, scale=scale)

    def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        return F.scaled_dot_product_attention(
            query, key, value, mask, 0.0, is_causal, scale=scale, enable_gqa=groups > 1
        )

    is_causal = _is_plainly_causal(site)
    return attend


def _single_query(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, groups: int, scale: float | None
) -> Tensor:
    """One query a head: a group is as many queries of one head, which takes half the time."""
    batch, heads, _, size = query.shape
    query = query.view(batch, heads // groups, groups, size)
    hidden = F.scaled_dot_product_attention(query, key, value, mask, scale=scale)
    return hidden.flatten(-3, -2).unsqueeze(-2)


def _after(adapt: Adapt, attend: Attend) -> Attend:
    return lambda query, key, value, mask: attend(query, key, value, adapt(mask))


def _lifted(attend: Attend) -> Attend:
    """The same for three dimensions."""

    def lifted(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        q, k, v = query.unsqueeze(0), key.unsqueeze(0), value.unsqueeze(0)
        return attend(q, k, v, mask).squeeze(0)

    return lifted


def _adapt(site: Site) -> Adapt:
    """What makes of the mask, or of none, numbers that say all; `None` if that is nothing."""
    shape = (site.shaped("query").shape[-2], site.shaped("key").shape[-2])
    dtype = torch_dtype(site.result.dtype)
    band = None
    if site.static["causal"] and not _is_plainly_causal(site):
        band = torch.ones(shape, dtype=torch.bool).tril()
        if (window := site.static.get("window")) is not None:
            band = band.triu(1 - window)

    def adapt(mask: Tensor | None) -> Tensor | None:
        if band is not None:
            mask = band if mask is None else _both(mask, band)
        if mask is None:
            return None
        if mask.ndim < 2:
            mask = mask.expand(shape)
        elif mask.ndim == 3:
            mask = mask.unsqueeze(0)
        if mask.dtype == torch.bool:
            mask = torch.zeros(mask.shape, dtype=dtype).masked_fill_(~mask, float("-inf"))
        return mask

    return adapt


def _both(mask: Tensor, band: Tensor) -> Tensor:
    return mask & band if mask.dtype == torch.bool else mask.where(band, float("-inf"))


def _is_plainly_causal(site: Site) -> bool:
    """Whether PyTorch's `is_causal` says it all, which goes with no mask and no window."""
    query, static = site.shaped("query"), site.static
    if "mask" in site.operands or static.get("window") is not None:
        return False
    # A single query is not told from the others of its group by its place.
    return static["causal"] and query.shape[-2] != 1 and not _is_by_equation(site)


def _is_by_equation(site: Site) -> bool:
    return site.static.get("softcap") is not None or site.shaped("query").rank > 4


def _mask_heads(site: Site) -> int:
    shape = site.shaped("mask").shape if "mask" in site.operands else ()
    return shape[-3] if len(shape) >= 3 else 1
