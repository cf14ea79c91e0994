"""Rotate queries and keys before heads come before tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xdsl.ir import SSAValue

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, producer
from forge.rewriting.attention_rewrites import Derived
from forge.rewriting.head_projections import SWAPPED, applied, swaps_heads


class RotateBeforeTranspose(Pattern[transformer.RotaryEmbeddingOp]):
    # rotate(xᵀ, cos, sin)  →  rotate(x, cosᵀ, sinᵀ)ᵀ, where ᵀ swaps heads and tokens

    def __init__(self) -> None:
        self._derived = Derived()

    def match_and_rewrite(self, op: transformer.RotaryEmbeddingOp, rewriter: Rewriter) -> None:
        if op.emission.place != "before_transpose":
            return None
        permute = producer(op.x, aten.PermuteOp)
        if permute is None or not swaps_heads(permute):
            return rewriter.no_match(op, "what is rotated is not heads brought before tokens")
        if not permute.result.has_one_use():
            return rewriter.no_match(op, "the heads before tokens have other users")
        if shaped(op.cos.type).rank > 2 and shaped(op.cos.type).shape[-3] != 1:
            return rewriter.no_match(op, "the heads have tables of their own")
        tables = [self._by_tokens(table, rewriter) for table in (op.cos, op.sin)]
        rotated = applied(op, permute.input, *tables)
        assert isinstance(rotated, transformer.RotaryEmbeddingOp)
        rotated.emit_as(replace(op.emission, place="after_transpose"))
        rewriter.insert(rotated, before=op)
        return rewriter.replace(op, aten.PermuteOp(rotated.result, SWAPPED))

    def _by_tokens(self, table: SSAValue, rewriter: Rewriter) -> SSAValue:
        shape = _without_heads(shaped(table.type).shape)
        return self._derived.behind(
            table, "by tokens", lambda: aten.ReshapeOp(table, shape), rewriter
        )


def _without_heads(shape: Sequence[int]) -> list[int]:
    """The shape of a table `[…, 1, L, E]` or `[L, E]` with the heads behind the tokens."""
    if len(shape) == 1:
        return list(shape)
    *batch, tokens, size = shape
    return [*batch[:-1], tokens, 1, size]
