"""Linear layers and MLPs: of `transformer`, and the products of `aten` that are linear layers.

Each layer is one call into oneDNN where `layers.py` finds that it pays: activations, residuals and
the product of a gated MLP are part of it.
"""

from __future__ import annotations

import torch

from forge.backends.vm.kernels.aten import aten_kernel
from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.layers import Layer, make_layer
from forge.backends.vm.kernels.site import Site

Tensor = torch.Tensor


def linear(site: Site) -> Kernel:
    """r + act(x·Wᵀ + b)."""
    layer = _layer(site, "", activation=site.static["activation"])
    x, residual = site.value("input"), site.optional("residual")
    if residual is None:
        return bind(layer.apply, x, layer.weight, layer.bias)
    return bind(layer.add, x, residual, layer.weight, layer.bias)


def mlp(site: Site) -> Kernel:
    """r + W₂·act(W₁·x + b₁) + b₂."""
    up = _layer(site, "up_", activation=site.static["activation"])
    down = _layer(site, "down_")

    def call(
        x: Tensor, residual: Tensor | None, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor
    ) -> Tensor:
        hidden = up.apply(x, w1, b1)
        if residual is None:
            return down.apply(hidden, w2, b2)
        return down.add(hidden, residual, w2, b2)

    x, residual = site.value("input"), site.optional("residual")
    return bind(call, x, residual, up.weight, up.bias, down.weight, down.bias)


def gated_mlp(site: Site) -> Kernel:
    """r + W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃."""
    gate = _layer(site, "gate_", activation=site.static["activation"])
    up, down = _layer(site, "up_"), _layer(site, "down_")

    def call(
        x: Tensor,
        residual: Tensor | None,
        w1: Tensor,
        b1: Tensor,
        w2: Tensor,
        b2: Tensor,
        w3: Tensor,
        b3: Tensor,
    ) -> Tensor:
        hidden = up.multiply(x, gate.apply(x, w1, b1), w2, b2)
        if residual is None:
            return down.apply(hidden, w3, b3)
        return down.add(hidden, residual, w3, b3)

    layers = [part for layer in (gate, up, down) for part in (layer.weight, layer.bias)]
    return bind(call, site.value("input"), site.optional("residual"), *layers)


def aten_linear(site: Site) -> Kernel:
    """`aten.linear`: x·Wᵀ + b."""
    if not _is_known_matrix(site, "weight"):
        return aten_kernel(site)
    layer = make_layer(site, site.value("weight"), site.optional("bias"), transpose=True)
    return bind(layer.apply, site.value("input"), layer.weight, layer.bias)


def aten_product(site: Site) -> Kernel:
    """`aten.mm` and `aten.matmul`: x·W."""
    weight = "mat2" if site.kernel == "aten.mm" else "other"
    if not _is_known_matrix(site, weight):
        return aten_kernel(site)
    layer = make_layer(site, site.value(weight), None, transpose=False)
    return bind(layer.apply, site.value("input"), layer.weight, layer.bias)


def aten_addmm(site: Site) -> Kernel:
    """`aten.addmm`: b + x·W, without factors."""
    factors = (site.static.get("alpha", 1), site.static.get("beta", 1))
    is_bias = site.shaped("input").shape == site.result.shape[-1:]
    if factors != (1, 1) or not is_bias or not _is_known_matrix(site, "mat2"):
        return aten_kernel(site)
    layer = make_layer(site, site.value("mat2"), site.value("input"), transpose=False)
    return bind(layer.apply, site.value("mat1"), layer.weight, layer.bias)


def _layer(site: Site, prefix: str, activation: str = "none") -> Layer:
    weight, bias = site.value(f"{prefix}weight"), site.optional(f"{prefix}bias")
    return make_layer(site, weight, bias, activation, transpose=site.static["transpose_weight"])


def _is_known_matrix(site: Site, name: str) -> bool:
    return len(site.shaped(name).shape) == 2 and site.known(site.value(name)) is not None
