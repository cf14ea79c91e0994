"""How mlir-opt begins what it prints on stderr about a run."""

from __future__ import annotations

_RULE = f"===-{'-' * 73}-==="


def heading(title: str) -> list[str]:
    """The lines above a report."""
    return [_RULE, f"... {title} ...".center(len(_RULE)).rstrip(), _RULE]
