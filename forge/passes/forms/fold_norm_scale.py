"""Let the linear layers that read a norm apply its weight and bias."""

from __future__ import annotations

from typing import Any

from xdsl.dialects.builtin import f32
from xdsl.ir import Operation, SSAValue

from forge.dialects import aten, transformer
from forge.dialects.transformer.forms import NormForm
from forge.ir.tensors import shaped
from forge.passes.forms.weights import is_known
from forge.rewriting import Pattern, Rewriter
from forge.rewriting.views import Regrouping

_Norm = transformer.LayerNormOp | transformer.RmsNormOp
_Layer = transformer.GatedMlpOp | transformer.LinearOp | transformer.MlpOp

_FIRST_LAYERS: dict[type[Operation], tuple[tuple[str, str], ...]] = {
    transformer.LinearOp: (("weight", "bias"),),
    transformer.MlpOp: (("up_weight", "up_bias"),),
    transformer.GatedMlpOp: (("gate_weight", "gate_bias"), ("up_weight", "up_bias")),
}
"""The weights and biases of what an operation applies to its input."""


class FoldNormScale(Pattern[_Norm]):
    # W·(n(x) ⊙ w + b) + c  →  (W ⊙ w)·n(x) + (W·b + c), for all that read the norm

    def match_and_rewrite(self, op: _Norm, rewriter: Rewriter) -> None:
        if op.emission.scale != "folded":
            return None
        readers: list[Any] = []
        if (reason := _unfit(op) or _collect(op.result, readers)) is not None:
            return rewriter.no_match(op, reason)
        scale, shift = _scale(op, rewriter), _bias(op)
        for reader in readers:
            rewriter.replace(reader, _folded(reader, scale, shift, rewriter))
        return rewriter.replace(op, _without_scale(op))


def _unfit(op: _Norm) -> str | None:
    """Why no layer could apply the weight and bias of a norm; `None` if one could."""
    if op.weight is None and _bias(op) is None:
        return "the norm has no weight"
    if len(op.get("normalized_shape")) != 1:
        return "the norm is over more than the last dimension"
    if shaped(op.input.type).dtype != f32:
        return f"weights of {shaped(op.input.type).dtype} would be rounded once more"
    if not all(is_known(value) for value in (op.weight, _bias(op)) if value is not None):
        return "the weight of the norm is computed at run time"
    return None


def _collect(value: SSAValue, readers: list[Any]) -> str | None:
    """Add the layers whose input is a norm's result; why its other readers are none."""
    for use in value.uses:
        reader = use.operation
        if isinstance(reader, Regrouping) and _last(reader.results[0]) == _last(value):
            if (reason := _collect(reader.results[0], readers)) is not None:
                return reason
            continue
        if not isinstance(reader, _Layer) or use.index != 0:
            return f"{reader.name} reads the norm, too, and has no weight to fold into"
        weights: list[Any] = [
            reader.operand_groups()[name] for name, _ in _FIRST_LAYERS[type(reader)]
        ]
        if not all(is_known(weight) for weight in weights):
            return "the weight of a layer that reads the norm is computed at run time"
        if not all(weight.has_one_use() for weight in weights):
            return "the weight of a layer that reads the norm is tied, and would be held twice"
        readers.append(reader)
    return None


def _folded(
    layer: Any, scale: SSAValue | None, shift: SSAValue | None, rewriter: Rewriter
) -> Operation:
    """The layer of what was neither scaled nor shifted. All that is made has its location."""
    groups, location = layer.operand_groups(), layer.location
    transposed = layer.get("transpose_weight")

    def inserted(new: Any) -> SSAValue:
        new.location = location
        return rewriter.insert(new, before=layer).result

    for weight_name, bias_name in _FIRST_LAYERS[type(layer)]:
        weight, bias = groups[weight_name], groups[bias_name]
        if shift is not None:
            product = transformer.LinearOp(shift, weight, bias, transpose_weight=transposed)
            groups[bias_name] = inserted(product)
        if scale is not None:
            factor = scale if transposed else inserted(aten.UnsqueezeOp(scale, 1))
            groups[weight_name] = inserted(aten.MulTensorOp(weight, factor))
    new = type(layer)(
        **groups,
        activation=layer.activation.data,
        transpose_weight=transposed,
        location=location,
    )
    new.emit_as(layer.emission)
    return new


def _without_scale(op: _Norm) -> Operation:
    op_class: Any = type(op)
    new = op_class(
        op.input,
        normalized_shape=op.get("normalized_shape"),
        eps=op.get("eps"),
        location=op.location,
    )
    new.emit_as(NormForm.of_values(op.emission.values() | {"scale": "own"}))
    return new


def _scale(op: _Norm, rewriter: Rewriter) -> SSAValue | None:
    weight = op.weight
    if weight is None or isinstance(op, transformer.LayerNormOp) or not op.get("weight_offset"):
        return weight
    offset = aten.AddScalarOp(weight, op.get("weight_offset"))
    return rewriter.insert(offset, before=op).result


def _bias(op: _Norm) -> SSAValue | None:
    return op.bias if isinstance(op, transformer.LayerNormOp) else None


def _last(value: SSAValue) -> tuple[int, ...]:
    return shaped(value.type).shape[-1:]
