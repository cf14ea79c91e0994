"""Shapes of the norms."""

from __future__ import annotations

from collections.abc import Sequence

from forge.dialects.transformer.shapes.checks import check_same_float, check_shape
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("transformer.layer_norm")
def layer_norm(
    input: Shaped,
    normalized_shape: Sequence[int],
    eps: float,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
) -> Shaped:
    """The shape of the input."""
    check_same_float(input=input, weight=weight, bias=bias)
    _check_normalized(input, normalized_shape, eps)
    check_shape("weight", weight, tuple(normalized_shape))
    check_shape("bias", bias, tuple(normalized_shape))
    return Shaped(input.shape, input.dtype)


@shape_function("transformer.rms_norm")
def rms_norm(
    input: Shaped,
    normalized_shape: Sequence[int],
    eps: float,
    weight: Shaped | None = None,
    weight_offset: float = 0.0,
) -> Shaped:
    """The shape of the input."""
    check_same_float(input=input, weight=weight)
    _check_normalized(input, normalized_shape, eps)
    check_shape("weight", weight, tuple(normalized_shape))
    if weight is None and weight_offset:
        raise ShapeError("weight_offset needs a weight")
    return Shaped(input.shape, input.dtype)


def _check_normalized(input: Shaped, normalized_shape: Sequence[int], eps: float) -> None:
    if not normalized_shape or input.shape[-len(normalized_shape) :] != tuple(normalized_shape):
        raise ShapeError(
            f"normalized_shape {list(normalized_shape)} must be the last dimensions of the input, "
            f"{input}"
        )
    if eps < 0:
        raise ShapeError(f"eps must not be negative, got {eps}")
