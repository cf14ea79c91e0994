"""Layer norm and RMS norm."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site


def layer_norm(site: Site) -> Kernel:
    """(x − mean(x)) / √(var(x) + eps) ⊙ w + b."""
    shape, eps = site.static["normalized_shape"], site.static["eps"]
    weight, bias = site.optional("weight"), site.optional("bias")
    return bind(F.layer_norm, site.value("input"), shape, weight, bias, eps)


def rms_norm(site: Site) -> Kernel:
    """x / √(mean(x²) + eps) ⊙ (weight_offset + w), in f32 at least, rounded once."""
    shape, eps, offset = (site.static[n] for n in ("normalized_shape", "eps", "weight_offset"))
    dims = list(range(-len(shape), 0))

    def call(x: torch.Tensor, weight: torch.Tensor | None) -> torch.Tensor:
        wide = torch.promote_types(x.dtype, torch.float32)
        y = x.to(wide)
        y = y * torch.rsqrt(y.pow(2).mean(dims, keepdim=True) + eps)
        if weight is not None:
            y = y * (weight.to(wide) + offset)
        return y.to(x.dtype)

    return bind(call, site.value("input"), site.optional("weight"))
