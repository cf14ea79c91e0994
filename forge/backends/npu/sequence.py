"""The schedule of parts that run one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from forge.backends.npu.schedule import LayerTime, Schedule

_SUMS = (
    "predicted_latency_us",
    "predicted_latency_without_embedding_us",
    "dma_us",
    "dpu_us",
    "shave_us",
    "dma_dpu_overlap_us",
    "dma_shave_overlap_us",
    "shave_dpu_overlap_us",
    "idle_us",
    "blob_bytes",
    "compile_seconds",
    "strategies",
)


def in_sequence(schedules: Sequence[Schedule]) -> Schedule:
    """One schedule for parts of a program on one NPU, without what runs elsewhere between them.

    Its optimization level is the first part's, and it has no trace: each part has its own.

    Args:
        schedules: one at least, in the order in which they run.
    """
    if len(schedules) == 1:
        return schedules[0]
    sums = {name: sum(getattr(schedule, name) for schedule in schedules) for name in _SUMS}
    layers = sorted(_layers(schedules), key=lambda layer: (-layer.busy_us, layer.start_us))
    uncharged = sum((Counter(schedule.uncharged) for schedule in schedules), Counter[str]())
    products = [name for schedule in schedules for name in schedule.uncharged_products]
    refused = next((s.strategies_refused for s in schedules if s.strategies_refused), "")
    return replace(
        schedules[0],
        **sums,
        layers=tuple(layers),
        uncharged=dict(uncharged),
        uncharged_products=tuple(products),
        strategies_refused=refused,
        trace=b"",
    )


def _layers(schedules: Sequence[Schedule]) -> Iterator[LayerTime]:
    start = 0.0
    for schedule in schedules:
        for layer in schedule.layers:
            yield replace(layer, start_us=layer.start_us + start, end_us=layer.end_us + start)
        start += schedule.predicted_latency_us
