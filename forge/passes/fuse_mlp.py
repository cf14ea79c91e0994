"""Fuse the linear layers of a perceptron."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.dialects.transformer import Activation
from forge.ir.tensors import shaped
from forge.passes.fuse_linear_activation import ElementwiseActivation, activation_of
from forge.rewriting import Pattern, Rewriter, apply_patterns, commuted, producer
from forge.rewriting.views import Section, is_closed, rows_of, section


@dataclass(frozen=True)
class FuseMlpPass(ModulePass):
    """Replace two linear layers with an activation between them by `transformer.mlp`, and with a
    gate on the hidden layer by `transformer.gated_mlp`.

    Nothing else uses the hidden layer, and all weights have one layout; the leading dimensions may
    be arranged otherwise in between. Gate and hidden layer are two layers, or two sections of what
    one layer computes: then their weights become sections of its weight.
    `fuse-linear-activation` goes before.

        %0 = transformer.linear %x, %w : …
        %gate, %up = aten.chunk %0 {chunks = 2, dim = -1} : …
        %1 = aten.silu %gate : …
        %2 = aten.mul.Tensor %1, %up : …
        %3 = transformer.linear %2, %down : …

    becomes

        %0 = aten.slice.Tensor %w {start = 0, end = 2048} : …
        %1 = aten.slice.Tensor %w {start = 2048, end = 4096} : …
        %3 = transformer.gated_mlp %x, %0, %1, %down : …
    """

    name = "fuse-mlp"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseMlp(), FuseGatedMlp()])


class FuseMlp(Pattern[transformer.LinearOp]):
    # W₂·act(W₁·x + b₁) + b₂  →  mlp(x, W₁, W₂, b₁, b₂) {activation = act}

    def match_and_rewrite(self, op: transformer.LinearOp, rewriter: Rewriter) -> None:
        up = producer(rows_of(op.input), transformer.LinearOp)
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
            _rows_like(up.input, op, rewriter),
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
        if (hidden := producer(rows_of(op.input), aten.MulTensorOp)) is None:
            return None
        if (branches := _gate_and_up(hidden)) is None:
            return None
        gate, up = branches
        if (reason := self._unfit(op, hidden, gate, up)) is not None:
            return rewriter.no_match(op, reason)
        x = _rows_like(gate.layer.input, op, rewriter)
        gate_weight, gate_bias = _parameters(gate, op, rewriter)
        up_weight, up_bias = _parameters(up, op, rewriter)
        mlp = transformer.GatedMlpOp(
            x,
            gate_weight,
            up_weight,
            op.weight,
            gate_bias,
            up_bias,
            op.bias,
            op.residual,
            activation=gate.activation,
            transpose_weight=op.get("transpose_weight"),
        )
        return rewriter.replace(op, mlp)

    def _unfit(
        self, op: transformer.LinearOp, hidden: aten.MulTensorOp, gate: _Branch, up: _Branch
    ) -> str | None:
        if up.layer.input is not gate.layer.input:
            return "the gate and the hidden layer have different inputs"
        if not gate.is_of_columns or not up.is_of_columns:
            return "the layer is not split along its last dimension"
        if gate.size != up.size:
            return "the gate is broadcast"
        if not op.input.has_one_use() or not is_closed((hidden, *gate.ops, *up.ops), op):
            return "the hidden layer has other users"
        if gate.layer.residual is not None or up.layer.residual is not None:
            return "the hidden layer has a residual"
        if op.activation.data is not Activation.NONE:
            return "the last layer has an activation, too"
        if not op.transpose_weight == gate.layer.transpose_weight == up.layer.transpose_weight:
            return "the weights have different layouts"
        return None


@dataclass(frozen=True)
class _Branch:
    """One of the two factors of the hidden layer.

    Attributes:
        layer: what computes it.
        section: which part of what the layer computes; all of it if `None`.
        activation: what is applied to the part.
        ops: all operations that compute it.
    """

    layer: transformer.LinearOp
    section: Section | None
    activation: Activation
    ops: tuple[Operation, ...]

    @property
    def is_of_columns(self) -> bool:
        """Whether the part is one of the last dimension."""
        return self.section is None or self.section.axis == _rank(self.section.source) - 1

    @property
    def size(self) -> int:
        """How many elements the part has in its last dimension."""
        if self.section is not None:
            return self.section.stop - self.section.start
        return shaped(self.layer.result.type).shape[-1]


def _gate_and_up(hidden: aten.MulTensorOp) -> tuple[_Branch, _Branch] | None:
    for first, second in commuted(hidden.input, hidden.other):
        gate, up = _activated(first), _branch(second)
        if gate is None or up is None or up.activation is not Activation.NONE:
            continue
        if gate.activation is not Activation.NONE:
            return gate, up
    return None


def _activated(value: SSAValue) -> _Branch | None:
    """A layer with its activation, or a part of a layer that is activated after the split."""
    op = rows_of(value).owner
    if not isinstance(op, ElementwiseActivation):
        return _branch(value)
    branch = _branch(op.input)
    if branch is None or branch.activation is not Activation.NONE:
        return None
    return replace(branch, activation=activation_of(op), ops=(op, *branch.ops))


def _branch(value: SSAValue) -> _Branch | None:
    """A layer, or a part of a layer that has no activation."""
    value = rows_of(value)
    if (layer := producer(value, transformer.LinearOp)) is not None:
        return _Branch(layer, None, layer.activation.data, (layer,))
    if (part := section(value)) is None:
        return None
    layer = producer(rows_of(part.source), transformer.LinearOp)
    if layer is None or layer.activation.data is not Activation.NONE:
        return None
    split = value.owner
    assert isinstance(split, Operation)
    return _Branch(layer, part, Activation.NONE, (split, layer))


def _parameters(
    branch: _Branch, op: Operation, rewriter: Rewriter
) -> tuple[SSAValue, SSAValue | None]:
    """The weight and the bias of a branch, sliced in front of `op` if they are part of others."""
    layer, part = branch.layer, branch.section
    if part is None:
        return layer.weight, layer.bias
    outputs = 0 if layer.get("transpose_weight") else 1

    def sliced(value: SSAValue, dim: int) -> SSAValue:
        new = aten.SliceTensorOp(value, dim, part.start, part.stop)
        return rewriter.insert(new, before=op).result

    weight = sliced(layer.weight, outputs)
    return weight, None if layer.bias is None else sliced(layer.bias, 0)


def _rows_like(x: SSAValue, op: transformer.LinearOp, rewriter: Rewriter) -> SSAValue:
    """x with the leading dimensions of the last layer, which its result has."""
    shape = shaped(x.type).shape
    wanted = (*shaped(op.input.type).shape[:-1], shape[-1])
    if shape == wanted:
        return x
    return rewriter.insert(aten.ReshapeOp(x, shape=wanted), before=op).result


def _rank(value: SSAValue) -> int:
    return shaped(value.type).rank
