"""Kernels of PyTorch for `reg.host` instructions, made once and called at every run.

`make_kernel` finds what computes an instruction and binds everything static: an ATen operator in
its `out` form where there is one (`aten.py`), and for the operators of `transformer` what is
fastest on a CPU: linear layers of oneDNN with packed weights, the flash kernel, fused norms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from forge.backends.vm.kernels.aten import aten_kernel
from forge.backends.vm.kernels.attention import attention
from forge.backends.vm.kernels.convolution import gated_convolution
from forge.backends.vm.kernels.embedding import embedding
from forge.backends.vm.kernels.kernel import Kernel
from forge.backends.vm.kernels.linear import (
    aten_addmm,
    aten_linear,
    aten_product,
    gated_mlp,
    linear,
    mlp,
)
from forge.backends.vm.kernels.normalization import layer_norm, rms_norm
from forge.backends.vm.kernels.packing import PackedWeights
from forge.backends.vm.kernels.rotary import rotary_embedding
from forge.backends.vm.kernels.site import Known, Site
from forge.dialects import reg

__all__ = ["Kernel", "PackedWeights", "make_kernel"]

_MAKERS: Mapping[str, Callable[[Site], Kernel]] = {
    "aten.addmm": aten_addmm,
    "aten.linear": aten_linear,
    "aten.matmul": aten_product,
    "aten.mm": aten_product,
    "transformer.attention": attention,
    "transformer.embedding": embedding,
    "transformer.gated_convolution": gated_convolution,
    "transformer.gated_mlp": gated_mlp,
    "transformer.layer_norm": layer_norm,
    "transformer.linear": linear,
    "transformer.mlp": mlp,
    "transformer.rms_norm": rms_norm,
    "transformer.rotary_embedding": rotary_embedding,
}


def make_kernel(op: reg.HostOp, known: Known, packed: PackedWeights | None = None) -> Kernel:
    """What computes an instruction.

    Args:
        op: the instruction, verified.
        known: the tensor of a value that does not change between runs; `None` for all others.
        packed: the weights in oneDNN's layouts, which the kernels of one program share.

    Raises:
        ForgeError: there is no such operator.
    """
    site = Site(op, known, PackedWeights() if packed is None else packed)
    return _MAKERS.get(site.kernel, aten_kernel)(site)
