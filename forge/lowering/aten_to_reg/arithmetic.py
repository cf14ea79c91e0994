"""Elementwise arithmetic of several tensors.

Operands meet in the type of the result, as PyTorch promotes them: OpenVINO's instructions want
equal element types. Python numbers become constants of that type.
"""

from __future__ import annotations

import math
from typing import Any

from xdsl.dialects.builtin import f32
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool, is_float
from forge.lowering.aten_to_reg.activations import clamp_between
from forge.lowering.aten_to_reg.pointwise import truncate
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import Number, RegBuilder, dtype_of

PATTERNS = ConversionPatterns()


def second(op: Any, b: RegBuilder) -> SSAValue:
    """The operand `other`, a tensor or a number, in the element type of the result."""
    if "other" in op.properties:
        return b.scalar(op.get("other"), b.result().dtype)
    return b.input(op.other)


@PATTERNS.convert(aten.AddTensorOp, aten.AddScalarOp)
def add(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), _times(second(op, b), op.get("alpha"), b)
    return b.either(x, y) if is_bool(b.result().dtype) else b.add(x, y)


@PATTERNS.convert(aten.SubTensorOp, aten.SubScalarOp)
def sub(op: Any, b: RegBuilder) -> SSAValue:
    return b.subtract(b.input(op.input), _times(second(op, b), op.get("alpha"), b))


@PATTERNS.convert(aten.RsubTensorOp, aten.RsubScalarOp)
def rsub(op: Any, b: RegBuilder) -> SSAValue:
    return b.subtract(second(op, b), _times(b.input(op.input), op.get("alpha"), b))


def _times(x: SSAValue, factor: Number, b: RegBuilder) -> SSAValue:
    if factor == 1:
        return x
    if is_bool(dtype_of(x)):
        b.reject("a boolean has no alpha")
    return b.multiply(x, factor)


@PATTERNS.convert(aten.MulTensorOp, aten.MulScalarOp)
def mul(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), second(op, b)
    return b.both(x, y) if is_bool(b.result().dtype) else b.multiply(x, y)


@PATTERNS.convert(
    aten.DivTensorOp, aten.DivScalarOp, aten.TrueDivideTensorOp, aten.TrueDivideScalarOp
)
def div(op: Any, b: RegBuilder) -> SSAValue:
    return b.divide(b.input(op.input), second(op, b))


@PATTERNS.convert(aten.DivTensorModeOp, aten.DivScalarModeOp)
def div_mode(op: Any, b: RegBuilder) -> SSAValue:
    x, y, mode = b.input(op.input), second(op, b), op.get("rounding_mode")
    if mode is None:
        return b.divide(x, y)
    return floor_division(x, y, b) if mode == "floor" else _truncating_division(x, y, b)


@PATTERNS.convert(aten.FloorDivideOp, aten.FloorDivideScalarOp)
def floor_divide(op: Any, b: RegBuilder) -> SSAValue:
    return floor_division(b.input(op.input), second(op, b), b)


def floor_division(x: SSAValue, y: SSAValue, b: RegBuilder) -> SSAValue:
    """⌊x / y⌋."""
    if is_float(dtype_of(x)):
        return b.emit(reg.FloorOp(b.divide(x, y)))
    # Plugins disagree on how they round a quotient of integers; without a rest there is nothing to
    # round.
    return b.divide(b.subtract(x, b.emit(reg.FloorModOp(x, y))), y)


def _truncating_division(x: SSAValue, y: SSAValue, b: RegBuilder) -> SSAValue:
    if is_float(dtype_of(x)):
        return truncate(b.divide(x, y), b)
    return b.divide(b.subtract(x, b.emit(reg.ModOp(x, y))), y)


@PATTERNS.convert(aten.RemainderTensorOp, aten.RemainderScalarOp)
def remainder(op: Any, b: RegBuilder) -> SSAValue:
    # The sign of the divisor, as in Python.
    return b.emit(reg.FloorModOp(b.input(op.input), second(op, b)))


