"""Values for the operands of a case, such that the instruction is defined for them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from forge.ir.tensors import Shaped, is_bool, is_float
from forge.ir.torch_types import torch_dtype
from tests.dialects.reg_cases.drawing import Case

Array = NDArray[Any]

# What instructions do with integers out of their domain is nobody's business; real numbers are
# brought into it.
_DOMAINS = {
    "Acos": np.tanh,
    "Acosh": lambda x: np.abs(x) + 1.1,
    "Asin": np.tanh,
    "Atanh": np.tanh,
    "ErfInv": np.tanh,
    # OpenVINO's reference cuts off the last digits of what is small, where its plugins round.
    "FakeConvert": lambda x: np.sign(x) * (np.abs(x) + 1),
    "Log": lambda x: np.abs(x) + 0.1,
    "Power": lambda x: np.abs(x) + 0.1,
    "Sqrt": np.abs,
}
_DIVISIONS = ("Divide", "FloorMod", "Mod")
_SHIFTS = ("BitwiseLeftShift", "BitwiseRightShift")


def free_operands(case: Case) -> Iterator[tuple[int, Shaped]]:
    """The operands whose values are not known, each with its place."""
    for place, operand in enumerate(case.operands):
        members = operand if isinstance(operand, Sequence) else [operand]
        for member in members:
            if member is not None and member.literal is None:
                yield place, member


def values_of(name: str, case: Case, seed: int) -> list[Tensor]:
    """One tensor for each operand whose value is not known; the same at every call."""
    rng = np.random.default_rng(seed)
    return [_tensor(name, case, place, info, rng) for place, info in free_operands(case)]


def _tensor(name: str, case: Case, place: int, info: Shaped, rng: np.random.Generator) -> Tensor:
    if is_float(info.dtype) and name != "GatherTree":
        array = _floats(name, place, info, rng)
    elif is_bool(info.dtype):
        array = rng.random(info.shape) < 0.6
    else:
        array = _integers(name, case, place, info, rng)
    return torch.from_numpy(np.asarray(array)).to(torch_dtype(info.dtype))


def _floats(name: str, place: int, info: Shaped, rng: np.random.Generator) -> Array:
    x = np.asarray(rng.standard_normal(info.shape))
    if name in _DOMAINS:
        return _DOMAINS[name](x)
    if name in _DIVISIONS and place == 1:
        return np.where(np.abs(x) < 0.3, 0.7, x)
    if (name, place) == ("BatchNormInference", 4):
        return np.abs(x) + 0.1
    return np.sort(x) if (name, place) in _SORTED else x


_SORTED = {
    ("Bucketize", 1),
    ("SearchSorted", 0),
    ("EmbeddingBagOffsets", 2),
    ("EmbeddingBagOffsetsSum", 2),
    ("EmbeddingSegmentsSum", 2),
}


def _integers(name: str, case: Case, place: int, info: Shaped, rng: np.random.Generator) -> Array:
    low, high = _bounds(name, case, place)
    numbers = np.asarray(rng.integers(low, max(high, low + 1), info.shape))
    if (name, place) in _SORTED:
        numbers = np.sort(numbers)
    if name.startswith("EmbeddingBagOffsets") and place == 2:
        # The first bag starts with the first index.
        numbers[:1] = 0
    return numbers


def _bounds(name: str, case: Case, place: int) -> tuple[int, int]:
    """The integers that an operand may hold: from the first up to the second, without it."""
    operands: Any = case.operands
    data = operands[0][0] if isinstance(operands[0], list) else operands[0]
    if (name in _DIVISIONS and place == 1) or name in _SHIFTS:
        return 1, 4
    if name == "Power":
        return 0, 4
    if name == "GatherTree":
        # Parents are beams, and no sequence is longer than there are steps.
        return (1, data.shape[0] + 1) if place == 2 else (0, data.shape[2])
    if name.startswith("Embedding"):
        return 0, _embedding_bound(operands, place)
    if name.endswith("Sequence") and name != "ReverseSequence" and place == len(operands) - 4:
        return 1, data.shape[1] + 1
    if place == 1 and name in _INDEXED:
        low, extent = _INDEXED[name](operands, case.attributes)
        return low, extent
    if (name, place) == ("ROIAlign", 2):
        return 0, data.shape[0]
    return -5, 6


def _embedding_bound(operands: Any, place: int) -> int:
    if place == 1:
        return operands[0].shape[0]
    if place == 2:
        segments = operands[3].literal if len(operands) > 3 and operands[3] is not None else None
        return int(segments) if segments is not None else operands[1].shape[0]
    return operands[0].shape[0]


def _axis(operand: Shaped) -> int:
    return int(operand.literal) if operand.literal is not None else 0


# The bounds of the indices (operand 1), from operands and attributes.
_INDEXED: dict[str, Any] = {
    "Gather": lambda o, _: _both_sides(o[0].shape[_axis(o[2])]),
    "GatherElements": lambda o, a: _both_sides(o[0].shape[a["axis"]]),
    "GatherND": lambda o, a: (0, _smallest(o, a.get("batch_dims", 0))),
    "OneHot": lambda *_: (-2, 6),
    "ReverseSequence": lambda o, a: (0, o[0].shape[a.get("seq_axis", 1)] + 1),
    "ScatterElementsUpdate": lambda o, _: _both_sides(o[0].shape[_axis(o[3])]),
    "ScatterNDUpdate": lambda o, _: (0, _smallest(o, 0)),
    "ScatterUpdate": lambda o, _: (0, o[0].shape[_axis(o[3])]),
}


def _both_sides(extent: int) -> tuple[int, int]:
    return -extent, extent


def _smallest(operands: Any, batch: int) -> int:
    """The smallest extent that a tuple of indices goes over."""
    depth = operands[1].shape[-1]
    return min(operands[0].shape[batch : batch + depth], default=1)
