"""Fuse a linear layer and the activation that consumes it."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.dialects.transformer import Activation
from forge.rewriting import Pattern, Rewriter, apply_patterns, producer


@dataclass(frozen=True)
class FuseLinearActivationPass(ModulePass):
    """Replace an activation of a linear layer by one `transformer.linear` with that activation.

    The activations are those of `transformer.Activation`; one that is written out is recognised by
    `fuse-activation` before. The activation is the only user of the layer.

        %0 = transformer.linear %x, %w, bias = %b : …
        %1 = aten.gelu %0 {approximate = "tanh"} : …

    becomes

        %1 = transformer.linear %x, %w, bias = %b {activation = gelu_tanh} : …
    """

    name = "fuse-linear-activation"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseLinearActivation()])


class FuseLinearActivation(Pattern[aten.ReluOp | aten.GeluOp | aten.SiluOp]):
    # act(x·Wᵀ + b)  →  linear(x, W, b) {activation = act}

    def match_and_rewrite(
        self, op: aten.ReluOp | aten.GeluOp | aten.SiluOp, rewriter: Rewriter
    ) -> None:
        if (linear := producer(op.input, transformer.LinearOp)) is None:
            return None
        if not linear.result.has_one_use():
            return rewriter.no_match(op, "the linear layer has other users")
        if linear.activation.data is not Activation.NONE:
            return rewriter.no_match(op, "the linear layer has an activation already")
        if linear.residual is not None:
            return rewriter.no_match(op, "a residual is added before the activation")
        fused = transformer.LinearOp(
            linear.input,
            linear.weight,
            linear.bias,
            activation=_activation_of(op),
            transpose_weight=linear.get("transpose_weight"),
        )
        return rewriter.replace(op, fused)


def _activation_of(op: aten.ReluOp | aten.GeluOp | aten.SiluOp) -> Activation:
    if isinstance(op, aten.ReluOp):
        return Activation.RELU
    if isinstance(op, aten.SiluOp):
        return Activation.SILU
    return Activation.GELU_TANH if op.get("approximate") == "tanh" else Activation.GELU_ERF
