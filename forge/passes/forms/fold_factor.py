"""Let a layer's weights multiply its result with a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xdsl.dialects.builtin import f32
from xdsl.ir import Operation

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.passes.forms.weights import is_known
from forge.rewriting import Pattern, Rewriter, single_user
from forge.rewriting.arithmetic import times_scalar

_Layer = transformer.GatedMlpOp | transformer.LinearOp | transformer.MlpOp


class FoldFactor(Pattern[_Layer]):
    # (W·x + b)·c  →  (W·c)·x + b·c, with the last weight and bias of a perceptron

    def match_and_rewrite(self, op: _Layer, rewriter: Rewriter) -> None:
        if op.emission.factor != "folded":
            return None
        user = single_user(op.result)
        scaled = times_scalar(user.results[0]) if user is not None and user.results else None
        if user is None or scaled is None or scaled[0] is not op.result:
            return rewriter.no_match(op, "nothing but a product with a number should read it")
        if (reason := _unfit(op)) is not None:
            return rewriter.no_match(op, reason)
        return rewriter.replace(user, _folded(op, scaled[1], rewriter))


def _unfit(op: _Layer) -> str | None:
    """Why a layer's weights cannot multiply its result; `None` if they can."""
    if op.residual is not None:
        return "it has a residual"
    if (
        isinstance(op, transformer.LinearOp)
        and op.activation.data is not transformer.Activation.NONE
    ):
        return "it has an activation"
    if shaped(op.result.type).dtype != f32:
        return f"weights of {shaped(op.result.type).dtype} would be rounded once more"
    weight, _ = _last_names(op)
    if not is_known(getattr(op, weight)):
        return "its weight is computed at run time"
    return None


def _last_names(op: _Layer) -> tuple[str, str]:
    """The names of the last weight and its bias."""
    return (
        ("weight", "bias") if isinstance(op, transformer.LinearOp) else ("down_weight", "down_bias")
    )


def _folded(op: Any, factor: float, rewriter: Rewriter) -> Operation:
    groups = op.operand_groups()
    for name in _last_names(op):
        if groups[name] is not None:
            product = aten.MulScalarOp(groups[name], factor, location=op.location)
            groups[name] = rewriter.insert(product, before=op).result
    new = type(op)(
        **groups,
        activation=op.activation.data,
        transpose_weight=op.get("transpose_weight"),
        location=op.location,
    )
    new.emit_as(replace(op.emission, factor="own"))
    return new
