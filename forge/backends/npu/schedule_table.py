"""A predicted schedule at a glance: the nodes that cost most."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from forge.backends.npu.schedule import LayerTime, Schedule


def schedule_table(schedule: Schedule, rows: int = 20) -> Group:
    """A row for each node with the most work, and one for all others; microseconds.

    Args:
        schedule: what the compiler predicts.
        rows: how many nodes have a row of their own.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("node", overflow="fold")
    table.add_column("kind")
    for engine in ("DMA", "DPU", "SHAVE", "alone"):
        table.add_column(engine, justify="right")
    for layer in schedule.layers[:rows]:
        table.add_row(_place(layer), layer.kind, *_times(layer))
    if rest := schedule.layers[rows:]:
        sums = (sum(times) for times in zip(*map(_engine_times, rest), strict=True))
        table.add_row(f"{len(rest)} others", "", *map(_microseconds, sums), style="dim")
    # A title of the table would be broken to its width.
    return Group(Text(_title(schedule)), table)


def _title(schedule: Schedule) -> str:
    total = _microseconds(schedule.predicted_latency_us)
    without = _microseconds(schedule.predicted_latency_without_embedding_us)
    return (
        f"{schedule.platform}: {total} µs, {without} without the embedding "
        "(predicted by Intel's NPU compiler)"
    )


def _place(layer: LayerTime) -> str:
    """Where a node comes from; of a fused operation the first and the last place."""
    first, *others = (layer.location or layer.name).split("; ")
    return "; ".join([first, *(["…"] if others[:-1] else []), *others[-1:]])


def _engine_times(layer: LayerTime) -> tuple[float, ...]:
    return layer.dma_us, layer.dpu_us, layer.shave_us, layer.alone_us


def _times(layer: LayerTime) -> list[str]:
    return [_microseconds(time) for time in _engine_times(layer)]


def _microseconds(time: float) -> str:
    return f"{time:,.1f}"
