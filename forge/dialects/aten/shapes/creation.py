"""Operators that make tensors from static arguments."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite

from xdsl.ir import Attribute

from forge.dialects.aten.shapes.promotion import kind
from forge.dialects.aten.shapes.views import expect_memory_format
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, f32, i1, i64, is_bool, is_integer

Number = int | float | bool


def _sized(size: Sequence[int], dtype: Attribute) -> Shaped:
    if any(extent < 0 for extent in size):
        raise ShapeError(f"an extent is negative in {list(size)}")
    return Shaped(tuple(size), dtype)


@shape_function("aten.ones", "aten.zeros")
def filled(size: list[int], dtype: Attribute = f32) -> Shaped:
    return _sized(size, dtype)


@shape_function("aten.empty.memory_format")
def empty(size: list[int], dtype: Attribute = f32, memory_format: str | None = None) -> Shaped:
    if memory_format == "preserve_format":
        raise ShapeError("preserve_format needs a tensor whose format is preserved")
    expect_memory_format(size, memory_format)
    return _sized(size, dtype)


@shape_function("aten.full")
def full(size: list[int], fill_value: Number, dtype: Attribute | None = None) -> Shaped:
    if dtype is None:
        # The one creator that takes its type from its value.
        dtype = i1 if isinstance(fill_value, bool) else i64 if isinstance(fill_value, int) else f32
    return _sized(size, dtype)


@shape_function("aten.empty_like", "aten.full_like", "aten.ones_like", "aten.zeros_like")
def like(
    input: Shaped,
    fill_value: Number = 0,
    dtype: Attribute | None = None,
    memory_format: str | None = None,
) -> Shaped:
    expect_memory_format(input.shape, memory_format)
    return Shaped(input.shape, dtype or input.dtype)


@shape_function("aten.new_empty", "aten.new_full", "aten.new_ones", "aten.new_zeros")
def new(
    input: Shaped, size: list[int], fill_value: Number = 0, dtype: Attribute | None = None
) -> Shaped:
    return _sized(size, dtype or input.dtype)


@shape_function("aten.scalar_tensor")
def scalar_tensor(s: Number, dtype: Attribute = f32) -> Shaped:
    return Shaped((), dtype)


@shape_function("aten.eye")
def eye(n: int, dtype: Attribute = f32) -> Shaped:
    return _sized((n, n), dtype)


@shape_function("aten.eye.m")
def eye_m(n: int, m: int, dtype: Attribute = f32) -> Shaped:
    return _sized((n, m), dtype)


# -- ranges --------------------------------------------------------------------------------


@shape_function("aten.arange")
def arange(end: Number, dtype: Attribute | None = None) -> Shaped:
    return arange_step(0, end, 1, dtype)


@shape_function("aten.arange.start")
def arange_start(start: Number, end: Number, dtype: Attribute | None = None) -> Shaped:
    return arange_step(start, end, 1, dtype)


@shape_function("aten.arange.start_step")
def arange_step(
    start: Number, end: Number, step: Number = 1, dtype: Attribute | None = None
) -> Shaped:
    if dtype is None:
        numbers = (start, end, step)
        dtype = i64 if all(isinstance(number, int) for number in numbers) else f32
    if kind(dtype) not in "if":
        raise ShapeError(f"a range has integer or floating-point elements, not {dtype}")
    if not (isfinite(start) and isfinite(end) and isfinite(step)):
        raise ShapeError(f"the range from {start} to {end} by {step} is not finite")
    # Bounds are converted to the element type before they are checked; but only for i64 is the
    # number of elements found in it, else in double precision from what was given.
    first, last, stride = (int(x) if is_integer(dtype) else x for x in (start, end, step))
    if stride == 0:
        raise ShapeError("step must not be 0")
    if (end - start) * step < 0:
        raise ShapeError(f"step {step} does not lead from {start} to {end}")
    count = -(-(last - first) // stride) if dtype == i64 else ceil((end - start) / step)
    return Shaped((int(count),), dtype)


@shape_function("aten.linspace")
def linspace(start: Number, end: Number, steps: int, dtype: Attribute = f32) -> Shaped:
    if steps < 0:
        raise ShapeError(f"steps must not be negative, got {steps}")
    if is_bool(dtype) and steps > 1:
        raise ShapeError("a range cannot have elements i1")
    return Shaped((steps,), dtype)


# -- indices -------------------------------------------------------------------------------


def _triangle(rows: int, columns: int, offset: int) -> int:
    """The elements on and below the diagonal `offset` of a matrix."""
    # Row r has r + offset + 1 of them: none at first, then one more each row, then all columns.
    start = min(max(-offset, 0), rows)
    full = min(max(columns - offset, start), rows)
    rising = full - start
    return rising * (start + full + 1 + 2 * offset) // 2 + (rows - full) * columns


def _expect_matrix(row: int, col: int) -> None:
    if row < 0 or col < 0:
        raise ShapeError(f"a matrix cannot have {row} rows and {col} columns")


@shape_function("aten.tril_indices")
def tril_indices(row: int, col: int, offset: int = 0, dtype: Attribute = i64) -> Shaped:
    _expect_matrix(row, col)
    return Shaped((2, _triangle(row, col, offset)), dtype)


@shape_function("aten.triu_indices")
def triu_indices(row: int, col: int, offset: int = 0, dtype: Attribute = i64) -> Shaped:
    _expect_matrix(row, col)
    return Shaped((2, row * col - _triangle(row, col, offset - 1)), dtype)


@shape_function("aten.one_hot")
def one_hot(input: Shaped, num_classes: int = -1) -> Shaped:
    if input.dtype != i64:
        raise ShapeError(f"class indices must be i64, got {input}")
    if num_classes == -1:
        raise ShapeError("without num_classes the shape depends on the largest index")
    if num_classes < 1:
        raise ShapeError(f"num_classes must be positive, got {num_classes}")
    return Shaped((*input.shape, num_classes), i64)
