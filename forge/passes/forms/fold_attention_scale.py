"""Let the weights that queries come from apply the scale of attention."""

from __future__ import annotations

from dataclasses import replace
from math import frexp
from typing import Any

from xdsl.dialects.builtin import f32
from xdsl.ir import SSAValue

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter
from forge.rewriting.attention_rewrites import rebuilt
from forge.rewriting.head_projections import (
    HeadProjection,
    HeadStep,
    Insert,
    applied,
    head_projection,
    inserter,
)


class FoldAttentionScale(Pattern[transformer.AttentionOp]):
    # softmax(s·(x·Wᵀ + b)·kᵀ)·v  →  softmax((x·(s·W)ᵀ + s·b)·kᵀ)·v
    # Rotations commute with it. A norm on the way takes it up: (n(q) ⊙ w)·s = n(q) ⊙ (s·w).

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        form = op.emission
        if form.scale != "projection":
            return None
        query = head_projection(op.query)
        if isinstance(query, str):
            return rewriter.no_match(op, f"queries: {query}")
        given = op.get("scale")
        scale: float = query.size**-0.5 if given is None else given
        if (reason := _unfit(query, scale)) is not None:
            return rewriter.no_match(op, reason)
        target = _last_norm(query) or query.linear
        rewriter.replace(target, _scaled(target, scale, inserter(rewriter, target)))
        own = rebuilt(op, *op.operands[:3], form=replace(form, scale="scores"), scale=1.0)
        return rewriter.replace(op, own)


def _unfit(query: HeadProjection, scale: float) -> str | None:
    if not query.is_whole:
        return "queries: the layer computes more than them"
    dtype = shaped(query.linear.result.type).dtype
    if dtype != f32 and abs(frexp(scale)[0]) != 0.5:
        return f"scaled weights of {dtype} would be rounded once more"
    norm = _last_norm(query)
    if norm is not None and norm.weight is None:
        return "the norm of the queries has no weight"
    if isinstance(norm, transformer.RmsNormOp) and norm.get("weight_offset"):
        return "an offset is added to the weight of the queries' norm"
    return None


def _last_norm(query: HeadProjection) -> Any:
    """The last norm of the queries by themselves, if there is one."""
    steps: list[HeadStep] = [*query.tokens_first, *query.heads_first]
    norms = [step for step in steps if not isinstance(step, transformer.RotaryEmbeddingOp)]
    return norms[-1] if norms else None


def _scaled(op: Any, scale: float, insert: Insert) -> Any:
    """A layer or a norm with its weight and bias scaled."""

    def scaled(x: SSAValue) -> SSAValue:
        return insert(aten.MulScalarOp(x, scale))

    if not isinstance(op, transformer.LinearOp):
        return applied(op, op.operands[0], *(scaled(x) for x in op.operands[1:]))
    new = transformer.LinearOp(
        op.input,
        scaled(op.weight),
        None if op.bias is None else scaled(op.bias),
        transpose_weight=op.get("transpose_weight"),
    )
    new.emit_as(op.emission)
    return new
