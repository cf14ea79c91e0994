"""The rotary position embedding."""

from __future__ import annotations

import torch

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site


def rotary_embedding(site: Site) -> Kernel:
    """x ⊙ cos + rotate(x) ⊙ sin for the first `rotary_dims`; the rest is passed through."""
    size = site.static.get("rotary_dims") or site.shaped("x").shape[-1]
    interleaved = site.static["interleaved"]

    def call(whole: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        x = whole[..., :size].to(cos.dtype)
        if interleaved:
            rotated = torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).flatten(-2)
        else:
            rotated = torch.cat((-x[..., size // 2 :], x[..., : size // 2]), dim=-1)
        if cos.shape[-1] != size:
            cos, sin = (_for_both(table, interleaved) for table in (cos, sin))
        return torch.cat(((x * cos + rotated * sin).to(whole.dtype), whole[..., size:]), dim=-1)

    return bind(call, *map(site.value, ("x", "cos", "sin")))


def _for_both(table: torch.Tensor, interleaved: bool) -> torch.Tensor:
    """A table of half the size, for both of the elements that are rotated into each other."""
    return table.repeat_interleave(2, -1) if interleaved else torch.cat((table, table), -1)
