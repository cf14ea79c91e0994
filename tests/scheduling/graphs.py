"""Graphs to schedule, drawn and made, and the true optimum of small ones."""

import random
from collections.abc import Sequence
from itertools import product

from hypothesis import strategies as st

from forge.scheduling import Graph, Value
from forge.scheduling.measures import staged_bytes


@st.composite
def graphs(draw: st.DrawFn, devices: int, max_nodes: int = 9) -> Graph:
    """A graph in which every pair of nodes may be joined."""
    count = draw(st.integers(0, max_nodes))
    density = draw(st.sampled_from([0.1, 0.2, 0.4]))
    generator = random.Random(draw(st.integers(0, 2**32)))
    values = [
        Value(
            source,
            [reader for reader in range(source + 1, count) if generator.random() < density],
            generator.choice([0, 1, 2, 5]),
        )
        for source in range(count)
    ]
    return Graph([generator.randrange(devices) for _ in range(count)], values)


def deep_graph(nodes: int, devices: int, reach: int, seed: int = 0) -> Graph:
    """A graph in which nodes read up to two of the `reach` nodes before them, as in a network."""
    generator = random.Random(seed)
    readers: list[list[int]] = [[] for _ in range(nodes)]
    for node in range(1, nodes):
        sources = {max(0, node - generator.randint(1, reach)) for _ in range(2)}
        for source in sorted(sources)[: generator.randint(0, 2)]:
            readers[source].append(node)
    values = [
        Value(source, found, generator.choice([1, 4, 16])) for source, found in enumerate(readers)
    ]
    return Graph([generator.randrange(devices) for _ in range(nodes)], values)


def is_order(graph: Graph, order: Sequence[int]) -> bool:
    """Whether `order` has each node once, after all that it needs."""
    places = {node: place for place, node in enumerate(order)}
    return sorted(order) == list(range(len(graph))) and all(
        places[value.source] < places[reader] for value in graph.values for reader in value.readers
    )


def fewest_transitions(graph: Graph) -> int:
    """The fewest that any order has, by all sets of nodes that can be done: exponential.

    It knows nothing of turns: nodes are added one by one, and a set is kept with its last device.
    """
    needs = [sum(1 << other for other in before) for before in graph.predecessors]
    best: dict[tuple[int, int], int] = {(0, -1): 0}
    for _ in graph.devices:
        following: dict[tuple[int, int], int] = {}
        for (done, last), cost in best.items():
            for node, device in enumerate(graph.devices):
                if done >> node & 1 or needs[node] & ~done:
                    continue
                key = (done | 1 << node, device)
                total = cost + (last not in (-1, device))
                following[key] = min(total, following.get(key, total))
        best = following
    return min(best.values())


def fewest_carried_bytes(graph: Graph) -> int:
    """The least bytes carried by any order with the fewest transitions: exponential."""
    best: int | None = None
    for turns in product(range(max(graph.devices) + 1), repeat=fewest_transitions(graph) + 1):
        own = [[n for n, other in enumerate(turns) if other == device] for device in graph.devices]
        for stages in product(*own):
            if _can_run_in(graph, stages):
                carried = staged_bytes(graph, stages)
                best = carried if best is None else min(best, carried)
    assert best is not None
    return best


def _can_run_in(graph: Graph, stages: tuple[int, ...]) -> bool:
    return all(
        stages[value.source] <= stages[reader] for value in graph.values for reader in value.readers
    )
