"""Move elements as seldom as possible."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.passes.layout.broadcasts import DropExpansion
from forge.passes.layout.chains import ShortenChain
from forge.passes.layout.conversions import DropRoundTrip
from forge.passes.layout.indexing import ReshapeIndexed
from forge.passes.layout.parts import (
    DropCatAndSplit,
    DropSplitAndCat,
    HoistAboveSplit,
    MergeSlices,
)
from forge.passes.layout.sinking import HoistAboveElementwise, SinkBelowElementwise
from forge.passes.simplify import DropIdentity, UnifyConversions
from forge.rewriting import apply_patterns


@dataclass(frozen=True)
class OptimizeLayoutPass(ModulePass):
    """Shorten, cancel and move what only rearranges or converts elements.

    Permutations and reshapes, however they are spelled, become `permute` and `reshape`, and a chain
    of them the shortest that does the same. They are moved across element-wise operations to where
    they cancel, and above a split that all parts of which are rearranged alike. Dropped are copies,
    expansions that their users do by themselves, conversions to a wider type and back, and what is
    split and put together again. Indexing that takes all elements in their order is a reshape.

    The cost of a program is the number of its operations, and the number of elements that its
    permutations move. Every rewrite lowers one of them and raises neither, or else only brings an
    operation into its normal form: so the pass ends, and never makes a program worse.

        %0 = aten.view %x {size = [2, 8, 4, 16]} : …
        %1 = aten.transpose.int %0 {dim0 = 1, dim1 = 2} : …
        %2 = aten.relu %1 : …
        %3 = aten.transpose.int %2 {dim0 = 1, dim1 = 2} : …

    becomes

        %0 = aten.reshape %x {shape = [2, 8, 4, 16]} : …
        %3 = aten.relu %0 : …
    """

    name = "optimize-layout"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(
            op,
            [
                DropIdentity(),
                UnifyConversions(),
                DropRoundTrip(),
                DropSplitAndCat(),
                DropCatAndSplit(),
                DropExpansion(),
                ReshapeIndexed(),
                MergeSlices(),
                HoistAboveSplit(),
                ShortenChain(),
                HoistAboveElementwise(),
                SinkBelowElementwise(),
            ],
        )
