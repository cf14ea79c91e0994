"""`--mlir-timing`: where the time goes, as a tree or a list with shares."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from forge.instrumentation import Instrumentation, PassStep
from forge.tools.opt.headings import heading

if TYPE_CHECKING:
    from forge.pipeline import PassRun


def add_timing_arguments(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("about time (names and output as in mlir-opt)")
    group.add_argument(
        "--mlir-timing", action="store_true", help="print where the time went, to stderr"
    )
    group.add_argument(
        "--mlir-timing-display",
        choices=("tree", "list"),
        default="tree",
        help="show what is a part of what, or the longest first (default: tree)",
    )


@dataclass
class Timer:
    """How long something took, and its parts.

    Attributes:
        name: what it is.
        seconds: how long it took, with its parts.
        parts: in the order in which they were first seen.
    """

    name: str
    seconds: float = 0.0
    parts: dict[str, Timer] = field(default_factory=dict[str, "Timer"])

    def part(self, name: str, seconds: float = 0.0) -> Timer:
        """A part, which took `seconds` more."""
        part = self.parts.setdefault(name, Timer(name))
        part.seconds += seconds
        return part

    @contextmanager
    def measure(self, name: str) -> Generator[None]:
        """Count what runs inside the `with` block to a part."""
        start = perf_counter()
        try:
            yield
        finally:
            self.part(name, perf_counter() - start)


PIPELINE = "'builtin.module' Pipeline"


class TimePasses(Instrumentation):
    """Counts passes, their patterns and the verification after them to a timer's pipeline."""

    def __init__(self, timer: Timer) -> None:
        self._timer = timer

    def after_pass(self, step: PassStep, run: PassRun) -> None:
        pipeline = self._timer.part(PIPELINE, run.seconds + run.verification)
        # A pass that runs twice has two lines; the number keeps them apart.
        passed = pipeline.parts[str(len(pipeline.parts))] = Timer(run.name, run.seconds)
        for pattern in run.rewrites.patterns.values():
            passed.part(pattern.pattern, pattern.seconds)
        if run.verification:
            passed.seconds += run.verification
            passed.part("(V) Verifier", run.verification)


_COLUMNS = "  ----Wall Time----  ----Name----"


def timing_report(total: Timer, display: str) -> str:
    """The table of a timer whose `seconds` are those of everything; `display` as the option."""
    rows = _tree(total, 0) if display == "tree" else _list(total)
    share = 100 / total.seconds if total.seconds else 0.0
    lines = [
        f"  {seconds:8.4f} ({seconds * share:5.1f}%)  {name}"
        for seconds, name in [*rows, (total.seconds, "Total")]
    ]
    time = f"  Total Execution Time: {total.seconds:.4f} seconds"
    return "\n".join([*heading("Execution time report"), time, "", _COLUMNS, *lines])


def _rest(timer: Timer) -> float:
    return timer.seconds - sum(part.seconds for part in timer.parts.values())


def _tree(timer: Timer, depth: int) -> Iterator[tuple[float, str]]:
    indent = "  " * depth
    for part in timer.parts.values():
        yield part.seconds, indent + part.name
        yield from _tree(part, depth + 1)
    if timer.parts and depth != 1:
        yield max(_rest(timer), 0.0), f"{indent}Rest"


def _list(total: Timer) -> list[tuple[float, str]]:
    """Everything by itself, without its parts: they have lines of their own."""
    own: dict[str, float] = {}

    def collect(timer: Timer) -> None:
        for part in timer.parts.values():
            own[part.name] = own.get(part.name, 0.0) + max(_rest(part), 0.0)
            collect(part)

    collect(total)
    own["Rest"] = max(_rest(total), 0.0)
    own.pop(PIPELINE, None)
    return sorted(((seconds, name) for name, seconds in own.items()), reverse=True)
