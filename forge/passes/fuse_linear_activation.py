"""Fuse a linear layer and the activation that consumes it."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.dialects.transformer import Activation
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, is_close, producer, single_user
from forge.rewriting.arithmetic import squared, times_scalar
from forge.rewriting.views import is_closed, rows_of

ElementwiseActivation = aten.GeluOp | aten.ReluOp | aten.SigmoidOp | aten.SiluOp | aten.TanhOp
"""Operators that are an activation of the transformer dialect by themselves."""


@dataclass(frozen=True)
class FuseLinearActivationPass(ModulePass):
    """Replace an activation of a linear layer by one `transformer.linear` with that activation.

    The activations are those of `transformer.Activation`. GELU and SiLU that are written out are
    recognised by `fuse-activation` before; quick GELU and squared ReLU, for which PyTorch has no
    operator, here. Nothing else uses the layer; a reshape between the two goes behind them.

        %0 = transformer.linear %x, %w, bias = %b : …
        %1 = aten.gelu %0 {approximate = "tanh"} : …

    becomes

        %1 = transformer.linear %x, %w, bias = %b {activation = gelu_tanh} : …
    """

    name = "fuse-linear-activation"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseQuickGelu(), FuseLinearActivation(), FuseSquaredRelu()])


class FuseLinearActivation(Pattern[ElementwiseActivation]):
    # act(x·Wᵀ + b)  →  linear(x, W, b) {activation = act}

    def match_and_rewrite(self, op: ElementwiseActivation, rewriter: Rewriter) -> None:
        if (linear := producer(rows_of(op.input), transformer.LinearOp)) is None:
            return None
        if not linear.result.has_one_use():
            return rewriter.no_match(op, "the linear layer has other users")
        return _fuse(op, linear, activation_of(op), rewriter)


class FuseQuickGelu(Pattern[aten.SigmoidOp]):
    # y·σ(1.702·y) where y = x·Wᵀ + b  →  linear(x, W, b) {activation = quick_gelu}

    def match_and_rewrite(self, op: aten.SigmoidOp, rewriter: Rewriter) -> None:
        product = single_user(op.result)
        if not isinstance(product, aten.MulTensorOp):
            return None
        y = product.other if product.input is op.result else product.input
        if (linear := producer(y, transformer.LinearOp)) is None:
            return None
        scaled = times_scalar(op.input)
        if scaled is None or scaled[0] is not y:
            return None
        if not is_close(scaled[1], 1.702):
            return rewriter.no_match(op, f"y is scaled by {scaled[1]}, and not by 1.702")
        scale = op.input.owner
        assert isinstance(scale, Operation)
        if not is_closed((linear, scale, op), product):
            return rewriter.no_match(op, "the linear layer has other users")
        return _fuse(product, linear, Activation.QUICK_GELU, rewriter)


class FuseSquaredRelu(Pattern[aten.MulTensorOp | aten.PowTensorScalarOp | aten.SquareOp]):
    # relu(x·Wᵀ + b)²  →  linear(x, W, b) {activation = relu_squared}

    def match_and_rewrite(self, op: Operation, rewriter: Rewriter) -> None:
        if (base := squared(op.results[0])) is None:
            return None
        linear = producer(base, transformer.LinearOp)
        if linear is None or linear.activation.data is not Activation.RELU:
            return None
        if not is_closed((linear,), op):
            return rewriter.no_match(op, "the linear layer has other users")
        return _fuse(op, linear, Activation.RELU_SQUARED, rewriter, replaced=Activation.RELU)


def activation_of(op: ElementwiseActivation) -> Activation:
    """What an operator is called in the transformer dialect."""
    match op:
        case aten.ReluOp():
            return Activation.RELU
        case aten.SiluOp():
            return Activation.SILU
        case aten.TanhOp():
            return Activation.TANH
        case aten.SigmoidOp():
            return Activation.SIGMOID
        case aten.GeluOp():
            tanh = op.get("approximate") == "tanh"
            return Activation.GELU_TANH if tanh else Activation.GELU_ERF


def _fuse(
    op: Operation,
    linear: transformer.LinearOp,
    activation: Activation,
    rewriter: Rewriter,
    *,
    replaced: Activation = Activation.NONE,
) -> None:
    """Replace `op` by the layer with an activation, in place of the one it had."""
    if linear.activation.data is not replaced:
        return rewriter.no_match(op, "the linear layer has an activation already")
    if linear.residual is not None:
        return rewriter.no_match(op, "a residual is added before the activation")
    fused = transformer.LinearOp(
        linear.input,
        linear.weight,
        linear.bias,
        activation=activation,
        transpose_weight=linear.get("transpose_weight"),
    )
    rewriter.insert(fused, before=op)
    return rewriter.replace(op, [_reshaped(fused.result, op.results[0], rewriter, op)])


def _reshaped(value: SSAValue, like: SSAValue, rewriter: Rewriter, op: Operation) -> SSAValue:
    if value.type == like.type:
        return value
    return rewriter.insert(aten.ReshapeOp(value, shape=shaped(like.type).shape), before=op).result
