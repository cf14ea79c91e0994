"""The minimum cut of a network, by the maximum flow through it."""

from __future__ import annotations

from collections import deque

INFINITE = 1 << 62
"""A capacity that no cut has."""


class Network:
    """Arcs with capacities, on vertices that are numbered as they are added.

    The flow is found by pushing: A. V. Goldberg and R. E. Tarjan, "A new approach to the
    maximum-flow problem", JACM 35(4), 1988, the farthest vertex first. Only its first phase is
    needed: once nothing more can reach the sink, the cut is known.
    """

    def __init__(self) -> None:
        self._arcs: list[list[int]] = []
        # Arc number n leads to heads[n], and n ^ 1 is the way back.
        self._heads: list[int] = []
        self._capacities: list[int] = []

    def add_vertex(self) -> int:
        """A new vertex."""
        self._arcs.append([])
        return len(self._arcs) - 1

    def add_arc(self, tail: int, head: int, capacity: int, backward: int = 0) -> None:
        """An arc from `tail` to `head`, and one back."""
        for vertex, other, room in ((tail, head, capacity), (head, tail, backward)):
            self._arcs[vertex].append(len(self._heads))
            self._heads.append(other)
            self._capacities.append(room)

    def sink_side(self, source: int, sink: int) -> set[int]:
        """The vertices on the sink's side of a minimum cut, and as few of them as can be.

        The capacities are used up by it.
        """
        _Flow(self._arcs, self._heads, self._capacities, source, sink).push_all()
        return set(_distances(self._arcs, self._heads, self._capacities, sink))


class _Flow:
    """A flow on its way to the sink: what has arrived at vertices, and how far they are from it."""

    def __init__(
        self,
        arcs: list[list[int]],
        heads: list[int],
        capacities: list[int],
        source: int,
        sink: int,
    ) -> None:
        self._arcs, self._heads, self._capacities = arcs, heads, capacities
        self._ends = (source, sink)
        count = len(arcs)
        distances = _distances(arcs, heads, capacities, sink)
        self._heights = [distances.get(vertex, count) for vertex in range(count)]
        self._heights[source] = count
        self._at_height = [0] * (count + 1)
        for height in self._heights:
            self._at_height[height] += 1
        self._next_arc = [0] * count
        self._excess = [0] * count
        self._active: list[list[int]] = [[] for _ in range(count)]
        self._highest = 0

    def push_all(self) -> None:
        """Push all that the source can give, until no more of it can reach the sink."""
        source, _ = self._ends
        for arc in self._arcs[source]:
            self._push(source, arc, self._capacities[arc])
        while self._highest >= 0:
            if self._active[self._highest]:
                self._discharge(self._active[self._highest].pop())
            else:
                self._highest -= 1

    def _push(self, vertex: int, arc: int, amount: int) -> None:
        head = self._heads[arc]
        self._capacities[arc] -= amount
        self._capacities[arc ^ 1] += amount
        self._excess[vertex] -= amount
        if amount and not self._excess[head] and head not in self._ends:
            self._activate(head)
        self._excess[head] += amount

    def _activate(self, vertex: int) -> None:
        height = self._heights[vertex]
        if height < len(self._active):
            self._active[height].append(vertex)
            self._highest = max(self._highest, height)

    def _discharge(self, vertex: int) -> None:
        """Push what has arrived at a vertex on, or lift it until that is possible."""
        arcs, heights = self._arcs[vertex], self._heights
        while self._excess[vertex] and heights[vertex] < len(self._arcs):
            if self._next_arc[vertex] == len(arcs):
                self._lift(vertex)
                continue
            arc = arcs[self._next_arc[vertex]]
            if self._capacities[arc] and heights[vertex] == heights[self._heads[arc]] + 1:
                self._push(vertex, arc, min(self._excess[vertex], self._capacities[arc]))
            else:
                self._next_arc[vertex] += 1

    def _lift(self, vertex: int) -> None:
        count, old = len(self._arcs), self._heights[vertex]
        reached = (self._heights[self._heads[a]] for a in self._arcs[vertex] if self._capacities[a])
        height = min(min(reached, default=count) + 1, count)
        self._at_height[old] -= 1
        if not self._at_height[old]:
            # Nothing is left at this height, so what is above cannot reach the sink any more.
            height = count
        self._at_height[height] += 1
        self._heights[vertex] = height
        self._next_arc[vertex] = 0


def _distances(
    arcs: list[list[int]], heads: list[int], capacities: list[int], sink: int
) -> dict[int, int]:
    """How far the vertices are from the sink that can reach it with capacity to spare."""
    distances = {sink: 0}
    pending = deque([sink])
    while pending:
        vertex = pending.popleft()
        for arc in arcs[vertex]:
            head = heads[arc]
            if capacities[arc ^ 1] and head not in distances:
                distances[head] = distances[vertex] + 1
                pending.append(head)
    return distances
