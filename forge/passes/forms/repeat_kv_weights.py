"""Let the layers of keys and values compute a head for each one of the queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xdsl.ir import SSAValue

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter
from forge.rewriting.attention_rewrites import rebuilt
from forge.rewriting.head_projections import HeadProjection, Insert, head_projection, inserter


class RepeatKvWeights(Pattern[transformer.AttentionOp]):
    # repeat(x·Wᵀ + b)  →  x·repeat(W)ᵀ + repeat(b), by heads

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        form = op.emission
        if form.kv != "weights":
            return None
        if (groups := op.groups) == 1:
            return rewriter.no_match(op, "each query head has keys of its own")
        layers = [head_projection(value) for value in (op.key, op.value)]
        for name, layer in zip(("keys", "values"), layers, strict=True):
            if isinstance(layer, str):
                return rewriter.no_match(op, f"{name}: {layer}")
        insert = inserter(rewriter, op)
        key, value = (
            _repeated(layer, groups, insert) for layer in layers if not isinstance(layer, str)
        )
        new = rebuilt(op, op.query, key, value, form=replace(form, kv="gather"))
        return rewriter.replace(op, new)


def _repeated(layer: HeadProjection, groups: int, insert: Insert) -> SSAValue:
    weight, bias = layer.weight(0, layer.heads, insert), layer.bias(0, layer.heads, insert)
    dim = 0 if layer.linear.get("transpose_weight") else 1
    weight = _repeated_heads(weight, dim, layer, groups, insert)
    bias = None if bias is None else _repeated_heads(bias, 0, layer, groups, insert)
    return layer.of_weights([(weight, bias)], insert)


def _repeated_heads(
    x: SSAValue, dim: int, layer: HeadProjection, groups: int, insert: Insert
) -> SSAValue:
    """`x` with each head of a dimension `groups` times."""
    before, after = shaped(x.type).shape[:dim], shaped(x.type).shape[dim + 1 :]

    def shape(*middle: int) -> Sequence[int]:
        return [*before, *middle, *after]

    heads, size = layer.heads, layer.size
    apart = insert(aten.ReshapeOp(x, shape(heads, 1, size)))
    wide = insert(aten.ExpandOp(apart, shape(heads, groups, size)))
    return insert(aten.ReshapeOp(wide, shape(heads * groups * size)))
