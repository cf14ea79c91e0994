"""Random arguments, good and bad ones, for the operators that make tensors."""

from __future__ import annotations

from hypothesis import strategies as st

from forge.ir.tensors import Shaped, f32, i1, i32, i64
from tests.dialects.aten_cases.drawing import (
    DTYPES,
    MEMORY_FORMATS,
    Arguments,
    arguments,
    shapes,
    tensors,
)

REAL_DTYPES = DTYPES.filter(lambda dtype: "complex" not in str(dtype))
SIZES = st.lists(st.integers(0, 4), max_size=4) | st.lists(st.integers(-1, 2), max_size=2)
NUMBERS = st.integers(-9, 9) | st.floats(-9, 9, allow_nan=False).map(lambda x: round(x, 1))
EXTENT = st.integers(-1, 6)
LIKE = arguments(input=tensors(0, 5), dtype__=DTYPES, memory_format__=MEMORY_FORMATS)

CASES: dict[str, Arguments] = {
    "aten.arange": arguments(end=NUMBERS, dtype__=REAL_DTYPES),
    "aten.arange.start": arguments(start=NUMBERS, end=NUMBERS, dtype__=REAL_DTYPES),
    "aten.arange.start_step": arguments(
        start=NUMBERS, end=NUMBERS, step=NUMBERS, dtype__=REAL_DTYPES
    ),
    "aten.empty.memory_format": arguments(
        size=SIZES, dtype__=DTYPES, memory_format__=MEMORY_FORMATS
    ),
    "aten.empty_like": LIKE,
    "aten.eye": arguments(n=EXTENT, dtype__=REAL_DTYPES),
    "aten.eye.m": arguments(n=EXTENT, m=EXTENT, dtype__=REAL_DTYPES),
    "aten.full": arguments(size=SIZES, fill_value=NUMBERS | st.booleans(), dtype__=DTYPES),
    "aten.full_like": arguments(
        input=tensors(0, 5), fill_value=NUMBERS, dtype__=DTYPES, memory_format__=MEMORY_FORMATS
    ),
    "aten.linspace": arguments(
        start=NUMBERS, end=NUMBERS, steps=EXTENT, dtype__=st.sampled_from([f32, i64, i1])
    ),
    "aten.new_empty": arguments(input=tensors(), size=SIZES, dtype__=DTYPES),
    "aten.new_full": arguments(input=tensors(), size=SIZES, fill_value=NUMBERS, dtype__=DTYPES),
    "aten.new_ones": arguments(input=tensors(), size=SIZES, dtype__=DTYPES),
    "aten.new_zeros": arguments(input=tensors(), size=SIZES, dtype__=DTYPES),
    "aten.one_hot": arguments(
        input=st.builds(Shaped, shapes(), st.sampled_from([i64, i64, i32, f32])),
        num_classes=st.integers(0, 5),
    ),
    "aten.ones": arguments(size=SIZES, dtype__=DTYPES),
    "aten.ones_like": LIKE,
    "aten.scalar_tensor": arguments(s=NUMBERS | st.booleans(), dtype__=DTYPES),
    "aten.tril_indices": arguments(row=EXTENT, col=EXTENT, offset__=st.integers(-7, 7)),
    "aten.triu_indices": arguments(row=EXTENT, col=EXTENT, offset__=st.integers(-7, 7)),
    "aten.zeros": arguments(size=SIZES, dtype__=DTYPES),
    "aten.zeros_like": LIKE,
}
