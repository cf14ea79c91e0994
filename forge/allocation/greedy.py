"""Offline greedy planners: the hardest requests first, each at the lowest offset that is free.

Both orders are those of Y. Pisarchyk and J. Lee, "Efficient memory management for deep neural net
inference", 2020 (https://arxiv.org/abs/2001.03288).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forge.allocation.request import Request


def greedy_by_size(requests: Sequence[Request]) -> list[int]:
    """Offsets, the largest requests placed first."""
    order = sorted(
        range(len(requests)), key=lambda i: (-requests[i].size, requests[i].interval.start)
    )
    return _place(requests, order)


def greedy_by_breadth(requests: Sequence[Request]) -> list[int]:
    """Offsets, the positions with most live bytes first, and there the largest requests."""
    order = dict.fromkeys(_by_breadth(requests))
    return _place(requests, order)


def _by_breadth(requests: Sequence[Request]) -> Iterator[int]:
    live: dict[int, list[int]] = {}
    for index, request in enumerate(requests):
        for position in range(request.interval.start, request.interval.end + 1):
            live.setdefault(position, []).append(index)
    breadth = {
        position: sum(requests[index].size for index in indices)
        for position, indices in live.items()
    }
    for position in sorted(live, key=lambda p: (-breadth[p], p)):
        yield from sorted(live[position], key=lambda i: (-requests[i].size, i))


def _place(requests: Sequence[Request], order: Iterable[int]) -> list[int]:
    offsets = [0] * len(requests)
    placed = _PlacedRequests(requests)
    for index in order:
        size = requests[index].size
        taken = sorted((offsets[i], offsets[i] + requests[i].size) for i in placed.beside(index))
        offsets[index] = _lowest_gap(taken, size)
        placed.add(index)
    return offsets


def _lowest_gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    """The lowest offset with `size` bytes that are not taken; `taken` is sorted."""
    offset = 0
    for start, end in taken:
        if start - offset >= size:
            break
        offset = max(offset, end)
    return offset


class _PlacedRequests:
    """Which requests are placed, by when they live: a segment tree over the positions."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self._requests = requests
        self._first = min((r.interval.start for r in requests), default=0)
        last = max((r.interval.end for r in requests), default=0)
        self._leaves = last - self._first + 1
        # A node holds those that live throughout its positions, and not throughout its parent's.
        self._nodes: list[list[int]] = [[] for _ in range(2 * self._leaves)]
        self._starting: list[list[int]] = [[] for _ in range(self._leaves)]

    def add(self, index: int) -> None:
        """Note a request as placed."""
        start, end = self._span(index)
        self._starting[start].append(index)
        low, high = start + self._leaves, end + self._leaves + 1
        while low < high:
            if low & 1:
                self._nodes[low].append(index)
                low += 1
            if high & 1:
                high -= 1
                self._nodes[high].append(index)
            low >>= 1
            high >>= 1

    def beside(self, index: int) -> Iterator[int]:
        """The placed requests that live at the same time as this one."""
        start, end = self._span(index)
        node = start + self._leaves
        while node:
            yield from self._nodes[node]
            node >>= 1
        for position in range(start + 1, end + 1):
            yield from self._starting[position]

    def _span(self, index: int) -> tuple[int, int]:
        interval = self._requests[index].interval
        return interval.start - self._first, interval.end - self._first
