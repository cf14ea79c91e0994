"""The activations that a linear layer can end with."""

from __future__ import annotations

from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import SpacedOpaqueSyntaxAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.utils.str_enum import StrEnum


class Activation(StrEnum):
    """An element-wise function, as PyTorch defines it.

    | member         | equation                                   | PyTorch                  |
    |----------------|--------------------------------------------|--------------------------|
    | `none`         | x                                          |                          |
    | `relu`         | max(x, 0)                                  | `relu`                   |
    | `gelu_erf`     | x/2 · (1 + erf(x/√2))                      | `gelu`                   |
    | `gelu_tanh`    | x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) | `gelu`, `approximate="tanh"` |
    | `silu`         | x · σ(x)                                   | `silu`                   |
    | `tanh`         | tanh(x)                                    | `tanh`                   |
    | `sigmoid`      | σ(x) = 1 / (1 + exp(−x))                   | `sigmoid`                |
    | `quick_gelu`   | x · σ(1.702·x)                             | written out, in CLIP     |
    | `relu_squared` | max(x, 0)²                                 | written out, in Nemotron |
    """

    NONE = "none"
    RELU = "relu"
    GELU_ERF = "gelu_erf"
    GELU_TANH = "gelu_tanh"
    SILU = "silu"
    TANH = "tanh"
    SIGMOID = "sigmoid"
    QUICK_GELU = "quick_gelu"
    RELU_SQUARED = "relu_squared"


@irdl_attr_definition
class ActivationAttr(EnumAttribute[Activation], SpacedOpaqueSyntaxAttribute):
    """An `Activation` as a property of an operation."""

    name = "transformer.activation"
