"""The weights in a safetensors file, memory-mapped."""

from __future__ import annotations

import json
import mmap
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forge.errors import ForgeError
from forge.ir.tensors import Shaped, numpy_dtype
from forge.weights.safetensors_format import ALIASES_KEY, read_header
from forge.weights.store import WeightStore

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SafetensorsWeights(WeightStore):
    """The tensors of a safetensors file; a page is read when somebody looks at it.

    Arrays are copy-on-write: writing to one changes neither the file nor another process's view.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Map the file.

        Raises:
            ForgeError: the file cannot be read, or is not a safetensors file.
        """
        self.path = Path(path)
        self._entries, metadata = read_header(self.path)
        self._aliases = _read_aliases(self.path, metadata)

    def names(self) -> Sequence[str]:
        return tuple(self._entries)

    @property
    def aliases(self) -> Mapping[str, str]:
        return self._aliases

    def _contains(self, name: str) -> bool:
        return name in self._entries

    def _shaped(self, name: str) -> Shaped:
        return self._entries[name].shaped(name)

    @cached_property
    def _bytes(self) -> NDArray[np.uint8]:
        try:
            with self.path.open("rb") as file:
                return np.frombuffer(_map_privately(file.fileno()), np.uint8)
        except OSError as error:
            raise ForgeError(f"cannot map weights in {self.path}: {error.strerror}") from error

    def _array(self, name: str) -> NDArray[Any]:
        entry = self._entries[name]
        dtype = numpy_dtype(self._shaped(name).dtype)
        return np.asarray(self._bytes[entry.begin : entry.end]).view(dtype).reshape(entry.shape)


def _map_privately(file: int) -> mmap.mmap:
    """A whole file in memory, copy-on-write: torch takes no read-only array without a warning."""
    if sys.platform == "win32":
        return mmap.mmap(file, 0, access=mmap.ACCESS_COPY)
    # What could be written reserves memory, by default for all of it: 32 GB would not map in 24.
    # The value is MAP_NORESERVE in Linux, which Python has a name for from 3.13 on only.
    no_reserve = 0x4000 if sys.platform == "linux" else 0
    protection = mmap.PROT_READ | mmap.PROT_WRITE
    return mmap.mmap(file, 0, flags=mmap.MAP_PRIVATE | no_reserve, prot=protection)


def _read_aliases(path: Path, metadata: Mapping[str, str]) -> dict[str, str]:
    try:
        return {str(a): str(b) for a, b in json.loads(metadata.get(ALIASES_KEY, "{}")).items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise ForgeError(f"{path} has metadata {ALIASES_KEY!r} that is not a table") from error
