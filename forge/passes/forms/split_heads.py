"""Divide attention into groups of heads, each with linear layers of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise

from xdsl.ir import SSAValue

from forge.dialects import aten, transformer
from forge.dialects.transformer.forms import AttentionForm
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter
from forge.rewriting.attention_rewrites import projections, rebuilt
from forge.rewriting.head_projections import (
    SWAPPED,
    HeadProjection,
    HeadReader,
    Insert,
    head_reader,
    inserter,
)


class SplitHeads(Pattern[transformer.AttentionOp]):
    # attention(x·Wqᵀ, x·Wkᵀ, x·Wvᵀ)  →  attention(x·Wq₁ᵀ, x·Wk₁ᵀ, x·Wv₁ᵀ) ‖ attention(x·Wq₂ᵀ, …)
    # or, stacked, attention(x·Wq₁ᵀ ‖ x·Wq₂ᵀ ‖ …, x·Wk₁ᵀ ‖ …, x·Wv₁ᵀ ‖ …)
    # and then, where the results are summed,
    # (y₁ ‖ y₂ ‖ …)·Woᵀ + b + r  →  y₁·Wo₁ᵀ + b + y₂·Wo₂ᵀ + … + r

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        form = op.emission
        if form.output == "summed" and form.projections != "per_group":
            return rewriter.no_match(op, "only groups with projections of their own are summed")
        if form.projections == "whole":
            return None
        count = _groups(op, form)
        if isinstance(layers := projections(op), str):
            return rewriter.no_match(op, layers)
        if (reason := _unfit(op, layers, count)) is not None:
            return rewriter.no_match(op, reason)
        own = replace(form, projections="whole", output="joined", head_groups=1)
        insert = inserter(rewriter, op)
        if form.projections == "stacked":
            stacked = [layer.project(_bounds(layer, count), insert) for layer in layers]
            return rewriter.replace(op, rebuilt(op, *stacked, form=own))
        if isinstance(reader := head_reader(op.result), str):
            return rewriter.no_match(op, reader)
        if form.kv == "separate":
            own = replace(own, kv="gather")
        divided = [
            [layer.project([bounds], insert) for bounds in _bounds(layer, count)]
            for layer in layers
        ]
        parts: list[SSAValue] = []
        for group in range(count):
            # Several groups may share keys and values.
            heads = [made[group * len(made) // count] for made in divided]
            parts.append(insert(rebuilt(op, *heads, form=own)))
        build = _summed if form.output == "summed" else _joined
        return build(parts, reader, rewriter)


def _groups(op: transformer.AttentionOp, form: AttentionForm) -> int:
    """In how many groups the heads are divided."""
    if form.head_groups == 1 and form.kv in ("separate", "token_rows"):
        return shaped(op.key.type).shape[-3]
    return form.head_groups


def _unfit(
    op: transformer.AttentionOp, layers: tuple[HeadProjection, ...], count: int
) -> str | None:
    """Why attention cannot be divided into groups of heads; `None` if it can."""
    heads, own = layers[0].heads, layers[1].heads
    if count == 1:
        return "it is one group of heads"
    if heads % count or (own % count and count % own):
        return f"{heads} query heads on {own} key heads cannot be in {count} groups of as many"
    if op.mask is not None and shaped(op.mask.type).rank > 2 and shaped(op.mask.type).shape[-3] > 1:
        return "each head has a mask of its own"
    return None


def _bounds(layer: HeadProjection, count: int) -> list[tuple[int, int]]:
    """The first head of each group, and the one behind its last; each head is in one group."""
    groups = min(count, layer.heads)
    return list(pairwise(layer.heads * index // groups for index in range(groups + 1)))


def _joined(parts: list[SSAValue], reader: HeadReader, rewriter: Rewriter) -> None:
    insert = inserter(rewriter, reader.reshape)
    beside = [_beside(part, insert) for part in parts]
    rewriter.replace(reader.reshape, insert(aten.CatOp(beside, 2)))


def _summed(parts: list[SSAValue], reader: HeadReader, rewriter: Rewriter) -> None:
    linear = reader.linear
    insert = inserter(rewriter, linear)
    transposed = linear.get("transpose_weight")
    products: list[SSAValue] = []
    start = 0
    for part in parts:
        x = _beside(part, insert)
        stop = start + shaped(x.type).shape[-1]
        weight = insert(aten.SliceTensorOp(linear.weight, 1 if transposed else 0, start, stop))
        bias = None if products else linear.bias
        layer = transformer.LinearOp(x, weight, bias, transpose_weight=transposed)
        layer.emit_as(linear.emission)
        products.append(insert(layer))
        start = stop
    y = reduce(lambda total, product: insert(aten.AddTensorOp(total, product)), products)
    if linear.residual is not None:
        y = insert(aten.AddTensorOp(linear.residual, y))
    rewriter.replace(linear, y)


def _beside(heads: SSAValue, insert: Insert) -> SSAValue:
    """Heads `[B, H, L, E]` side by side: `[B, L, H·E]`."""
    batch, count, tokens, size = shaped(heads.type).shape
    tokens_first = insert(aten.PermuteOp(heads, SWAPPED))
    return insert(aten.ReshapeOp(tokens_first, [batch, tokens, count * size]))
