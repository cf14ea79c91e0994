"""Comparisons, logic, bits, and choosing by a condition."""

from __future__ import annotations

from typing import Any

from xdsl.dialects.builtin import i32
from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten, reg
from forge.dialects.aten.shapes.promotion import result_type
from forge.ir.tensors import is_bool, is_float, shaped
from forge.lowering.aten_to_reg.arithmetic import second
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of

PATTERNS = ConversionPatterns()

_COMPARISONS: dict[type[aten.AtenOp], type[reg.RegOp]] = {
    aten.EqScalarOp: reg.EqualOp,
    aten.EqTensorOp: reg.EqualOp,
    aten.NeScalarOp: reg.NotEqualOp,
    aten.NeTensorOp: reg.NotEqualOp,
    aten.GeScalarOp: reg.GreaterEqualOp,
    aten.GeTensorOp: reg.GreaterEqualOp,
    aten.GtScalarOp: reg.GreaterOp,
    aten.GtTensorOp: reg.GreaterOp,
    aten.LeScalarOp: reg.LessEqualOp,
    aten.LeTensorOp: reg.LessEqualOp,
    aten.LtScalarOp: reg.LessOp,
    aten.LtTensorOp: reg.LessOp,
}


@PATTERNS.convert(*_COMPARISONS)
def comparison(op: Any, b: RegBuilder) -> SSAValue:
    compare: type[Any] = _COMPARISONS[type(op)]
    dtype = common_type(op)
    if is_bool(dtype) and compare not in (reg.EqualOp, reg.NotEqualOp):
        # False < True; plugins order numbers only.
        dtype = i32
    x = b.input(op.input, dtype)
    y = b.scalar(op.get("other"), dtype) if _is_number(op) else b.input(op.other, dtype)
    return b.emit(compare(x, y))


def _is_number(op: Any) -> bool:
    return "other" in op.properties


def common_type(op: Any) -> Attribute:
    """The element type in which PyTorch compares the operands `input` and `other`."""
    other = op.get("other") if _is_number(op) else shaped(op.other.type)
    return result_type(shaped(op.input.type), other)


@PATTERNS.convert(aten.IscloseOp)
def isclose(op: aten.IscloseOp, b: RegBuilder) -> SSAValue:
    # |x − y| ≤ atol + rtol·|y|, or x = y (both infinite).
    dtype = common_type(op)
    x, y = b.input(op.input, dtype), b.input(op.other, dtype)
    if not is_float(dtype):
        b.reject("isclose is lowered for floating-point numbers only")
    bound = b.add(b.multiply(b.emit(reg.AbsOp(y)), op.get("rtol")), op.get("atol"))
    near = b.emit(reg.LessEqualOp(b.emit(reg.AbsOp(b.subtract(x, y))), bound))
    # An infinite y would make the bound infinite, and everything near it.
    near = b.both(near, b.emit(reg.IsFiniteOp(y)))
    close = b.either(near, b.equal(x, y))
    if not op.get("equal_nan"):
        return close
    return b.either(close, b.both(b.emit(reg.IsNaNOp(x)), b.emit(reg.IsNaNOp(y))))


@PATTERNS.convert(aten.HeavisideOp)
def heaviside(op: aten.HeavisideOp, b: RegBuilder) -> SSAValue:
    x, at_zero = b.input(op.input), b.input(op.values)
    zero = b.scalar(0, dtype_of(x))
    step = b.convert(b.less(zero, x), dtype_of(x))
    return b.select(b.equal(x, zero), at_zero, step)


# -- logic -----------------------------------------------------------------------------------------


@PATTERNS.convert(aten.LogicalAndOp)
def logical_and(op: aten.LogicalAndOp, b: RegBuilder) -> SSAValue:
    return b.both(b.boolean(b[op.input]), b.boolean(b[op.other]))


@PATTERNS.convert(aten.LogicalOrOp)
def logical_or(op: aten.LogicalOrOp, b: RegBuilder) -> SSAValue:
    return b.either(b.boolean(b[op.input]), b.boolean(b[op.other]))


@PATTERNS.convert(aten.LogicalXorOp)
def logical_xor(op: aten.LogicalXorOp, b: RegBuilder) -> SSAValue:
    return b.emit(reg.LogicalXorOp(b.boolean(b[op.input]), b.boolean(b[op.other])))


@PATTERNS.convert(
    aten.AndTensorOp, aten.AndScalarOp, aten.BitwiseAndTensorOp, aten.BitwiseAndScalarOp
)
def bitwise_and(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), second(op, b)
    return b.both(x, y) if is_bool(dtype_of(x)) else b.emit(reg.BitwiseAndOp(x, y))


@PATTERNS.convert(aten.OrTensorOp, aten.OrScalarOp, aten.BitwiseOrTensorOp, aten.BitwiseOrScalarOp)
def bitwise_or(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), second(op, b)
    return b.either(x, y) if is_bool(dtype_of(x)) else b.emit(reg.BitwiseOrOp(x, y))


@PATTERNS.convert(
    aten.XorTensorOp, aten.XorScalarOp, aten.BitwiseXorTensorOp, aten.BitwiseXorScalarOp
)
def bitwise_xor(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), second(op, b)
    exclusive: type[Any] = reg.LogicalXorOp if is_bool(dtype_of(x)) else reg.BitwiseXorOp
    return b.emit(exclusive(x, y))


@PATTERNS.convert(
    aten.LshiftTensorOp,
    aten.LshiftScalarOp,
    aten.BitwiseLeftShiftTensorOp,
    aten.BitwiseLeftShiftTensorScalarOp,
    aten.RshiftTensorOp,
    aten.RshiftScalarOp,
    aten.BitwiseRightShiftTensorOp,
    aten.BitwiseRightShiftTensorScalarOp,
)
def shift(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.input(op.input), second(op, b)
    if is_float(dtype_of(x)) or is_bool(dtype_of(x)):
        b.reject("only integers are shifted")
    left = "lshift" in op.name or "left_shift" in op.name
    shift_class: type[Any] = reg.BitwiseLeftShiftOp if left else reg.BitwiseRightShiftOp
    return b.emit(shift_class(x, y))


# -- choosing --------------------------------------------------------------------------------------


@PATTERNS.convert(
    aten.WhereSelfOp, aten.WhereScalarOp, aten.WhereScalarOtherOp, aten.WhereScalarSelfOp
)
def where(op: Any, b: RegBuilder) -> SSAValue:
    dtype = b.result().dtype
    x, y = (
        b.scalar(op.get(name), dtype) if name in op.properties else b.input(getattr(op, name))
        for name in ("input", "other")
    )
    return b.select(b.boolean(b[op.condition]), x, y)


@PATTERNS.convert(aten.MaskedFillScalarOp, aten.MaskedFillTensorOp)
def masked_fill(op: Any, b: RegBuilder) -> SSAValue:
    dtype = b.result().dtype
    scalar = "value" in op.properties
    value = b.scalar(op.get("value"), dtype) if scalar else b.input(op.value)
    return b.select(b[op.mask], value, b.input(op.input))
