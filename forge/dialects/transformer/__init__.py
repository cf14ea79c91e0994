"""The `transformer` dialect: what hardware wants to see whole.

An operation here is one block of a transformer, with its equation in its docstring. Its operands
are tensors of one floating-point type, weights included; masks and token ids have their own.
"""

from __future__ import annotations

from xdsl.ir import Dialect

from forge.dialects.transformer import shapes
from forge.dialects.transformer.activation import Activation, ActivationAttr
from forge.dialects.transformer.attention import AttentionOp, RotaryEmbeddingOp
from forge.dialects.transformer.convolution import GatedConvolutionOp
from forge.dialects.transformer.embedding import EmbeddingOp
from forge.dialects.transformer.linear import GatedMlpOp, LinearOp, MlpOp
from forge.dialects.transformer.normalization import LayerNormOp, RmsNormOp

__all__ = [
    "Activation",
    "ActivationAttr",
    "AttentionOp",
    "EmbeddingOp",
    "GatedConvolutionOp",
    "GatedMlpOp",
    "LayerNormOp",
    "LinearOp",
    "MlpOp",
    "RmsNormOp",
    "RotaryEmbeddingOp",
    "Transformer",
    "shapes",
]

Transformer = Dialect(
    "transformer",
    [
        AttentionOp,
        EmbeddingOp,
        GatedConvolutionOp,
        GatedMlpOp,
        LayerNormOp,
        LinearOp,
        MlpOp,
        RmsNormOp,
        RotaryEmbeddingOp,
    ],
    [ActivationAttr],
)
