"""Shapes of linear layers and perceptrons."""

from __future__ import annotations

from forge.dialects.transformer.shapes.checks import check_same_float, check_shape
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("transformer.linear")
def linear(
    input: Shaped,
    weight: Shaped,
    bias: Shaped | None = None,
    residual: Shaped | None = None,
    activation: str = "none",
    transpose_weight: bool = True,
) -> Shaped:
    """`[..., in]` by `[out, in]` is `[..., out]`."""
    check_same_float(input=input, weight=weight, bias=bias, residual=residual)
    result = _layer("", input, weight, bias, transpose_weight)
    check_shape("residual", residual, result.shape)
    return result


@shape_function("transformer.mlp")
def mlp(
    input: Shaped,
    up_weight: Shaped,
    down_weight: Shaped,
    activation: str,
    up_bias: Shaped | None = None,
    down_bias: Shaped | None = None,
    residual: Shaped | None = None,
    transpose_weight: bool = True,
) -> Shaped:
    """`[..., in]` by `[hidden, in]` by `[out, hidden]` is `[..., out]`."""
    check_same_float(
        input=input,
        up_weight=up_weight,
        down_weight=down_weight,
        up_bias=up_bias,
        down_bias=down_bias,
        residual=residual,
    )
    hidden = _layer("up_", input, up_weight, up_bias, transpose_weight)
    result = _layer("down_", hidden, down_weight, down_bias, transpose_weight)
    check_shape("residual", residual, result.shape)
    return result


@shape_function("transformer.gated_mlp")
def gated_mlp(
    input: Shaped,
    gate_weight: Shaped,
    up_weight: Shaped,
    down_weight: Shaped,
    gate_bias: Shaped | None = None,
    up_bias: Shaped | None = None,
    down_bias: Shaped | None = None,
    residual: Shaped | None = None,
    activation: str = "silu",
    transpose_weight: bool = True,
) -> Shaped:
    """As `mlp`; the gate and the hidden layer have one shape."""
    check_same_float(
        input=input,
        gate_weight=gate_weight,
        up_weight=up_weight,
        down_weight=down_weight,
        gate_bias=gate_bias,
        up_bias=up_bias,
        down_bias=down_bias,
        residual=residual,
    )
    check_shape("up_weight", up_weight, gate_weight.shape)
    _layer("gate_", input, gate_weight, gate_bias, transpose_weight)
    hidden = _layer("up_", input, up_weight, up_bias, transpose_weight)
    result = _layer("down_", hidden, down_weight, down_bias, transpose_weight)
    check_shape("residual", residual, result.shape)
    return result


def _layer(
    prefix: str, input: Shaped, weight: Shaped, bias: Shaped | None, transpose_weight: bool
) -> Shaped:
    if input.rank < 1:
        raise ShapeError("input must have at least one dimension")
    if weight.rank != 2:
        raise ShapeError(f"{prefix}weight must have two dimensions, got {weight}")
    outputs, inputs = weight.shape if transpose_weight else reversed(weight.shape)
    if input.shape[-1] != inputs:
        layout = "[out, in]" if transpose_weight else "[in, out]"
        raise ShapeError(
            f"{prefix}weight of shape {list(weight.shape)} ({layout}) takes {inputs} inputs, "
            f"but gets {input.shape[-1]}"
        )
    check_shape(f"{prefix}bias", bias, (outputs,))
    return Shaped((*input.shape[:-1], outputs), input.dtype)
