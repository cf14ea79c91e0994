"""Embedding tables: rows picked by their ids, into the result."""

from __future__ import annotations

import torch

from forge.backends.vm.kernels.kernel import Kernel, bind, entry_of
from forge.backends.vm.kernels.site import Site
from forge.ir.torch_types import torch_dtype

Tensor = torch.Tensor
_index_select = entry_of(torch.ops.aten.index_select.out)
_INDICES = (torch.int32, torch.int64)


def embedding(site: Site) -> Kernel:
    """W[ids], for ids that are in the table."""
    ids = site.shaped("ids")
    flat = (ids.numel, site.result.shape[-1])
    is_index = torch_dtype(ids.dtype) in _INDICES

    def call(weight: Tensor, ids: Tensor, result: Tensor) -> None:
        rows = ids.reshape(-1)
        _index_select(weight, 0, rows if is_index else rows.long(), out=result.view(flat))

    return bind(call, site.value("weight"), site.value("ids"), outs=("result",))
