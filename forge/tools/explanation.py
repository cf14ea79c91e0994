"""`--explain`: what each pass changed, and why patterns that nearly matched did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from forge.pass_report import PassReport
from forge.report import numbered


def explain(runs: Sequence[PassReport]) -> str:
    """For each pass what fired, and what was refused: where and for what reason."""
    names = numbered([run.name for run in runs])
    explained = (_explain_pass(*named) for named in zip(names, runs, strict=True))
    return "\n".join(line for lines in explained for line in lines)


def _explain_pass(name: str, run: PassReport) -> Iterator[str]:
    yield f"{name}: {run.ops_before} operations → {run.ops_after}"
    for text, count in Counter(map(str, run.fired)).items():
        yield f"  fired    {text}{_times(count)}"
    for text, count in Counter(map(str, run.refused)).items():
        yield f"  refused  {text}{_times(count)}"
    for name, figure in run.figures.items():
        yield f"  {name}: {figure:,}"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
