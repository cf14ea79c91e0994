"""Activations."""

from __future__ import annotations

from typing import Any

from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.dialects.transformer import Activation
from forge.ir.tensors import is_float
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, size_of, wrap

PATTERNS = ConversionPatterns()


def activate(x: SSAValue, activation: Activation, b: RegBuilder) -> SSAValue:
    """Apply an activation of the transformer dialect."""
    match activation:
        case Activation.NONE:
            return x
        case Activation.RELU:
            return b.emit(reg.ReluOp(x))
        case Activation.GELU_ERF:
            return b.emit(reg.GeluOp(x, approximation_mode="ERF"))
        case Activation.GELU_TANH:
            return b.emit(reg.GeluOp(x, approximation_mode="TANH"))
        case Activation.SILU:
            return b.emit(reg.SwishOp(x))
        case Activation.TANH:
            return b.emit(reg.TanhOp(x))
        case Activation.SIGMOID:
            return b.emit(reg.SigmoidOp(x))
        case Activation.QUICK_GELU:
            return b.emit(reg.SwishOp(x, b.number(1.702, x)))
        case Activation.RELU_SQUARED:
            positive = b.emit(reg.ReluOp(x))
            return b.multiply(positive, positive)


@PATTERNS.convert(aten.ReluOp)
def relu(op: aten.ReluOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.emit(reg.ReluOp(x)) if is_float(dtype_of(x)) else b.maximum(x, 0)


@PATTERNS.convert(aten.GeluOp)
def gelu(op: aten.GeluOp, b: RegBuilder) -> SSAValue:
    tanh = op.get("approximate") == "tanh"
    return activate(b[op.input], Activation.GELU_TANH if tanh else Activation.GELU_ERF, b)


@PATTERNS.convert(aten.SiluOp)
def silu(op: aten.SiluOp, b: RegBuilder) -> SSAValue:
    return activate(b.input(op.input), Activation.SILU, b)


@PATTERNS.convert(aten.MishOp)
def mish(op: aten.MishOp, b: RegBuilder) -> SSAValue:
    return b.emit(reg.MishOp(b[op.input]))


@PATTERNS.convert(aten.HardsigmoidOp)
def hardsigmoid(op: aten.HardsigmoidOp, b: RegBuilder) -> SSAValue:
    return b.emit(reg.HSigmoidOp(b[op.input]))


@PATTERNS.convert(aten.HardswishOp)
def hardswish(op: aten.HardswishOp, b: RegBuilder) -> SSAValue:
    return b.emit(reg.HSwishOp(b[op.input]))


def clamp_between(x: SSAValue, low: float, high: float, b: RegBuilder) -> SSAValue:
    """x kept between two numbers; `high` where they contradict each other."""
    if is_float(dtype_of(x)) and low <= high:
        return b.emit(reg.ClampOp(x, min=float(low), max=float(high)))
    # Clamp holds its bounds as floating-point numbers and computes integers by way of them.
    return b.minimum(b.maximum(x, low), high)


@PATTERNS.convert(aten.HardtanhOp)
def hardtanh(op: aten.HardtanhOp, b: RegBuilder) -> SSAValue:
    return clamp_between(b.input(op.input), op.get("min_val"), op.get("max_val"), b)


@PATTERNS.convert(aten.Relu6Op)
def relu6(op: aten.Relu6Op, b: RegBuilder) -> SSAValue:
    return clamp_between(b.input(op.input), 0, 6, b)


@PATTERNS.convert(aten.EluOp)
def elu(op: aten.EluOp, b: RegBuilder) -> SSAValue:
    if op.get("input_scale") != 1:
        b.reject("Elu has no scale of its input")
    return b.scaled(b.emit(reg.EluOp(b[op.input], alpha=float(op.get("alpha")))), op.get("scale"))


@PATTERNS.convert(aten.CeluOp)
def celu(op: aten.CeluOp, b: RegBuilder) -> SSAValue:
    # max(0, x) + min(0, α·(exp(x/α) − 1)); for α > 0 that is elu(x/α) with its own α, scaled back.
    alpha = float(op.get("alpha"))
    if alpha <= 0:
        b.reject("celu is lowered for a positive alpha only")
    return b.scaled(b.emit(reg.EluOp(b.scaled(b[op.input], 1 / alpha), alpha=1.0)), alpha)


@PATTERNS.convert(aten.SeluOp)
def selu(op: aten.SeluOp, b: RegBuilder) -> SSAValue:
    # The constants of Klambauer et al. 2017, as PyTorch has them.
    x = b[op.input]
    alpha = b.scalar(1.6732632423543772848170429916717, dtype_of(x))
    scale = b.scalar(1.0507009873554804934193349852946, dtype_of(x))
    return b.emit(reg.SeluOp(x, alpha, scale))


@PATTERNS.convert(aten.LeakyReluOp)
def leaky_relu(op: aten.LeakyReluOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.emit(reg.PReluOp(x, b.scalar(op.get("negative_slope"), dtype_of(x))))


@PATTERNS.convert(aten.PreluOp)
def prelu(op: aten.PreluOp, b: RegBuilder) -> SSAValue:
    # One slope for all, or one for each channel (dimension 1).
    x, slope = b[op.input], b[op.weight]
    shape = [size_of(slope), *[1] * (rank_of(x) - 2)] if rank_of(x) else []
    return b.emit(reg.PReluOp(x, b.reshape(slope, shape)))


@PATTERNS.convert(aten.SoftplusOp)
def softplus(op: aten.SoftplusOp, b: RegBuilder) -> SSAValue:
    # log(1 + exp(βx)) / β; above the threshold PyTorch returns x itself.
    x, beta, threshold = b[op.input], float(op.get("beta")), float(op.get("threshold"))
    if beta == 0:
        b.reject("softplus divides by its beta, which is 0")
    scaled = b.scaled(x, beta)
    soft = b.scaled(b.emit(reg.SoftPlusOp(scaled)), 1 / beta)
    if threshold >= 20:
        # There the two differ by less than rounding does.
        return soft
    return b.select(b.less(b.scalar(threshold, dtype_of(x)), scaled), x, soft)


@PATTERNS.convert(aten.LogSigmoidOp)
def log_sigmoid(op: aten.LogSigmoidOp, b: RegBuilder) -> SSAValue:
    # log(1 / (1 + exp(−x))) = −softplus(−x)
    negative = b.emit(reg.NegativeOp(b[op.input]))
    return b.emit(reg.NegativeOp(b.emit(reg.SoftPlusOp(negative))))


@PATTERNS.convert(aten.HardshrinkOp)
def hardshrink(op: aten.HardshrinkOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    inside = b.emit(reg.LessEqualOp(b.emit(reg.AbsOp(x)), b.number(op.get("lambd"), x)))
    return b.select(inside, 0.0, x)


@PATTERNS.convert(aten.SoftshrinkOp)
def softshrink(op: aten.SoftshrinkOp, b: RegBuilder) -> SSAValue:
    # x − clamp(x, −λ, λ): what is beyond λ, moved towards 0 by it.
    x, bound = b[op.input], float(op.get("lambd"))
    return b.subtract(x, b.emit(reg.ClampOp(x, min=-bound, max=bound)))


@PATTERNS.convert(aten.ThresholdOp)
def threshold(op: aten.ThresholdOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    above = b.emit(reg.GreaterOp(x, b.number(op.get("threshold"), x)))
    return b.select(above, x, op.get("value"))


@PATTERNS.convert(aten.GluOp)
def glu(op: aten.GluOp, b: RegBuilder) -> SSAValue:
    # (a ‖ g) → a·σ(g)
    x = b[op.input]
    axis = b.axis(wrap(op.get("dim"), rank_of(x)))
    halves: Any = b.emit_all(reg.SplitOp(x, axis, num_splits=2))
    return b.multiply(halves[0], b.emit(reg.SigmoidOp(halves[1])))
