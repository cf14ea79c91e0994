"""What somebody who misspelt a name may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

OtherT = TypeVar("OtherT", str, None)


def did_you_mean(
    name: str, known: Iterable[str], otherwise: OtherT, *, most: int = 3, cutoff: float = 0.6
) -> str | OtherT:
    """A hint with the names that are nearest to a wrong one.

    Args:
        name: the wrong one.
        known: those that there are.
        otherwise: the hint if none of them is near.
        most: how many to name.
        cutoff: how alike they must be, from 0 to 1.
    """
    close = get_close_matches(name, known, n=most, cutoff=cutoff)
    return f"did you mean {' or '.join(close)}?" if close else otherwise
