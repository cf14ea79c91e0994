"""Placement: which of two devices runs what both can, so that little crosses between them.

What only one of the devices takes is fixed. A value crosses once if any of its readers is on the
other device than its source, and then costs its bytes and a launch; a node that moves costs what it
is slower there. The sum is a cut of a network, so its minimum is found exactly. A launch for each
value that crosses is more than what a schedule needs, which lets values cross together; where
layers follow each other, hardly any do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from forge.scheduling.graph import Graph, Value
from forge.scheduling.minimum_cut import INFINITE, Network

LAUNCH_BYTES = 1 << 20
"""What a launch costs, in bytes: 100 µs, in which a memory of 10 GB/s moves 1 MB."""


def refine_placement(
    graph: Graph,
    movable: Collection[int],
    slowdown: Sequence[int],
    launch: int = LAUNCH_BYTES,
) -> list[int]:
    """The devices of all nodes, those of `movable` chosen so that `placement_cost` is the least.

    Among equals, the fewest nodes are on device 1.

    Args:
        graph: nodes on the devices 0 and 1, and values with the bytes that cross.
        movable: nodes that may run on either device.
        slowdown: what each node costs on device 1, in bytes, beyond what it costs on device 0.
        launch: what a value that crosses costs beside its bytes.

    Raises:
        ValueError: there are more than two devices.
    """
    if max(graph.devices, default=0) > 1:
        raise ValueError("a cut has two sides, so there are two devices")
    network = Network()
    sides = (network.add_vertex(), network.add_vertex())
    vertices = [
        network.add_vertex() if node in movable else sides[device]
        for node, device in enumerate(graph.devices)
    ]
    for node in movable:
        # On the sink's side of the cut, it costs this arc.
        network.add_arc(sides[0], vertices[node], slowdown[node])
    for value in graph.values:
        _add_value(network, value, vertices, launch)
    on_second = network.sink_side(*sides)
    return [int(vertex in on_second) for vertex in vertices]


def fewest_transitions(graph: Graph, movable: Collection[int]) -> int:
    """So many transitions at least has any order of the graph, wherever `movable` nodes run.

    The nodes of a path run one after the other, and those that stay where they are change the
    device by themselves.
    """
    # The most changes on paths to each node, by the device of the last node that does not move.
    most: list[dict[int, int]] = []
    for node, device in enumerate(graph.devices):
        counts: dict[int, int] = {}
        for predecessor in graph.predecessors[node]:
            for last, count in most[predecessor].items():
                counts[last] = max(counts.get(last, 0), count)
        if node not in movable:
            arriving = (count + (last != device) for last, count in counts.items())
            counts = {device: max(arriving, default=0)}
        most.append(counts)
    return max((count for counts in most for count in counts.values()), default=0)


def placement_cost(
    graph: Graph, devices: Sequence[int], slowdown: Sequence[int], launch: int = LAUNCH_BYTES
) -> int:
    """What crosses with these devices, and what is slower by them, in bytes."""
    crossing = sum(
        launch + value.size
        for value in graph.values
        if any(devices[node] != devices[value.source] for node in value.readers)
    )
    return crossing + sum(cost for cost, device in zip(slowdown, devices, strict=True) if device)


def _add_value(network: Network, value: Value, vertices: Sequence[int], launch: int) -> None:
    """Let the cut cost a value once if it parts the source from any of its readers."""
    source = vertices[value.source]
    readers = {vertices[node] for node in value.readers} - {source}
    cost = launch + value.size
    if len(readers) == 1:
        network.add_arc(source, readers.pop(), cost, cost)
    elif readers:
        # With the source on the first side, `forth` is on the second as soon as a reader is, and
        # costs its arc then; `back` is the same with the sides exchanged.
        forth, back = network.add_vertex(), network.add_vertex()
        network.add_arc(source, forth, cost)
        network.add_arc(back, source, cost)
        for reader in readers:
            network.add_arc(forth, reader, INFINITE)
            network.add_arc(reader, back, INFINITE)