@PATTERNS.convert(aten.RemainderScalarTensorOp)
def remainder_scalar(op: aten.RemainderScalarTensorOp, b: RegBuilder) -> SSAValue:
    dtype = b.result().dtype
    dividend = b.broadcast(b.scalar(op.get("input"), dtype), b.result().shape)
    return b.emit(reg.FloorModOp(dividend, b.input(op.other)))


@PATTERNS.convert(aten.FmodTensorOp, aten.FmodScalarOp)
def fmod(op: Any, b: RegBuilder) -> SSAValue:
    # The sign of the dividend, as in C.
    return b.emit(reg.ModOp(b.input(op.input), second(op, b)))


# -- powers ----------------------------------------------------------------------------------------


@PATTERNS.convert(aten.PowTensorScalarOp)
def pow_scalar(op: aten.PowTensorScalarOp, b: RegBuilder) -> SSAValue:
    x, exponent = b.input(op.input), op.get("exponent")
    if not is_float(dtype_of(x)):
        return _integer_power(x, b.scalar(exponent, dtype_of(x)), b)
    if exponent == 1:
        return x
    if exponent == 0.5:
        return b.emit(reg.SqrtOp(x))
    return b.power(x, float(exponent))


@PATTERNS.convert(aten.PowTensorTensorOp)
def pow_tensor(op: aten.PowTensorTensorOp, b: RegBuilder) -> SSAValue:
    x, exponent = b.input(op.input), b.input(op.exponent)
    return b.power(x, exponent) if is_float(dtype_of(x)) else _integer_power(x, exponent, b)


@PATTERNS.convert(aten.PowScalarOp)
def pow_number(op: aten.PowScalarOp, b: RegBuilder) -> SSAValue:
    exponent = b.input(op.exponent)
    base = b.scalar(op.get("input"), dtype_of(exponent))
    if is_float(dtype_of(exponent)):
        return b.power(base, exponent)
    return _integer_power(base, exponent, b)


def _integer_power(x: SSAValue, exponent: SSAValue, b: RegBuilder) -> SSAValue:
    # Plugins compute it in floating point and cut off what is just below an integer.
    power = b.power(b.convert(x, f32), b.convert(exponent, f32))
    return b.convert(b.emit(reg.RoundOp(power)), dtype_of(x))


@PATTERNS.convert(aten.HypotOp)
def hypot(op: aten.HypotOp, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), b.input(op.other)
    return b.emit(reg.SqrtOp(b.add(b.multiply(x, x), b.multiply(y, y))))


# -- combinations ----------------------------------------------------------------------------------


@PATTERNS.convert(aten.AddcmulOp)
def addcmul(op: aten.AddcmulOp, b: RegBuilder) -> SSAValue:
    product = b.multiply(b.input(op.tensor1), b.input(op.tensor2))
    return b.add(b.input(op.input), b.scaled(product, op.get("value")))


@PATTERNS.convert(aten.AddcdivOp)
def addcdiv(op: aten.AddcdivOp, b: RegBuilder) -> SSAValue:
    quotient = b.divide(b.input(op.tensor1), b.input(op.tensor2))
    return b.add(b.input(op.input), b.scaled(quotient, op.get("value")))


@PATTERNS.convert(aten.LerpScalarOp, aten.LerpTensorOp)
def lerp(op: Any, b: RegBuilder) -> SSAValue:
    # x + w·(y − x)
    x, y = b.input(op.input), b.input(op.end)
    weight = op.get("weight") if "weight" in op.properties else b.input(op.weight)
    return b.add(x, b.multiply(b.subtract(y, x), weight))


