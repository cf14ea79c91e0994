"""Instructions that work element by element, on operands that are broadcast."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_types import torch_dtype


def _sign(x: Tensor) -> Tensor:
    # Of NaN it is NaN.
    return torch.where(x.isnan(), x, x.sign()) if x.is_floating_point() else x.sign()


_UNARY: dict[type[reg.RegOp], Callable[[Tensor], Tensor]] = {
    reg.AbsOp: torch.abs,
    reg.AcosOp: torch.acos,
    reg.AcoshOp: torch.acosh,
    reg.AsinOp: torch.asin,
    reg.AsinhOp: torch.asinh,
    reg.AtanOp: torch.atan,
    reg.AtanhOp: torch.atanh,
    reg.BitwiseNotOp: torch.bitwise_not,
    reg.CeilingOp: torch.ceil,
    reg.CosOp: torch.cos,
    reg.CoshOp: torch.cosh,
    reg.ErfInvOp: torch.erfinv,
    reg.ErfOp: torch.erf,
    reg.ExpOp: torch.exp,
    reg.FloorOp: torch.floor,
    reg.HSigmoidOp: F.hardsigmoid,
    reg.HSwishOp: F.hardswish,
    reg.IsFiniteOp: torch.isfinite,
    reg.IsNaNOp: torch.isnan,
    reg.LogOp: torch.log,
    reg.LogicalNotOp: torch.logical_not,
    reg.MishOp: F.mish,
    reg.NegativeOp: torch.neg,
    reg.ReluOp: torch.relu,
    reg.SigmoidOp: torch.sigmoid,
    reg.SignOp: _sign,
    reg.SinOp: torch.sin,
    reg.SinhOp: torch.sinh,
    reg.SoftPlusOp: F.softplus,
    reg.SoftSignOp: F.softsign,
    reg.SqrtOp: torch.sqrt,
    reg.TanOp: torch.tan,
    reg.TanhOp: torch.tanh,
}

_BINARY: dict[type[reg.RegOp], Callable[[Tensor, Tensor], Tensor]] = {
    reg.AddOp: torch.add,
    reg.BitwiseAndOp: torch.bitwise_and,
    reg.BitwiseLeftShiftOp: torch.bitwise_left_shift,
    reg.BitwiseOrOp: torch.bitwise_or,
    reg.BitwiseRightShiftOp: torch.bitwise_right_shift,
    reg.BitwiseXorOp: torch.bitwise_xor,
    reg.EqualOp: torch.eq,
    reg.FloorModOp: torch.remainder,
    reg.GreaterEqualOp: torch.ge,
    reg.GreaterOp: torch.gt,
    reg.LessEqualOp: torch.le,
    reg.LessOp: torch.lt,
    reg.LogicalAndOp: torch.logical_and,
    reg.LogicalOrOp: torch.logical_or,
    reg.LogicalXorOp: torch.logical_xor,
    reg.MaximumOp: torch.maximum,
    reg.MinimumOp: torch.minimum,
    reg.ModOp: torch.fmod,
    reg.MultiplyOp: torch.mul,
    reg.NotEqualOp: torch.ne,
    reg.PowerOp: torch.pow,
    reg.SquaredDifferenceOp: lambda x, y: (x - y) * (x - y),
    reg.SubtractOp: torch.sub,
}

_OF_INTEGERS = (reg.AbsOp, reg.BitwiseNotOp, reg.NegativeOp, reg.ReluOp, reg.SignOp)


@interprets(*_UNARY)
def unary(op: reg.RegOp, values: Values) -> Tensor:
    """One function; for integers a real number becomes the nearest one."""
    x = values[op.operands[0]]
    real = x.is_floating_point() or x.dtype == torch.bool or type(op) in _OF_INTEGERS
    result = _UNARY[type(op)](x if real else x.to(torch.float32))
    if result.dtype in (x.dtype, torch.bool):
        return result
    return result.round().to(x.dtype)


@interprets(*_BINARY)
def binary(op: reg.RegOp, values: Values) -> Tensor:
    """One function of two operands that are broadcast."""
    return _BINARY[type(op)](*(values[operand] for operand in op.operands))


@interprets(reg.DivideOp)
def divide(op: reg.DivideOp, values: Values) -> Tensor:
    """a / b; for integers rounded."""
    x, y = values[op.arg0], values[op.arg1]
    if x.is_floating_point():
        return x / y
    return torch.div(x, y, rounding_mode="floor" if op.get("m_pythondiv") else "trunc")


@interprets(reg.RoundOp)
def round_(op: reg.RoundOp, values: Values) -> Tensor:
    """The nearest integer; halves to even, or away from zero."""
    x = values[op.arg]
    if not x.is_floating_point():
        return x
    if op.get("mode") == "half_to_even":
        return x.round()
    return x.sign() * (x.abs() + 0.5).floor()


@interprets(reg.ClampOp)
def clamp(op: reg.ClampOp, values: Values) -> Tensor:
    """min(max(x, min), max); integers have whole bounds."""
    x, low, high = values[op.data], float(op.get("min")), float(op.get("max"))
    if x.is_floating_point():
        return x.clamp(low, high)
    info = torch.iinfo(x.dtype)
    return x.clamp(math.ceil(max(low, info.min)), math.floor(min(high, info.max)))


@interprets(reg.GeluOp)
def gelu(op: reg.GeluOp, values: Values) -> Tensor:
    """x·Φ(x), or its approximation by tanh."""
    tanh = op.get("approximation_mode") == "TANH"
    return F.gelu(values[op.data], approximate="tanh" if tanh else "none")


@interprets(reg.EluOp)
def elu(op: reg.EluOp, values: Values) -> Tensor:
    """x for x ≥ 0, else alpha·(eˣ − 1)."""
    return F.elu(values[op.data], op.get("alpha"))


@interprets(reg.SeluOp)
def selu(op: reg.SeluOp, values: Values) -> Tensor:
    """lambda·(x for x > 0, else alpha·(eˣ − 1))."""
    x, alpha, scale = (values[operand] for operand in op.operands)
    return scale * torch.where(x > 0, x, alpha * torch.expm1(x))


@interprets(reg.SwishOp)
def swish(op: reg.SwishOp, values: Values) -> Tensor:
    """x / (1 + exp(−beta·x))."""
    x, beta = values[op.arg], values.optional(op.beta)
    return x * torch.sigmoid(x if beta is None else beta * x)


@interprets(reg.HardSigmoidOp)
def hard_sigmoid(op: reg.HardSigmoidOp, values: Values) -> Tensor:
    """min(max(alpha·x + beta, 0), 1)."""
    x, alpha, beta = (values[operand] for operand in op.operands)
    return (alpha * x + beta).clamp(0, 1)


@interprets(reg.PReluOp)
def prelu(op: reg.PReluOp, values: Values) -> Tensor:
    """x for x ≥ 0, else slope·x; a slope of one dimension is per channel (axis 1) where it fits."""
    x, slope = values[op.data], values[op.slope]
    if slope.dim() == 1 and x.dim() > 1 and slope.shape[0] in (x.shape[1], 1):
        slope = slope.reshape(-1, *[1] * (x.dim() - 2))
    return torch.where(x < 0, x * slope, x)


@interprets(reg.IsInfOp)
def is_inf(op: reg.IsInfOp, values: Values) -> Tensor:
    """Whether x is infinite, on the sides that are asked for."""
    x = values[op.data]
    found = torch.zeros_like(x, dtype=torch.bool)
    if op.get("detect_negative"):
        found |= x == -math.inf
    if op.get("detect_positive"):
        found |= x == math.inf
    return found


@interprets(reg.SelectOp)
def select(op: reg.SelectOp, values: Values) -> Tensor:
    """arg1 where arg0 holds, else arg2."""
    return torch.where(values[op.arg0], values[op.arg1], values[op.arg2])


@interprets(reg.ConvertOp)
def convert(op: reg.ConvertOp, values: Values) -> Tensor:
    """The operand in another element type; floating-point numbers lose their fraction."""
    return values[op.arg].to(torch_dtype(op.destination_type))


@interprets(reg.ConvertLikeOp)
def convert_like(op: reg.ConvertLikeOp, values: Values) -> Tensor:
    """The operand in the element type of another."""
    return values[op.data].to(values[op.like].dtype)
