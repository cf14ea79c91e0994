"""The pieces that cases are drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from xdsl.dialects.builtin import bf16, f16, f32, f64, i1, i8, i16, i32, i64
from xdsl.ir import Attribute

from forge.ir.tensors import Shaped, numpy_dtype, ui8, ui16, ui32, ui64

Operand = Shaped | Sequence[Shaped] | None
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Case:
    """Operands in OpenVINO's order, and the attributes that differ from their defaults."""

    operands: Sequence[Operand]
    attributes: Mapping[str, object]


CASES: dict[str, st.SearchStrategy[Case]] = {}
"""By OpenVINO's name of the operation."""

DrawCase = Callable[[Draw], Case]


def cases(*names: str) -> Callable[[DrawCase], DrawCase]:
    """Use the decorated function to draw the cases of the named operations."""

    def register(function: DrawCase) -> DrawCase:
        strategy = st.composite(function)()
        for name in names:
            assert name not in CASES, name
            CASES[name] = strategy
        return function

    return register


FLOATS = st.sampled_from([f32, f16, bf16, f64])
INTEGERS = st.sampled_from([i64, i32, i16, i8, ui8, ui16, ui32, ui64])
INDICES = st.sampled_from([i64, i32])
NUMBERS = st.one_of(FLOATS, INTEGERS)
ANY = st.one_of(NUMBERS, st.just(i1))

EXTENTS = st.integers(1, 5)


def shapes(least: int = 0, most: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes of small extents, of the given ranks."""
    return st.lists(EXTENTS, min_size=least, max_size=most).map(tuple)


def tensor(shape: Sequence[int], dtype: Attribute = f32) -> Shaped:
    """An operand whose value is not known."""
    return Shaped(tuple(shape), dtype)


def literal(values: object, dtype: Attribute = i64) -> Shaped:
    """An operand whose value is known."""
    array = np.asarray(values, numpy_dtype(dtype))
    return Shaped(array.shape, dtype, array)


def axis_of(draw: Draw, rank: int) -> int:
    """An axis, from the front or from the back."""
    return draw(st.integers(-rank, rank - 1))


def axes_of(draw: Draw, rank: int, least: int = 0) -> list[int]:
    """Different axes, each from the front or from the back."""
    axes = draw(st.lists(st.integers(0, rank - 1), unique=True, min_size=least, max_size=rank))
    return [axis - rank if draw(st.booleans()) else axis for axis in axes]


def broadcastable(draw: Draw, shape: Sequence[int]) -> tuple[int, ...]:
    """A shape that broadcasts to `shape`."""
    skipped = draw(st.integers(0, len(shape)))
    return tuple(1 if draw(st.booleans()) else extent for extent in shape[skipped:])


def maybe(draw: Draw, operand: Shaped) -> Shaped | None:
    """The operand, or none."""
    return operand if draw(st.booleans()) else None


def ints(draw: Draw, count: int, least: int, most: int) -> list[int]:
    """A list of integers."""
    return draw(st.lists(st.integers(least, most), min_size=count, max_size=count))


def with_axis(shape: Sequence[int], axis: int, extent: int) -> tuple[int, ...]:
    """The shape with another extent along one axis."""
    changed = list(shape)
    changed[axis] = extent
    return tuple(changed)
