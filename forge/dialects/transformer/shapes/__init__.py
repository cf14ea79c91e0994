"""The shape functions of the transformer dialect; importing this package registers them."""

from forge.dialects.transformer.shapes import (
    attention,
    convolution,
    embedding,
    linear,
    normalization,
)

__all__ = ["attention", "convolution", "embedding", "linear", "normalization"]