@PATTERNS.convert(aten.LogaddexpOp, aten.Logaddexp2Op)
def logaddexp(op: Any, b: RegBuilder) -> SSAValue:
    # log(eˣ + eʸ) = max(x, y) + softplus(−|x − y|), and the same to base 2.
    x, y = b.input(op.input), b.input(op.other)
    unit = math.log(2) if isinstance(op, aten.Logaddexp2Op) else 1.0
    distance = b.emit(reg.AbsOp(b.subtract(x, y)))
    soft = b.emit(reg.SoftPlusOp(b.multiply(distance, -unit)))
    return b.add(b.maximum(x, y), b.scaled(soft, 1 / unit))


@PATTERNS.convert(aten.XlogyTensorOp)
def xlogy(op: aten.XlogyTensorOp, b: RegBuilder) -> SSAValue:
    # x·log y, and 0 where x is 0.
    x, y = b.input(op.input), b.input(op.other)
    return b.select(b.equal(x, 0.0), 0.0, b.multiply(x, b.emit(reg.LogOp(y))))


@PATTERNS.convert(aten.Atan2Op)
def atan2(op: aten.Atan2Op, b: RegBuilder) -> SSAValue:
    # atan(y / x), turned by π into the quadrant of (x, y); ±π/2 where x is 0.
    y, x = b.input(op.input), b.input(op.other)
    slope = b.emit(reg.AtanOp(b.divide(y, x)))
    turn = b.select(b.less(y, 0.0), b.scalar(-math.pi, dtype_of(x)), math.pi)
    turned = b.select(b.less(x, 0.0), b.add(slope, turn), slope)
    vertical = b.multiply(b.emit(reg.SignOp(y)), math.pi / 2)
    return b.select(b.equal(x, 0.0), vertical, turned)


# -- the larger and the smaller --------------------------------------------------------------------


@PATTERNS.convert(aten.MaximumOp, aten.MaxOtherOp, aten.FmaxOp)
def maximum(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), b.input(op.other)
    if is_bool(dtype_of(x)):
        return b.either(x, y)
    larger = b.maximum(x, y)
    return _unless_nan(x, y, larger, b) if isinstance(op, aten.FmaxOp) else larger


@PATTERNS.convert(aten.MinimumOp, aten.MinOtherOp, aten.FminOp)
def minimum(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), b.input(op.other)
    if is_bool(dtype_of(x)):
        return b.both(x, y)
    smaller = b.minimum(x, y)
    return _unless_nan(x, y, smaller, b) if isinstance(op, aten.FminOp) else smaller


def _unless_nan(x: SSAValue, y: SSAValue, chosen: SSAValue, b: RegBuilder) -> SSAValue:
    """`chosen`, or the one of x and y that is a number."""
    if not is_float(dtype_of(x)):
        return chosen
    chosen = b.select(b.emit(reg.IsNaNOp(x)), y, chosen)
    return b.select(b.emit(reg.IsNaNOp(y)), x, chosen)


@PATTERNS.convert(aten.ClampOp, aten.ClipOp)
def clamp(op: Any, b: RegBuilder) -> SSAValue:
    x, low, high = b.input(op.input), op.get("min"), op.get("max")
    if low is None:
        return x if high is None else b.minimum(x, high)
    return b.maximum(x, low) if high is None else clamp_between(x, low, high, b)


@PATTERNS.convert(aten.ClampMinOp)
def clamp_min(op: aten.ClampMinOp, b: RegBuilder) -> SSAValue:
    return b.maximum(b.input(op.input), op.get("min"))


@PATTERNS.convert(aten.ClampMaxOp)
def clamp_max(op: aten.ClampMaxOp, b: RegBuilder) -> SSAValue:
    return b.minimum(b.input(op.input), op.get("max"))


@PATTERNS.convert(
    aten.ClampTensorOp, aten.ClipTensorOp, aten.ClampMinTensorOp, aten.ClampMaxTensorOp
)
def clamp_tensor(op: Any, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    groups = op.operand_groups()
    if (low := groups.get("min")) is not None:
        x = b.maximum(x, b.input(low))
    if (high := groups.get("max")) is not None:
        x = b.minimum(x, b.input(high))
    return x
