"""Short gated convolutions."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site


def gated_convolution(site: Site) -> Kernel:
    """c ⊙ conv(b ⊙ x), with b ‖ c ‖ x in the last dimension."""

    def call(input: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        b, c, x = input.mT.chunk(3, dim=-2)
        z = F.pad(b * x, (weight.shape[-1] - 1, 0))
        return (c * F.conv1d(z, weight, bias, groups=len(weight))).mT.contiguous()

    return bind(call, site.value("input"), site.value("weight"), site.optional("bias"))
