"""Say of a mask what attention already knows: that there is none, or that it is causal."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass

from forge.analysis.constants import Constants, find_constants
from forge.analysis.visibility import Band, band_of
from forge.dialects import aten, transformer
from forge.ir.tensors import is_bool, shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, commuted

_And = aten.AndTensorOp | aten.BitwiseAndTensorOp | aten.LogicalAndOp

_UNKNOWN = "the mask depends on inputs, on weights, or on arithmetic that is not exact"


@dataclass(frozen=True)
class SimplifyAttentionMaskPass(ModulePass):
    """Drop masks that hide nothing, and turn bands along the diagonal into `causal` and `window`.

    Only masks whose every element is known are touched; of another one, what hides nothing is left
    out: of padding that was expanded over all queries, the padding stays.

        %m = aten.le.Tensor %keys, %queries : …       // a lower triangle, computed from arange
        %y = transformer.attention %q, %k, %v, mask = %m : …

    becomes

        %y = transformer.attention %q, %k, %v {causal = true} : …

    and with `%keys > %queries - 512` besides, `{causal = true, window = 512}`.
    """

    name = "simplify-attention-mask"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                constants = find_constants(function.body.block)
                apply_patterns(function, [NarrowMask(constants), FoldMask(constants)])


class NarrowMask(Pattern[transformer.AttentionOp]):
    # softmax(s + (T ∧ m))·v  →  softmax(s + m)·v     where T hides nothing

    def __init__(self, constants: Constants) -> None:
        self._constants = constants

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        both = None if op.mask is None else op.mask.owner
        # That of integers takes all their bits: T would have to be −1.
        if not isinstance(both, _And) or not is_bool(shaped(both.input.type).dtype):
            return None
        for known, rest in commuted(both.input, both.other):
            if is_bool(shaped(rest.type).dtype) and self._hides_nothing(known):
                # Attention broadcasts its mask itself.
                op.operands[op.operands.index(both.result)] = rest
                return rewriter.modified(op)
        return rewriter.no_match(op, "neither side of the mask is known to hide nothing")

    def _hides_nothing(self, mask: SSAValue) -> bool:
        known = self._constants.get(mask) if self._constants.may_know(mask) else None
        return known is not None and bool(known.all())


class FoldMask(Pattern[transformer.AttentionOp]):
    # softmax(s + M)·v  →  softmax(s)·v     where M hides nothing
    # softmax(s + M)·v  →  causal softmax(s)·v     where M hides j > i, and nothing else
    # softmax(s + M)·v  →  causal softmax(s)·v in a window w     where M hides j ≤ i − w, too

    def __init__(self, constants: Constants) -> None:
        self._constants = constants
        self._bands: dict[tuple[SSAValue, int, int, Band], Band | str] = {}

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        if op.mask is None:
            return None
        if not self._constants.may_know(op.mask):
            return rewriter.no_match(op, _UNKNOWN)
        band = self._band(op, op.mask)
        if isinstance(band, str):
            return rewriter.no_match(op, band)
        simpler = transformer.AttentionOp(
            op.query,
            op.key,
            op.value,
            scale=op.get("scale"),
            softcap=op.get("softcap"),
            causal=band.causal,
            window=band.window,
        )
        return rewriter.replace(op, simpler)

    def _band(self, op: transformer.AttentionOp, mask: SSAValue) -> Band | str:
        """What the attention sees with its mask; all layers with one mask share the answer."""
        length, source = shaped(op.query.type).shape[-2], shaped(op.key.type).shape[-2]
        own = Band(op.get("causal"), op.get("window"))
        key = (mask, length, source, own)
        if (band := self._bands.get(key)) is None:
            value = self._constants.get(mask)
            dtype = shaped(mask.type).dtype
            band = _UNKNOWN if value is None else band_of(value, dtype, length, source, own)
            self._bands[key] = band
        return band
