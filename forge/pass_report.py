"""What passes did: how long each took, what its patterns changed where, and what they left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class PatternReport:
    """One pattern's work in one pass.

    Attributes:
        pattern: its name.
        attempted: how many operations it was tried on.
        matched: how often it changed the program.
        seconds: the time that all of this took.
    """

    pattern: str
    attempted: int
    matched: int
    seconds: float


@dataclass(frozen=True)
class Fired:
    """A match.

    Attributes:
        pattern: the pattern's name.
        op: the operation that it started from, such as `transformer.linear`.
        module: the module of the model that it happened in, such as `model.layers.0.mlp`; empty if
            the program does not say.
        source: the line that computes its result, such as `modeling_llama.py:174`.
        location: all nodes of the model that went into it, with modules and lines.
    """

    pattern: str
    op: str
    module: str
    source: str
    location: str

    def __str__(self) -> str:
        return f"{self.pattern} at {self.location or 'an unknown location'}"


@dataclass(frozen=True)
class Refused:
    """An operation that a pattern almost matched.

    Attributes:
        reason: the condition that failed.

    The others are as in `Fired`; `op` is the operation that does not meet the condition.
    """

    pattern: str
    op: str
    module: str
    source: str
    location: str
    reason: str

    def __str__(self) -> str:
        where = self.location or "an unknown location"
        return f"{self.pattern}: {self.op} at {where}: {self.reason}"


@dataclass(frozen=True)
class PassReport:
    """One run of one pass.

    Attributes:
        name: the pass and its options, as in the pipeline.
        round: which repetition of the passes before the lowering it belongs to, from 1 on.
        seconds: how long it took.
        ops_before: the number of operations before it.
        ops_after: the number of operations after it.
        patterns: its patterns, in the order in which they were first tried.
        fired: each match, in order.
        refused: what its patterns almost matched, and why they did not.
        figures: what it counts of the program, by what it is.
    """

    name: str
    round: int
    seconds: float
    ops_before: int
    ops_after: int
    patterns: Sequence[PatternReport] = ()
    fired: Sequence[Fired] = ()
    refused: Sequence[Refused] = ()
    figures: Mapping[str, int] = field(default_factory=dict[str, int])

    def fired_counts(self) -> dict[str, int]:
        """How often each pattern that fired did."""
        return dict(Counter(fired.pattern for fired in self.fired))

    def to_json(self) -> dict[str, Any]:
        """The report as dictionaries, lists, strings and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> PassReport:
        """The report that `to_json` wrote.

        Raises:
            KeyError, TypeError: it is something else.
        """
        parts: dict[str, Any] = {
            "patterns": [PatternReport(**pattern) for pattern in fields["patterns"]],
            "fired": [Fired(**fired) for fired in fields["fired"]],
            "refused": [Refused(**refused) for refused in fields["refused"]],
        }
        return cls(**{**fields, **parts})


@dataclass(frozen=True)
class PipelineReport:
    """What the passes of one pipeline did to one program.

    Attributes:
        passes: in the order in which they ran.
        versions: of what took part, by name.
    """

    passes: Sequence[PassReport]
    versions: Mapping[str, str]

    @property
    def total_seconds(self) -> float:
        """All passes together."""
        return sum(run.seconds for run in self.passes)

    def to_json(self) -> dict[str, Any]:
        """The report as dictionaries, lists, strings and numbers."""
        return {
            "total_seconds": self.total_seconds,
            "versions": dict(self.versions),
            "passes": [run.to_json() for run in self.passes],
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> PipelineReport:
        """The report that `to_json` wrote.

        Raises:
            KeyError, TypeError: it is something else.
        """
        passes = [PassReport.from_json(run) for run in fields["passes"]]
        return cls(passes, fields["versions"])
