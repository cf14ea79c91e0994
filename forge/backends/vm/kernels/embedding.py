"""Embedding tables: rows picked by their ids."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site


def embedding(site: Site) -> Kernel:
    """W[ids]."""

    def call(weight: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        return F.embedding(ids.long(), weight)

    return bind(call, site.value("weight"), site.value("ids"))
