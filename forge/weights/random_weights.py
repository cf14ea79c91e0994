"""Made-up weights, for text that came without any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from xdsl.ir import Operation

from forge.errors import ForgeError
from forge.ir.tensors import Shaped, is_bool, is_complex, is_float, numpy_dtype
from forge.weights.store import WeightStore, weight_uses

if TYPE_CHECKING:
    from numpy.typing import NDArray


class RandomWeights(WeightStore):
    """A reproducible random tensor for each weight that a program names.

    A tensor depends on the seed, its name and its type alone, so that two versions of a program
    get the same. Floats: matrices normal with variance 1/(last extent), vectors and scalars
    uniform in [0.5, 1.5), which suits scales, biases and variances alike. Integers are 0 or 1,
    since they tend to be indices into tables.
    """

    def __init__(self, program: Operation, seed: int = 0) -> None:
        """Make up the weights of `program`.

        Raises:
            ForgeError: the program gives one weight two types.
        """
        self._seed = seed
        self._types: dict[str, Shaped] = {}
        self._arrays: dict[str, NDArray[Any]] = {}
        for op, name, type in weight_uses(program):
            if (other := self._types.setdefault(name, type)) != type:
                raise ForgeError(f"weight {name!r} is {type} here and {other} before", op=op)

    def names(self) -> Sequence[str]:
        return tuple(self._types)

    def _contains(self, name: str) -> bool:
        return name in self._types

    def _shaped(self, name: str) -> Shaped:
        return self._types[name]

    def _array(self, name: str) -> NDArray[Any]:
        if name not in self._arrays:
            random = np.random.default_rng([self._seed, crc32(name.encode())])
            self._arrays[name] = _sample(self._types[name], random)
        return self._arrays[name]


def _sample(type: Shaped, random: np.random.Generator) -> NDArray[Any]:
    dtype = numpy_dtype(type.dtype)
    if not (is_float(type.dtype) or is_complex(type.dtype)):
        return random.integers(0, 2, type.shape).astype(bool if is_bool(type.dtype) else dtype)
    if type.rank < 2:
        values = random.random(type.shape, np.float32) + np.float32(0.5)
    else:
        values = random.standard_normal(type.shape, np.float32) / np.sqrt(max(1, type.shape[-1]))
    if str(type.dtype) == "bf16":
        # The upper half of an f32 is a bf16, rounded towards zero.
        bits = np.asarray(np.asarray(values, np.float32).view(np.uint32) >> 16)
        return bits.astype(np.uint16)
    return np.asarray(values, dtype)
