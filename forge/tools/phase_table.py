"""The phases of a compilation at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.bar import Bar
from rich.table import Table

from forge.pass_report import PassReport
from forge.report import NPU_COMPILE, PASSES, CompilationReport

_WHOSE = {
    "capture": "torch.export",
    "device compile": "OpenVINO",
    NPU_COMPILE: "Intel's NPU compiler",
}
"""The phases that are not Forge's own work."""


def phase_table(report: CompilationReport) -> Table:
    """A row for each phase, the passes together, with a bar as long as it took."""
    rows = list(_rows(report))
    longest = max((seconds for _, _, seconds in rows), default=1.0)
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    table.add_column("phase", no_wrap=True)
    table.add_column("ms", justify="right")
    table.add_column("", width=30)
    table.add_column("by")
    for name, whose, seconds in rows:
        table.add_row(name, f"{seconds * 1e3:.1f}", Bar(longest, 0, seconds), whose)
    own = sum(seconds for _, whose, seconds in rows if whose == "Forge")
    table.add_row("total", f"{report.total_seconds * 1e3:.1f}", style="bold")
    table.add_row("of it Forge", f"{own * 1e3:.1f}", style="bold")
    return table


def _rows(report: CompilationReport) -> Iterator[tuple[str, str, float]]:
    """Name, owner and seconds of each row."""
    for phase in report.phases:
        name = phase.name
        if name == PASSES and report.passes:
            name = _describe(report.passes)
        yield name, _WHOSE.get(name, "Forge"), phase.seconds


def _describe(passes: Sequence[PassReport]) -> str:
    before, after = passes[0].ops_before, passes[-1].ops_after
    fired = sum(len(run.fired) for run in passes)
    return f"{len(passes)} passes: {before} → {after} operations, {fired} patterns fired"
