"""Read the trace that Intel's NPU compiler writes: Chrome's JSON, an event for each task."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from forge.backends.npu.schedule import LayerTime, Schedule
from forge.errors import ForgeError

_ENGINES = ("DMA", "DPU", "Shave")
_TIMES = ("total duration", "DMA duration", "DPU duration", "SW duration", "total idle")
_PAIRS = ("DMA-DPU", "DMA-SW", "SW-DPU")
KIND = "?t_"
"""Between a node's name and its type: `fc1 in model.mlp/MatMul?t_MatMul/slice_0/cluster_1`."""
_CONVERSION = "converted_to_"
_DIGITS = 3
"""Behind the point: the trace has nanoseconds."""

Interval = tuple[float, float]
_Owner = TypeVar("_Owner", bound=Hashable)


@dataclass(frozen=True)
class Task:
    """A part of a node that one engine does in one go; times in microseconds.

    Attributes:
        converts: whether it only brings elements to another type, on the way to or from the node.
    """

    name: str
    kind: str
    engine: str
    converts: bool
    start: float
    end: float


def read_tasks(schedule: Schedule) -> list[Task]:
    """The tasks of a schedule, in the order of its trace.

    Raises:
        ForgeError: it has no trace.
    """
    if not schedule.trace:
        raise ForgeError("the schedule was kept without its trace, and so without its tasks")
    events = json.loads(gzip.decompress(schedule.trace))["traceEvents"]
    return [_task(event) for event in events if _is_task(event)]


def read_schedule(
    trace: bytes,
    platform: str,
    level: int,
    blob_bytes: int = 0,
    compile_seconds: float = 0.0,
    embeddings: Collection[str] = (),
) -> Schedule:
    """The schedule in a trace.

    Args:
        embeddings: the names of the nodes that read rows of a table; see `model_files`.

    Raises:
        ForgeError: it is not a trace as this compiler writes them.
    """
    try:
        content = json.loads(trace)
        statistics = {name: float(time) for name, time in content["taskStatistics"].items()}
        tasks = [_task(event) for event in content["traceEvents"] if _is_task(event)]
        total, dma, dpu, shave, idle = (statistics[name] for name in _TIMES)
        dma_dpu, dma_shave, shave_dpu = (statistics[f"{pair} overlap"] for pair in _PAIRS)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForgeError(
            f"the NPU compiler's schedule trace is not as expected: {error!r}"
        ) from error
    return Schedule(
        platform=platform,
        optimization_level=level,
        predicted_latency_us=total,
        predicted_latency_without_embedding_us=round(
            total - _only_embedding(tasks, embeddings), _DIGITS
        ),
        dma_us=dma,
        dpu_us=dpu,
        shave_us=shave,
        dma_dpu_overlap_us=dma_dpu,
        dma_shave_overlap_us=dma_shave,
        shave_dpu_overlap_us=shave_dpu,
        idle_us=idle,
        layers=_layers(tasks),
        embeddings=tuple(embeddings),
        uncharged=_uncharged(tasks),
        uncharged_products=tuple(name for _, name in _without_time(tasks, "DPU")),
        blob_bytes=blob_bytes,
        compile_seconds=compile_seconds,
        # The time within the archive would make equal traces differ.
        trace=gzip.compress(trace, mtime=0),
    )


def _is_task(event: Mapping[str, Any]) -> bool:
    return event["ph"] == "X" and event["cat"] in _ENGINES


def _task(event: Mapping[str, Any]) -> Task:
    name, _, rest = event["name"].partition(KIND)
    start = float(event["ts"])
    end = start + float(event["dur"])
    kind, *parts = rest.split("/")
    converts = any(part.startswith(_CONVERSION) for part in parts)
    return Task(name, kind, event["cat"], converts, start, end)


def _layers(tasks: Iterable[Task]) -> Sequence[LayerTime]:
    by_name: defaultdict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        by_name[task.name].append(task)
    alone = time_alone([(name, (t.start, t.end)) for name, own in by_name.items() for t in own])
    layers = [_layer(own, alone.get(name, 0.0)) for name, own in by_name.items()]
    return tuple(sorted(layers, key=lambda layer: (-layer.busy_us, layer.start_us, layer.name)))


def _layer(tasks: Sequence[Task], alone: float) -> LayerTime:
    dma, dpu, shave = (
        covered([(task.start, task.end) for task in tasks if task.engine == engine])
        for engine in _ENGINES
    )
    return LayerTime(
        name=tasks[0].name,
        kind=tasks[0].kind,
        dma_us=round(dma, _DIGITS),
        dpu_us=round(dpu, _DIGITS),
        shave_us=round(shave, _DIGITS),
        alone_us=round(alone, _DIGITS),
        start_us=min(task.start for task in tasks),
        end_us=round(max(task.end for task in tasks), _DIGITS),
        location=_origin(tasks[0].name),
    )


def _origin(name: str) -> str:
    """The FX node and module that a name of ours starts with; see `FriendlyNames`."""
    origin, slash, _ = name.rpartition("/")
    return origin if slash and " in " in origin else ""


def _uncharged(tasks: Iterable[Task]) -> dict[str, int]:
    """How many nodes of each type have tasks on the vector processors that all take no time."""
    work = (task for task in tasks if not task.converts)
    return dict(sorted(Counter(kind for kind, _ in _without_time(work, "Shave")).items()))


def _without_time(tasks: Iterable[Task], engine: str) -> list[tuple[str, str]]:
    """The types and names of the nodes whose tasks on an engine all take no time."""
    longest: defaultdict[tuple[str, str], float] = defaultdict(float)
    for task in tasks:
        if task.engine == engine:
            node = task.kind, task.name
            longest[node] = max(longest[node], task.end - task.start)
    return [node for node, time in longest.items() if time == 0.0]


def _only_embedding(tasks: Iterable[Task], embeddings: Collection[str]) -> float:
    intervals = [(task.name in embeddings, (task.start, task.end)) for task in tasks]
    return time_alone(intervals).get(True, 0.0)


def covered(intervals: Iterable[Interval]) -> float:
    """How long at least one of the intervals is there."""
    total = reached = 0.0
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def time_alone(owned: Iterable[tuple[_Owner, Interval]]) -> dict[_Owner, float]:
    """For each owner of intervals, how long there are its intervals and nobody else's."""
    edges = sorted(
        (
            edge
            for owner, (start, end) in owned
            if end > start
            for edge in _edges(owner, start, end)
        ),
        key=lambda edge: edge[:2],
    )
    open_intervals: Counter[_Owner] = Counter()
    alone: defaultdict[_Owner, float] = defaultdict(float)
    previous = 0.0
    for time, change, owner in edges:
        if len(open_intervals) == 1:
            alone[next(iter(open_intervals))] += time - previous
        open_intervals[owner] += change
        if not open_intervals[owner]:
            del open_intervals[owner]
        previous = time
    return dict(alone)


def _edges(owner: _Owner, start: float, end: float) -> Iterator[tuple[float, int, _Owner]]:
    yield start, 1, owner
    yield end, -1, owner
