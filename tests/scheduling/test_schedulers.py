"""Schedulers: orders that can run, with as few changes of the device as there can be."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forge.scheduling import (
    SCHEDULERS,
    Graph,
    Scheduler,
    Value,
    carried_bytes,
    convex_segments,
    device_affinity,
    find_turns,
    fx_order,
    segments,
    transitions,
)
from tests.scheduling.graphs import (
    deep_graph,
    fewest_carried_bytes,
    fewest_transitions,
    graphs,
    is_order,
)

ANY_NUMBER_OF_DEVICES = st.integers(1, 4).flatmap(graphs)


@pytest.mark.parametrize("scheduler", SCHEDULERS.values(), ids=SCHEDULERS)
@given(graph=ANY_NUMBER_OF_DEVICES)
@settings(max_examples=500, deadline=None)
def test_each_node_runs_once_after_what_it_needs(scheduler: Scheduler, graph: Graph) -> None:
    assert is_order(graph, scheduler(graph))


@pytest.mark.parametrize("scheduler", SCHEDULERS.values(), ids=SCHEDULERS)
@given(graph=ANY_NUMBER_OF_DEVICES)
@settings(max_examples=500, deadline=None)
def test_what_is_scheduled_stays_as_it_is(scheduler: Scheduler, graph: Graph) -> None:
    scheduled = graph.renumbered(scheduler(graph))
    assert list(scheduler(scheduled)) == list(range(len(graph)))


@given(graphs(devices=2))
@settings(max_examples=2000, deadline=None)
def test_two_devices_are_scheduled_optimally(graph: Graph) -> None:
    best = fewest_transitions(graph)
    assert transitions(graph, convex_segments(graph)) == best
    assert find_turns(graph).optimal
    # Greedy is, too, but for the device that begins.
    assert transitions(graph, device_affinity(graph)) <= best + 1


@pytest.mark.parametrize("devices", [3, 4])
def test_more_devices_are_scheduled_optimally_while_graphs_are_small(devices: int) -> None:
    gaps: Counter[int] = Counter()

    @given(graphs(devices))
    @settings(max_examples=1500, deadline=None)
    def count_gap(graph: Graph) -> None:
        best = fewest_transitions(graph)
        found = transitions(graph, convex_segments(graph))
        gaps[found - best] += 1
        if find_turns(graph).optimal:
            assert found == best

    count_gap()
    assert set(gaps) == {0}


@pytest.mark.parametrize("devices", [3, 4])
def test_the_beam_finds_the_optimum_of_larger_graphs_almost_always(devices: int) -> None:
    gaps: Counter[int] = Counter()
    for seed in range(60):
        graph = deep_graph(60, devices, reach=20, seed=seed)
        wide = find_turns(graph, width=4000)
        assert wide.optimal
        gaps[find_turns(graph).count - wide.count] += 1
    assert set(gaps) <= {0, 1}
    assert gaps[1] <= 1


@pytest.mark.parametrize(("devices", "allowed"), [(2, 0.02), (3, 0.08)])
def test_few_bytes_are_carried(devices: int, allowed: float) -> None:
    found = least = 0
    for seed in range(150):
        graph = deep_graph(7, devices, reach=6, seed=seed)
        carried = carried_bytes(graph, convex_segments(graph))
        bound = fewest_carried_bytes(graph)
        assert carried >= bound
        found, least = found + carried, least + bound
    assert found <= (1 + allowed) * least


@given(ANY_NUMBER_OF_DEVICES)
@settings(max_examples=500, deadline=None)
def test_nothing_is_worse_than_the_order_given(graph: Graph) -> None:
    def cost(order: list[int]) -> tuple[int, int]:
        return transitions(graph, order), carried_bytes(graph, order)

    found = convex_segments(graph)
    assert cost(found) <= cost(fx_order(graph))
    if cost(found) == cost(fx_order(graph)):
        assert found == fx_order(graph)


@given(graphs(devices=3))
@settings(max_examples=300, deadline=None)
def test_segments_are_convex(graph: Graph) -> None:
    number = segments(graph, convex_segments(graph))
    assert all(number[v.source] <= number[reader] for v in graph.values for reader in v.readers)


def test_a_graph_may_be_empty() -> None:
    for scheduler in SCHEDULERS.values():
        assert scheduler(Graph([], [])) == []


def test_what_is_ready_runs_before_the_device_changes() -> None:
    # Two chains, each on both devices in turn, one behind the other.
    graph = Graph([0, 1, 0, 0, 1, 0], [Value(n, [n + 1], 4) for n in (0, 1, 3, 4)])
    assert transitions(graph, fx_order(graph)) == 4
    assert convex_segments(graph) == [0, 3, 1, 4, 2, 5]
    assert transitions(graph, device_affinity(graph)) == 2


def test_the_right_device_begins() -> None:
    # Greedy starts with node 0, and has to come back to its device.
    graph = Graph([0, 1, 0], [Value(1, [2], 4)])
    assert transitions(graph, device_affinity(graph)) == 2
    assert transitions(graph, convex_segments(graph)) == 1


def test_a_node_waits_until_it_is_read() -> None:
    # Node 1 could run in the first segment, but what it writes is larger than what it reads.
    values = [Value(0, [1, 2], 1), Value(1, [4], 100), Value(2, [3], 1), Value(3, [4], 1)]
    graph = Graph([0, 0, 0, 1, 0], values)
    assert convex_segments(graph) == [0, 2, 3, 1, 4]


def test_a_node_does_not_wait_if_what_it_reads_is_larger() -> None:
    values = [Value(0, [1, 2], 100), Value(1, [4], 1), Value(2, [3], 1), Value(3, [4], 1)]
    graph = Graph([0, 0, 0, 1, 0], values)
    assert convex_segments(graph) == [0, 1, 2, 3, 4]


def test_carried_bytes_count_each_end_of_a_segment() -> None:
    graph = Graph([0, 1, 0], [Value(0, [1, 2], 4), Value(1, [2], 16), Value(2, [], 64)])
    assert carried_bytes(graph, [0, 1, 2]) == 2 * 4 + 16
