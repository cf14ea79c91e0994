"""Rotate keys that several heads share where Intel's NPU compiler can repeat them afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, producer
from forge.rewriting.head_projections import swaps_heads


@dataclass(frozen=True)
class LegalizeGroupedHeadsPass(ModulePass):
    """Ask for keys of grouped heads to be rotated before heads come before tokens.

    Intel's NPU compiler fails for NPU3720 on keys that are projected, brought into heads, rotated
    and then repeated for the heads that share them (`UnrollPermuteDMA: size of merged sub output
    shape …` in 2026.4.1). With the rotation on the other side of the transposition it does not.
    Attention and rotations that have a form already keep it; `apply-forms` does what this asks for.

        %k = transformer.rotary_embedding %t, %cos, %sin : …
        %y = transformer.attention %q, %k, %v : (tensor<1x14x8x64xf32>, tensor<1x2x8x64xf32>, …) …

    becomes

        %k = transformer.rotary_embedding %t, %cos, %sin {form = {place = "before_transpose"}} : …
        %y = transformer.attention %q, %k, %v : …
    """

    name = "legalize-grouped-heads"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [RotateSharedKeysFirst()])


class RotateSharedKeysFirst(Pattern[transformer.AttentionOp]):
    # attention(q, rotate(kᵀ), v)  →  attention(q, rotate(kᵀ) {before_transpose}, v)
    #     where heads share k, and ᵀ swaps heads and tokens

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        rotary = producer(op.key, transformer.RotaryEmbeddingOp)
        heads, key_heads = (shaped(value.type).shape[-3] for value in (op.query, op.key))
        if rotary is None or heads == key_heads or rotary.emission.place == "before_transpose":
            return None
        if "form" in op.properties or "form" in rotary.properties:
            return rewriter.no_match(op, "it has a form, or the rotation of its keys has")
        permute = producer(rotary.x, aten.PermuteOp)
        if permute is None or not swaps_heads(permute):
            return rewriter.no_match(op, "what is rotated is not heads brought before tokens")
        rotary.emit_as(replace(rotary.emission, place="before_transpose"))
        return rewriter.modified(rotary)
