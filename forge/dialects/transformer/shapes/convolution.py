"""Shapes of gated convolutions."""

from __future__ import annotations

from forge.dialects.transformer.shapes.checks import check_same_float, check_shape
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("transformer.gated_convolution")
def gated_convolution(input: Shaped, weight: Shaped, bias: Shaped | None = None) -> Shaped:
    """`[batch, tokens, 3·size]` by `[size, 1, kernel]` is `[batch, tokens, size]`."""
    check_same_float(input=input, weight=weight, bias=bias)
    if input.rank != 3 or input.shape[-1] % 3:
        raise ShapeError(f"input must be [batch, tokens, 3 * size], got {input}")
    batch, tokens, width = input.shape
    size = width // 3
    if weight.rank != 3 or weight.shape[:2] != (size, 1) or not weight.shape[2]:
        raise ShapeError(f"weight must be [size, 1, kernel] with size {size}, got {weight}")
    check_shape("bias", bias, (size,))
    return Shaped((batch, tokens, size), input.dtype)
