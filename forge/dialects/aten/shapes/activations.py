"""Activation functions."""

from __future__ import annotations

from forge.dialects.aten.shapes.dimensions import wrap_dim
from forge.dialects.aten.shapes.promotion import require_kind, to_float
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, ui8


@shape_function(
    "aten.celu",
    "aten.elu",
    "aten.hardshrink",
    "aten.hardsigmoid",
    "aten.hardswish",
    "aten.leaky_relu",
    "aten.log_sigmoid",
    "aten.mish",
    "aten.selu",
    "aten.softplus",
    "aten.softshrink",
)
def activation(input: Shaped, **_: object) -> Shaped:
    require_kind(input.dtype, "f", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.gelu")
def gelu(input: Shaped, approximate: str = "none") -> Shaped:
    if approximate not in ("none", "tanh"):
        raise ShapeError(f'approximate must be "none" or "tanh", got "{approximate}"')
    return activation(input)


@shape_function("aten.silu")
def silu(input: Shaped) -> Shaped:
    require_kind(input.dtype, "fc", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.relu", "aten.relu6", "aten.threshold")
def relu(input: Shaped, **_: object) -> Shaped:
    require_kind(input.dtype, "if", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.hardtanh")
def hardtanh(input: Shaped, min_val: float = -1, max_val: float = 1) -> Shaped:
    require_kind(input.dtype, "if", "input")
    if input.dtype == ui8 and min_val < 0:
        raise ShapeError(f"min_val = {min_val} does not fit element type {input.dtype}")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.logit")
def logit(input: Shaped, eps: float | None = None) -> Shaped:
    require_kind(input.dtype, "bif", "input")
    return Shaped(input.shape, to_float(input.dtype))


@shape_function("aten.prelu")
def prelu(input: Shaped, weight: Shaped) -> Shaped:
    require_kind(input.dtype, "f", "input")
    if weight.dtype != input.dtype:
        raise ShapeError(f"weight must have input's element type {input.dtype}, got {weight}")
    if weight.rank > 1:
        raise ShapeError(f"weight must have rank 0 or 1, got {weight}")
    channels = input.shape[1] if input.rank > 1 else 1
    if weight.numel not in (1, channels):
        raise ShapeError(f"weight must have 1 or {channels} elements, got {weight}")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.glu")
def glu(input: Shaped, dim: int = -1) -> Shaped:
    require_kind(input.dtype, "f", "input")
    if input.rank == 0:
        raise ShapeError("glu needs a tensor with dimensions")
    axis = wrap_dim(dim, input.rank)
    extent = input.shape[axis]
    if extent % 2:
        raise ShapeError(f"dimension {dim} is halved, so its extent must be even, got {extent}")
    shape = (*input.shape[:axis], extent // 2, *input.shape[axis + 1 :])
    return Shaped(shape, input.dtype)
