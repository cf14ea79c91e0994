"""What an order of a graph's nodes costs."""

from __future__ import annotations

from collections.abc import Sequence

from forge.scheduling.graph import Graph, changes


def transitions(graph: Graph, order: Sequence[int]) -> int:
    """How often the device changes: δ = #{j : device(j) ≠ device(j+1)}."""
    return changes([graph.devices[node] for node in order])


def segments(graph: Graph, order: Sequence[int]) -> list[int]:
    """For each node the number of its segment: of the nodes of one device that stand together."""
    numbers = [0] * len(graph)
    segment, device = -1, -1
    for node in order:
        if graph.devices[node] != device:
            segment, device = segment + 1, graph.devices[node]
        numbers[node] = segment
    return numbers


def carried_bytes(graph: Graph, order: Sequence[int]) -> int:
    """The bytes that values keep across the ends of segments, summed over those ends."""
    return staged_bytes(graph, segments(graph, order))


def staged_bytes(graph: Graph, stages: Sequence[int]) -> int:
    """The bytes that values keep from one stage to a later one, times how many later.

    Args:
        stages: for each node when it runs.
    """
    return sum(
        value.size * (max(stages[node] for node in value.readers) - stages[value.source])
        for value in graph.values
        if value.readers and value.size
    )
