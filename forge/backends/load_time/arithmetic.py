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


@computes(reg.ReduceLogicalAndOp, reg.ReduceLogicalOrOp, admits=is_exact)
def _reduce(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    reduce = np.all if isinstance(op, reg.ReduceLogicalAndOp) else np.any
    data, axes = operands
    return np.asarray(
        reduce(data, axis=tuple(axes.reshape(-1).tolist()), keepdims=op.get("keep_dims"))
    )


def _is_outer_product(op: reg.MatMulOp) -> bool:
    """One product an element: there is no order of additions."""
    column, row = (reg.register_shaped(operand.type) for operand in (op.A, op.B))
    inner = -2 if op.get("transpose_a") else -1
    return has_floats(op) and min(column.rank, row.rank) > 1 and column.shape[inner] == 1


@computes(reg.MatMulOp, admits=_is_outer_product)
def _outer_product(op: reg.MatMulOp, operands: Sequence[Array]) -> Array:
    a, b = operands
    column = np.swapaxes(a, -1, -2) if op.get("transpose_a") else a
    row = np.swapaxes(b, -1, -2) if op.get("transpose_b") else b
    return np.asarray(column * row)
