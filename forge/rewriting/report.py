"""What patterns did: how often they were tried, where they fired, why they did not."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from xdsl.dialects.builtin import LocationAttr

from forge.ir.locations import describe_location


@dataclass
class PatternStatistics:
    """One pattern's work.

    Attributes:
        pattern: the pattern's name.
        attempted: how often it was tried on an operation of its root's class.
        matched: how often it changed the program.
        seconds: the time that all of this took.
    """

    pattern: str
    attempted: int = 0
    matched: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Firing:
    """A match.

    Attributes:
        pattern: the pattern's name.
        op_name: the operation that it started from.
        location: of what it made, fused from all that it replaced.
    """

    pattern: str
    op_name: str
    location: LocationAttr

    def __str__(self) -> str:
        return f"{self.pattern} at {describe_location(self.location) or 'an unknown location'}"


@dataclass(frozen=True)
class Refusal:
    """An operation that a pattern almost matched, and the condition that failed."""

    pattern: str
    op_name: str
    location: LocationAttr
    reason: str

    def __str__(self) -> str:
        where = describe_location(self.location) or "an unknown location"
        return f"{self.pattern}: {self.op_name} at {where}: {self.reason}"


@dataclass
class RewriteReport:
    """The statistics of every pattern by its name, and in order what fired and what did not.

    Attributes:
        figures: what a pass counts of the program, by what it is.
    """

    patterns: dict[str, PatternStatistics] = field(default_factory=dict[str, PatternStatistics])
    fired: list[Firing] = field(default_factory=list[Firing])
    refused: list[Refusal] = field(default_factory=list[Refusal])
    figures: dict[str, int] = field(default_factory=dict[str, int])

    def statistics(self, pattern: str) -> PatternStatistics:
        """The statistics of one pattern, which are all zero until it is tried."""
        return self.patterns.setdefault(pattern, PatternStatistics(pattern))

    def matched(self, pattern: str) -> int:
        """How often a pattern changed the program."""
        return self.statistics(pattern).matched

    def add(self, other: RewriteReport) -> None:
        """Add what another report says to this one."""
        for name, statistics in other.patterns.items():
            total = self.statistics(name)
            total.attempted += statistics.attempted
            total.matched += statistics.matched
            total.seconds += statistics.seconds
        self.fired.extend(other.fired)
        self.refused.extend(other.refused)
        for name, figure in other.figures.items():
            self.figures[name] = self.figures.get(name, 0) + figure


_collecting: ContextVar[RewriteReport | None] = ContextVar("_collecting", default=None)


@contextmanager
def collect_rewrites() -> Generator[RewriteReport]:
    """Collect the reports of all patterns that are applied inside the `with` block.

    Blocks nest: what an inner one collects is added to the outer one, too.
    """
    report = RewriteReport()
    outer = _collecting.get()
    token = _collecting.set(report)
    try:
        yield report
    finally:
        _collecting.reset(token)
        if outer is not None:
            outer.add(report)


def publish(report: RewriteReport) -> None:
    """Hand a finished report to whoever collects."""
    if (collector := _collecting.get()) is not None:
        collector.add(report)
