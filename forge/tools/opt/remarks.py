"""`--remarks`: what patterns changed, what they almost matched and why not, at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import LocationAttr

from forge.diagnostics import REMARK, Diagnostic, Places
from forge.errors import ForgeError
from forge.instrumentation import Instrumentation, PassStep
from forge.ir.locations import describe_location
from forge.tools.opt.diagnostics import Reporter

if TYPE_CHECKING:
    from argparse import _ArgumentGroup as Group  # pyright: ignore[reportPrivateUsage]

    from forge.pipeline import PassRun

# What a pass's name starts with says what it is for.
_CATEGORIES = {
    "allocate": "allocation",
    "assign": "placement",
    "compress": "compression",
    "convert": "conversion",
    "eliminate": "elimination",
    "fold": "folding",
    "fuse": "fusion",
    "legalize": "legalization",
    "optimize": "optimization",
    "schedule": "scheduling",
    "select": "selection",
    "simplify": "simplification",
}


def add_remark_argument(group: Group) -> None:
    """Add the option."""
    group.add_argument(
        "--remarks",
        metavar="[=REGEX]",
        help="say at each place what patterns changed there, or almost did and why not; REGEX "
        "chooses by category, pass or pattern: fusion, fuse-mlp, FuseLinearActivation",
    )


def category(pass_name: str) -> str:
    """What a pass is for: `fusion` for `fuse-mlp`; the name's first word if that says nothing."""
    first = pass_name.partition("-")[0]
    return _CATEGORIES.get(first, first)


class EmitRemarks(Instrumentation):
    """Emits a remark for each match of a pattern, and for each that was missed."""

    def __init__(self, pattern: str, reporter: Reporter, places: Places | None) -> None:
        """Emit those that a regular expression finds in their category, pass or pattern.

        Raises:
            ForgeError: it is no regular expression.
        """
        try:
            self._pattern = re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise ForgeError(f"--remarks={pattern} is no regular expression: {error}") from error
        self._reporter = reporter
        self._places = places

    def after_pass(self, step: PassStep, run: PassRun) -> None:
        for diagnostic in self._remarks(step.module_pass.name, run):
            self._reporter.emit(diagnostic)

    def _remarks(self, name: str, run: PassRun) -> Iterator[Diagnostic]:
        for firing in run.rewrites.fired:
            message = self._message("Passed", firing.pattern, name)
            yield from self._at(firing.location, message, f"Op={firing.op_name}")
        for refusal in run.rewrites.refused:
            message = self._message("Missed", refusal.pattern, name)
            details = f'Op={refusal.op_name} | Reason="{refusal.reason}"'
            yield from self._at(refusal.location, message, details)

    def _message(self, kind: str, pattern: str, pass_name: str) -> str | None:
        full = f"{category(pass_name)}:{pass_name}"
        if not self._pattern.search(f"{full}:{pattern}"):
            return None
        return f"[{kind}] {pattern} | Category:{full}"

    def _at(
        self, location: LocationAttr, message: str | None, details: str
    ) -> Iterator[Diagnostic]:
        if message is None:
            return
        place = self._places.place_at(location) if self._places is not None else None
        where = describe_location(location)
        origin = [f"at {where}"] if where and where != str(place) else []
        yield Diagnostic(REMARK, f"{message} | {details}", place, origin)
