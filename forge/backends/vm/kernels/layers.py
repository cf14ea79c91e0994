"""Linear layers in three forms, and which of them a weight gets.

oneDNN's `_linear_pointwise` applies an activation and a residual while it writes the product, and
on processors of AMD it is twice as fast as MKL, which `torch.nn.functional.linear` calls. It takes
15 µs to be called, and a weight in a layout of its own if it is to be at its best: a copy of it. So

- a known weight is *packed*, if there is enough to compute;
- for a single row, in f32, memory is what counts: a weight `[out, in]` stays as it is, *plain*, and
  nothing is copied;
- small weights, unknown ones and those whose type oneDNN lacks stay with PyTorch: *eager*.

A packed weight is good for inputs of any number of rows: its layout does not depend on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from xdsl.ir import SSAValue

from forge.backends.vm.kernels.activation import in_place
from forge.backends.vm.kernels.kernel import entry_of
from forge.backends.vm.kernels.site import Site
from forge.dialects.transformer import Activation

Tensor = torch.Tensor
Apply = Callable[[Tensor, Any, Any], Tensor]

_FUSED: Mapping[Activation, tuple[str, str]] = {
    Activation.NONE: ("none", ""),
    Activation.RELU: ("relu", ""),
    Activation.GELU_ERF: ("gelu", "none"),
    Activation.GELU_TANH: ("gelu", "tanh"),
    Activation.SILU: ("swish", ""),
    Activation.TANH: ("tanh", ""),
    Activation.SIGMOID: ("sigmoid", ""),
}
"""oneDNN's names of the activations that it has, and of their algorithms."""

# Elements of a weight, and products to compute, from which on oneDNN pays for its 15 µs.
_LARGE_WEIGHT = 1 << 17
_LARGE_PRODUCT = 1 << 23


@dataclass(frozen=True)
class Layer:
    """act(x·Wᵀ + b), and the same combined with another tensor of its shape.

    Attributes:
        weight: what the functions take for W: a value, a tensor, or a function that gives it.
        bias: what they take for b.
        apply: x, W, b ↦ act(x·Wᵀ + b), in new memory.
        add: x, r, W, b ↦ r + act(x·Wᵀ + b).
        multiply: x, r, W, b ↦ r ⊙ act(x·Wᵀ + b).
    """

    weight: Any
    bias: Any
    apply: Apply
    add: Callable[[Tensor, Tensor, Any, Any], Tensor]
    multiply: Callable[[Tensor, Tensor, Any, Any], Tensor]


def make_layer(
    site: Site,
    weight: SSAValue,
    bias: SSAValue | None,
    activation: str = "none",
    *,
    transpose: bool,
) -> Layer:
    """The layer of a weight and a bias.

    Args:
        weight: W, `[out, in]`; `[in, out]` if `transpose` is false.
        bias: b, `[out]`.
        activation: the name of an `Activation`.
        transpose: as `transpose_weight` of `transformer.linear`.
    """
    tensor, known_bias = site.known(weight), None if bias is None else site.known(bias)
    if tensor is None or (bias is not None and known_bias is None):
        return _eager(weight, bias, activation, transpose)
    tensor = tensor.detach() if transpose else tensor.detach().T
    rows = site.result.numel // max(1, site.result.shape[-1])
    if not _is_large(tensor, rows) or not site.packed.accepts(tensor.dtype):
        return _eager(tensor, known_bias, activation, True)
    if known_bias is not None:
        # oneDNN reads it as if it had no strides.
        known_bias = known_bias.detach().contiguous()
    if rows > 1 or tensor.dtype != torch.float32:
        return _onednn(site.packed.request(tensor).get, known_bias, activation)
    if tensor.is_contiguous():
        return _onednn(lambda: tensor, known_bias, activation)
    return _eager(tensor, known_bias, activation, True)


def _is_large(weight: Tensor, rows: int) -> bool:
    return weight.numel() >= _LARGE_WEIGHT or weight.numel() * rows >= _LARGE_PRODUCT


def _onednn(weight: Callable[[], Tensor], bias: Tensor | None, activation: str) -> Layer:
    # Looked up here, since builds of PyTorch without oneDNN have no such operators.
    pointwise = entry_of(torch.ops.mkldnn._linear_pointwise.default)
    binary = entry_of(torch.ops.mkldnn._linear_pointwise.binary)
    fused = _FUSED.get(Activation(activation))
    name, algorithm = fused or _FUSED[Activation.NONE]

    def apply(x: Tensor, weight: Callable[[], Tensor], bias: Tensor | None) -> Tensor:
        return pointwise(x, weight(), bias, name, [], algorithm)

    if activation != Activation.NONE:
        return _combined_in_place(weight, bias, apply if fused else _then(activation, apply))

    def add(
        x: Tensor, residual: Tensor, weight: Callable[[], Tensor], bias: Tensor | None
    ) -> Tensor:
        return binary(x, residual, weight(), bias, "add")

    def multiply(
        x: Tensor, factor: Tensor, weight: Callable[[], Tensor], bias: Tensor | None
    ) -> Tensor:
        return binary(x, factor, weight(), bias, "mul")

    return Layer(weight, bias, apply, add, multiply)


def _eager(weight: Any, bias: Any, activation: str, transpose: bool) -> Layer:
    def apply(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        return F.linear(x, weight if transpose else weight.T, bias)

    return _combined_in_place(weight, bias, _then(activation, apply))


def _then(activation: str, apply: Apply) -> Apply:
    if activation == Activation.NONE:
        return apply
    activate = in_place(activation)
    return lambda x, weight, bias: activate(apply(x, weight, bias))


def _combined_in_place(weight: Any, bias: Any, apply: Apply) -> Layer:
    return Layer(
        weight,
        bias,
        apply,
        add=lambda x, other, weight, bias: apply(x, weight, bias).add_(other),
        multiply=lambda x, other, weight, bias: apply(x, weight, bias).mul_(other),
    )
