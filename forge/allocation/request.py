"""What memory planners take and give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forge.analysis.liveness import LiveInterval


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes that are needed from one position of a program to another.

    Attributes:
        size: in bytes, a multiple of the alignment.
        interval: when they are needed.
    """

    size: int
    interval: LiveInterval


@dataclass(frozen=True, slots=True)
class Plan:
    """Where each request lies in one arena.

    Attributes:
        algorithm: who made the plan.
        offsets: in bytes, one for each request, in their order.
        size: the arena's size in bytes.
    """

    algorithm: str
    offsets: tuple[int, ...]
    size: int


Planner = Callable[[Sequence[Request]], Sequence[int]]
"""A planner gives an offset for each request; those whose intervals overlap share no byte."""
