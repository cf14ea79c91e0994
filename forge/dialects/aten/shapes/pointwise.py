"""Element-by-element operations: functions and arithmetic.

Operands broadcast and meet in a common type (`promotion`). The groups differ in the kinds of type
that they are defined for and in what they make of the common type.
"""

from __future__ import annotations

from xdsl.dialects.builtin import i64
from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import broadcast
from forge.dialects.aten.shapes.promotion import (
    Number,
    Operand,
    elementwise,
    kind,
    require_kind,
    require_same_dtype,
    result_type,
    to_float,
    to_real,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_bool

# -- one operand ---------------------------------------------------------------------------


@shape_function("aten.fill.Scalar", "aten.nan_to_num", "aten.sgn")
def unary(input: Shaped, **_: object) -> Shaped:
    return Shaped(input.shape, input.dtype)


@shape_function("aten.neg", "aten.positive")
def unary_number(input: Shaped) -> Shaped:
    require_kind(input.dtype, "ifc", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.ceil", "aten.floor", "aten.round", "aten.trunc")
def unary_rounding(input: Shaped) -> Shaped:
    require_kind(input.dtype, "if", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.frac", "aten.round.decimals")
def unary_real(input: Shaped, **_: object) -> Shaped:
    require_kind(input.dtype, "f", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.sign")
def sign(input: Shaped) -> Shaped:
    require_kind(input.dtype, "bif", "input")
    return Shaped(input.shape, input.dtype)


@shape_function("aten.abs")
def magnitude(input: Shaped) -> Shaped:
    require_kind(input.dtype, "ifc", "input")
    return Shaped(input.shape, to_real(input.dtype))


@shape_function("aten.square")
def square(input: Shaped) -> Shaped:
    return Shaped(input.shape, i64 if is_bool(input.dtype) else input.dtype)


@shape_function(
    "aten.acos",
    "aten.acosh",
    "aten.asin",
    "aten.asinh",
    "aten.atan",
    "aten.atanh",
    "aten.cos",
    "aten.cosh",
    "aten.exp",
    "aten.exp2",
    "aten.expm1",
    "aten.log",
    "aten.log10",
    "aten.log1p",
    "aten.log2",
    "aten.reciprocal",
    "aten.rsqrt",
    "aten.sigmoid",
    "aten.sin",
    "aten.sinc",
    "aten.sinh",
    "aten.sqrt",
    "aten.tan",
    "aten.tanh",
)
def unary_analytic(input: Shaped) -> Shaped:
    return Shaped(input.shape, to_float(input.dtype))


@shape_function(
    "aten.deg2rad",
    "aten.erf",
    "aten.erfc",
    "aten.erfinv",
    "aten.lgamma",
    "aten.rad2deg",
)
def unary_real_analytic(input: Shaped, **_: object) -> Shaped:
    require_kind(input.dtype, "bif", "input")
    return Shaped(input.shape, to_float(input.dtype))


# -- two operands: tensors, or a tensor and a number ----------------------------------------


def _require_alpha(alpha: Number, dtype: Attribute) -> None:
    # A factor must be representable in the type of the result.
    if isinstance(alpha, bool) and not is_bool(dtype):
        raise ShapeError(f"alpha = {alpha} is a bool, but the result has element type {dtype}")
    if isinstance(alpha, float) and kind(dtype) in "bi":
        raise ShapeError(f"alpha = {alpha} is a float, but the result has element type {dtype}")


@shape_function("aten.add.Tensor", "aten.add.Scalar")
def add(input: Shaped, other: Operand, alpha: Number = 1) -> Shaped:
    result = elementwise(input, other)
    _require_alpha(alpha, result.dtype)
    return result


@shape_function("aten.sub.Tensor", "aten.sub.Scalar", "aten.rsub.Tensor", "aten.rsub.Scalar")
def sub(input: Shaped, other: Operand, alpha: Number = 1) -> Shaped:
    for operand in (input, other):
        if is_bool(result_type(operand)):
            raise ShapeError("subtraction is not defined for bool: use logical_xor or logical_not")
    return add(input, other, alpha)


@shape_function("aten.mul.Tensor", "aten.mul.Scalar")
def mul(input: Shaped, other: Operand) -> Shaped:
    return elementwise(input, other)


@shape_function(
    "aten.div.Scalar", "aten.div.Tensor", "aten.true_divide.Scalar", "aten.true_divide.Tensor"
)
def div(input: Shaped, other: Operand) -> Shaped:
    quotient = elementwise(input, other)
    return Shaped(quotient.shape, to_float(quotient.dtype))


@shape_function("aten.div.Tensor_mode", "aten.div.Scalar_mode")
def div_mode(input: Shaped, other: Operand, rounding_mode: str | None = None) -> Shaped:
    if rounding_mode is None:
        return div(input, other)
    if rounding_mode not in ("floor", "trunc"):
        raise ShapeError(f'rounding_mode must be "floor" or "trunc", got "{rounding_mode}"')
    return elementwise(input, other, kinds="if")


@shape_function(
    "aten.floor_divide",
    "aten.floor_divide.Scalar",
    "aten.fmod.Scalar",
    "aten.fmod.Tensor",
    "aten.remainder.Scalar",
    "aten.remainder.Scalar_Tensor",
    "aten.remainder.Tensor",
)
def division_part(input: Operand, other: Operand) -> Shaped:
    return elementwise(input, other, kinds="if")


@shape_function("aten.pow.Scalar", "aten.pow.Tensor_Scalar", "aten.pow.Tensor_Tensor")
def power(input: Operand, exponent: Operand) -> Shaped:
    result = elementwise(input, exponent)
    return Shaped(result.shape, i64 if is_bool(result.dtype) else result.dtype)


@shape_function("aten.fmax", "aten.fmin", "aten.maximum", "aten.minimum")
@shape_function("aten.max.other", "aten.min.other")
def extremum(input: Shaped, other: Shaped) -> Shaped:
    return elementwise(input, other, kinds="bif")


@shape_function("aten.atan2", "aten.copysign.Tensor", "aten.copysign.Scalar", "aten.xlogy.Tensor")
def real_function(input: Shaped, other: Operand) -> Shaped:
    result = elementwise(input, other, kinds="bif")
    return Shaped(result.shape, to_float(result.dtype))


@shape_function("aten.hypot", "aten.logaddexp2")
def hypot(input: Shaped, other: Shaped) -> Shaped:
    return elementwise(input, other, kinds="f")


@shape_function("aten.logaddexp")
def logaddexp(input: Shaped, other: Shaped) -> Shaped:
    return elementwise(input, other, kinds="fc")


@shape_function("aten.heaviside")
def heaviside(input: Shaped, values: Shaped) -> Shaped:
    require_kind(require_same_dtype(input, values), "bif", "the operands")
    return Shaped(broadcast(input.shape, values.shape), input.dtype)


# -- three operands ------------------------------------------------------------------------


@shape_function("aten.addcmul")
def addcmul(input: Shaped, tensor1: Shaped, tensor2: Shaped, value: Number = 1) -> Shaped:
    return elementwise(input, tensor1, tensor2, kinds="ifc")


@shape_function("aten.addcdiv")
def addcdiv(input: Shaped, tensor1: Shaped, tensor2: Shaped, value: Number = 1) -> Shaped:
    if kind(tensor1.dtype) in "bi" and kind(tensor2.dtype) in "bi":
        raise ShapeError("addcdiv does not divide integers: use div, then add")
    return elementwise(input, tensor1, tensor2)


@shape_function("aten.lerp.Scalar")
def lerp_by_number(input: Shaped, end: Shaped, weight: Number) -> Shaped:
    require_kind(require_same_dtype(input, end), "fc", "the operands")
    return elementwise(input, end)


@shape_function("aten.lerp.Tensor")
def lerp(input: Shaped, end: Shaped, weight: Shaped) -> Shaped:
    # A scalar tensor may have any type: it is promoted with the others.
    require_same_dtype(input, end, weight if weight.rank > 0 else None)
    return elementwise(input, end, weight, kinds="fc")
