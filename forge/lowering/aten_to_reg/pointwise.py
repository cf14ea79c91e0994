"""Elementwise operators of one tensor."""

from __future__ import annotations

import math
from typing import Any

from xdsl.dialects.builtin import i1
from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool, is_float, shaped
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of

PATTERNS = ConversionPatterns()

# One instruction over floating-point numbers; integers are converted first.
_FLOAT_UNARY: dict[type[aten.AtenOp], type[reg.RegOp]] = {
    aten.AcosOp: reg.AcosOp,
    aten.AcoshOp: reg.AcoshOp,
    aten.AsinOp: reg.AsinOp,
    aten.AsinhOp: reg.AsinhOp,
    aten.AtanOp: reg.AtanOp,
    aten.AtanhOp: reg.AtanhOp,
    aten.CosOp: reg.CosOp,
    aten.CoshOp: reg.CoshOp,
    aten.ErfOp: reg.ErfOp,
    aten.ErfinvOp: reg.ErfInvOp,
    aten.ExpOp: reg.ExpOp,
    aten.LogOp: reg.LogOp,
    aten.SigmoidOp: reg.SigmoidOp,
    aten.SinOp: reg.SinOp,
    aten.SinhOp: reg.SinhOp,
    aten.SqrtOp: reg.SqrtOp,
    aten.TanOp: reg.TanOp,
    aten.TanhOp: reg.TanhOp,
}

# One instruction over numbers of any kind.
_ANY_UNARY: dict[type[aten.AtenOp], type[reg.RegOp]] = {
    aten.AbsOp: reg.AbsOp,
    aten.NegOp: reg.NegativeOp,
}

# One instruction over floating-point numbers; integers stay what they are.
_ROUNDING: dict[type[aten.AtenOp], type[reg.RegOp]] = {
    aten.CeilOp: reg.CeilingOp,
    aten.FloorOp: reg.FloorOp,
    aten.RoundOp: reg.RoundOp,
}


@PATTERNS.convert(*_FLOAT_UNARY)
def float_unary(op: Any, b: RegBuilder) -> SSAValue:
    return b.emit(_construct(_FLOAT_UNARY[type(op)], b.input(op.input)))


@PATTERNS.convert(*_ANY_UNARY)
def any_unary(op: Any, b: RegBuilder) -> SSAValue:
    return b.emit(_construct(_ANY_UNARY[type(op)], b.input(op.input)))


