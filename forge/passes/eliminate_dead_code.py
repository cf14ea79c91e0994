"""Erase what nobody needs."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Region
from xdsl.passes import ModulePass

from forge.rewriting.dead_code import is_dead


@dataclass(frozen=True)
class EliminateDeadCodePass(ModulePass):
    """Erase operations whose results are not used, and which do nothing else.

    Users stand after what they use, so one walk from the end is enough.

        %0 = aten.relu %x : …
        %1 = aten.neg %0 : …      // nobody uses %1
        func.return %x : …

    becomes

        func.return %x : …
    """

    name = "eliminate-dead-code"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        _sweep(op.body)


def _sweep(region: Region) -> None:
    for block in reversed(region.blocks):
        for op in reversed(list(block.ops)):
            if is_dead(op):
                op.detach()
                op.erase()
                continue
            for inner in op.regions:
                _sweep(inner)
