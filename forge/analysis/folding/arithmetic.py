"""Arithmetic, comparisons and logic."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from xdsl.ir import Operation

from forge.analysis.folding.elements import (
    Array,
    array_dtype,
    cast,
    computing_dtype,
    is_exact,
)
from forge.analysis.folding.movement import LARGEST_EXACT
from forge.analysis.folding.registry import folds
from forge.dialects import aten
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import Shaped, bf16, f16, is_bool, is_integer

Binary = Callable[[Any, Any], Any]


def _second(op: SchemaOp, operands: Sequence[Array]) -> Array:
    """The right-hand side of a binary operation, whether a tensor or a number."""
    return operands[1] if len(operands) == 2 else np.asarray(op.get("other"))


def _same_type(operands: Sequence[Array], result: Shaped) -> list[Array] | None:
    """The operands in the type that PyTorch computes the result in; `None` if that is unclear."""
    if is_integer(result.dtype):
        dtype: np.dtype[Any] = array_dtype(result.dtype)
        return [o.astype(dtype) for o in operands] if all(map(is_exact, operands)) else None
    if (wide := computing_dtype(result.dtype)) is None:
        return None
    promoted = [cast(operand, result.dtype) for operand in operands]
    # In 16 bits PyTorch rounds a number to f32 only, where it knows that it is one.
    narrow = result.dtype in (f16, bf16)
    if any(
        p is None or (narrow and np.any(p != o)) for p, o in zip(promoted, operands, strict=True)
    ):
        return None
    return [p.astype(wide) for p in promoted if p is not None]


def _compute(function: Binary, operands: Sequence[Array], result: Shaped) -> Array | None:
    if (promoted := _same_type(operands, result)) is None:
        return None
    with np.errstate(all="ignore"):
        return cast(np.asarray(function(*promoted)), result.dtype)


def _register_arithmetic(function: Binary, *op_classes: type[SchemaOp]) -> None:
    @folds(*op_classes)
    def fold(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
        first, second = operands[0], _second(op, operands)
        alpha = op.get("alpha") if "alpha" in op.properties else 1
        if alpha == 1:
            return _compute(function, (first, second), result)
        # A product that is added may be rounded once or twice, unless it is an integer's.
        if not is_integer(result.dtype) or not isinstance(alpha, int):
            return None
        scaled = _compute(operator.mul, (second, np.asarray(alpha)), result)
        return None if scaled is None else _compute(function, (first, scaled), result)


def _subtract_from(first: Any, second: Any) -> Any:
    return operator.sub(second, first)


_register_arithmetic(operator.add, aten.AddScalarOp, aten.AddTensorOp)
_register_arithmetic(operator.sub, aten.SubScalarOp, aten.SubTensorOp)
_register_arithmetic(operator.mul, aten.MulScalarOp, aten.MulTensorOp)
_register_arithmetic(np.true_divide, aten.DivScalarOp, aten.DivTensorOp)
_register_arithmetic(np.minimum, aten.MinimumOp, aten.MinOtherOp)
_register_arithmetic(np.maximum, aten.MaximumOp, aten.MaxOtherOp)


@folds(aten.RsubScalarOp, aten.RsubTensorOp)
def _rsub(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    if op.get("alpha") != 1:
        return None
    return _compute(_subtract_from, (operands[0], _second(op, operands)), result)


@folds(aten.NegOp, aten.AbsOp)
def _sign(op: Operation, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.asarray((np.negative if isinstance(op, aten.NegOp) else np.abs)(operands[0]))


@folds(aten.ClampOp, aten.ClampMinOp, aten.ClampMaxOp)
def _clamp(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    low, high = (op.get(name) if name in op.properties else None for name in ("min", "max"))
    if not is_integer(result.dtype) or not all(isinstance(n, int | None) for n in (low, high)):
        return None
    value = operands[0] if low is None else np.maximum(operands[0], low)
    return cast(value if high is None else np.minimum(value, high), result.dtype)


@folds(aten.CumsumOp)
def _cumsum(op: aten.CumsumOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    values = operands[0]
    if not values.ndim or (not is_integer(result.dtype) and not _sums_are_exact(values)):
        return None
    if is_integer(result.dtype) and not is_exact(values):
        return None
    return np.cumsum(values, axis=op.get("dim"), dtype=array_dtype(result.dtype))


def _sums_are_exact(values: Array) -> bool:
    """Whether sums of some of the values are integers that every order of additions finds."""
    if values.dtype == np.float16 or not np.all(np.isfinite(values)):
        return False
    return bool(np.all(values == np.trunc(values)) and np.sum(np.abs(values)) <= LARGEST_EXACT)


@folds(aten.DiffOp)
def _diff(op: aten.DiffOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    if not is_integer(result.dtype) or not all(map(is_exact, operands)):
        return None
    rest = iter(operands[1:])
    parts = [
        next(rest) if op.prepend is not None else None,
        operands[0],
        next(rest) if op.append is not None else None,
    ]
    joined = np.concatenate([part for part in parts if part is not None], axis=op.get("dim"))
    return np.diff(joined, op.get("n"), axis=op.get("dim"))


# -- comparisons and logic -----------------------------------------------------------------


def _register_comparison(function: Binary, *op_classes: type[SchemaOp]) -> None:
    @folds(*op_classes)
    def fold(op: SchemaOp, operands: Sequence[Array], _result: Shaped) -> Array | None:
        first, second = operands[0], _second(op, operands)
        if not is_exact(first) and len(operands) == 1:
            # The number takes the tensor's type; one that it does not hold is compared rounded.
            dtype = op.shaped_operand(op.operands[0]).dtype
            if (number := cast(second, dtype)) is None or np.any(number != second):
                return None
            second = number
        # An integer and a float meet in the default type, which holds few integers.
        return np.asarray(function(first, second)) if is_exact(first) == is_exact(second) else None


_register_comparison(operator.eq, aten.EqScalarOp, aten.EqTensorOp)
_register_comparison(operator.ne, aten.NeScalarOp, aten.NeTensorOp)
_register_comparison(operator.lt, aten.LtScalarOp, aten.LtTensorOp)
_register_comparison(operator.le, aten.LeScalarOp, aten.LeTensorOp)
_register_comparison(operator.gt, aten.GtScalarOp, aten.GtTensorOp)
_register_comparison(operator.ge, aten.GeScalarOp, aten.GeTensorOp)


def _register_logic(function: Callable[..., Any], *op_classes: type[SchemaOp]) -> None:
    @folds(*op_classes)
    def fold(_op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
        if not is_bool(result.dtype) or any(array.dtype != np.bool_ for array in operands):
            return None
        return np.asarray(function(*operands))


_register_logic(np.logical_and, aten.AndTensorOp, aten.BitwiseAndTensorOp, aten.LogicalAndOp)
_register_logic(np.logical_or, aten.OrTensorOp, aten.BitwiseOrTensorOp, aten.LogicalOrOp)
_register_logic(np.logical_xor, aten.BitwiseXorTensorOp, aten.LogicalXorOp)
_register_logic(np.logical_not, aten.BitwiseNotOp, aten.LogicalNotOp)
