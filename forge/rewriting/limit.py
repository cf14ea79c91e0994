"""A limit on rewrites, to find the one that breaks a program: by halving."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from forge.rewriting.report import Firing


@dataclass
class RewriteLimit:
    """How many matches there may still be, over all patterns of all passes.

    Unlike a report, it has what happened even if a pattern raised an error.

    Attributes:
        allowed: how many there may be.
        fired: those that there were.
        trying: the pattern at work, and what it starts from; `None` between two patterns.
    """

    allowed: int
    fired: list[Firing] = field(default_factory=list[Firing])
    trying: Firing | None = None

    @property
    def done(self) -> int:
        """How many matches there were."""
        return len(self.fired)

    @property
    def reached(self) -> bool:
        """Whether no pattern may be tried any more."""
        return self.done >= self.allowed


_limit: ContextVar[RewriteLimit | None] = ContextVar("_limit", default=None)


@contextmanager
def limit_rewrites(allowed: int) -> Generator[RewriteLimit]:
    """Try no pattern after the first `allowed` matches inside the `with` block."""
    limit = RewriteLimit(allowed)
    token = _limit.set(limit)
    try:
        yield limit
    finally:
        _limit.reset(token)


def current_limit() -> RewriteLimit | None:
    """The limit of the block that we are in, if there is one."""
    return _limit.get()
