"""Recognise attention that is written out, and its groups of heads."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, prod, sqrt

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.dialects.transformer.shapes.attention import attention as attention_shape
from forge.ir.tensors import Shaped, shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, producer, single_user
from forge.rewriting.arithmetic import times_scalar
from forge.rewriting.attention_masks import MaskBuilder, merged
from forge.rewriting.attention_scores import (
    Bias,
    Fill,
    Scores,
    fill_number,
    passes_on,
    read_scores,
)
from forge.rewriting.batched_products import (
    Arranged,
    BatchedProduct,
    Shape,
    batched_product,
    holds,
    keeps_matrices,
    nearest,
    permutation,
    placed,
    sources,
)
from forge.rewriting.repeated_heads import RepeatedHeads, repeated_heads, without_repetition
from forge.rewriting.views import Regrouping


@dataclass(frozen=True)
class FuseAttentionPass(ModulePass):
    """Replace attention in its parts by `transformer.attention`, without repeated heads.

    The product of queries and keys may be scaled, before or behind it, by numbers only; capped; and
    masked by what is added or filled in. It is put together where every step of it has one user.
    Keys and values that were repeated for groups of query heads are taken as they were before.

        %0 = aten.transpose.int %k {dim0 = 2, dim1 = 3} : …
        %1 = aten.matmul %q, %0 : …
        %2 = aten.mul.Scalar %1 {other = 0.125} : …
        %3 = aten.add.Tensor %2, %m : …
        %4 = aten.softmax.int %3 {dim = -1} : …
        %y = aten.matmul %4, %v : …

    becomes

        %y = transformer.attention %q, %k, %v, mask = %m {scale = 0.125} : …

    The numbers stay, but for one exception: where −∞ hides every key of a query, the parts give
    NaN, and attention gives zero.
    """

    name = "fuse-attention"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseSafeSoftmax(), FuseAttention(), GroupHeads(), FoldScale()])


_Softmax = aten.SoftmaxIntOp | aten.InternalSoftmaxOp | aten.InternalSafeSoftmaxOp


class FuseSafeSoftmax(Pattern[aten.WhereSelfOp]):
    # where(¬any(¬(s = −∞)), 0, softmax(s))  →  _safe_softmax(s): what a decomposition writes

    def match_and_rewrite(self, op: aten.WhereSelfOp, rewriter: Rewriter) -> None:
        softmax = op.other.owner
        if not isinstance(softmax, aten.SoftmaxIntOp | aten.InternalSoftmaxOp):
            return None
        if fill_number(op.input) != 0.0 or op.result.type != op.other.type:
            return None
        dim, scores = softmax.get("dim"), softmax.input
        if not _is_hidden(op.condition, scores, dim):
            return rewriter.no_match(op, "it is not zero where every score is −∞")
        if softmax.result.type != scores.type:
            return rewriter.no_match(op, "the softmax changes the element type")
        return rewriter.replace(op, aten.InternalSafeSoftmaxOp(scores, dim))


@dataclass(frozen=True)
class _Operands:
    """What an attention is made of, before anything is changed."""

    query: Arranged
    key: Arranged
    value: Arranged
    shapes: tuple[Shape, Shape, Shape]
    masks: list[Bias | Fill]


class FuseAttention(Pattern[_Softmax]):
    # softmax(cap(scale·q·kᵀ) + mask)·v  →  attention(q, k, v, mask) {scale, softcap}

    def __init__(self) -> None:
        self._masks = MaskBuilder()

    def match_and_rewrite(self, op: _Softmax, rewriter: Rewriter) -> None:
        if (output := _weighted_values(op)) is None:
            return None
        if isinstance(output, str):
            return rewriter.no_match(op, output)
        dtype = _shaped(output.op.results[0]).dtype
        scores = read_scores(op.input, dtype)
        if isinstance(scores, str):
            return rewriter.no_match(op, scores)
        found = _operands(op, scores, output, dtype)
        if isinstance(found, str):
            return rewriter.no_match(op, found)
        operands = (found.query, found.key, found.value)
        query, key, value = (
            placed(operand, shape, rewriter, before=output.op)
            for operand, shape in zip(operands, found.shapes, strict=True)
        )
        attention = transformer.AttentionOp(
            query,
            key,
            value,
            self._masks.build(found.masks, dtype, rewriter, before=op),
            scale=scores.scale * found.query.factor * found.key.factor,
            softcap=scores.softcap,
        )
        return _replace(output, attention, rewriter)


class GroupHeads(Pattern[transformer.AttentionOp]):
    # attention(q, repeat(k), repeat(v))  →  attention(q, k, v), each head of k and v repeated alike

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        key, value = repeated_heads(op.key), repeated_heads(op.value)
        if key is None and value is None:
            return None
        for heads, which in ((key, "keys"), (value, "values")):
            if isinstance(heads, str):
                return rewriter.no_match(op, heads)
            if heads is None:
                return rewriter.no_match(op, f"the {which} are not repeated for groups of heads")
        assert isinstance(key, RepeatedHeads) and isinstance(value, RepeatedHeads)
        if key.shape[:-1] != value.shape[:-1]:
            return rewriter.no_match(op, "keys and values are repeated differently")
        dtype = _shaped(op.result).dtype
        operands = [without_repetition(heads, dtype, rewriter, op) for heads in (key, value)]
        return rewriter.replace(op, _with(op, *operands, scale=op.get("scale")))


class FoldScale(Pattern[transformer.AttentionOp]):
    # attention(c·q, k, v) {scale}  →  attention(q, k, v) {scale = c·scale}, and so for k

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        for operand in (op.query, op.key):
            if (product := _scaled_source(operand)) is None:
                continue
            (scaled, factor), own = product, op.get("scale")
            scale = 1 / sqrt(_shaped(op.query).shape[-1]) if own is None else own
            rewriter.replace(*scaled)
            return rewriter.replace(op, _with(op, op.key, op.value, scale=scale * factor))
        return None


def _is_hidden(condition: SSAValue, scores: SSAValue, dim: int) -> bool:
    """Whether a condition is ¬any(¬(scores = −∞)) along a dimension, which stays."""
    outer = producer(condition, aten.LogicalNotOp)
    any_ = producer(None if outer is None else outer.input, aten.AnyDimOp)
    inner = producer(None if any_ is None else any_.input, aten.LogicalNotOp)
    equal = producer(None if inner is None else inner.input, aten.EqScalarOp)
    if any_ is None or equal is None or equal.input is not scores or not any_.get("keepdim"):
        return False
    rank = _shaped(scores).rank
    return equal.get("other") == -inf and any_.get("dim") % rank == dim % rank


# -- the parts of attention ------------------------------------------------------------------------


def _weighted_values(softmax: _Softmax) -> BatchedProduct | str | None:
    """The product of probabilities with values; `None` if there is no such thing."""
    value = softmax.result
    types = [_shaped(value).dtype]
    while True:
        if (user := single_user(value)) is None:
            weighted = any(batched_product(use.operation, value) for use in value.uses)
            return "the probabilities have other users" if weighted else None
        if (product := batched_product(user, value)) is not None:
            break
        if not passes_on(user):
            return None
        value = user.results[0]
        types.append(_shaped(value).dtype)
    dtype = _shaped(user.results[0]).dtype
    if not all(holds(wide, dtype) for wide in types):
        return "the probabilities are less precise than the values"
    if product.addend is not None or product.alpha != 1:
        return "the product with the values is scaled, or something is added"
    return product if product.left.in_order else "the probabilities are permuted"


def _operands(
    softmax: _Softmax, scores: Scores, output: BatchedProduct, dtype: Attribute
) -> _Operands | str:
    """What the attention is made of; or why it is none."""
    shape = _shaped(softmax.input).shape
    if softmax.get("dim") % len(shape) != len(shape) - 1:
        return "the softmax is not over the keys, the last dimension"
    product = scores.product
    # The grouping of the batch with most dimensions is that of the masks.
    *batch, length, source_length = max([shape, *scores.shapes], key=len)
    batch = tuple(batch) or (1,)
    place = _shaped(product.op.results[0]).shape[:-2]
    result = _shaped(output.op.results[0])
    key_batch = _batch(product.right.shape[:-2], place, batch)
    value_batch = _batch(output.right.shape[:-2], output.left.shape[:-2], batch)
    if prod(product.left.shape[:-2]) != prod(batch) or result.numel != prod(
        (*batch, length, output.right.shape[-1])
    ):
        return "the batch dimensions are broadcast"
    if key_batch is None or value_batch is None or key_batch != value_batch:
        return "the batch dimensions of keys and values are broadcast"
    shapes = (
        (*batch, length, product.left.shape[-1]),
        (*key_batch, source_length, product.left.shape[-1]),
        (*value_batch, source_length, output.right.shape[-1]),
    )
    arranged = (product.left, product.right.with_last_two_swapped(), output.right)
    found = [
        nearest(sources(operand, dtype, scaled=operand is not output.right), shape, dtype)
        for operand, shape in zip(arranged, shapes, strict=True)
    ]
    if any(operand is None for operand in found):
        return "queries, keys and values have several element types"
    masks = merged(scores.masks, (*batch, length, source_length), dtype)
    if isinstance(masks, str):
        return masks
    # What the operation itself does not admit is a reason, too.
    q, k, v = (Shaped(shape, dtype) for shape in shapes)
    attention_shape(q, k, v, softcap=scores.softcap)
    query, key, value = (operand for operand in found if operand is not None)
    return _Operands(query, key, value, shapes, masks)


def _batch(own: Shape, place: Shape, batch: Shape) -> Shape | None:
    """The batch dimensions of keys or values, of one head if all query heads share it."""
    if prod(own) == prod(batch):
        return batch
    padded = (1,) * (len(place) - len(own)) + own
    shared = (*batch[:-1], 1)
    return shared if place == batch and padded == shared else None


def _replace(
    output: BatchedProduct, attention: transformer.AttentionOp, rewriter: Rewriter
) -> None:
    """Put an attention in the place of the product with the values."""
    op, type = output.op, attention.result.type
    result = _shaped(op.results[0])
    if output.in_order:
        if op.results[0].type == type:
            return rewriter.replace(op, attention)
        user = single_user(op.results[0])
        if user is not None and keeps_matrices(user) and user.results[0].type == type:
            return rewriter.replace(user, attention)
        rewriter.insert(attention, before=op)
        return rewriter.replace(op, aten.ReshapeOp(attention.result, result.shape))
    rewriter.insert(attention, before=op)
    y: SSAValue = attention.result
    in_order = tuple(result.shape[output.dims.index(dim)] for dim in range(result.rank))
    if _shaped(y).shape != in_order:
        y = rewriter.insert(aten.ReshapeOp(y, in_order), before=op).result
    return rewriter.replace(op, aten.PermuteOp(y, output.dims))


def _scaled_source(value: SSAValue) -> tuple[tuple[Operation, SSAValue], float] | None:
    """What multiplies a tensor by a number, with the tensor, and the number.

    `value` is another view of the product, and nothing else uses it on the way.
    """
    while isinstance(op := value.owner, Operation) and value.has_one_use():
        if (scaled := times_scalar(value)) is not None:
            return ((op, scaled[0]), scaled[1]) if isfinite(scaled[1]) else None
        if not isinstance(op, Regrouping) and permutation(op) is None:
            break
        value = op.operands[0]
    return None


def _with(
    op: transformer.AttentionOp, key: SSAValue, value: SSAValue, *, scale: float | None
) -> transformer.AttentionOp:
    return transformer.AttentionOp(
        op.query,
        key,
        value,
        op.mask,
        scale=scale,
        causal=op.get("causal"),
        softcap=op.get("softcap"),
        window=op.get("window"),
    )


def _shaped(value: SSAValue) -> Shaped:
    return shaped(value.type)
