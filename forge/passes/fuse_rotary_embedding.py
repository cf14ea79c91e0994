"""Recognise rotary position embeddings."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, commuted, producer, single_user


@dataclass(frozen=True)
class FuseRotaryEmbeddingPass(ModulePass):
    """Replace a rotary embedding in its parts by `transformer.rotary_embedding`.

    The two halves of the last dimension are rotated into each other, and what lies between has no
    other user.

        %0 = aten.mul.Tensor %x, %cos : …
        %1 = aten.slice.Tensor %x {dim = 3, start = 0, end = 32} : …
        %2 = aten.slice.Tensor %x {dim = 3, start = 32} : …
        %3 = aten.neg %2 : …
        %4 = aten.cat [%3, %1] {dim = -1} : …
        %5 = aten.mul.Tensor %4, %sin : …
        %6 = aten.add.Tensor %0, %5 : …

    becomes

        %6 = transformer.rotary_embedding %x, %cos, %sin : …
    """

    name = "fuse-rotary-embedding"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseRotaryEmbedding()])


class FuseRotaryEmbedding(Pattern[aten.CatOp]):
    # x ⊙ cos + (−x₂ ‖ x₁) ⊙ sin  →  rotary_embedding(x, cos, sin)

    def match_and_rewrite(self, op: aten.CatOp, rewriter: Rewriter) -> None:
        if len(op.tensors) != 2 or (negated := producer(op.tensors[0], aten.NegOp)) is None:
            return None
        upper = producer(negated.input, aten.SliceTensorOp)
        lower = producer(op.tensors[1], aten.SliceTensorOp)
        if upper is None or lower is None or upper.input is not lower.input:
            return None
        x = lower.input
        if (reason := _not_rotated_halves(op, lower, upper)) is not None:
            return rewriter.no_match(op, reason)
        if (found := _sum_of_products(op, x)) is None:
            return rewriter.no_match(op, "its use is not x·cos + rotated·sin, or it has others")
        sum, cos, sin = found
        return rewriter.replace(sum, transformer.RotaryEmbeddingOp(x, cos, sin))


def _not_rotated_halves(
    cat: aten.CatOp, lower: aten.SliceTensorOp, upper: aten.SliceTensorOp
) -> str | None:
    """Why `cat` is not −x₂ ‖ x₁ of the halves of the last dimension; `None` if it is."""
    shape = shaped(lower.input.type).shape
    last, size = len(shape) - 1, shape[-1]
    if any(
        dim % len(shape) != last for dim in (cat.get("dim"), lower.get("dim"), upper.get("dim"))
    ):
        return "the halves are not those of the last dimension"
    half = size // 2
    if size % 2 or _bounds(lower, size) != (0, half) or _bounds(upper, size) != (half, size):
        return "what is swapped are not two halves, the upper one negated and first"
    return None


def _bounds(op: aten.SliceTensorOp, size: int) -> tuple[int, int] | None:
    """Where a slice starts and ends; `None` if it skips elements."""
    if op.get("step") != 1:
        return None
    start, end, _ = slice(op.get("start"), op.get("end")).indices(size)
    return start, end


def _sum_of_products(
    rotated: Operation, x: SSAValue
) -> tuple[aten.AddTensorOp, SSAValue, SSAValue] | None:
    """The operation that computes x·cos + rotated·sin, and the two tables."""
    second = single_user(rotated.results[0])
    if not isinstance(second, aten.MulTensorOp):
        return None
    sin = second.other if second.input is rotated.results[0] else second.input
    sum = single_user(second.result)
    if not isinstance(sum, aten.AddTensorOp) or sum.get("alpha") != 1:
        return None
    first = producer(sum.other if sum.input is second.result else sum.input, aten.MulTensorOp)
    if first is None or not first.result.has_one_use():
        return None
    for factor, cos in commuted(first.input, first.other):
        if factor is x:
            return sum, cos, sin
    return None
