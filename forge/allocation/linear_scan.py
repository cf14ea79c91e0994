"""Linear scan: requests in the order of their starts, each in a whole buffer that is free again.

M. Poletto and V. Sarkar, "Linear scan register allocation", TOPLAS 21(5), 1999, without spilling:
there is always another buffer.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import accumulate

from forge.allocation.request import Request


def assign_buffers(requests: Sequence[Request]) -> list[int]:
    """The number of a buffer for each request; a buffer is as large as the largest in it.

    Among the free buffers the smallest that is large enough is taken; if none is, the largest
    grows. O(n log n) but for the list of free buffers, which is short.
    """
    sizes: list[int] = []
    free: list[tuple[int, int]] = []
    active: list[tuple[int, int]] = []
    assigned = [0] * len(requests)
    for index in sorted(range(len(requests)), key=lambda i: requests[i].interval.start):
        request = requests[index]
        while active and active[0][0] < request.interval.start:
            _, buffer = heappop(active)
            insort(free, (sizes[buffer], buffer))
        if free:
            fitting = bisect_left(free, (request.size, -1))
            _, buffer = free.pop(min(fitting, len(free) - 1))
            sizes[buffer] = max(sizes[buffer], request.size)
        else:
            buffer = len(sizes)
            sizes.append(request.size)
        assigned[index] = buffer
        heappush(active, (request.interval.end, buffer))
    return assigned


def linear_scan(requests: Sequence[Request]) -> list[int]:
    """The buffers of `assign_buffers`, one behind the other in one arena."""
    assigned = assign_buffers(requests)
    sizes = [0] * (max(assigned, default=-1) + 1)
    for request, buffer in zip(requests, assigned, strict=True):
        sizes[buffer] = max(sizes[buffer], request.size)
    starts = list(accumulate(sizes, initial=0))
    return [starts[buffer] for buffer in assigned]
