"""Predicates, comparisons, logic and operations on bits, element by element."""

from __future__ import annotations

from xdsl.dialects.builtin import i1

from forge.dialects.aten.shapes.dimensions import broadcast
from forge.dialects.aten.shapes.promotion import (
    Operand,
    broadcast_operands,
    elementwise,
    kind,
    require_kind,
    require_same_dtype,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("aten.isfinite", "aten.isinf", "aten.isnan", "aten.logical_not")
def predicate(input: Shaped) -> Shaped:
    return Shaped(input.shape, i1)


@shape_function("aten.isneginf", "aten.isposinf", "aten.signbit")
def real_predicate(input: Shaped) -> Shaped:
    require_kind(input.dtype, "bif", "input")
    return Shaped(input.shape, i1)


@shape_function("aten.bitwise_not")
def bitwise_not(input: Shaped) -> Shaped:
    require_kind(input.dtype, "bi", "input")
    return Shaped(input.shape, input.dtype)


@shape_function(
    "aten.__and__.Scalar",
    "aten.__and__.Tensor",
    "aten.__or__.Scalar",
    "aten.__or__.Tensor",
    "aten.__xor__.Scalar",
    "aten.__xor__.Tensor",
    "aten.bitwise_and.Scalar",
    "aten.bitwise_and.Tensor",
    "aten.bitwise_or.Scalar",
    "aten.bitwise_or.Tensor",
    "aten.bitwise_xor.Scalar",
    "aten.bitwise_xor.Tensor",
)
def bitwise(input: Shaped, other: Operand) -> Shaped:
    return elementwise(input, other, kinds="bi")


@shape_function(
    "aten.bitwise_left_shift.Tensor",
    "aten.bitwise_left_shift.Tensor_Scalar",
    "aten.bitwise_right_shift.Tensor",
    "aten.bitwise_right_shift.Tensor_Scalar",
)
def shift(input: Shaped, other: Operand) -> Shaped:
    return elementwise(input, other, kinds="i")


@shape_function(
    "aten.__lshift__.Scalar",
    "aten.__lshift__.Tensor",
    "aten.__rshift__.Scalar",
    "aten.__rshift__.Tensor",
)
def shift_operator(input: Shaped, other: Operand) -> Shaped:
    require_kind(input.dtype, "i", "input")
    if isinstance(other, float) or (isinstance(other, Shaped) and kind(other.dtype) != "i"):
        raise ShapeError(f"other must be an integer, got {other}")
    return elementwise(input, other)


@shape_function("aten.logical_and", "aten.logical_or", "aten.logical_xor")
@shape_function("aten.eq.Scalar", "aten.eq.Tensor", "aten.ne.Scalar", "aten.ne.Tensor")
def equality(input: Shaped, other: Operand) -> Shaped:
    # The operands need a shape in common, but no type: each is compared with zero or the other.
    return Shaped(broadcast_operands(input, other), i1)


@shape_function(
    "aten.ge.Scalar",
    "aten.ge.Tensor",
    "aten.gt.Scalar",
    "aten.gt.Tensor",
    "aten.le.Scalar",
    "aten.le.Tensor",
    "aten.lt.Scalar",
    "aten.lt.Tensor",
)
def ordering(input: Shaped, other: Operand) -> Shaped:
    return Shaped(elementwise(input, other, kinds="bif").shape, i1)


@shape_function("aten.isclose")
def isclose(input: Shaped, other: Shaped, **_: object) -> Shaped:
    require_same_dtype(input, other)
    return Shaped(broadcast(input.shape, other.shape), i1)
