"""Element by element: arithmetic, comparison, logic, bits, selection, rounding."""

from __future__ import annotations

from xdsl.dialects.builtin import i1
from xdsl.ir import Attribute

from forge.dialects.reg.shapes.checks import (
    broadcast,
    check_boolean,
    check_float,
    check_integer,
    check_numeric,
    check_rank,
    check_same_dtype,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_bool


def _only(operands: dict[str, Shaped]) -> tuple[str, Shaped]:
    ((name, operand),) = operands.items()
    return name, operand


@shape_function(
    "reg.Abs",
    "reg.Acos",
    "reg.Acosh",
    "reg.Asin",
    "reg.Asinh",
    "reg.Atan",
    "reg.Atanh",
    "reg.Ceiling",
    "reg.Cos",
    "reg.Cosh",
    "reg.Erf",
    "reg.Exp",
    "reg.Floor",
    "reg.HSigmoid",
    "reg.HSwish",
    "reg.Log",
    "reg.Negative",
    "reg.Relu",
    "reg.Sigmoid",
    "reg.Sign",
    "reg.Sin",
    "reg.Sinh",
    "reg.Sqrt",
    "reg.Tan",
    "reg.Tanh",
)
def unary(**operands: Shaped) -> Shaped:
    name, operand = _only(operands)
    check_numeric(operand, name)
    return Shaped(operand.shape, operand.dtype)


@shape_function("reg.ErfInv", "reg.Mish", "reg.SoftPlus", "reg.SoftSign")
def float_unary(**operands: Shaped) -> Shaped:
    name, operand = _only(operands)
    check_float(operand, name)
    return Shaped(operand.shape, operand.dtype)


@shape_function("reg.IsFinite", "reg.IsNaN")
def float_test(data: Shaped) -> Shaped:
    check_float(data, "data")
    return Shaped(data.shape, i1)


@shape_function("reg.IsInf")
def is_inf(data: Shaped, detect_negative: bool, detect_positive: bool) -> Shaped:
    return float_test(data)


@shape_function("reg.BitwiseNot")
def bitwise_not(arg: Shaped) -> Shaped:
    if not is_bool(arg.dtype):
        check_integer(arg, "arg")
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.LogicalNot")
def logical_not(arg: Shaped) -> Shaped:
    check_boolean(arg, "arg")
    return Shaped(arg.shape, i1)


@shape_function("reg.Identity")
def identity(data: Shaped) -> Shaped:
    return Shaped(data.shape, data.dtype)


@shape_function("reg.Round")
def rounding(arg: Shaped, mode: str) -> Shaped:
    check_numeric(arg, "arg")
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.Clamp")
def clamp(data: Shaped, min: float, max: float) -> Shaped:
    check_numeric(data, "data")
    if min > max:
        raise ShapeError(f"min {min} is greater than max {max}")
    return Shaped(data.shape, data.dtype)


@shape_function("reg.Elu")
def elu(data: Shaped, alpha: float) -> Shaped:
    return float_unary(data=data)


@shape_function("reg.Gelu")
def gelu(data: Shaped, approximation_mode: str) -> Shaped:
    return float_unary(data=data)


@shape_function("reg.Swish")
def swish(arg: Shaped, beta: Shaped | None) -> Shaped:
    check_float(arg, "arg")
    check_same_dtype(arg=arg, beta=beta)
    if beta is not None:
        check_rank(beta, "beta", 0)
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.Selu")
def selu(data: Shaped, alpha: Shaped, lambda_: Shaped) -> Shaped:
    check_float(data, "data")
    check_same_dtype(data=data, alpha=alpha, lambda_=lambda_)
    if alpha.numel != 1 or lambda_.numel != 1:
        raise ShapeError(f"alpha and lambda are one number each, got {alpha} and {lambda_}")
    return Shaped(data.shape, data.dtype)


@shape_function("reg.HardSigmoid")
def hard_sigmoid(data: Shaped, alpha: Shaped, beta: Shaped) -> Shaped:
    check_float(data, "data")
    check_same_dtype(data=data, alpha=alpha, beta=beta)
    check_rank(alpha, "alpha", 0)
    check_rank(beta, "beta", 0)
    return Shaped(data.shape, data.dtype)


@shape_function("reg.PRelu")
def prelu(data: Shaped, slope: Shaped) -> Shaped:
    """A slope of rank 1 is one per channel (axis 1), any other one broadcasts to the data."""
    check_float(data, "data")
    check_same_dtype(data=data, slope=slope)
    per_channel = slope.rank == 1 and data.rank > 1 and slope.shape[0] in (1, data.shape[1])
    if not per_channel and broadcast(data.shape, slope.shape) != data.shape:
        raise ShapeError(f"slope {slope} does not broadcast to data {data}")
    return Shaped(data.shape, data.dtype)


@shape_function("reg.GRN")
def grn(data: Shaped, bias: float) -> Shaped:
    check_float(data, "data")
    check_rank(data, "data", 2, 3, 4)
    return Shaped(data.shape, data.dtype)


@shape_function("reg.Convert")
def convert(arg: Shaped, destination_type: Attribute) -> Shaped:
    return Shaped(arg.shape, destination_type)


@shape_function("reg.ConvertLike")
def convert_like(data: Shaped, like: Shaped) -> Shaped:
    return Shaped(data.shape, like.dtype)


def _binary(auto_broadcast: str, operands: dict[str, Shaped]) -> Shaped:
    dtype = check_same_dtype(**operands)
    first, second = operands.values()
    if auto_broadcast == "none" and first.shape != second.shape:
        raise ShapeError(f"{first} and {second} differ in shape, and auto_broadcast is none")
    return Shaped(broadcast(first.shape, second.shape), dtype)


@shape_function(
    "reg.Add",
    "reg.FloorMod",
    "reg.Maximum",
    "reg.Minimum",
    "reg.Mod",
    "reg.Multiply",
    "reg.Power",
    "reg.SquaredDifference",
    "reg.Subtract",
)
def arithmetic(auto_broadcast: str, **operands: Shaped) -> Shaped:
    result = _binary(auto_broadcast, operands)
    for name, operand in operands.items():
        check_numeric(operand, name)
    return result


@shape_function("reg.Divide")
def divide(arg0: Shaped, arg1: Shaped, auto_broadcast: str, m_pythondiv: bool) -> Shaped:
    return arithmetic(auto_broadcast, arg0=arg0, arg1=arg1)


@shape_function(
    "reg.Equal",
    "reg.Greater",
    "reg.GreaterEqual",
    "reg.Less",
    "reg.LessEqual",
    "reg.NotEqual",
)
def comparison(arg0: Shaped, arg1: Shaped, auto_broadcast: str) -> Shaped:
    return Shaped(_binary(auto_broadcast, {"arg0": arg0, "arg1": arg1}).shape, i1)


@shape_function("reg.LogicalAnd", "reg.LogicalOr", "reg.LogicalXor")
def logical(arg0: Shaped, arg1: Shaped, auto_broadcast: str) -> Shaped:
    check_boolean(arg0, "arg0")
    return _binary(auto_broadcast, {"arg0": arg0, "arg1": arg1})


@shape_function("reg.BitwiseAnd", "reg.BitwiseOr", "reg.BitwiseXor")
def bitwise(arg0: Shaped, arg1: Shaped, auto_broadcast: str) -> Shaped:
    if not is_bool(arg0.dtype):
        check_integer(arg0, "arg0")
    return _binary(auto_broadcast, {"arg0": arg0, "arg1": arg1})


@shape_function("reg.BitwiseLeftShift", "reg.BitwiseRightShift")
def shift(arg0: Shaped, arg1: Shaped, auto_broadcast: str) -> Shaped:
    check_integer(arg0, "arg0")
    return _binary(auto_broadcast, {"arg0": arg0, "arg1": arg1})


@shape_function("reg.Select")
def select(arg0: Shaped, arg1: Shaped, arg2: Shaped, auto_broadcast: str) -> Shaped:
    check_boolean(arg0, "arg0")
    dtype = check_same_dtype(arg1=arg1, arg2=arg2)
    if auto_broadcast == "none" and not arg0.shape == arg1.shape == arg2.shape:
        raise ShapeError("the operands differ in shape, and auto_broadcast is none")
    return Shaped(broadcast(arg0.shape, arg1.shape, arg2.shape), dtype)


@shape_function("reg.FakeQuantize")
def fake_quantize(
    data: Shaped,
    input_low: Shaped,
    input_high: Shaped,
    output_low: Shaped,
    output_high: Shaped,
    levels: int,
    auto_broadcast: str,
) -> Shaped:
    check_float(data, "data")
    bounds = {
        "input_low": input_low,
        "input_high": input_high,
        "output_low": output_low,
        "output_high": output_high,
    }
    check_same_dtype(data=data, **bounds)
    for name, bound in bounds.items():
        fits = bound.shape == data.shape
        if auto_broadcast == "numpy":
            fits = broadcast(data.shape, bound.shape) == data.shape
        if not fits:
            raise ShapeError(f"{name} {bound} does not broadcast to data {data}")
    return Shaped(data.shape, data.dtype)


@shape_function("reg.FakeConvert")
def fake_convert(
    data: Shaped, scale: Shaped, shift: Shaped | None, destination_type: str
) -> Shaped:
    dtype = check_same_dtype(data=data, scale=scale, shift=shift)
    if str(dtype) not in ("f16", "bf16", "f32"):
        raise ShapeError(f"data must hold f16, bf16 or f32, got {data}")
    if shift is not None and shift.shape != scale.shape:
        raise ShapeError(f"scale {scale} and shift {shift} differ in shape")
    if broadcast(data.shape, scale.shape) != data.shape:
        raise ShapeError(f"scale {scale} does not broadcast to data {data}")
    return Shaped(data.shape, dtype)
