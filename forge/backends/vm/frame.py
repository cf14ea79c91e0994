"""The memory of a frame: one block of bytes, and where the registers are in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np

from forge.allocation import ALIGNMENT
from forge.backends.memory import Array
from forge.errors import ForgeError
from forge.ir.tensors import Shaped, numpy_dtype


class Place(NamedTuple):
    """Where a register is.

    Attributes:
        number: which register.
        offset: where its bytes start, a multiple of its elements' size.
        type: its shape and element type; it is contiguous.
    """

    number: int
    offset: int
    type: Shaped

    @property
    def end(self) -> int:
        """Where its bytes end."""
        return self.offset + num_bytes(self.type)


@dataclass(frozen=True)
class FrameLayout:
    """Registers in one block of memory.

    Attributes:
        size: the block's, in bytes.
        places: of registers that have memory in it; those that live at different times may overlap.
    """

    size: int = 0
    places: Sequence[Place] = ()

    def place(self, registers: list[Any], *, as_tensors: bool) -> None:
        """Make new memory, and put views of it into the registers.

        Raises:
            ForgeError: there is not so much memory.
        """
        if not self.places:
            return
        arena: Any = self._allocate()
        if as_tensors:
            import torch

            arena = torch.from_numpy(arena)  # pyright: ignore[reportUnknownMemberType]
        for place in self.places:
            registers[place.number] = _view(arena[place.offset : place.end], place.type, as_tensors)

    def _allocate(self) -> Array:
        try:
            memory = np.empty(self.size + ALIGNMENT, np.uint8)
        except (MemoryError, ValueError) as error:
            raise ForgeError(f"there is no memory for an arena of {self.size:,} bytes") from error
        start = -memory.ctypes.data % ALIGNMENT
        return memory[start : start + self.size]


def num_bytes(type: Shaped) -> int:
    """What a contiguous tensor occupies."""
    return prod(type.shape) * numpy_dtype(type.dtype).itemsize


def _view(memory: Any, type: Shaped, as_tensor: bool) -> Any:
    if as_tensor:
        from forge.ir.torch_types import torch_dtype

        return memory.view(torch_dtype(type.dtype)).view(type.shape)
    return memory.view(numpy_dtype(type.dtype)).reshape(type.shape)
