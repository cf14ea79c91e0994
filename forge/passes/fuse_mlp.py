"""Fuse the linear layers of a perceptron."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.dialects.transformer import Activation
from forge.rewriting import Pattern, Rewriter, apply_patterns, commuted, producer


@dataclass(frozen=True)
class FuseMlpPass(ModulePass):
    """Replace two linear layers with an activation between them by `transformer.mlp`, and with a
    gate on the hidden layer by `transformer.gated_mlp`.

    The hidden layer has no other user, and all weights have one layout. `fuse-linear-activation`
    goes before.

        %0 = transformer.linear %x, %gate {activation = silu} : …
        %1 = transformer.linear %x, %up : …
        %2 = aten.mul.Tensor %0, %1 : …
        %3 = transformer.linear %2, %down : …

    becomes

        %3 = transformer.gated_mlp %x, %gate, %up, %down : …
    """

    name = "fuse-mlp"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseMlp(), FuseGatedMlp()])


class FuseMlp(Pattern[transformer.LinearOp]):
    # W₂·act(W₁·x + b₁) + b₂  →  mlp(x, W₁, W₂, b₁, b₂) {activation = act}

    def match_and_rewrite(self, op: transformer.LinearOp, rewriter: Rewriter) -> None:
        up = producer(op.input, transformer.LinearOp)
        if up is None or up.activation.data is Activation.NONE:
            return None
        if not up.result.has_one_use():
            return rewriter.no_match(op, "the hidden layer has other users")
        if up.residual is not None:
            return rewriter.no_match(op, "the hidden layer has a residual")
        if op.activation.data is not Activation.NONE:
            return rewriter.no_match(op, "the second layer has an activation, too")
        if op.transpose_weight != up.transpose_weight:
            return rewriter.no_match(op, "the weights have different layouts")
        mlp = transformer.MlpOp(
            up.input,
            up.weight,
            op.weight,
            up.bias,
            op.bias,
            op.residual,
            activation=up.activation.data,
            transpose_weight=op.get("transpose_weight"),
        )
        return rewriter.replace(op, mlp)


class FuseGatedMlp(Pattern[transformer.LinearOp]):
    # W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃  →  gated_mlp(x, W₁, W₂, W₃, b₁, b₂, b₃)

    def match_and_rewrite(self, op: transformer.LinearOp, rewriter: Rewriter) -> None:
        if (hidden := producer(op.input, aten.MulTensorOp)) is None:
            return None
        if (layers := _gate_and_up(hidden)) is None:
            return None
        gate, up = layers
        if up.input is not gate.input:
            return rewriter.no_match(op, "the gate and the hidden layer have different inputs")
        if gate.weight.type != up.weight.type:
            return rewriter.no_match(op, "the gate is broadcast")
        if not all(layer.results[0].has_one_use() for layer in (hidden, gate, up)):
            return rewriter.no_match(op, "the hidden layer has other users")
        if gate.residual is not None or up.residual is not None:
            return rewriter.no_match(op, "the hidden layer has a residual")
        if op.activation.data is not Activation.NONE:
            return rewriter.no_match(op, "the last layer has an activation, too")
        if not op.transpose_weight == gate.transpose_weight == up.transpose_weight:
            return rewriter.no_match(op, "the weights have different layouts")
        mlp = transformer.GatedMlpOp(
            gate.input,
            gate.weight,
            up.weight,
            op.weight,
            gate.bias,
            up.bias,
            op.bias,
            op.residual,
            activation=gate.activation.data,
            transpose_weight=op.get("transpose_weight"),
        )
        return rewriter.replace(op, mlp)


def _gate_and_up(
    hidden: aten.MulTensorOp,
) -> tuple[transformer.LinearOp, transformer.LinearOp] | None:
    for first, second in commuted(hidden.input, hidden.other):
        gate = producer(first, transformer.LinearOp)
        up = producer(second, transformer.LinearOp)
        if gate is None or up is None or up.activation.data is not Activation.NONE:
            continue
        if gate.activation.data is not Activation.NONE:
            return gate, up
    return None
