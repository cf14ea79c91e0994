"""Apply patterns that are written as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.rewriting import apply_patterns
from forge.rewriting.pdl import read_patterns


@dataclass(frozen=True)
class ApplyPdlPatternsPass(ModulePass):
    """Apply the patterns of a file in MLIR's dialect `pdl`, those of the highest benefit first.

    `forge-opt --apply-pdl FILE` is short for it, before the passes of `-p`. The patterns are
    bounded, counted and explained as all others are. Result types that a rewrite does not give are
    inferred by the operation's shape function, properties that are absent have their defaults, and
    operands are given in a row: the required ones first, then optional ones as far as they go.

        pdl.pattern @DropRelu : benefit(1) {
          %t = pdl.type
          %x = pdl.operand
          %inner = pdl.operation "aten.relu"(%x : !pdl.value) -> (%t : !pdl.type)
          %y = pdl.result 0 of %inner
          %outer = pdl.operation "aten.relu"(%y : !pdl.value) -> (%t : !pdl.type)
          pdl.rewrite %outer {
            pdl.replace %outer with %inner
          }
        }

    Args:
        file: the file.
    """

    name = "apply-pdl-patterns"

    file: str

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, read_patterns(Path(self.file), ctx))
