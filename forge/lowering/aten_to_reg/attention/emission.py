"""The forms of attention, once it is clear what is hidden."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from xdsl.ir import Attribute, SSAValue

from forge.dialects import reg
from forge.dialects.transformer.forms import AttentionForm
from forge.ir.tensors import is_bool
from forge.lowering.aten_to_reg.attention.masks import causal_rows, numbers
from forge.lowering.aten_to_reg.attention.products import scored, weighted
from forge.lowering.aten_to_reg.matrix_engine import attended, masked, repeated_keys
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of


@dataclass(frozen=True)
class Parts:
    """What the instructions of one attention read.

    Attributes:
        query: `[…, H, L, E]`, of the batch dimensions of all.
        key: `[…, Hkv, S, E]`.
        value: `[…, Hkv, S, Ev]`.
        mask: what is added to the scores, or booleans, where something hides besides `causal`.
        causal: whether query i reads keys up to i only, which the mask does not say.
        scale: of the scores.
        softcap: what the scores are kept below; `None` for no cap.
        triangular: whether no query reads keys behind its own place, whatever says so.
    """

    query: SSAValue
    key: SSAValue
    value: SSAValue
    mask: SSAValue | None
    causal: bool
    scale: float
    softcap: float | None = None
    triangular: bool = False

    @property
    def dtype(self) -> Attribute:
        return dtype_of(self.query)

    @property
    def heads(self) -> int:
        return shape_of(self.query)[-3]

    @property
    def kv_heads(self) -> int:
        return shape_of(self.key)[-3]


def emit(parts: Parts, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """The instructions of an attention in the form that is asked for: `[…, H, L, Ev]`."""
    if parts.heads % parts.kv_heads:
        b.reject(f"{parts.heads} query heads cannot share {parts.kv_heads} key heads")
    count = form.head_groups
    if count == 1 and form.kv == "separate":
        count = parts.kv_heads
    results = [_in_chunks(part, form, b) for part in _head_groups(parts, count, b)]
    return b.concat(results, rank_of(parts.query) - 3)


# -- parts of the heads and of the queries --------------------------------------------------------


def _head_groups(parts: Parts, count: int, b: RegBuilder) -> list[Parts]:
    """The attention of consecutive heads, in `count` parts of as many."""
    if count == 1:
        return [parts]
    own = parts.kv_heads
    if parts.heads % count or (own % count and count % own):
        heads = f"{parts.heads} query heads on {own} key heads"
        b.reject(f"{heads} cannot be in {count} groups of as many")
    axis = rank_of(parts.query) - 3

    def group(x: SSAValue, index: int) -> SSAValue:
        # Several groups may read one head. Slices, for Intel's NPU compiler fails on a split of a
        # split along one axis (2026.4.1), and queries, keys and values may have been one tensor.
        size = shape_of(x)[axis]
        start = size * index // count
        return b.slice(x, axis, start, start + max(1, size // count))

    def mask_of(index: int) -> SSAValue | None:
        if parts.mask is None or not _has_heads(parts.mask):
            return parts.mask
        size = parts.heads // count
        return b.slice(parts.mask, rank_of(parts.mask) - 3, size * index, size * (index + 1))

    return [
        replace(
            parts,
            query=group(parts.query, index),
            key=group(parts.key, index),
            value=group(parts.value, index),
            mask=mask_of(index),
        )
        for index in range(count)
    ]


def _in_chunks(parts: Parts, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """The attention of consecutive queries after that of those before them."""
    queries, axis = shape_of(parts.query)[-2], rank_of(parts.query) - 2
    if form.query_chunks > queries:
        b.reject(f"{queries} queries cannot be in {form.query_chunks} chunks")
    bounds = [queries * index // form.query_chunks for index in range(form.query_chunks + 1)]
    chunks = [_chunk(parts, start, stop, form, b) for start, stop in pairwise(bounds)]
    return b.concat([_of_all_heads(chunk, form, b) for chunk in chunks], axis)


def _chunk(parts: Parts, start: int, stop: int, form: AttentionForm, b: RegBuilder) -> Parts:
    """The attention of some queries; with the keys that they may read, where the rest is hidden."""
    queries, keys = shape_of(parts.query)[-2], shape_of(parts.key)[-2]
    if (start, stop) == (0, queries):
        return parts
    axis = rank_of(parts.query) - 2
    read = min(stop, keys) if parts.triangular else keys
    mask, causal = parts.mask, parts.causal
    if mask is not None:
        rank = rank_of(mask)
        if shape_of(mask)[-2] != 1:
            mask = b.once(_slice, mask, rank - 2, start, stop)
        if shape_of(mask)[-1] != 1:
            mask = b.once(_slice, mask, rank - 1, 0, read)
    elif causal and start:
        mask, causal = (
            _hiding(b.once(causal_rows, stop - start, read, start), form, parts, b),
            False,
        )
    return replace(
        parts,
        query=b.slice(parts.query, axis, start, stop),
        key=b.slice(parts.key, axis, 0, read),
        value=b.slice(parts.value, axis, 0, read),
        mask=mask,
        causal=causal,
    )


def _slice(x: SSAValue, axis: int, start: int, stop: int, b: RegBuilder) -> SSAValue:
    return b.slice(x, axis, start, stop)


def _hiding(mask: SSAValue, form: AttentionForm, parts: Parts, b: RegBuilder) -> SSAValue:
    return numbers(mask, parts.dtype, b) if form.mask == "numbers" else mask


# -- query heads that share keys -------------------------------------------------------------------


def _of_all_heads(parts: Parts, form: AttentionForm, b: RegBuilder) -> SSAValue:
    groups = parts.heads // parts.kv_heads
    if groups == 1:
        return _scores(parts, form, b)
    if form.kv in ("rows", "blocks"):
        return _as_rows(parts, groups, form, b)
    if form.kv == "grouped":
        return _as_groups(parts, groups, form, b)
    key, value = (_repeated(x, groups, form, b) for x in (parts.key, parts.value))
    return _scores(replace(parts, key=key, value=value), form, b)


def _repeated(x: SSAValue, groups: int, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """Keys or values with one head for each of the query's."""
    *batch, own, length, size = shape_of(x)
    axis = len(batch)
    if own == 1:
        return b.broadcast(x, [*batch, groups, length, size])
    if form.kv == "broadcast":
        wide = b.broadcast(b.unsqueeze(x, axis + 1), [*batch, own, groups, length, size])
        return b.reshape(wide, [*batch, own * groups, length, size])
    # One gather is the fewest passes over the data: broadcasting copies and then reshapes.
    return b.gather(x, b.ints([head // groups for head in range(own * groups)]), axis)


def _as_rows(parts: Parts, groups: int, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """The queries that share a head of keys as queries of one head."""
    parts = _explicit(parts, form, b)
    *batch, heads, queries, size = shape_of(parts.query)
    own = heads // groups
    mask = parts.mask
    if mask is not None:
        mask = b.once(_mask_rows, mask, groups, queries)
    query = b.reshape(parts.query, [*batch, own, groups * queries, size])
    y = _scores(replace(parts, query=query, mask=mask), form, b)
    return b.reshape(y, [*batch, heads, queries, shape_of(y)[-1]])


def _mask_rows(mask: SSAValue, groups: int, queries: int, b: RegBuilder) -> SSAValue:
    *batch, rows, keys = shape_of(mask)
    if _has_heads(mask):
        mask = b.broadcast(mask, [*batch, queries, keys])
        return b.reshape(mask, [*batch[:-1], batch[-1] // groups, groups * queries, keys])
    return mask if rows == 1 else b.concat([mask] * groups, len(batch))


def _as_groups(parts: Parts, groups: int, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """With a dimension for the query heads that share one of keys."""
    parts = _explicit(parts, form, b)
    *batch, heads, queries, size = shape_of(parts.query)
    axis = len(batch) + 1
    query = b.reshape(parts.query, [*batch, heads // groups, groups, queries, size])
    key, value = (b.unsqueeze(x, axis) for x in (parts.key, parts.value))
    mask = parts.mask
    if mask is not None and rank_of(mask) > 2:
        mask = b.once(_mask_groups, mask, groups)
    y = _scores(replace(parts, query=query, key=key, value=value, mask=mask), form, b)
    return b.reshape(y, [*batch, heads, queries, shape_of(y)[-1]])


def _mask_groups(mask: SSAValue, groups: int, b: RegBuilder) -> SSAValue:
    *batch, heads, rows, keys = shape_of(mask)
    kv, shared = (heads // groups, groups) if heads > 1 else (1, 1)
    return b.reshape(mask, [*batch, kv, shared, rows, keys])


def _has_heads(mask: SSAValue) -> bool:
    return rank_of(mask) > 2 and shape_of(mask)[-3] > 1


# -- scores ----------------------------------------------------------------------------------------


def _explicit(parts: Parts, form: AttentionForm, b: RegBuilder) -> Parts:
    """With a mask that says what causality hides."""
    if not parts.causal:
        return parts
    visible = b.once(causal_rows, shape_of(parts.query)[-2], shape_of(parts.key)[-2], 0)
    return replace(parts, mask=_hiding(visible, form, parts, b), causal=False)


def _scores(parts: Parts, form: AttentionForm, b: RegBuilder) -> SSAValue:
    written_out = form.scores != "fused" or parts.softcap is not None
    if form.mask == "numbers" or written_out:
        parts = _explicit(parts, form, b)
    if form.scale == "query" and parts.softcap is None and parts.scale != 1.0:
        parts = replace(parts, query=b.multiply(parts.query, parts.scale), scale=1.0)
    return _written_out(parts, form, b) if written_out else _instruction(parts, b)


def _instruction(parts: Parts, b: RegBuilder) -> SSAValue:
    """Attention as one instruction."""
    mask, factor = parts.mask, None
    if not math.isclose(parts.scale, shape_of(parts.query)[-1] ** -0.5, rel_tol=1e-7):
        factor = b.scalar(parts.scale, parts.dtype)
        if mask is None:
            # The scale stands behind the mask in the list of operands.
            mask = b.scalar(0.0, parts.dtype)
    return b.emit(
        reg.ScaledDotProductAttentionOp(
            parts.query, parts.key, parts.value, mask, factor, causal=parts.causal
        )
    )


def _written_out(parts: Parts, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """softmax(cap(scale·q·kᵀ) + mask)·v, where cap(s) = softcap·tanh(s/softcap)."""
    keys, by_products = shape_of(parts.key)[-2], form.scores == "products"
    if by_products:
        parts = _with_repeated_keys(parts, repeated_keys(keys), b)
    scale = parts.scale if parts.softcap is None else parts.scale / parts.softcap
    scores = scored(parts.query, parts.key, form, b)
    if scale != 1.0:
        scores = b.multiply(scores, scale)
    if parts.softcap is not None:
        # The instruction knows no cap.
        scores = b.multiply(b.emit(reg.TanhOp(scores)), parts.softcap)
    mask = parts.mask
    if mask is not None and is_bool(dtype_of(mask)):
        scores = b.select(mask, scores, -math.inf)
    elif mask is not None:
        scores = masked(scores, mask, b) if by_products else b.add(scores, mask)
    weigh = partial(weighted, value=parts.value, form=form, b=b)
    if by_products:
        return attended(scores, weigh, keys, b)
    return weigh(b.emit(reg.SoftmaxOp(scores, axis=rank_of(scores) - 1)))


def _with_repeated_keys(parts: Parts, count: int, b: RegBuilder) -> Parts:
    """With the first keys once more behind the last, hidden as they are, and of no value."""
    if not count:
        return parts
    key, value, mask = parts.key, parts.value, parts.mask
    axis = rank_of(key) - 2
    nothing = b.splat(0.0, [*shape_of(value)[:-2], count, shape_of(value)[-1]], parts.dtype)
    if mask is not None and shape_of(mask)[-1] != 1:
        mask = b.once(_with_first, mask, rank_of(mask) - 1, count)
    return replace(
        parts,
        key=_with_first(key, axis, count, b),
        value=b.concat([value, nothing], axis),
        mask=mask,
    )


def _with_first(x: SSAValue, axis: int, count: int, b: RegBuilder) -> SSAValue:
    """A tensor with the first of a dimension once more behind the last."""
    return b.concat([x, b.slice(x, axis, 0, count)], axis)
