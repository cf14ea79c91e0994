"""`forge-opt --explain`: what each pass changed, and why patterns that nearly matched did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from forge.pipeline import PassRun


def explain(runs: Sequence[PassRun]) -> str:
    """For each pass what fired, and what was refused: where and for what reason."""
    return "\n".join(line for run in runs for line in _explain_pass(run))


def _explain_pass(run: PassRun) -> Iterator[str]:
    yield f"{run.name}: {run.ops_before} operations → {run.ops_after}"
    for text, count in Counter(map(str, run.rewrites.fired)).items():
        yield f"  fired    {text}{_times(count)}"
    for text, count in Counter(map(str, run.rewrites.refused)).items():
        yield f"  refused  {text}{_times(count)}"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
