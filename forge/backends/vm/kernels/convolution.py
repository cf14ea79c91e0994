"""Short gated convolutions, as sums of shifted products.

A depthwise convolution of a few elements is memory-bound, and PyTorch's wants tokens last: two
transpositions around it. A product for each element of the kernel, over rows of channels as they
are, takes a tenth of the time at the size of a layer of LFM2. 16-bit types, which would be rounded
after each, stay with PyTorch's.
"""

from __future__ import annotations

from functools import partial

import torch

from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site
from forge.interpreters.transformer import find_kernel
from forge.ir.torch_types import torch_dtype

Tensor = torch.Tensor
# A longer kernel is better read once.
_LONGEST = 8


def gated_convolution(site: Site) -> Kernel:
    """c ⊙ conv(b ⊙ x), with b ‖ c ‖ x in the last dimension."""
    operands = (site.value("input"), site.value("weight"), site.optional("bias"))
    length = site.shaped("weight").shape[-1]
    dtype = torch_dtype(site.result.dtype)
    if length > _LONGEST or torch.promote_types(dtype, torch.float32) != dtype:
        return bind(find_kernel(site.kernel), *operands)
    return bind(partial(_shifted_products, length=length), *operands, outs=("result",))


def _shifted_products(
    input: Tensor, weight: Tensor, bias: Tensor | None, result: Tensor, length: int
) -> None:
    b, c, x = input.chunk(3, dim=-1)
    batch, tokens, size = x.shape
    # Zeros in front of the first token make it causal.
    z = torch.empty(batch, tokens + length - 1, size, dtype=x.dtype)
    z[:, : length - 1].zero_()
    torch.mul(b, x, out=z[:, length - 1 :])
    # `[kernel, size]`: the rows that products read, each in one piece.
    taps = weight.squeeze(1).T.contiguous()
    torch.mul(z[:, :tokens], taps[0], out=result)
    for shift in range(1, length):
        result.addcmul_(z[:, shift : shift + tokens], taps[shift])
    if bias is not None:
        result.add_(bias)
    result.mul_(c)
