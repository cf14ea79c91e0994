"""Run planners one after the other, and keep the smallest arena."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from forge.allocation.best_fit import best_fit
from forge.allocation.greedy import greedy_by_breadth, greedy_by_size
from forge.allocation.linear_scan import linear_scan
from forge.allocation.request import Plan, Planner, Request
from forge.analysis.liveness import peak

PLANNERS: Mapping[str, Planner] = MappingProxyType(
    {
        "best-fit": best_fit,
        "greedy-by-breadth": greedy_by_breadth,
        "greedy-by-size": greedy_by_size,
        "linear-scan": linear_scan,
    }
)
OFFLINE = frozenset({"greedy-by-breadth", "greedy-by-size"})
"""Planners whose time grows with the pairs of requests that live at the same time."""

MAX_LIVE = 4_000_000
"""How many requests may be live, summed over all positions, before offline planners are left out.

A deep network is far below: what a layer computes lives for a few instructions."""


def plan(requests: Sequence[Request], algorithm: str = "best") -> Plan:
    """Plan an arena.

    Args:
        requests: sizes in bytes, multiples of the alignment, and when they are needed.
        algorithm: a name in `PLANNERS`, or `best` for the smallest arena that any of them finds;
            the first that needs no more than what is live at once is not outdone.

    Raises:
        KeyError: there is no such planner.
    """
    if algorithm != "best":
        return _plan(algorithm, requests)
    total = sum(r.interval.end - r.interval.start + 1 for r in requests)
    names = [name for name in PLANNERS if total <= MAX_LIVE or name not in OFFLINE]
    bound = peak((request.interval, request.size) for request in requests)
    best: Plan | None = None
    for name in names:
        found = _plan(name, requests)
        if best is None or found.size < best.size:
            best = found
        if best.size == bound:
            break
    assert best is not None, "some planners are always fast enough"
    return best


def _plan(algorithm: str, requests: Sequence[Request]) -> Plan:
    offsets = tuple(PLANNERS[algorithm](requests))
    ends = (offset + request.size for offset, request in zip(offsets, requests, strict=True))
    return Plan(algorithm, offsets, max(ends, default=0))
