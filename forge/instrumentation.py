"""What watches a pipeline: called before and after each pass, and when one fails.

Timing, printing, numeric checks and crash reproducers are all of this kind, so that running passes
knows of none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

if TYPE_CHECKING:
    from forge.pipeline import PassRun


@dataclass(frozen=True)
class PassStep:
    """A pass whose turn it is.

    Attributes:
        module: the program, which the pass changes in place.
        context: the dialects that the pass may look up.
        round: which repetition of the pipeline it belongs to, from 1 on.
        remaining: the passes of this round from this one on, and those after the last round.
    """

    module: ModuleOp
    context: Context
    round: int
    remaining: Sequence[ModulePass]

    @property
    def module_pass(self) -> ModulePass:
        """The pass."""
        return self.remaining[0]


class Instrumentation:
    """What watches a pipeline; every method does nothing unless a subclass says otherwise.

    Of several, those that come first in the list are called first before a pass, and last after
    it. What one raises after a pass, such as a numeric check, is a failure of that pass.
    """

    def before_pass(self, step: PassStep) -> None:
        """A pass is about to change the program."""

    def after_pass(self, step: PassStep, run: PassRun) -> None:
        """A pass has changed the program, which was verified if that was asked for."""

    def after_pass_failed(self, step: PassStep, error: BaseException) -> None:
        """A pass has raised an error, or left a program that is refused; the error leaves then."""

    def after_pipeline(self, module: ModuleOp) -> None:
        """All passes have run."""
