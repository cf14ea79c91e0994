"""Fuse a layer and the residual that is added to its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.rewriting import Pattern, Rewriter, apply_patterns, commuted
from forge.rewriting.arithmetic import times_scalar

_Layer = transformer.GatedMlpOp | transformer.LinearOp | transformer.MlpOp


@dataclass(frozen=True)
class FuseResidualPass(ModulePass):
    """Replace the sum of a residual and a layer by the layer with its `residual`.

    The layers are `transformer.linear`, `mlp` and `gated_mlp`. The sum is their only user, and
    neither it nor the residual is broadcast or scaled. An executor with a fused kernel adds the
    residual before the product leaves its registers, which saves a pass over memory; for others it
    is lowered to the sum that it was. The layers are made by `fuse-linear-activation` and
    `fuse-mlp`, which go before.

        %0 = transformer.mlp %x, %up, %down {activation = relu} : …
        %1 = aten.add.Tensor %r, %0 : …

    becomes

        %1 = transformer.mlp %x, %up, %down, residual = %r {activation = relu} : …
    """

    name = "fuse-residual"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseResidual()])


class FuseResidual(Pattern[aten.AddTensorOp]):
    # r + layer(x)  →  layer(x, residual = r)

    def match_and_rewrite(self, op: aten.AddTensorOp, rewriter: Rewriter) -> None:
        for residual, value in commuted(op.input, op.other):
            layer = value.owner
            if not isinstance(layer, _Layer):
                if _is_scaled_layer(value):
                    rewriter.no_match(op, "the layer's result is scaled before the sum")
                continue
            if (reason := _unfit(op, residual, layer)) is None:
                # In place of the sum, for the residual may be computed after the layer.
                return rewriter.replace(op, _with_residual(layer, residual))
            rewriter.no_match(op, reason)
        return None


def _is_scaled_layer(value: SSAValue) -> bool:
    scaled = times_scalar(value)
    return scaled is not None and isinstance(scaled[0].owner, _Layer)


def _unfit(op: aten.AddTensorOp, residual: SSAValue, layer: _Layer) -> str | None:
    """Why the layer cannot add the residual itself; `None` if it can."""
    if op.get("alpha") != 1:
        return "one of the two is scaled by the sum"
    if not op.result.type == residual.type == layer.result.type:
        return "the sum broadcasts or converts one of the two"
    if not layer.result.has_one_use():
        return "the layer has other users"
    if layer.residual is not None:
        return "the layer has a residual already"
    return None


def _with_residual(layer: _Layer, residual: SSAValue) -> Operation:
    op_class: Any = type(layer)
    # All three have the same two properties, and all their operands carry their names.
    return op_class(
        **layer.operand_groups() | {"residual": residual},
        activation=layer.activation.data,
        transpose_weight=layer.get("transpose_weight"),
    )
