"""Instructions that compute: exactly, with IEEE 754's one rounding, or in f64 and rounded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from forge.backends.load_time.rules import (
    Condition,
    broadcasts,
    compares,
    computes,
    has_floats,
    has_numbers,
    is_exact,
    result_of,
)
from forge.backends.memory import Array
from forge.dialects import reg
from forge.ir.tensors import numpy_dtype

Function = Callable[..., Any]

_ROW_ELEMENTS = 1 << 20
"""Of how many elements of a matrix a product is computed at a time."""


def _register(function: Function, op_class: type[reg.RegOp], admits: Condition) -> None:
    @computes(op_class, admits=lambda op: broadcasts(op) and admits(op))
    def compute(op: reg.RegOp, operands: Sequence[Array]) -> Array:
        return np.asarray(function(*operands), numpy_dtype(result_of(op).dtype))


for _op_class, _function in (
    (reg.AddOp, np.add),
    (reg.SubtractOp, np.subtract),
    (reg.MultiplyOp, np.multiply),
    (reg.MaximumOp, np.maximum),
    (reg.MinimumOp, np.minimum),
    (reg.NegativeOp, np.negative),
    (reg.AbsOp, np.abs),
):
    _register(_function, _op_class, has_numbers)

for _op_class, _function in (
    (reg.DivideOp, np.divide),
    (reg.FloorOp, np.floor),
    (reg.CeilingOp, np.ceil),
):
    _register(_function, _op_class, has_floats)

for _op_class, _function in (
    (reg.EqualOp, np.equal),
    (reg.NotEqualOp, np.not_equal),
    (reg.LessOp, np.less),
    (reg.LessEqualOp, np.less_equal),
    (reg.GreaterOp, np.greater),
    (reg.GreaterEqualOp, np.greater_equal),
):
    _register(_function, _op_class, compares)

for _op_class, _function in (
    (reg.LogicalAndOp, np.logical_and),
    (reg.LogicalOrOp, np.logical_or),
    (reg.LogicalXorOp, np.logical_xor),
    (reg.LogicalNotOp, np.logical_not),
):
    _register(_function, _op_class, is_exact)


def _rounded_once(function: Function) -> Function:
    """`function` in f64, for the last digit of f32 to be right."""
    return lambda *operands: function(*(operand.astype(np.float64) for operand in operands))


for _op_class, _function in (
    (reg.CosOp, np.cos),
    (reg.SinOp, np.sin),
    (reg.ExpOp, np.exp),
    (reg.LogOp, np.log),
    (reg.PowerOp, np.power),
    (reg.SqrtOp, np.sqrt),
):
    _register(_rounded_once(_function), _op_class, has_floats)


@computes(reg.RangeOp, admits=is_exact)
def _range(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    start, _, step = (operand.item() for operand in operands)
    result = result_of(op)
    return (start + step * np.arange(result.numel)).astype(numpy_dtype(result.dtype))


def _register_reduction(function: Function, op_class: type[reg.RegOp], admits: Condition) -> None:
    @computes(op_class, admits=admits)
    def compute(op: reg.RegOp, operands: Sequence[Array]) -> Array:
        data, axes = operands
        along = tuple(axes.reshape(-1).tolist())
        return np.asarray(function(data, axis=along, keepdims=op.get("keep_dims")))


def _has_a_largest(op: reg.RegOp) -> bool:
    # It is the same in whatever order one looks for it.
    return has_numbers(op) and reg.register_shaped(op.operands[0].type).numel > 0


_register_reduction(np.all, reg.ReduceLogicalAndOp, is_exact)
_register_reduction(np.any, reg.ReduceLogicalOrOp, is_exact)
_register_reduction(np.max, reg.ReduceMaxOp, _has_a_largest)
_register_reduction(np.min, reg.ReduceMinOp, _has_a_largest)


@computes(reg.RoundOp, admits=lambda op: has_floats(op) and op.get("mode") == "half_to_even")
def _round(_op: reg.RoundOp, operands: Sequence[Array]) -> Array:
    return np.rint(operands[0])


def _is_outer_product(op: reg.MatMulOp) -> bool:
    """One product an element: there is no order of additions."""
    column, row = (reg.register_shaped(operand.type) for operand in (op.A, op.B))
    inner = -2 if op.get("transpose_a") else -1
    return has_floats(op) and min(column.rank, row.rank) > 1 and column.shape[inner] == 1


def _is_of_a_vector(op: reg.MatMulOp) -> bool:
    """So few sums that f64 is affordable, where the order of additions is lost in the rounding."""
    vector, matrix = (reg.register_shaped(operand.type) for operand in (op.A, op.B))
    return has_floats(op) and (vector.rank, matrix.rank) == (1, 2)


@computes(reg.MatMulOp, admits=lambda op: _is_outer_product(op) or _is_of_a_vector(op))
def _product(op: reg.MatMulOp, operands: Sequence[Array]) -> Array:
    a, b = operands
    if a.ndim == 1:
        return _times_vector(b if op.get("transpose_b") else b.T, a)
    column = np.swapaxes(a, -1, -2) if op.get("transpose_a") else a
    row = np.swapaxes(b, -1, -2) if op.get("transpose_b") else b
    return np.asarray(column * row)


def _times_vector(matrix: Array, vector: Array) -> Array:
    """In f64 and rounded once, some rows at a time, as f64 takes twice a weight's memory."""
    rows = max(1, _ROW_ELEMENTS // max(1, matrix.shape[1]))
    wide, product = vector.astype(np.float64), np.empty(matrix.shape[0], vector.dtype)
    for start in range(0, len(product), rows):
        product[start : start + rows] = matrix[start : start + rows].astype(np.float64) @ wide
    return product
