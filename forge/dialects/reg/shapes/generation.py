"""Tensors from numbers: Range, Eye, RandomUniform."""

from __future__ import annotations

from math import ceil

from xdsl.ir import Attribute

from forge.dialects.reg.shapes.checks import (
    check_index,
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_int,
    literal_ints,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_bool, is_float, is_integer


def _number(operand: Shaped, name: str, dtype: Attribute) -> float:
    check_numeric(operand, name)
    check_rank(operand, name, 0)
    if operand.literal is None:
        raise ShapeError(f"{name} must be a reg.Constant: the result's shape depends on it")
    if str(operand.dtype) == "bf16":
        raise ShapeError(f"{name} must not be bf16, which has no numbers to count with")
    number = operand.literal.item()
    return int(number) if is_integer(dtype) else float(number)


@shape_function("reg.Range")
def range_shape(start: Shaped, stop: Shaped, step: Shaped, output_type: Attribute) -> Shaped:
    if not (is_float(output_type) or is_integer(output_type)):
        raise ShapeError(f"output_type must be a number's type, got {output_type}")
    first, last, each = (
        _number(start, "start", output_type),
        _number(stop, "stop", output_type),
        _number(step, "step", output_type),
    )
    if each == 0:
        raise ShapeError("step is 0")
    return Shaped((max(0, ceil((last - first) / each)),), output_type)


@shape_function("reg.Eye")
def eye(
    num_rows: Shaped,
    num_columns: Shaped,
    diagonal_index: Shaped,
    batch_shape: Shaped | None,
    output_type: Attribute,
) -> Shaped:
    if is_bool(output_type):
        raise ShapeError("output_type must be a number's type, got i1")
    check_index(diagonal_index, "diagonal_index")
    if diagonal_index.numel != 1 or diagonal_index.rank > 1:
        raise ShapeError(f"diagonal_index must be one number, got {diagonal_index}")
    for name, operand in (("num_rows", num_rows), ("num_columns", num_columns)):
        check_index(operand, name)
    extents = [literal_int(num_rows, "num_rows"), literal_int(num_columns, "num_columns")]
    if batch_shape is not None:
        check_index(batch_shape, "batch_shape")
        check_rank(batch_shape, "batch_shape", 1)
        extents = [*literal_ints(batch_shape, "batch_shape"), *extents]
    if min(extents) < 0:
        raise ShapeError(f"the extents {extents} must not be negative")
    return Shaped(tuple(extents), output_type)


@shape_function("reg.RandomUniform")
def random_uniform(
    out_shape: Shaped,
    min_val: Shaped,
    max_val: Shaped,
    output_type: Attribute,
    global_seed: int,
    op_seed: int,
    alignment: str,
) -> Shaped:
    check_index(out_shape, "out_shape")
    for name, operand in (("min_val", min_val), ("max_val", max_val)):
        if operand.numel != 1 or operand.rank > 1 or operand.dtype != output_type:
            raise ShapeError(f"{name} must be one number of type {output_type}, got {operand}")
    check_same_dtype(min_val=min_val, max_val=max_val)
    check_numeric(min_val, "min_val")
    extents = literal_ints(out_shape, "out_shape")
    check_rank(out_shape, "out_shape", 1)
    if min(extents, default=0) < 0:
        raise ShapeError(f"out_shape {extents} has a negative extent")
    return Shaped(tuple(extents), output_type)
