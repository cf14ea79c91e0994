"""The inputs of a run: from a file, or random."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from forge.backends.ports import Port
from forge.errors import ForgeError
from forge.ir.tensors import Shaped, is_bool, is_complex, is_float, numpy_dtype
from forge.tools.tensor_files import read_arrays

Array = NDArray[Any]


def given_arrays(path: Path, ports: Sequence[Port]) -> list[Array]:
    """The inputs in a `.npz` file.

    Raises:
        ForgeError: it cannot be read, lacks an input, or has one of another shape or element type.
    """
    arrays = read_arrays(path, [port.name for port in ports])
    for array, port in zip(arrays, ports, strict=True):
        expected = numpy_dtype(port.type.dtype)
        if array.shape != port.type.shape or array.dtype != expected:
            raise ForgeError(
                f"input {port.name!r} is {array.dtype}{list(array.shape)}; "
                f"the program takes {expected}{list(port.type.shape)}",
                hint="bf16 is given by its bits" if str(port.type.dtype) == "bf16" else None,
            )
    return arrays


def random_arrays(ports: Sequence[Port], seed: int) -> list[Array]:
    """Reproducible inputs: floats normal, integers 0 or 1, since they tend to be indices.

    An input depends on the seed, its name and its type alone, so a program gets the same ones at
    every level.
    """
    return [
        _sample(port.type, np.random.default_rng([seed, crc32(port.name.encode())]))
        for port in ports
    ]


def _sample(type: Shaped, random: np.random.Generator) -> Array:
    dtype = numpy_dtype(type.dtype)
    if not (is_float(type.dtype) or is_complex(type.dtype)):
        return random.integers(0, 2, type.shape).astype(bool if is_bool(type.dtype) else dtype)
    values = np.asarray(random.standard_normal(type.shape, np.float32))
    if str(type.dtype) == "bf16":
        # The upper half of an f32 is a bf16, rounded towards zero.
        return (values.view(np.uint32) >> 16).astype(np.uint16)
    return values.astype(dtype)
