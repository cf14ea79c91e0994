"""How long a run takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median, quantiles
from time import perf_counter
from typing import Any

from rich.table import Table

_WARM_UP_RUNS = 3


@dataclass(frozen=True)
class Latency:
    """The times of several runs, one after the other, in milliseconds."""

    milliseconds: list[float]

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
        return {"runs": len(self.milliseconds), "milliseconds": self.statistics()}


def measure(run: Callable[[], object], repetitions: int) -> Latency:
    """Time a number of runs, after some that warm caches and threads up."""
    for _ in range(_WARM_UP_RUNS):
        run()
    times: list[float] = []
    for _ in range(repetitions):
        start = perf_counter()
        run()
        times.append((perf_counter() - start) * 1e3)
    return Latency(times)


def latency_table(latency: Latency) -> Table:
    """One row."""
    runs = len(latency.milliseconds)
    title = f"latency of {runs} run{'s' if runs > 1 else ''}, in ms"
    table = Table(title=title, title_justify="left")
    statistics = latency.statistics()
    for name in statistics:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:.2f}" for value in statistics.values()))
    return table
