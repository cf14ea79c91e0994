"""The order of the program itself, and the greedy one of the Forge-UGC paper."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from forge.scheduling.graph import Graph


def fx_order(graph: Graph) -> list[int]:
    """The order in which the nodes are numbered."""
    return list(range(len(graph)))


def device_affinity(graph: Graph) -> list[int]:
    """Always a node of the last one's device if one is ready, else the first that is.

    This is the scheduler of the Forge-UGC paper (arXiv 2604.16498). With two devices its
    transitions are at most one more than the fewest: see `find_turns`. O(n log n).
    """
    missing = [len(nodes) for nodes in graph.predecessors]
    ready: list[list[int]] = [[] for _ in range(max(graph.devices, default=0) + 1)]
    for node, count in enumerate(missing):
        if not count:
            ready[graph.devices[node]].append(node)
    for nodes in ready:
        heapify(nodes)
    order: list[int] = []
    # The first node can always run first.
    device = graph.devices[0] if graph.devices else 0
    for _ in graph.devices:
        if not ready[device]:
            device = min((nodes[0], number) for number, nodes in enumerate(ready) if nodes)[1]
        order.append(node := heappop(ready[device]))
        for successor in graph.successors[node]:
            missing[successor] -= 1
            if not missing[successor]:
                heappush(ready[graph.devices[successor]], successor)
    return order