@PATTERNS.convert(*_ROUNDING)
def rounding(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.emit(_construct(_ROUNDING[type(op)], x)) if is_float(dtype_of(x)) else x


def _construct(op_class: type[Any], *operands: SSAValue) -> reg.RegOp:
    return op_class(*operands)


@PATTERNS.convert(aten.SignOp, aten.SgnOp)
def sign(op: aten.SignOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return x if is_bool(dtype_of(x)) else b.emit(reg.SignOp(x))


@PATTERNS.convert(
    aten.ConjPhysicalOp, aten.PositiveOp, aten.RealOp, aten.ResolveConjOp, aten.ResolveNegOp
)
def identity(op: aten.PositiveOp, b: RegBuilder) -> SSAValue:
    return b[op.input]


def truncate(x: SSAValue, b: RegBuilder) -> SSAValue:
    """The integer part of floating-point numbers: sign(x)·⌊|x|⌋."""
    return b.multiply(b.emit(reg.SignOp(x)), b.emit(reg.FloorOp(b.emit(reg.AbsOp(x)))))


@PATTERNS.convert(aten.TruncOp)
def trunc(op: aten.TruncOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return truncate(x, b) if is_float(dtype_of(x)) else x


@PATTERNS.convert(aten.FracOp)
def frac(op: aten.FracOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.subtract(x, truncate(x, b))


@PATTERNS.convert(aten.RoundDecimalsOp)
def round_decimals(op: aten.RoundDecimalsOp, b: RegBuilder) -> SSAValue:
    x, decimals = b[op.input], op.get("decimals")
    if not is_float(dtype_of(x)):
        if decimals < 0:
            b.reject("integers are not rounded to tens")
        return x
    # As PyTorch: a power of ten that is exact divides or multiplies, never its reciprocal.
    ten = 10.0 ** abs(decimals)
    up = b.multiply(x, ten) if decimals >= 0 else b.divide(x, ten)
    rounded = b.emit(reg.RoundOp(up))
    return b.divide(rounded, ten) if decimals >= 0 else b.multiply(rounded, ten)


@PATTERNS.convert(aten.SquareOp)
def square(op: aten.SquareOp, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    return b.multiply(x, x)


@PATTERNS.convert(aten.ReciprocalOp)
def reciprocal(op: aten.ReciprocalOp, b: RegBuilder) -> SSAValue:
    return b.divide(1.0, b.input(op.input))


@PATTERNS.convert(aten.RsqrtOp)
def rsqrt(op: aten.RsqrtOp, b: RegBuilder) -> SSAValue:
    return b.divide(1.0, b.emit(reg.SqrtOp(b.input(op.input))))


@PATTERNS.convert(aten.Exp2Op)
def exp2(op: aten.Exp2Op, b: RegBuilder) -> SSAValue:
    return b.power(2.0, b.input(op.input))


@PATTERNS.convert(aten.Expm1Op)
def expm1(op: aten.Expm1Op, b: RegBuilder) -> SSAValue:
    # eˣ − 1 = (eˣ + 1)·tanh(x/2): no cancellation near 0.
    x = b.input(op.input)
    exponential = b.emit(reg.ExpOp(x))
    return b.multiply(b.add(exponential, 1.0), b.emit(reg.TanhOp(b.multiply(x, 0.5))))


@PATTERNS.convert(aten.Log1pOp)
def log1p(op: aten.Log1pOp, b: RegBuilder) -> SSAValue:
    # log(1 + x) = 2·artanh(x / (2 + x)): no cancellation near 0. Beyond 1 the plain form is exact.
    x = b.input(op.input)
    near = b.multiply(b.emit(reg.AtanhOp(b.divide(x, b.add(x, 2.0)))), 2.0)
    far = b.emit(reg.LogOp(b.add(x, 1.0)))
    return b.select(b.less(b.emit(reg.AbsOp(x)), 0.5), near, far)


@PATTERNS.convert(aten.Log2Op)
def log2(op: aten.Log2Op, b: RegBuilder) -> SSAValue:
    return b.multiply(b.emit(reg.LogOp(b.input(op.input))), 1 / math.log(2))


@PATTERNS.convert(aten.Log10Op)
def log10(op: aten.Log10Op, b: RegBuilder) -> SSAValue:
    return b.multiply(b.emit(reg.LogOp(b.input(op.input))), 1 / math.log(10))


@PATTERNS.convert(aten.ErfcOp)
def erfc(op: aten.ErfcOp, b: RegBuilder) -> SSAValue:
    return b.subtract(1.0, b.emit(reg.ErfOp(b.input(op.input))))


@PATTERNS.convert(aten.Deg2radOp)
def deg2rad(op: aten.Deg2radOp, b: RegBuilder) -> SSAValue:
    return b.multiply(b.input(op.input), math.pi / 180)


@PATTERNS.convert(aten.Rad2degOp)
def rad2deg(op: aten.Rad2degOp, b: RegBuilder) -> SSAValue:
    return b.multiply(b.input(op.input), 180 / math.pi)


@PATTERNS.convert(aten.SincOp)
def sinc(op: aten.SincOp, b: RegBuilder) -> SSAValue:
    # sin(πx) / (πx), and 1 at 0.
    x = b.multiply(b.input(op.input), math.pi)
    return b.select(b.equal(x, 0.0), 1.0, b.divide(b.emit(reg.SinOp(x)), x))


@PATTERNS.convert(aten.LogitOp)
def logit(op: aten.LogitOp, b: RegBuilder) -> SSAValue:
    # log(x / (1 − x)), x kept eps away from 0 and 1.
    x, eps = b.input(op.input), op.get("eps")
    if eps is not None:
        x = b.emit(reg.ClampOp(x, min=eps, max=1 - eps))
    return b.emit(reg.LogOp(b.divide(x, b.subtract(1.0, x))))


@PATTERNS.convert(aten.AngleOp)
def angle(op: aten.AngleOp, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    return b.select(b.less(x, 0.0), b.scalar(math.pi, dtype_of(x)), 0.0)


# -- questions -------------------------------------------------------------------------------------


@PATTERNS.convert(aten.LogicalNotOp)
def logical_not(op: aten.LogicalNotOp, b: RegBuilder) -> SSAValue:
    return b.negation(b.boolean(b[op.input]))


@PATTERNS.convert(aten.BitwiseNotOp)
def bitwise_not(op: aten.BitwiseNotOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.negation(x) if is_bool(dtype_of(x)) else b.emit(reg.BitwiseNotOp(x))


@PATTERNS.convert(aten.IsnanOp)
def isnan(op: aten.IsnanOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.emit(reg.IsNaNOp(x)) if is_float(dtype_of(x)) else _everywhere(False, b)


@PATTERNS.convert(aten.IsfiniteOp)
def isfinite(op: aten.IsfiniteOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.emit(reg.IsFiniteOp(x)) if is_float(dtype_of(x)) else _everywhere(True, b)


@PATTERNS.convert(aten.IsinfOp, aten.IsneginfOp, aten.IsposinfOp)
def isinf(op: aten.IsinfOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if not is_float(dtype_of(x)):
        return _everywhere(False, b)
    negative, positive = not isinstance(op, aten.IsposinfOp), not isinstance(op, aten.IsneginfOp)
    return b.emit(reg.IsInfOp(x, detect_negative=negative, detect_positive=positive))


@PATTERNS.convert(aten.SignbitOp)
def signbit(op: aten.SignbitOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if is_float(dtype_of(x)):
        b.reject("OpenVINO does not tell -0.0 from 0.0")
    if is_bool(dtype_of(x)):
        return _everywhere(False, b)
    return b.less(x, 0)


def _everywhere(value: bool, b: RegBuilder) -> SSAValue:
    return b.splat(value, b.result().shape, i1)


@PATTERNS.convert(aten.NanToNumOp)
def nan_to_num(op: aten.NanToNumOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    dtype = dtype_of(x)
    if not is_float(dtype):
        return x
    largest = _largest(dtype)
    nan, high, low = op.get("nan"), op.get("posinf"), op.get("neginf")
    infinite = b.emit(reg.IsInfOp(x, detect_negative=False))
    x = b.select(b.emit(reg.IsNaNOp(x)), 0.0 if nan is None else nan, x)
    x = b.select(infinite, largest if high is None else high, x)
    negative = b.emit(reg.IsInfOp(b[op.input], detect_positive=False))
    return b.select(negative, -largest if low is None else low, x)


_LARGEST = {
    "f16": 65504.0,
    "bf16": (2 - 2.0**-7) * 2.0**127,
    "f32": (2 - 2.0**-23) * 2.0**127,
    "f64": (2 - 2.0**-52) * 2.0**1023,
}


def _largest(dtype: Attribute) -> float:
    return _LARGEST[str(dtype)]


@PATTERNS.convert(aten.FillScalarOp)
def fill_scalar(op: aten.FillScalarOp, b: RegBuilder) -> SSAValue:
    return b.splat(op.get("value"), b.result().shape, b.result().dtype)


@PATTERNS.convert(aten.FillTensorOp)
def fill_tensor(op: aten.FillTensorOp, b: RegBuilder) -> SSAValue:
    return b.broadcast(b.input(op.value), shaped(op.input.type).shape)
