"""Say of a mask what attention already knows: that there is none, or that it is causal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass

from forge.analysis.constants import Array, Constants, find_constants
from forge.dialects import transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns


@dataclass(frozen=True)
class SimplifyAttentionMaskPass(ModulePass):
    """Drop masks that hide nothing, and turn lower triangles into `causal`.

    Only masks whose every element is known are touched; anything else stays explicit.

        %m = aten.le.Tensor %keys, %queries : …       // a lower triangle, computed from arange
        %y = transformer.attention %q, %k, %v, mask = %m : …

    becomes

        %y = transformer.attention %q, %k, %v {causal = true} : …
    """

    name = "simplify-attention-mask"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                apply_patterns(function, [FoldMask(find_constants(function.body.block))])


class FoldMask(Pattern[transformer.AttentionOp]):
    # softmax(s + M)·v  →  softmax(s)·v            where M hides nothing
    # softmax(s + M)·v  →  causal softmax(s)·v     where M hides j > i, and nothing else

    def __init__(self, constants: Constants) -> None:
        self._constants = constants

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        if op.mask is None:
            return None
        if (mask := self._constants.get(op.mask)) is None:
            return rewriter.no_match(op, "the mask depends on the inputs")
        if (visible := _visible(mask)) is None:
            return rewriter.no_match(op, "the mask adds numbers other than 0 and minus infinity")
        length, source = shaped(op.query.type).shape[-2], shaped(op.key.type).shape[-2]
        triangle = np.tri(length, source, dtype=np.bool_)
        # What the attention hides by itself, the mask need not.
        if bool(np.all(visible | ~triangle if op.get("causal") else visible)):
            return rewriter.replace(op, _attention(op, causal=op.get("causal")))
        if visible.shape[-2:] == triangle.shape and bool(np.all(visible == triangle)):
            return rewriter.replace(op, _attention(op, causal=True))
        return rewriter.no_match(op, "the mask hides something, and is not a lower triangle")


def _visible(mask: Array) -> Array | None:
    """Where a query sees a key; `None` if the mask does more than hide."""
    if mask.dtype == np.bool_:
        return mask
    hidden = (mask == -np.inf) | (mask == np.finfo(mask.dtype).min)
    if not bool(np.all(hidden | (mask == 0))):
        return None
    # The smallest number hides nothing from a query that sees nothing else.
    return ~hidden if bool(np.all(np.any(~hidden, axis=-1))) else None


def _attention(op: transformer.AttentionOp, *, causal: bool) -> transformer.AttentionOp:
    return transformer.AttentionOp(op.query, op.key, op.value, scale=op.get("scale"), causal=causal)
