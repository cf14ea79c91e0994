"""The schedulers by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from forge.scheduling.convex_segments import convex_segments
from forge.scheduling.graph import Graph
from forge.scheduling.orders import device_affinity, fx_order

Scheduler = Callable[[Graph], Sequence[int]]
"""A scheduler gives all nodes of a graph in an order in which they can run."""

SCHEDULERS: Mapping[str, Scheduler] = MappingProxyType(
    {
        "convex-segments": convex_segments,
        "device-affinity": device_affinity,
        "fx-order": fx_order,
    }
)
