"""Attention: PyTorch's flash kernel for the CPU wherever it can, the equation where it cannot.

The flash kernel takes queries, keys and values of any strides but the last (they are usually views
of one product), shares key heads among groups of query heads, and gives zeros to queries that
attend to nothing. At 128 tokens it is as fast as two batched products with a softmax between them,
and from 384 on it is faster. It wants four dimensions, a mask of two or four, and numbers in it: a
mask that does not change between runs is brought into this form once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

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
    attend, adapt = _attend(site), _Adaptation.of(site)
    if len(site.shaped("query").shape) == 3:
        attend = _lifted(attend)
    mask = site.optional("mask")
    if mask is not None and site.known(mask) is None:
        return bind(_after(adapt, attend), *operands, mask)
    known = site.tensor("mask")
    # Layers have their masks in common, which are as large as length × source length.
    return bind(attend, *operands, site.packed.derived(adapt, lambda: adapt(known), known))


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


@dataclass(frozen=True)
class _Adaptation:
    """What makes of the mask, or of none, numbers that say all; `None` if that is nothing.

    Attributes:
        shape: length and source length.
        dtype: of the numbers.
        is_band: whether queries attend to no later keys.
        window: to how many keys queries of a band attend at most.
    """

    shape: tuple[int, int]
    dtype: torch.dtype
    is_band: bool
    window: int | None

    @classmethod
    def of(cls, site: Site) -> _Adaptation:
        """What is to be said in `site`."""
        shape = (site.shaped("query").shape[-2], site.shaped("key").shape[-2])
        is_band = site.static["causal"] and not _is_plainly_causal(site)
        return cls(shape, torch_dtype(site.result.dtype), is_band, site.static.get("window"))

    @cached_property
    def band(self) -> Tensor:
        """Which keys a band leaves to each query."""
        band = torch.ones(self.shape, dtype=torch.bool).tril()
        return band if self.window is None else band.triu(1 - self.window)

    def __call__(self, mask: Tensor | None) -> Tensor | None:
        if self.is_band:
            mask = self.band if mask is None else _both(mask, self.band)
        if mask is None:
            return None
        if mask.ndim < 2:
            mask = mask.expand(self.shape)
        elif mask.ndim == 3:
            mask = mask.unsqueeze(0)
        if mask.dtype == torch.bool:
            mask = torch.zeros(mask.shape, dtype=self.dtype).masked_fill_(~mask, float("-inf"))
        return mask


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
