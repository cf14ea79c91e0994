"""Linear layers and MLPs."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from forge.backends.vm.kernels.activation import in_place
from forge.backends.vm.kernels.kernel import Kernel, bind
from forge.backends.vm.kernels.site import Site


def linear(site: Site) -> Kernel:
    """r + act(x·Wᵀ + b)."""
    activate, transpose = in_place(site.static["activation"]), site.static["transpose_weight"]

    def call(
        x: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        residual: torch.Tensor | None,
    ) -> torch.Tensor:
        return _add(residual, activate(F.linear(x, weight if transpose else weight.T, bias)))

    names = ("bias", "residual")
    return bind(call, site.value("input"), site.value("weight"), *map(site.optional, names))


def mlp(site: Site) -> Kernel:
    """r + W₂·act(W₁·x + b₁) + b₂."""
    activate, transpose = in_place(site.static["activation"]), site.static["transpose_weight"]

    def call(
        x: torch.Tensor,
        up: torch.Tensor,
        down: torch.Tensor,
        up_bias: torch.Tensor | None,
        down_bias: torch.Tensor | None,
        residual: torch.Tensor | None,
    ) -> torch.Tensor:
        up, down = (up, down) if transpose else (up.T, down.T)
        return _add(residual, F.linear(activate(F.linear(x, up, up_bias)), down, down_bias))

    weights = map(site.value, ("input", "up_weight", "down_weight"))
    return bind(call, *weights, *map(site.optional, ("up_bias", "down_bias", "residual")))


def gated_mlp(site: Site) -> Kernel:
    """r + W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃."""
    activate, transpose = in_place(site.static["activation"]), site.static["transpose_weight"]

    def call(
        x: torch.Tensor,
        gate: torch.Tensor,
        up: torch.Tensor,
        down: torch.Tensor,
        gate_bias: torch.Tensor | None,
        up_bias: torch.Tensor | None,
        down_bias: torch.Tensor | None,
        residual: torch.Tensor | None,
    ) -> torch.Tensor:
        gate, up, down = (gate, up, down) if transpose else (gate.T, up.T, down.T)
        hidden = activate(F.linear(x, gate, gate_bias)).mul_(F.linear(x, up, up_bias))
        return _add(residual, F.linear(hidden, down, down_bias))

    weights = map(site.value, ("input", "gate_weight", "up_weight", "down_weight"))
    names = ("gate_bias", "up_bias", "down_bias", "residual")
    return bind(call, *weights, *map(site.optional, names))


def _add(residual: torch.Tensor | None, y: torch.Tensor) -> torch.Tensor:
    return y if residual is None else y.add_(residual)
