"""Scaled dot-product attention.

A query that no key may answer gets zeros in PyTorch. In OpenVINO it gets NaN, which the next layer
spreads over the whole sequence. So a mask that might exclude every key of a query is opened for
that query, and its row of the result is set to zero. Masks whose rows are known to hold something
(a constant, a finite number where it excludes) are used as they are.

The instruction knows no cap of the scores, so capped attention is written out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.ir import Operation, SSAValue

from forge.dialects import aten, reg
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense_array
from forge.ir.tensors import is_bool
from forge.lowering.aten_to_reg.creation import band
from forge.lowering.aten_to_reg.reductions import holds_a_number, reduce
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, to_numbers

PATTERNS = ConversionPatterns()

# A mask that comes through one of these holds in a row what its first operand holds there.
_KEEPS_ROWS = (
    aten.ExpandOp,
    aten.AliasOp,
    aten.ContiguousOp,
    aten.ToDtypeOp,
    aten.UnsqueezeOp,
)


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


def attend(attention: Attention, b: RegBuilder) -> SSAValue:
    """Attention with what it takes to give what PyTorch gives."""
    query, key, value = attention.query, attention.key, attention.value
    heads = shape_of(query)[-3]
    key, value = (_repeated(x, heads, b) for x in (key, value))
    batch = np.broadcast_shapes(*(shape_of(x)[:-2] for x in (query, key, value)))
    query, key, value = (b.broadcast(x, [*batch, *shape_of(x)[-2:]]) for x in (query, key, value))
    queries, keys = shape_of(query)[-2], shape_of(key)[-2]
    causal = attention.causal
    # A window over all queries hides nothing.
    window = attention.window if (attention.window or queries) < queries else None
    mask, may_be_empty = attention.mask, _may_exclude_all(attention.mask_source)
    if causal and (mask is not None or window is not None or attention.softcap is not None):
        # Only as the one thing that hides is it known to the instruction. A window past the last
        # key shows nothing.
        may_be_empty = mask is not None or (window is not None and queries - window >= keys)
        mask, causal = b.once(_causal_mask, mask, queries, keys, window), False
    answered: SSAValue | None = None
    if mask is not None:
        mask = _placed(mask, rank_of(query), b)
        if may_be_empty:
            mask, answered = b.once(_opened, mask)
    if attention.softcap is None:
        result = _instruction(query, key, value, mask, attention.scale, causal, b)
    else:
        result = _written_out(query, key, value, mask, attention.scale, attention.softcap, b)
    if answered is None:
        return result
    return b.select(b.once(_in_full_rows, answered, shape_of(result)[-1]), result, 0.0)


def _instruction(
    query: SSAValue,
    key: SSAValue,
    value: SSAValue,
    mask: SSAValue | None,
    scale: float | None,
    causal: bool,
    b: RegBuilder,
) -> SSAValue:
    """Attention as one instruction."""
    factor: SSAValue | None = None
    if scale is not None and not _is_default(scale, shape_of(query)[-1]):
        factor = b.scalar(scale, dtype_of(query))
        if mask is None:
            # The scale stands behind the mask in the list of operands.
            mask = b.scalar(0.0, dtype_of(query))
    return b.emit(reg.ScaledDotProductAttentionOp(query, key, value, mask, factor, causal=causal))


def _written_out(
    query: SSAValue,
    key: SSAValue,
    value: SSAValue,
    mask: SSAValue | None,
    scale: float | None,
    softcap: float,
    b: RegBuilder,
) -> SSAValue:
    """softmax(softcap·tanh(scale·q·kᵀ/softcap) + mask)·v."""
    scale = 1 / math.sqrt(shape_of(query)[-1]) if scale is None else scale
    scores = b.multiply(b.matmul(query, key, transpose_b=True), scale / softcap)
    scores = b.multiply(b.emit(reg.TanhOp(scores)), softcap)
    if mask is not None and is_bool(dtype_of(mask)):
        scores = b.select(mask, scores, -math.inf)
    elif mask is not None:
        scores = b.add(scores, mask)
    return b.matmul(b.emit(reg.SoftmaxOp(scores, axis=rank_of(scores) - 1)), value)


def _in_full_rows(answered: SSAValue, size: int, b: RegBuilder) -> SSAValue:
    # OpenVINO's CPU plugin fuses what follows into the attention, and then computes nonsense where
    # one value stands for a row of 128 or more (2026.4.1).
    return b.broadcast(answered, [*shape_of(answered)[:-1], size])


def _is_default(scale: float, size: int) -> bool:
    return math.isclose(scale, 1 / math.sqrt(size), rel_tol=1e-7)


def _repeated(x: SSAValue, heads: int, b: RegBuilder) -> SSAValue:
    """Keys or values with one head for each of the query's."""
    own = shape_of(x)[-3]
    if own in (1, heads) or heads == 1:
        # Equal, or broadcast.
        return x
    if heads % own:
        b.reject(f"{heads} query heads cannot share {own} key heads")
    # One gather is the fewest passes over the data: broadcasting copies and then reshapes.
    return b.gather(x, b.ints([head // (heads // own) for head in range(heads)]), rank_of(x) - 3)


# -- masks -----------------------------------------------------------------------------------------


def _placed(mask: SSAValue, rank: int, b: RegBuilder) -> SSAValue:
    """A mask with at least two dimensions, and no more than the query's."""
    if rank_of(mask) > rank:
        b.reject("the mask has more dimensions than the query")
    if rank_of(mask) < 2:
        return b.reshape(mask, [*[1] * (2 - rank_of(mask)), *shape_of(mask)])
    return mask


def _causal_mask(
    mask: SSAValue | None, queries: int, keys: int, window: int | None, b: RegBuilder
) -> SSAValue:
    """A mask that is causal, too."""
    visible = band(b, queries, keys, low=None if window is None else 1 - window, high=0)
    if mask is None:
        return visible
    return b.both(mask, visible) if is_bool(dtype_of(mask)) else b.select(visible, mask, -math.inf)


def _opened(mask: SSAValue, b: RegBuilder) -> tuple[SSAValue, SSAValue]:
    """A mask that excludes everything nowhere, and whether each query had a key before."""
    axis = rank_of(mask) - 1
    if is_bool(dtype_of(mask)):
        answered = reduce(reg.ReduceLogicalOrOp, mask, [axis], True, b)
        return b.either(mask, b.negation(answered)), answered
    answered = holds_a_number(mask, axis, b)
    return b.select(answered, mask, 0.0), answered


def _may_exclude_all(mask: SSAValue | None) -> bool:
    """Whether a mask of the source program may exclude every key of a query."""
    while mask is not None and isinstance(owner := mask.owner, _KEEPS_ROWS):
        mask = owner.operands[0]
    if mask is None or not isinstance(mask.owner, Operation):
        return True
    owner = mask.owner
    if isinstance(owner, ConstantOp):
        return _has_empty_row(owner)
    if isinstance(owner, aten.WhereScalarOp | aten.WhereScalarOtherOp):
        # Chosen from numbers: it takes an infinite one to exclude.
        chosen = [owner.get("other")]
        first: Sequence[float] | None = None
        if isinstance(owner, aten.WhereScalarOp):
            first = [owner.get("input")]
        elif isinstance(owner.input.owner, ConstantOp):
            first = _numbers(owner.input.owner).ravel().tolist()
        return first is None or any(math.isinf(number) for number in [*chosen, *first])
    return True


def _numbers(constant: ConstantOp) -> np.ndarray:
    return to_numbers(dense_array(constant.value), constant.value.get_element_type())


def _has_empty_row(constant: ConstantOp) -> bool:
    values = _numbers(constant)
    if values.ndim == 0:
        return False
    excluded = values == 0 if values.dtype == bool else np.isneginf(values)
    return bool(excluded.all(axis=-1).any())
