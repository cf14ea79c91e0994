"""Attention as instructions, in the form that is asked for.

A query that no key may answer gets zeros in PyTorch. In OpenVINO it gets NaN, which the next layer
spreads over the whole sequence. So a mask that might exclude every key of a query is opened for
that query, and its row of the result is set to zero. Masks whose rows are known to hold something
(a constant, a finite number where it excludes) are used as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from xdsl.ir import SSAValue

from forge.dialects import aten
from forge.dialects.transformer.forms import AttentionForm
from forge.lowering.aten_to_reg.attention.emission import Parts, emit
from forge.lowering.aten_to_reg.attention.masks import (
    causal_mask,
    may_exclude_all,
    numbers,
    opened,
    placed,
)
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, rank_of, shape_of

__all__ = ["PATTERNS", "Attention", "attend"]

PATTERNS = ConversionPatterns()
_DEFAULT = AttentionForm()


@dataclass(frozen=True)
class Attention:
    """What attention is made of.

    Attributes:
        query: `[…, H, L, E]`.
        key: `[…, Hkv, S, E]`; query head h reads key head h // (H / Hkv).
        value: `[…, Hkv, S, Ev]`.
        mask: what is added to the scores, or booleans that say which keys count.
        mask_source: the mask in the source program.
        scale: of the scores; `None` is 1/√E.
        causal: whether a query sees the keys up to its own place only.
        softcap: what the scores are kept below; `None` for no cap.
        window: how many keys a causal query sees at most; `None` for all up to its own.
    """

    query: SSAValue
    key: SSAValue
    value: SSAValue
    mask: SSAValue | None
    mask_source: SSAValue | None
    scale: float | None
    causal: bool
    softcap: float | None = None
    window: int | None = None


@PATTERNS.convert(aten.ScaledDotProductAttentionOp)
def scaled_dot_product_attention(op: aten.ScaledDotProductAttentionOp, b: RegBuilder) -> SSAValue:
    if op.get("dropout_p"):
        b.reject("dropout in attention is random")
    operands = [b[x] for x in (op.query, op.key, op.value)]
    # Batches of 1 for those that have none; the instruction wants at least one.
    rank = max(3, *(rank_of(x) for x in operands))
    query, key, value = (b.reshape(x, [*[1] * (rank - rank_of(x)), *shape_of(x)]) for x in operands)
    attention = Attention(
        query,
        key,
        value,
        b.optional(op.attn_mask),
        op.attn_mask,
        op.get("scale"),
        bool(op.get("is_causal")),
    )
    return b.reshape(attend(attention, b), b.result().shape)


def attend(attention: Attention, b: RegBuilder, form: AttentionForm = _DEFAULT) -> SSAValue:
    """Attention with what it takes to give what PyTorch gives."""
    query, key, value = attention.query, attention.key, attention.value
    batch = np.broadcast_shapes(*(shape_of(x)[:-3] for x in (query, key, value)))
    query, key, value = (b.broadcast(x, [*batch, *shape_of(x)[-3:]]) for x in (query, key, value))
    heads = max(shape_of(x)[-3] for x in (query, key, value))
    query = b.broadcast(query, [*batch, heads, *shape_of(query)[-2:]])
    parts = Parts(query, key, value, attention.mask, attention.causal, _scale(attention))
    parts, answered = _masked(replace(parts, softcap=attention.softcap), attention, b, form)
    result = emit(parts, form, b)
    if answered is None:
        return result
    return b.select(b.once(_in_full_rows, answered, shape_of(result)[-1]), result, 0.0)


def _scale(attention: Attention) -> float:
    size = shape_of(attention.query)[-1]
    return size**-0.5 if attention.scale is None else attention.scale


def _masked(
    parts: Parts, attention: Attention, b: RegBuilder, form: AttentionForm
) -> tuple[Parts, SSAValue | None]:
    """The parts with one thing that hides, and which queries have a key, if one may have none."""
    queries, keys = shape_of(parts.query)[-2], shape_of(parts.key)[-2]
    mask, causal = attention.mask, attention.causal
    # A window over all queries hides nothing.
    window = attention.window if (attention.window or queries) < queries else None
    may_be_empty = may_exclude_all(attention.mask_source)
    if causal and (mask is not None or window is not None):
        # Only as the one thing that hides is it known to the instruction. A window past the last
        # key shows nothing.
        may_be_empty = mask is not None or (window is not None and queries - window >= keys)
        mask, causal = b.once(causal_mask, mask, queries, keys, window), False
    answered: SSAValue | None = None
    if mask is not None:
        mask = placed(mask, rank_of(parts.query), b)
        if may_be_empty:
            mask, answered = b.once(opened, mask)
        if form.mask == "numbers":
            mask = numbers(mask, parts.dtype, b)
    return replace(parts, mask=mask, causal=causal, triangular=attention.causal), answered


def _in_full_rows(answered: SSAValue, size: int, b: RegBuilder) -> SSAValue:
    # OpenVINO's CPU plugin fuses what follows into the attention, and then computes nonsense where
    # one value stands for a row of 128 or more (2026.4.1).
    return b.broadcast(answered, [*shape_of(answered)[:-1], size])
