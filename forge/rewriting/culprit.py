"""Which application of a pattern is to blame: found by halving a limit on their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forge.rewriting.limit import RewriteLimit, limit_rewrites
from forge.rewriting.report import Firing

_UNLIMITED = 1 << 62


@dataclass(frozen=True)
class Culprit:
    """The first application of a pattern after which something is wrong.

    Attributes:
        number: which application it is, from 1 on.
        total: how many there are, up to the one that cannot be completed.
        firing: the pattern and the place.
    """

    number: int
    total: int
    firing: Firing


def find_culprit(is_wrong: Callable[[], bool]) -> Culprit | None:
    """Find the application of a pattern that makes the difference.

    Args:
        is_wrong: applies patterns to a copy of the program, and says whether that went wrong:
            whether the copy is wrong now, or a pattern raised an error.

    Returns:
        the application; `None` if it goes right with all of them, or wrong with none.
    """

    def after(allowed: int) -> tuple[RewriteLimit, bool]:
        with limit_rewrites(allowed) as limit:
            return limit, is_wrong()

    limit, wrong = after(_UNLIMITED)
    if not wrong or after(0)[1]:
        return None
    # One that raised an error is the last, and was not completed.
    applications = [*limit.fired, limit.trying] if limit.trying is not None else limit.fired
    # After `low` of them it is right, after `high` it is wrong. Most errors come from the last one,
    # which patterns without an end reach after very many: so that one comes first.
    low, high = 0, len(applications)
    middle = high - 1
    while high - low > 1:
        if after(middle)[1]:
            high = middle
        else:
            low = middle
        middle = (low + high) // 2
    return Culprit(high, len(applications), applications[high - 1])
