"""Recognise logits that are kept small."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.dialects import aten
from forge.rewriting import Pattern, Rewriter, apply_patterns, is_close, producer
from forge.rewriting.arithmetic import times_scalar
from forge_example.dialect import SoftCapOp


@dataclass(frozen=True)
class FuseSoftCapPass(ModulePass):
    """Replace a scaled tanh of what was divided by the scale by `example.soft_cap`.

        %0 = aten.div.Scalar %x {other = 30.0} : …
        %1 = aten.tanh %0 : …
        %2 = aten.mul.Scalar %1 {other = 30.0} : …

    becomes

        %2 = example.soft_cap %x {cap = 30.0} : …
    """

    name = "fuse-soft-cap"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseSoftCap()])


class FuseSoftCap(Pattern[aten.MulScalarOp | aten.MulTensorOp]):
    # c · tanh(x / c)  →  soft_cap(x) {cap = c}

    def match_and_rewrite(
        self, op: aten.MulScalarOp | aten.MulTensorOp, rewriter: Rewriter
    ) -> None:
        if (outer := times_scalar(op.result)) is None:
            return None
        if (tanh := producer(outer[0], aten.TanhOp)) is None:
            return None
        if (inner := times_scalar(tanh.input)) is None:
            return rewriter.no_match(op, "what tanh is of was not divided by a number")
        (_, cap), (x, factor) = outer, inner
        if not is_close(factor, 1 / cap):
            return rewriter.no_match(op, f"it was scaled by {factor}, and is scaled by {cap} now")
        if not tanh.result.has_one_use():
            return rewriter.no_match(op, "something else uses the tanh, too")
        return rewriter.replace(op, SoftCapOp(x, cap=cap))
