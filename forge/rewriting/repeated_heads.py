"""Keys and values whose heads were repeated for the groups of query heads that share them."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import aten
from forge.ir.tensors import shaped
from forge.rewriting.attention_scores import is_conversion
from forge.rewriting.batched_products import Shape
from forge.rewriting.matching import producer
from forge.rewriting.pattern import Rewriter
from forge.rewriting.views import Regrouping

_Copy = aten.CloneOp | aten.ContiguousOp


@dataclass(frozen=True)
class RepeatedHeads:
    """What keys or values were before each head was repeated in its place.

    Attributes:
        source: the tensor, perhaps in another shape or converted to another element type later.
        shape: its shape as keys or values, `[..., kv_heads, length, size]`.
    """

    source: SSAValue
    shape: Shape


def repeated_heads(value: SSAValue) -> RepeatedHeads | str | None:
    """What `value`, `[..., heads, length, size]`, repeats; a reason if in another order."""
    if is_conversion(op := _copied(value).owner) and isinstance(op, Operation):
        value = op.operands[0]
    op = _copied(value).owner
    *batch, _, length, size = _shape(value)
    if isinstance(op, aten.RepeatInterleaveSelfIntOp):
        dim, own = op.get("dim"), _shape(op.input)
        of_heads = dim is not None and dim % len(own) == len(own) - 3
        return RepeatedHeads(op.input, own) if of_heads else None
    if isinstance(op, aten.ExpandOp | aten.RepeatOp):
        own = _shape(op.input)
        if own == (*batch, 1, length, size):
            return RepeatedHeads(op.input, own)
        if isinstance(op, aten.RepeatOp) and own[:-3] == (*batch,) and own[-2:] == (length, size):
            return "the heads are repeated one after another, and not each in its place"
        return None
    return _expanded(op, value) if isinstance(op, Regrouping) else None


def without_repetition(
    heads: RepeatedHeads, dtype: Attribute, rewriter: Rewriter, before: Operation
) -> SSAValue:
    """The heads before they were repeated, in an element type."""
    source = heads.source
    while _shape(source) != heads.shape and isinstance(op := source.owner, Regrouping):
        source = op.operands[0]
    if _shape(source) != heads.shape:
        reshape = aten.ReshapeOp(heads.source, heads.shape)
        source = rewriter.insert(reshape, before=before).result
    if shaped(source.type).dtype == dtype:
        return source
    return rewriter.insert(aten.ToDtypeOp(source, dtype), before=before).result


def _expanded(op: Operation, value: SSAValue) -> RepeatedHeads | None:
    """[..., kv_heads, 1, length, size] → [..., kv_heads, groups, length, size] → one dimension."""
    if (expand := producer(_copied(op.operands[0]), aten.ExpandOp)) is None:
        return None
    *batch, heads, length, size = _shape(value)
    own, repeated = _shape(expand.input), _shape(expand.result)
    kv_heads, groups = repeated[len(batch) : len(batch) + 2] if len(own) > 3 else (0, 0)
    if repeated != (*batch, kv_heads, groups, length, size) or kv_heads * groups != heads:
        return None
    if own != (*batch, kv_heads, 1, length, size):
        return None
    return RepeatedHeads(expand.input, (*batch, kv_heads, length, size))


def _copied(value: SSAValue) -> SSAValue:
    while isinstance(op := value.owner, _Copy):
        value = op.input
    return value


def _shape(value: SSAValue) -> Shape:
    return shaped(value.type).shape
