"""Weights of linear layers in oneDNN's own layouts, made when they are first needed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

import torch


@dataclass
class PackedWeights:
    """The packed weights of one program; several threads may ask for them at once.

    Attributes:
        count: how many there are.
        nbytes: what they occupy, in bytes.
        seconds: how long packing them took.
        reason: why weights stay as they are; empty if they are packed.
    """

    count: int = 0
    nbytes: int = 0
    seconds: float = 0.0
    reason: str = ""
    _requests: list[PackedWeight] = field(default_factory=list["PackedWeight"], repr=False)
    _packed: dict[Hashable, torch.Tensor] = field(
        default_factory=dict[Hashable, torch.Tensor], repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def request(self, weight: torch.Tensor, rows: int) -> PackedWeight:
        """A weight that is going to be packed, for inputs of so many rows.

        Args:
            weight: `[out, in]`, of any strides.
        """
        self._requests.append(request := PackedWeight(self, weight, rows))
        return request

    def prepare(self) -> None:
        """Pack now what has been asked for, and not at the first run."""
        for request in self._requests:
            request.get()

    def pack(self, weight: torch.Tensor, rows: int) -> torch.Tensor:
        """A weight in oneDNN's layout for inputs of so many rows."""
        key = (weight.data_ptr(), weight.dtype, weight.shape, weight.stride(), rows)
        with self._lock:
            if (packed := self._packed.get(key)) is None:
                start = perf_counter()
                packed = self._packed[key] = torch.ops.mkldnn._reorder_linear_weight(weight, rows)
                self.seconds += perf_counter() - start
                self.count += 1
                self.nbytes += weight.numel() * weight.element_size()
        return packed


@dataclass
class PackedWeight:
    """A weight as a linear layer wants it: `get` packs it at the first call."""

    owner: PackedWeights
    weight: torch.Tensor
    rows: int
    _packed: torch.Tensor | None = None

    def get(self) -> torch.Tensor:
        """The packed weight."""
        if self._packed is None:
            self._packed = self.owner.pack(self.weight, self.rows)
        return self._packed
