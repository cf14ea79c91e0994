"""A target that is text: `forge-opt program.mlir -t op-counts`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target


@dataclass(frozen=True)
class OpCountsTarget(Target):
    """Write how often a program has each operation, the most frequent one first."""

    name = "op-counts"

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        counts = Counter(op.name for op in module.walk() if op is not module)
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            output.write(f"{count:6d} {name}\n")
