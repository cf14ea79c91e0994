"""Compute values with their tokens in the last dimension."""

from __future__ import annotations

from dataclasses import replace

from xdsl.ir import Operation, SSAValue

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter
from forge.rewriting.head_projections import (
    HeadProjection,
    Insert,
    head_projection,
    inserter,
    stacked,
)

_TRANSPOSED = (0, 1, 3, 2)


class TransposedValues(Pattern[transformer.AttentionOp]):
    # v = x·Wᵀ + b  →  v = (W·xᵀ + b)ᵀ: a product takes up the transposition of its operand

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        form = op.emission
        if form.value != "columns" or form.projections != "whole":
            return None
        # Groups of heads may share them.
        readers = [use.operation for use in op.value.uses]
        attentions = [
            reader
            for reader in readers
            if isinstance(reader, transformer.AttentionOp) and reader.value is op.value
        ]
        if len(attentions) < len(readers):
            return rewriter.no_match(op, "values: the heads have other users")
        layers: list[HeadProjection] = []
        for part in stacked(op.value):
            uses = len(readers) if part is op.value else 1
            if isinstance(layer := head_projection(part, readers=uses), str):
                return rewriter.no_match(op, f"values: {layer}")
            if not layer.is_whole:
                return rewriter.no_match(op, "values: the layer computes more than them")
            if layer.tokens_first or layer.heads_first:
                return rewriter.no_match(op, "values: more is done to them than a product")
            layers.append(layer)
        made = op.value.owner
        assert isinstance(made, Operation)
        insert = inserter(rewriter, made)
        columns = [_columns(layer, insert) for layer in layers]
        x = columns[0] if len(columns) == 1 else insert(aten.CatOp(columns, 1))
        rewriter.replace(made, aten.PermuteOp(x, _TRANSPOSED))
        for attention in attentions:
            attention.emit_as(replace(attention.emission, value="rows"))
        return None


def _columns(layer: HeadProjection, insert: Insert) -> SSAValue:
    """Heads with their tokens in the last dimension, `[B, H, E, L]`."""
    weight, bias = layer.weight(0, layer.heads, insert), layer.bias(0, layer.heads, insert)
    line = layer.linear.location
    if not layer.linear.get("transpose_weight"):
        weight = insert(aten.PermuteOp(weight, [1, 0]))
    x = layer.linear.input
    batch, tokens, _ = shaped(x.type).shape
    y = insert(aten.MatmulOp(weight, insert(aten.PermuteOp(x, [0, 2, 1])), location=line))
    if bias is not None:
        y = insert(aten.AddTensorOp(y, insert(aten.UnsqueezeOp(bias, 1)), location=line))
    return insert(aten.ReshapeOp(y, [batch, layer.heads, layer.size, tokens]))
