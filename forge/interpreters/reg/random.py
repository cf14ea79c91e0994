"""Random numbers that are the same in every run: the generator Philox4x32-10.

https://docs.openvino.ai/2026/documentation/openvino-ir-format/operation-sets/operation-specs/generation/random-uniform-8.html
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_types import torch_dtype

_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_WORD = 0xFFFFFFFF


def _philox(key: int, counter: int, number: int) -> list[int]:
    """Four random words for a key of 64 bits and a counter of 2 × 64 bits."""
    keys = [key & _WORD, key >> 32]
    words = [number & _WORD, number >> 32, counter & _WORD, counter >> 32]
    for _ in range(_ROUNDS):
        first, second = _MULTIPLIERS[0] * words[0], _MULTIPLIERS[1] * words[2]
        words = [
            (second >> 32) ^ words[1] ^ keys[0],
            second & _WORD,
            (first >> 32) ^ words[3] ^ keys[1],
            first & _WORD,
        ]
        keys = [(k + step) & _WORD for k, step in zip(keys, _KEY_STEPS, strict=True)]
    return words


@interprets(reg.RandomUniformOp)
def random_uniform(op: reg.RandomUniformOp, values: Values) -> Tensor:
    """Numbers in [min_val, max_val), drawn from both seeds.

    Raises:
        ValueError: the seeds are 0, which makes every run differ, or a layout that is not known.
    """
    info = register_shaped(op.result.type)
    if not op.get("global_seed") and not op.get("op_seed"):
        raise ValueError("without a seed every run gives other numbers")
    if op.get("alignment") != "tensorflow":
        raise ValueError("only the numbers that TensorFlow would draw are known")
    words = [
        word
        for number in range(-(-info.numel // 4))
        for word in _philox(op.get("global_seed"), op.get("op_seed"), number)
    ]
    bits = np.array(words[: info.numel], np.uint32)
    low, high = values[op.min_val], values[op.max_val]
    dtype = torch_dtype(info.dtype)
    if dtype.is_floating_point:
        drawn = torch.tensor(_unit_interval(bits)).to(dtype) * (high - low) + low
    else:
        drawn = torch.tensor(bits.astype(np.int64)) % (high - low) + low
    return drawn.to(dtype).reshape(info.shape)


def _unit_interval(bits: NDArray[np.uint32]) -> NDArray[np.float32]:
    """The lower 23 bits as the fraction of a number in [1, 2), less 1."""
    fraction = (bits & np.uint32(0x7FFFFF)) | np.uint32(127 << 23)
    return fraction.view(np.float32) - np.float32(1)
