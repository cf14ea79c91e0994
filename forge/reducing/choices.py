"""Which of the simplifications that a reduction meets are made."""

from __future__ import annotations

from collections.abc import Set


class Choices:
    """Numbers the simplifications that a reduction meets, and says which to make.

    A reduction meets them in the same order whatever was chosen before, so that a number means the
    same simplification in every run (LLVM's reducer calls this an oracle).

    Attributes:
        met: how many there were so far.
    """

    def __init__(self, made: Set[int] = frozenset()) -> None:
        self.met = 0
        self._made = made

    def make(self) -> bool:
        """Whether to make the next one."""
        number = self.met
        self.met += 1
        return number in self._made
