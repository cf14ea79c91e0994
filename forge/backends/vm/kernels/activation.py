"""The activations of `transformer`, in the place of what they are applied to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch
import torch.nn.functional as F

from forge.dialects.transformer import Activation


def _quick_gelu(x: torch.Tensor) -> torch.Tensor:
    return x.mul_(torch.sigmoid(1.702 * x))


def _relu_squared(x: torch.Tensor) -> torch.Tensor:
    return x.relu_().square_()


_IN_PLACE: Mapping[Activation, Callable[[torch.Tensor], torch.Tensor]] = {
    Activation.NONE: lambda x: x,
    Activation.RELU: torch.relu_,
    Activation.GELU_ERF: torch.ops.aten.gelu_.default,
    Activation.GELU_TANH: partial(torch.ops.aten.gelu_.default, approximate="tanh"),
    Activation.SILU: partial(F.silu, inplace=True),
    Activation.TANH: torch.tanh_,
    Activation.SIGMOID: torch.sigmoid_,
    Activation.QUICK_GELU: _quick_gelu,
    Activation.RELU_SQUARED: _relu_squared,
}


def in_place(activation: str) -> Callable[[torch.Tensor], torch.Tensor]:
    """The function of an activation; it overwrites its argument and returns it."""
    return _IN_PLACE[Activation(activation)]
