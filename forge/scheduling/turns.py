"""Which device runs when: the search for as few turns of devices as possible.

In a turn a device runs all that it can: what is ready, and what becomes ready by it. This loses
nothing. By induction over the turns, whatever an order has run after its first k segments, turns of
the same devices have run after k, since more that is done only makes more ready. So a schedule is a
sequence of devices, and the shortest that completes the graph has the fewest transitions.

Two devices take turns alternately, so there are two sequences of each length, which differ in who
begins. Trying both is the whole search, and its result is optimal.

With more devices it is, for chains of nodes, the question for the shortest common supersequence of
strings, to which no fast and exact answer is known. A beam search keeps the states that promise
most after each turn. A state is what is done; its bound is the longest path that is left, counted
in changes of device. The result is known to be optimal if the beam never was too narrow, or if the
bound at the start is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from forge.scheduling.graph import Graph, Value

MAX_WIDTH = 64
MIN_WIDTH = 4
MAX_STEPS = 200_000
"""The beam keeps between `MIN_WIDTH` and `MAX_WIDTH` states after each turn, and so many that they
together run about `MAX_STEPS` nodes: large graphs are searched less, in seconds."""

MAX_SEQUENCES = 8
"""How many sequences of the same length are given, at most."""


@dataclass(frozen=True)
class Turns:
    """The devices that take turns.

    Attributes:
        sequences: of equal length, each with a device for each turn; neighbours differ.
        optimal: whether it is proved that none is shorter.
    """

    sequences: Sequence[tuple[int, ...]]
    optimal: bool

    @property
    def count(self) -> int:
        """How many turns there are."""
        return len(self.sequences[0])


def find_turns(graph: Graph, width: int | None = None) -> Turns:
    """The shortest sequences of turns that are found, at least one.

    They do not depend on the order in which nodes are numbered, only on that of the devices.

    Args:
        graph: what to complete.
        width: how many states are kept after each turn, as many as the size of the graph allows by
            default; with two devices there are never more than two.
    """
    search = _Search(graph)
    if width is None:
        width = max(MIN_WIDTH, min(MAX_WIDTH, MAX_STEPS // max(1, search.start.left)))
    beam = [search.start]
    bound, exact = search.start.bound, True
    turns = 0
    while all(state.left for state in beam):
        turns += 1
        # Of what comes to the same, one is enough, but of complete sequences each is an answer.
        following = {(state.key or state.devices()): state for state in search.after(beam)}
        ranked = sorted(following.values(), key=lambda state: (state.bound, state.left))
        exact = exact and len(ranked) <= width
        beam = ranked[:width]
    count = max(1, min(MAX_SEQUENCES, MAX_STEPS // max(1, len(graph))))
    sequences = [state.devices() for state in beam if not state.left][:count]
    return Turns(sequences, optimal=exact or turns == bound)


@dataclass(slots=True)
class _State:
    """What is done, told by what is ready then: the rest is all that depends on it.

    Attributes:
        ready: for each device the nodes that it could run.
        missing: of nodes that wait for some of their predecessors, for how many.
        left: how many nodes are not done.
        bound: so many turns at least are left.
        last: the device of the last turn.
        before: the state before that turn.
        key: all that is ready.
    """

    ready: list[list[int]]
    missing: dict[int, int]
    left: int
    bound: int = 0
    last: int = -1
    before: _State | None = None
    key: frozenset[int] = field(default_factory=frozenset[int])

    def devices(self) -> tuple[int, ...]:
        """The turns that lead here."""
        found: list[int] = []
        state = self
        while state.before is not None:
            found.append(state.last)
            state = state.before
        return tuple(reversed(found))


class _Search:
    """The turns that can follow each other."""

    def __init__(self, graph: Graph) -> None:
        self._graph = merged(graph)
        self._waits = [len(nodes) for nodes in self._graph.predecessors]
        self._tails = tails(self._graph)
        ready: list[list[int]] = [[] for _ in range(max(graph.devices, default=0) + 1)]
        for node, waits in enumerate(self._waits):
            if not waits:
                ready[self._graph.devices[node]].append(node)
        self.start = self._finished(_State(ready, {}, len(self._graph)))

    def after(self, states: Sequence[_State]) -> Iterator[_State]:
        """The states one turn later."""
        for state in states:
            for device, nodes in enumerate(state.ready):
                if nodes:
                    yield self._turn(state, device)

    def _turn(self, state: _State, device: int) -> _State:
        devices, successors, waits = self._graph.devices, self._graph.successors, self._waits
        ready = [list(nodes) for nodes in state.ready]
        missing = dict(state.missing)
        pending, ready[device] = ready[device], []
        left = state.left
        while pending:
            left -= 1
            for successor in successors[pending.pop()]:
                count = missing.pop(successor, waits[successor]) - 1
                if count:
                    missing[successor] = count
                elif devices[successor] == device:
                    pending.append(successor)
                else:
                    ready[devices[successor]].append(successor)
        return self._finished(_State(ready, missing, left, last=device, before=state))

    def _finished(self, state: _State) -> _State:
        """Fill in what follows from what is ready."""
        tails = self._tails
        longest = [max(map(tails.__getitem__, nodes)) for nodes in state.ready if nodes]
        if longest:
            # Two paths of one length that begin on two devices cannot run in step.
            state.bound = max(longest) + (longest.count(max(longest)) > 1)
        state.key = frozenset(node for nodes in state.ready for node in nodes)
        return state


def tails(graph: Graph) -> list[int]:
    """For each node how many segments a path from it on has at most."""
    found = [1] * len(graph)
    for node in range(len(graph) - 1, -1, -1):
        device = graph.devices[node]
        for successor in graph.successors[node]:
            found[node] = max(found[node], found[successor] + (graph.devices[successor] != device))
    return found


def merged(graph: Graph) -> Graph:
    """A smaller graph with the same turns: nodes that always run in the same turn are one.

    That is a node whose predecessors are all one node of its own device, and nodes of a device that
    have the same predecessors. Sizes are left out.
    """
    numbers: list[int] = []
    devices: list[int] = []
    known: dict[tuple[int, frozenset[int]], int] = {}
    readers: list[list[int]] = []
    for node, device in enumerate(graph.devices):
        before = frozenset(numbers[other] for other in graph.predecessors[node])
        if len(before) == 1 and devices[next(iter(before))] == device:
            numbers.append(next(iter(before)))
            continue
        number = known.setdefault((device, before), len(devices))
        if number == len(devices):
            devices.append(device)
            readers.append([])
            for other in before:
                readers[other].append(number)
        numbers.append(number)
    return Graph(devices, [Value(source, nodes) for source, nodes in enumerate(readers)])
