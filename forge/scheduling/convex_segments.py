"""Forge's own scheduler: few turns of devices, and little that must be kept from turn to turn.

A turn becomes a segment: instructions of one device that run in one go, as one launch, and no path
leads out of it and back into it. What an order costs is compared in this sequence:

1. Its transitions. A launch and the wait for it take some 100 µs, in which a memory of 10 GB/s
   moves 1 MB: more than what usually crosses between two instructions of a transformer. What
   crosses from device to device is a matter of placement: each value goes once to each device that
   reads it, whatever the order. So the number of segments comes first, and bytes decide among
   equals.
2. The bytes that values keep from segment to segment, times the ends of segments that they outlive.
   Inside of a segment a compiler may fuse a value away; across its end it takes memory.
3. The distance from the given order, which stands if nothing is better. Inside of a segment it
   always does: it is what the model's author wrote, and so computes layer by layer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from forge.scheduling.graph import Graph
from forge.scheduling.measures import carried_bytes, transitions
from forge.scheduling.turns import find_turns


def convex_segments(graph: Graph) -> list[int]:
    """An order with few transitions, and of those one that keeps little between segments.

    With two devices there is no order with fewer transitions; see `find_turns`. Scheduling what was
    scheduled changes nothing. O(n log n) while little waits from turn to turn, as in networks.
    """
    order = list(range(len(graph)))
    cost = _cost(graph, order)
    turns = find_turns(graph).sequences
    # Who waits for whom depends on the given order, so a better one may lead to one still better.
    while True:
        renumbered = graph.renumbered(order)
        candidates = _candidates(renumbered, turns)
        best = min(candidates, key=lambda found: _cost(renumbered, found))
        if (found := _cost(renumbered, best)) >= cost:
            return order
        cost, order = found, [order[node] for node in best]


def _cost(graph: Graph, order: Sequence[int]) -> tuple[int, int]:
    return transitions(graph, order), carried_bytes(graph, order)


def _candidates(graph: Graph, sequences: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    for turns in sequences:
        early = earliest_turns(graph, turns)
        for stages in (early, settled(graph, turns, early)):
            yield sorted(range(len(graph)), key=stages.__getitem__)


def earliest_turns(graph: Graph, turns: Sequence[int]) -> list[int]:
    """For each node the first turn in which it can run.

    Args:
        graph: what runs.
        turns: the device of each turn; they complete the graph.
    """
    places = _places(turns)
    found: list[int] = []
    for device, predecessors in zip(graph.devices, graph.predecessors, strict=True):
        ready = max((found[node] for node in predecessors), default=0)
        found.append(places[device][bisect_right(places[device], ready - 1)])
    return found


def settled(graph: Graph, turns: Sequence[int], stages: Sequence[int]) -> list[int]:
    """Move nodes to later turns where that keeps fewer bytes across the ends of turns.

    A node may wait until it is read. Its results then need no memory before, but its operands may
    need theirs for longer. The bytes are a convex function of the turn, so the node goes where they
    stop to fall; if they stay the same, it waits, so that those before it can wait, too. Readers
    are moved before what they read, one pass in all.

    Args:
        graph: what runs.
        turns: the device of each turn.
        stages: the turn of each node, not later than it may be.
    """
    places = _places(turns)
    needs = _Needs(graph, stages)
    moved = list(stages)
    for node in range(len(graph) - 1, -1, -1):
        ends = needs.without(node)
        limit = _last_turn(graph, moved, node, len(turns))
        gain = needs.written[node]
        for end, size in ends:
            if end >= limit:
                break
            gain -= size
            if gain < 0:
                limit = end
        own = places[graph.devices[node]]
        moved[node] = own[bisect_right(own, limit) - 1]
        needs.settle(node, moved[node])
    return moved


class _Needs:
    """Until when values are needed, while their readers are moved, the last one first.

    Attributes:
        written: for each node the bytes of its results.
    """

    def __init__(self, graph: Graph, stages: Sequence[int]) -> None:
        self._graph = graph
        self._stages = stages
        self.written = [0] * len(graph)
        self._operands: list[list[int]] = [[] for _ in graph.devices]
        # Of the readers that are not settled, up to each of them, the last turn.
        self._waiting: list[list[int]] = []
        self._settled = [-1] * len(graph.values)
        for number, value in enumerate(graph.values):
            readers = sorted(set(value.readers))
            self.written[value.source] += value.size if readers else 0
            self._waiting.append(list(accumulate((stages[node] for node in readers), max)))
            for node in readers:
                self._operands[node].append(number)

    def without(self, node: int) -> list[tuple[int, int]]:
        """For each operand from when on nobody but `node` needs it, and its size; sorted."""
        ends: list[tuple[int, int]] = []
        for number in self._operands[node]:
            waiting = self._waiting[number]
            waiting.pop()
            others = max(self._settled[number], waiting[-1] if waiting else -1)
            ends.append((max(others, self._stages[node]), self._graph.values[number].size))
        return sorted(ends)

    def settle(self, node: int, stage: int) -> None:
        """Note the turn of a node."""
        for number in self._operands[node]:
            self._settled[number] = max(self._settled[number], stage)


def _places(turns: Sequence[int]) -> dict[int, list[int]]:
    """The turns of each device."""
    found: dict[int, list[int]] = {}
    for place, device in enumerate(turns):
        found.setdefault(device, []).append(place)
    return found


def _last_turn(graph: Graph, stages: Sequence[int], node: int, turns: int) -> int:
    """The last turn in which a node can run, or any turn between that one and the next reader."""
    device = graph.devices[node]
    return min(
        (stages[reader] - (graph.devices[reader] != device) for reader in graph.successors[node]),
        default=turns - 1,
    )
