"""The arenas of a program: one for each device, with what its registers need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import Block

from forge.allocation.linear_scan import assign_buffers
from forge.allocation.planning import plan
from forge.allocation.request import Plan, Request
from forge.analysis.liveness import peak
from forge.analysis.storage import Storage, find_storages

ALIGNMENT = 64
"""Bytes: a cache line, and what oneDNN and OpenVINO align to."""


@dataclass(frozen=True)
class Arena:
    """The memory of one device.

    Attributes:
        device: as registers name it.
        storages: what needs bytes of its own there.
        requests: their sizes, aligned, and intervals.
        plan: where each of them lies.
    """

    device: str
    storages: Sequence[Storage]
    requests: Sequence[Request]
    plan: Plan

    @property
    def registers(self) -> int:
        """How many registers have their bytes in it."""
        return sum(len(storage.values) for storage in self.storages)

    @property
    def buffers(self) -> int:
        """How many whole buffers linear scan needs, as the Forge-UGC paper counts them."""
        return max(assign_buffers(self.requests), default=-1) + 1

    @property
    def lower_bound(self) -> int:
        """The most bytes that are live at once: no plan needs less."""
        return peak((request.interval, request.size) for request in self.requests)


def plan_arenas(block: Block, algorithm: str = "best", alignment: int = ALIGNMENT) -> list[Arena]:
    """Plan the arena of each device that a program's registers are on.

    Args:
        block: the body of a function of `reg` instructions.
        algorithm: as in `plan`.
        alignment: sizes are rounded up to multiples of so many bytes, and so are offsets.

    Raises:
        KeyError: there is no such planner.
    """
    by_device: dict[str, list[Storage]] = {}
    for storage in find_storages(block):
        by_device.setdefault(storage.type.device, []).append(storage)
    arenas: list[Arena] = []
    for device, storages in by_device.items():
        requests = [
            Request(-(-storage.type.num_bytes // alignment) * alignment, storage.interval)
            for storage in storages
        ]
        arenas.append(Arena(device, storages, requests, plan(requests, algorithm)))
    return arenas
