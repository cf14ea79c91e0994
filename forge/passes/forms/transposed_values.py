"""Compute values with their tokens in the last dimension."""

from __future__ import annotations

from dataclasses import replace

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter
from forge.rewriting.attention_rewrites import rebuilt
from forge.rewriting.head_projections import head_projection, inserter

_TRANSPOSED = (0, 1, 3, 2)


class TransposedValues(Pattern[transformer.AttentionOp]):
    # v = x·Wᵀ + b  →  v = (W·xᵀ + b)ᵀ: a product takes up the transposition of its operand

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        form = op.emission
        if form.value != "columns" or form.projections == "per_group":
            return None
        if isinstance(layer := head_projection(op.value), str):
            return rewriter.no_match(op, f"values: {layer}")
        if layer.tokens_first or layer.heads_first:
            return rewriter.no_match(op, "values: more is done to them than a product")
        insert = inserter(rewriter, op)
        weight, bias = layer.weight(0, layer.heads, insert), layer.bias(0, layer.heads, insert)
        if not layer.linear.get("transpose_weight"):
            weight = insert(aten.PermuteOp(weight, [1, 0]))
        x = layer.linear.input
        batch, tokens, _ = shaped(x.type).shape
        y = insert(aten.MatmulOp(weight, insert(aten.PermuteOp(x, [0, 2, 1]))))
        if bias is not None:
            y = insert(aten.AddTensorOp(y, insert(aten.UnsqueezeOp(bias, 1))))
        y = insert(aten.ReshapeOp(y, [batch, layer.heads, layer.size, tokens]))
        value = insert(aten.PermuteOp(y, _TRANSPOSED))
        new = rebuilt(op, op.query, op.key, value, form=replace(form, value="rows"))
        return rewriter.replace(op, new)
