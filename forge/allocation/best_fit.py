"""Best fit: requests in the order of their starts, each in the smallest gap that is free."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from heapq import heappop, heappush

from forge.allocation.request import Request


class _FreeGaps:
    """The gaps below the top of the arena, by address and by size; neighbours are merged."""

    def __init__(self) -> None:
        self._by_start: dict[int, int] = {}
        self._by_end: dict[int, int] = {}
        self._by_size: list[tuple[int, int]] = []
        self.top = 0

    def take(self, size: int) -> int:
        """The offset of `size` bytes: the smallest gap, else the arena grows."""
        index = bisect_left(self._by_size, (size, -1))
        if index < len(self._by_size):
            gap, start = self._by_size[index]
            self._remove(start, start + gap)
            if gap > size:
                self._add(start + size, start + gap)
            return start
        # The last gap reaches to the top: the arena grows by what it lacks only.
        start = self._by_end.get(self.top, self.top)
        if start != self.top:
            self._remove(start, self.top)
        self.top = start + size
        return start

    def give_back(self, start: int, end: int) -> None:
        """Free these bytes."""
        if (before := self._by_end.get(start)) is not None:
            self._remove(before, start)
            start = before
        if (after := self._by_start.get(end)) is not None:
            self._remove(end, after)
            end = after
        self._add(start, end)

    def _add(self, start: int, end: int) -> None:
        self._by_start[start] = end
        self._by_end[end] = start
        insort(self._by_size, (end - start, start))

    def _remove(self, start: int, end: int) -> None:
        del self._by_start[start], self._by_end[end]
        del self._by_size[bisect_left(self._by_size, (end - start, start))]


def best_fit(requests: Sequence[Request]) -> list[int]:
    """An offset for each request. O(n log n) but for the list of gaps, which is short."""
    gaps = _FreeGaps()
    active: list[tuple[int, int, int]] = []
    offsets = [0] * len(requests)
    for index in sorted(range(len(requests)), key=lambda i: requests[i].interval.start):
        request = requests[index]
        while active and active[0][0] < request.interval.start:
            _, start, end = heappop(active)
            gaps.give_back(start, end)
        if not request.size:
            continue
        offset = offsets[index] = gaps.take(request.size)
        heappush(active, (request.interval.end, offset, offset + request.size))
    return offsets
