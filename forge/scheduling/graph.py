"""What schedulers take: nodes on devices, and the values that one writes and others read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Value:
    """What one node writes and others read.

    Attributes:
        source: the node that writes it.
        readers: those that read it, each with a higher number than the source.
        size: the bytes that it keeps from its source to its last reader; 0 where there is only an
            order to keep, or where the memory is somebody else's.
    """

    source: int
    readers: Sequence[int]
    size: int = 0


@dataclass(frozen=True)
class Graph:
    """Nodes, numbered from 0 in an order in which they can run.

    Attributes:
        devices: the device of each node, numbered from 0.
        values: what they write and read.
    """

    devices: Sequence[int]
    values: Sequence[Value]

    def __len__(self) -> int:
        """The number of nodes."""
        return len(self.devices)

    @cached_property
    def predecessors(self) -> list[list[int]]:
        """For each node the others that must run before it, each once."""
        found: list[dict[int, None]] = [{} for _ in self.devices]
        for value in self.values:
            for reader in value.readers:
                found[reader][value.source] = None
        return [list(nodes) for nodes in found]

    @cached_property
    def successors(self) -> list[list[int]]:
        """For each node the others that can only run after it, each once."""
        found: list[list[int]] = [[] for _ in self.devices]
        for node, predecessors in enumerate(self.predecessors):
            for predecessor in predecessors:
                found[predecessor].append(node)
        return found

    def renumbered(self, order: Sequence[int]) -> Graph:
        """The same nodes, numbered as they stand in `order`.

        Args:
            order: all nodes, in an order in which they can run.
        """
        numbers = [0] * len(self)
        for number, node in enumerate(order):
            numbers[node] = number
        values = [
            Value(numbers[value.source], [numbers[node] for node in value.readers], value.size)
            for value in self.values
        ]
        return Graph([self.devices[node] for node in order], values)


def changes(devices: Sequence[int]) -> int:
    """How often the device changes from one to the next."""
    return sum(device != following for device, following in pairwise(devices))
