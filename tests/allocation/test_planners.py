"""Memory planners: nothing that is live at once shares a byte, and arenas are small."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forge.allocation import OFFLINE, PLANNERS, Request, assign_buffers, plan
from forge.analysis.liveness import LiveInterval, peak


def request(size: int, start: int, end: int) -> Request:
    return Request(size, LiveInterval(start, end))


REQUESTS = st.lists(
    st.builds(
        lambda size, start, length: request(64 * size, start, start + length),
        st.integers(0, 9),
        st.integers(-1, 20),
        st.integers(0, 8),
    ),
    max_size=25,
)


def lower_bound(requests: list[Request]) -> int:
    return peak((r.interval, r.size) for r in requests)


def a_chain(length: int) -> list[Request]:
    """What a deep network asks for: most values live shortly, a few across a layer."""
    random = np.random.default_rng(0)
    sizes = random.choice([64, 768, 3072], length)
    lives = random.choice([1, 1, 2, 3, 20], length)
    return [
        request(int(size), position, position + int(life))
        for position, (size, life) in enumerate(zip(sizes, lives, strict=True))
    ]


@pytest.mark.parametrize("algorithm", PLANNERS)
@given(requests=REQUESTS)
@settings(max_examples=200, deadline=None)
def test_what_is_live_at_once_shares_no_byte(algorithm: str, requests: list[Request]) -> None:
    made = plan(requests, algorithm)
    assert made.algorithm == algorithm
    assert made.size >= lower_bound(requests)
    placed = list(zip(requests, made.offsets, strict=True))
    for index, (first, offset) in enumerate(placed):
        assert 0 <= offset <= made.size - first.size
        for second, other in placed[:index]:
            if first.size and second.size and first.interval.overlaps(second.interval):
                assert offset + first.size <= other or other + second.size <= offset


@given(REQUESTS)
@settings(deadline=None)
def test_the_best_is_the_smallest(requests: list[Request]) -> None:
    assert plan(requests).size == min(plan(requests, name).size for name in PLANNERS)


@given(REQUESTS)
@settings(deadline=None)
def test_linear_scan_uses_as_many_buffers_as_live_at_once(requests: list[Request]) -> None:
    # Intervals are an interval graph, which is coloured with as many colours as it has cliques.
    used = max(assign_buffers(requests), default=-1) + 1
    assert used == peak((r.interval, 1) for r in requests)


def test_no_requests_need_no_bytes() -> None:
    assert plan([]).size == 0


def test_one_byte_after_the_other() -> None:
    made = plan([request(64, 0, 0), request(64, 1, 1), request(128, 1, 2)])
    assert made.size == 192


@pytest.mark.parametrize("length", [100, 2000])
def test_deep_chains_are_near_the_bound(length: int) -> None:
    requests = a_chain(length)
    assert plan(requests).size <= 1.05 * lower_bound(requests)


def test_a_crowd_is_left_to_the_planners_that_are_fast() -> None:
    # Everything lives at once: offline planners would look at each pair.
    requests = [request(64, 0, 10_000) for _ in range(500)]
    assert plan(requests).algorithm not in OFFLINE


def test_an_unknown_planner_is_no_planner() -> None:
    with pytest.raises(KeyError):
        plan([], "worst-fit")
