"""Layer norm and RMS norm.

PyTorch's layer norm is one kernel, which always allocates what it returns: its `out` form copies.

Its RMS norm is a sequence of them, with new memory after each. In f32 and f64, one kernel here
reads x, two work on a number a row, and two write to the result: that takes three quarters of the
time. For 16-bit types, whose intermediate results have to be wide, PyTorch's stays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch

from forge.backends.vm.kernels.kernel import Kernel, bind, entry_of
from forge.backends.vm.kernels.site import Site
from forge.ir.torch_types import torch_dtype

Tensor = torch.Tensor
_vector_norm = entry_of(torch.ops.aten.linalg_vector_norm.default)
_fused_rms_norm = entry_of(torch.ops.aten._fused_rms_norm.default)


def layer_norm(site: Site) -> Kernel:
    """(x − mean(x)) / √(var(x) + eps) ⊙ w + b."""
    shape, eps = site.static["normalized_shape"], site.static["eps"]
    weight, bias = site.optional("weight"), site.optional("bias")
    return bind(torch.layer_norm, site.value("input"), shape, weight, bias, eps)


def rms_norm(site: Site) -> Kernel:
    """x / √(mean(x²) + eps) ⊙ (weight_offset + w), in f32 at least, rounded once."""
    x, dtype = site.value("input"), torch_dtype(site.result.dtype)
    wide = torch.promote_types(dtype, torch.float32)
    weight, offset = _weight(site, wide)
    shape, eps = site.static["normalized_shape"], site.static["eps"]
    if dtype != wide:
        return bind(partial(_narrow_rms_norm, shape=shape, eps=eps, offset=offset), x, weight)
    dims, factor = list(range(-len(shape), 0)), 1 / math.prod(shape)
    summand = torch.tensor(eps, dtype=dtype)

    def call(x: Tensor, weight: Tensor | None, result: Tensor) -> None:
        norm = _vector_norm(x, 2, dims, True)
        # eps + Σx² / n, in one kernel.
        scale = torch.addcmul(summand, norm, norm, value=factor).rsqrt_()
        torch.mul(x, scale, out=result)
        if weight is not None:
            result.mul_(weight + offset if offset else weight)

    return bind(call, x, weight, outs=("result",))


def _narrow_rms_norm(
    x: Tensor, weight: Tensor | None, shape: Sequence[int], eps: float, offset: float
) -> Tensor:
    if weight is not None and offset:
        weight = weight.to(torch.float32) + offset
    return _fused_rms_norm(x, shape, weight, eps)[0]


def _weight(site: Site, wide: torch.dtype) -> tuple[Any, float]:
    """The weight, with what is to be added to it unless that could be done here."""
    weight, offset = site.optional("weight"), site.static["weight_offset"]
    if weight is None or (known := site.known(weight)) is None:
        return weight, offset
    return known.detach().to(wide) + offset, 0.0
