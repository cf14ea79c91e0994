"""How long a run takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median, quantiles
from time import perf_counter
from typing import Any

from rich.table import Table

from forge.tools.rapl import read_counters

_WARM_UP_RUNS = 3


@dataclass(frozen=True)
class Latency:
    """The times of several runs, one after the other, in milliseconds.

    Attributes:
        package_joules: what the processor's package took for each on average, with all else that
            ran on it; `None` on machines that do not say, see `forge.tools.rapl`.
    """

    milliseconds: list[float]
    package_joules: float | None = None

    def statistics(self) -> dict[str, float]:
        """What to say about them."""
        times = self.milliseconds
        ninetieth = quantiles(times, n=10, method="inclusive")[-1] if len(times) > 1 else times[0]
        return {
            "min": min(times),
            "median": median(times),
            "mean": mean(times),
            "90%": ninetieth,
            "max": max(times),
        }

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        values: dict[str, Any] = {"runs": len(self.milliseconds), "milliseconds": self.statistics()}
        if self.package_joules is not None:
            values["package_joules"] = self.package_joules
        return values


def measure(run: Callable[[], object], repetitions: int) -> Latency:
    """Time a number of runs, after some that warm caches and threads up; and their energy."""
    for _ in range(_WARM_UP_RUNS):
        run()
    times: list[float] = []
    before = read_counters()
    for _ in range(repetitions):
        start = perf_counter()
        run()
        times.append((perf_counter() - start) * 1e3)
    after = read_counters()
    if before is None or after is None:
        return Latency(times)
    return Latency(times, before.joules_until(after) / repetitions)


def latency_table(latency: Latency) -> Table:
    """One row."""
    runs = len(latency.milliseconds)
    title = f"latency of {runs} run{'s' if runs > 1 else ''}, in ms"
    table = Table(title=title, title_justify="left")
    statistics = latency.statistics()
    for name in statistics:
        table.add_column(name, justify="right")
    cells = [f"{value:.2f}" for value in statistics.values()]
    if latency.package_joules is not None:
        table.add_column("package's energy, in J a run (RAPL)", justify="right")
        cells.append(f"{latency.package_joules:.3f}")
    table.add_row(*cells)
    return table
