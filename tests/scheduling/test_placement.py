"""Placement: the least that crosses between two devices, by trying all placements of few nodes."""

import random
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from forge.dialects import reg
from forge.ir.text import parse_module
from forge.scheduling import (
    Graph,
    Value,
    convex_segments,
    instructions_to_move,
    is_cheap,
    transitions,
)
from forge.scheduling.placement import fewest_transitions, placement_cost, refine_placement
from tests.scheduling.graphs import graphs


@st.composite
def placements(draw: st.DrawFn) -> tuple[Graph, set[int], list[int]]:
    """A graph, its nodes that may move, and what they cost on device 1."""
    graph = draw(graphs(devices=2, max_nodes=8))
    generator = random.Random(draw(st.integers(0, 2**32)))
    movable = {node for node in range(len(graph)) if generator.random() < 0.6}
    return graph, movable, [generator.choice([0, 1, 4, 30]) for _ in range(len(graph))]


def all_placements(graph: Graph, movable: set[int]) -> Iterator[list[int]]:
    for choice in product((0, 1), repeat=len(movable)):
        chosen = dict(zip(sorted(movable), choice, strict=True))
        yield [chosen.get(node, device) for node, device in enumerate(graph.devices)]


@given(placements())
@settings(max_examples=1000, deadline=None)
def test_no_placement_costs_less(drawn: tuple[Graph, set[int], list[int]]) -> None:
    graph, movable, slowdown = drawn
    refined = refine_placement(graph, movable, slowdown, launch=7)
    assert refined in list(all_placements(graph, movable))
    costs = [placement_cost(graph, p, slowdown, 7) for p in all_placements(graph, movable)]
    assert placement_cost(graph, refined, slowdown, 7) == min(costs)


@given(placements())
@settings(max_examples=300, deadline=None)
def test_no_order_of_any_placement_has_fewer_transitions(
    drawn: tuple[Graph, set[int], list[int]],
) -> None:
    graph, movable, _ = drawn
    placed = (Graph(devices, graph.values) for devices in all_placements(graph, movable))
    fewest = min(transitions(other, convex_segments(other)) for other in placed)
    assert fewest_transitions(graph, movable) <= fewest


def test_a_cut_has_two_sides() -> None:
    with pytest.raises(ValueError, match="two devices"):
        refine_placement(Graph([0, 1, 2], []), {0}, [0, 0, 0])


def test_a_value_costs_once_however_many_read_it() -> None:
    graph = Graph([0, 1, 1, 1], [Value(0, [1, 2, 3], 5)])
    assert placement_cost(graph, graph.devices, [0] * 4, launch=10) == 15
    assert refine_placement(graph, {0}, [14, 0, 0, 0], launch=10) == [1, 1, 1, 1]
    assert refine_placement(graph, {0}, [16, 0, 0, 0], launch=10) == [0, 1, 1, 1]


def test_a_long_chain_is_cut_once() -> None:
    # As long as a deep network's residual stream; a recursion would not come to its end.
    count = 20_000
    values = [Value(node, [node + 1], 8) for node in range(count - 1)]
    graph = Graph([0] * (count - 1) + [1], values)
    refined = refine_placement(graph, set(range(1, count - 1)), [1] * count)
    assert refined == list(graph.devices)


# -- instructions ----------------------------------------------------------------------------

N, C, S = "!reg.reg<4x8xf32, npu>", "!reg.reg<4x8xf32, cpu>", "!reg.reg<4x1xf32, npu>"


def moved(
    text: str, results: str = N, movable: Callable[[Operation], bool] = is_cheap
) -> list[str]:
    """The results of the instructions that are to move from the NPU to the CPU."""
    module = parse_module(f"""
      func.func @main(%x: {N}, %y: {C}, %s: {S}) -> {results} {{
        %w = reg.weight "w" : !reg.reg<8x8xf32, npu>
        {text}
      }}""")
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    block = function.body.block
    devices: dict[Operation, str] = {
        op: op.device
        for op in block.ops
        if isinstance(op, reg.RegOp) and not isinstance(op, reg.CopyOp | reg.WeightOp)
    }
    found = instructions_to_move(block, devices, "npu", "cpu", movable)
    return [f"%{op.results[0].name_hint}" for op in found]


def test_what_stands_between_two_neighbours_joins_them() -> None:
    # The scale of a norm: MVN is on the CPU, and so is what reads it.
    assert moved(
        f"""
      %a = reg.Exp %y : ({C}) -> {C}
      %b = reg.copy %a : ({C}) -> {N}
      %m = reg.Tanh %b : ({N}) -> {N}
      %n = reg.Multiply %m, %m : ({N}, {N}) -> {N}
      %c = reg.copy %n : ({N}) -> {C}
      %d = reg.Exp %c : ({C}) -> {C}
      func.return %d : {C}""",
        C,
    ) == ["%m", "%n"]


def test_what_has_a_neighbour_on_its_device_stays() -> None:
    assert not moved(f"""
      %a = reg.Exp %y : ({C}) -> {C}
      %b = reg.copy %a : ({C}) -> {N}
      %m = reg.Tanh %b : ({N}) -> {N}
      %n = reg.MatMul %m, %w : ({N}, !reg.reg<8x8xf32, npu>) -> {N}
      func.return %n : {N}""")


def test_products_stay() -> None:
    assert not moved(
        f"""
      %b = reg.copy %y : ({C}) -> {N}
      %n = reg.MatMul %b, %w : ({N}, !reg.reg<8x8xf32, npu>) -> {N}
      %c = reg.copy %n : ({N}) -> {C}
      %d = reg.Exp %c : ({C}) -> {C}
      func.return %d : {C}""",
        C,
    )


def test_what_grows_stays() -> None:
    # Its result is larger than all that it reads.
    assert not moved(
        f"""
      %u = reg.weight "u" : !reg.reg<1x8xf32, npu>
      %m = reg.Add %s, %u : ({S}, !reg.reg<1x8xf32, npu>) -> {N}
      %c = reg.copy %m : ({N}) -> {C}
      %d = reg.Exp %c : ({C}) -> {C}
      func.return %d : {C}""",
        C,
    )


def test_only_what_may_move_moves() -> None:
    text = f"""
      %a = reg.Exp %y : ({C}) -> {C}
      %b = reg.copy %a : ({C}) -> {N}
      %m = reg.Tanh %b : ({N}) -> {N}
      %c = reg.copy %m : ({N}) -> {C}
      %d = reg.Exp %c : ({C}) -> {C}
      func.return %d : {C}"""
    assert moved(text, C) == ["%m"]
    assert moved(text, C, movable=lambda op: op.name != "reg.Tanh") == []


def test_what_is_returned_stays_on_its_device() -> None:
    # One copy either way, and then the one that is there already.
    assert not moved(f"""
      %b = reg.copy %y : ({C}) -> {N}
      %m = reg.Tanh %b : ({N}) -> {N}
      func.return %m : {N}""")
