"""Choosing elements: limits, conditions, masks."""

from __future__ import annotations

from forge.dialects.aten.shapes.dimensions import broadcast
from forge.dialects.aten.shapes.promotion import (
    Operand,
    broadcast_operands,
    elementwise,
    kind,
    require_kind,
    result_type,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("aten.clamp", "aten.clamp.Tensor", "aten.clip", "aten.clip.Tensor")
def clamp(input: Shaped, min: Operand | None = None, max: Operand | None = None) -> Shaped:
    if min is None and max is None:
        raise ShapeError("at least one of min and max must be given")
    return elementwise(input, min, max, kinds="bif")


@shape_function("aten.clamp_min", "aten.clamp_min.Tensor")
def clamp_min(input: Shaped, min: Operand) -> Shaped:
    return clamp(input, min)


@shape_function("aten.clamp_max", "aten.clamp_max.Tensor")
def clamp_max(input: Shaped, max: Operand) -> Shaped:
    return clamp(input, None, max)


@shape_function("aten.where.self", "aten.where.ScalarOther", "aten.where.ScalarSelf")
@shape_function("aten.where.Scalar")
def where(condition: Shaped, input: Operand, other: Operand) -> Shaped:
    require_kind(condition.dtype, "b", "condition")
    return Shaped(broadcast_operands(condition, input, other), result_type(input, other))


@shape_function("aten.masked_fill.Scalar", "aten.masked_fill.Tensor")
def masked_fill(input: Shaped, mask: Shaped, value: Operand) -> Shaped:
    require_kind(mask.dtype, "b", "mask")
    if isinstance(value, Shaped):
        _require_fill(input, value)
    return Shaped(broadcast(input.shape, mask.shape), input.dtype)


def _require_fill(input: Shaped, value: Shaped) -> None:
    if value.rank != 0:
        raise ShapeError(f"value must be a tensor of rank 0, got {value}")
    if kind(value.dtype) == "c" and kind(input.dtype) != "c":
        raise ShapeError(f"a complex value does not fill a tensor of element type {input.dtype}")


@shape_function("aten.fill.Tensor")
def fill(input: Shaped, value: Shaped) -> Shaped:
    if value.rank != 0:
        raise ShapeError(f"value must be a tensor of rank 0, got {value}")
    return Shaped(input.shape, input.dtype)
