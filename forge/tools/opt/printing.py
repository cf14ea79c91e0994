"""Printing the program while passes change it."""

from __future__ import annotations

import sys

from forge.instrumentation import Instrumentation, PassStep
from forge.ir.text import print_module


class PrintBetweenPasses(Instrumentation):
    """xDSL's `--print-between-passes`: the program after each pass but the last."""

    def __init__(self) -> None:
        self._previous: str | None = None

    def before_pass(self, step: PassStep) -> None:
        if self._previous is not None:
            print(
                f"IR after {self._previous}:", print_module(step.module), file=sys.stderr, sep="\n"
            )
        self._previous = step.module_pass.name
