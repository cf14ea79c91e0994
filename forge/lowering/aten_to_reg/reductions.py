"""Reductions over some dimensions, or over all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import i32, i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool, is_float
from forge.lowering.aten_to_reg.views import diagonal_of
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, axes_or_all, dtype_of, rank_of, shape_of, wrap

PATTERNS = ConversionPatterns()


def reduced_axes(op: Any, rank: int) -> list[int]:
    """The axes that an operator reduces, from its argument `dim`; all of them if it has none."""
    dim = op.get("dim") if "dim" in op.properties else None
    return axes_or_all([dim] if isinstance(dim, int) else dim, rank)


def keeps_dims(op: Any) -> bool:
    """Whether an operator's reduced dimensions stay, with extent 1."""
    return "keepdim" in op.properties and bool(op.get("keepdim"))


def reduce(
    op_class: type[Any], x: SSAValue, axes: Sequence[int], keep_dims: bool, b: RegBuilder
) -> SSAValue:
    """One of OpenVINO's reductions; without axes there is nothing to reduce."""
    if not axes:
        return x
    return b.emit(op_class(x, b.ints(axes), keep_dims=keep_dims))


def holds_a_number(x: SSAValue, axis: int, b: RegBuilder) -> SSAValue:
    """Whether something along an axis, which stays, is not −∞.

    Not the maximum, compared: to the CPU plugin the largest of nothing but −∞ is a finite number.
    """
    numbers = b.emit(reg.GreaterOp(x, b.scalar(-math.inf, dtype_of(x))))
    return reduce(reg.ReduceLogicalOrOp, numbers, [axis], True, b)


def _reduce_as(op_class: type[Any], op: Any, x: SSAValue, b: RegBuilder) -> SSAValue:
    """A reduction over the axes that the operator says."""
    return reduce(op_class, x, reduced_axes(op, rank_of(x)), keeps_dims(op), b)


@PATTERNS.convert(aten.SumOp, aten.SumDimIntListOp)
def sum_(op: Any, b: RegBuilder) -> SSAValue:
    return _reduce_as(reg.ReduceSumOp, op, b.input(op.input), b)


@PATTERNS.convert(aten.MeanOp, aten.MeanDimOp)
def mean(op: Any, b: RegBuilder) -> SSAValue:
    return _reduce_as(reg.ReduceMeanOp, op, b.input(op.input), b)


@PATTERNS.convert(aten.ProdOp, aten.ProdDimIntOp)
def prod(op: Any, b: RegBuilder) -> SSAValue:
    return _reduce_as(reg.ReduceProdOp, op, b.input(op.input), b)


@PATTERNS.convert(aten.NansumOp)
def nansum(op: aten.NansumOp, b: RegBuilder) -> SSAValue:
    return _reduce_as(reg.ReduceSumOp, op, _without_nan(b.input(op.input), b), b)


@PATTERNS.convert(aten.NanmeanOp)
def nanmean(op: aten.NanmeanOp, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    total = _reduce_as(reg.ReduceSumOp, op, _without_nan(x, b), b)
    counted = b.convert(b.negation(b.emit(reg.IsNaNOp(x))), dtype_of(x))
    return b.divide(total, _reduce_as(reg.ReduceSumOp, op, counted, b))


def _without_nan(x: SSAValue, b: RegBuilder) -> SSAValue:
    return b.select(b.emit(reg.IsNaNOp(x)), 0.0, x) if is_float(dtype_of(x)) else x


@PATTERNS.convert(aten.CountNonzeroDimIntListOp)
def count_nonzero(op: aten.CountNonzeroDimIntListOp, b: RegBuilder) -> SSAValue:
    return _reduce_as(reg.ReduceSumOp, op, b.convert(b.boolean(b[op.input]), i64), b)


@PATTERNS.convert(aten.AllOp, aten.AllDimOp, aten.AllDimsOp)
def all_(op: Any, b: RegBuilder) -> SSAValue:
    return _reduce_booleans(reg.ReduceLogicalAndOp, op, b)


@PATTERNS.convert(aten.AnyOp, aten.AnyDimOp, aten.AnyDimsOp)
def any_(op: Any, b: RegBuilder) -> SSAValue:
    return _reduce_booleans(reg.ReduceLogicalOrOp, op, b)


def _reduce_booleans(op_class: type[Any], op: Any, b: RegBuilder) -> SSAValue:
    x = b.boolean(b[op.input])
    # Unlike other reductions, these take an empty list of dimensions at its word.
    none = isinstance(op, aten.AllDimsOp | aten.AnyDimsOp) and op.get("dim") == []
    return b.convert(x if none else _reduce_as(op_class, op, x, b), b.result().dtype)


# -- the largest and the smallest ------------------------------------------------------------------


def largest_over(x: SSAValue, axes: Sequence[int], keep_dims: bool, b: RegBuilder) -> SSAValue:
    """max(x) over some axes, which is −∞ where nothing else is.

    The CPU plugin starts from the lowest finite number, and so never gets below it.
    """
    return _extreme(reg.ReduceMaxOp, x, axes, keep_dims, -math.inf, b)


def smallest_over(x: SSAValue, axes: Sequence[int], keep_dims: bool, b: RegBuilder) -> SSAValue:
    """min(x) over some axes, which is ∞ where nothing else is; see `largest_over`."""
    return _extreme(reg.ReduceMinOp, x, axes, keep_dims, math.inf, b)


def _extreme(
    op_class: type[Any],
    x: SSAValue,
    axes: Sequence[int],
    keep_dims: bool,
    bound: float,
    b: RegBuilder,
) -> SSAValue:
    if is_bool(dtype_of(x)):
        logical = reg.ReduceLogicalAndOp if bound > 0 else reg.ReduceLogicalOrOp
        return reduce(logical, x, axes, keep_dims, b)
    found = reduce(op_class, x, axes, keep_dims, b)
    if not (axes and is_float(dtype_of(x))):
        return found
    only_bounds = reduce(reg.ReduceLogicalAndOp, b.equal(x, bound), axes, keep_dims, b)
    return b.select(only_bounds, bound, found)


@PATTERNS.convert(aten.AmaxOp, aten.MaxOp)
def amax(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return largest_over(x, reduced_axes(op, rank_of(x)), keeps_dims(op), b)


@PATTERNS.convert(aten.AminOp, aten.MinOp)
def amin(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return smallest_over(x, reduced_axes(op, rank_of(x)), keeps_dims(op), b)


@PATTERNS.convert(aten.AminmaxOp)
def aminmax(op: aten.AminmaxOp, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    axes, keep = reduced_axes(op, rank_of(x)), keeps_dims(op)
    return [extreme(x, axes, keep, b) for extreme in (smallest_over, largest_over)]


@PATTERNS.convert(aten.MaxDimOp, aten.MinDimOp)
def extreme_and_place(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    return _first_of(op, b[op.input], op.get("dim"), isinstance(op, aten.MaxDimOp), b)


@PATTERNS.convert(aten.ArgmaxOp, aten.ArgminOp)
def argmax(op: Any, b: RegBuilder) -> SSAValue:
    x, dim = b[op.input], op.get("dim")
    if dim is None:
        # The place in the tensor with its dimensions merged.
        shape = b.result().shape
        flat = b.reshape(x, [math.prod(shape_of(x))])
        place = _first_of(op, flat, 0, isinstance(op, aten.ArgmaxOp), b)[1]
        return b.reshape(place, shape)
    return _first_of(op, x, dim, isinstance(op, aten.ArgmaxOp), b)[1]


def _first_of(
    op: Any, x: SSAValue, dim: int, largest: bool, b: RegBuilder
) -> tuple[SSAValue, SSAValue]:
    """The largest (smallest) elements along a dimension, and the first place of each."""
    if rank_of(x) == 0:
        return x, b.axis(0)
    axis = wrap(dim, rank_of(x))
    dtype = dtype_of(x)
    if is_bool(dtype):
        # Plugins sort numbers.
        x = b.convert(x, i32)
    mode = "max" if largest else "min"
    top = reg.TopKOp(
        x, b.axis(1), axis=axis, mode=mode, sort="value", index_element_type=i64, stable=True
    )
    values, indices = b.emit_all(top)
    shape = list(shape_of(values))
    if not keeps_dims(op):
        del shape[axis]
    return b.convert(b.reshape(values, shape), dtype), b.reshape(indices, shape)


# -- norms -----------------------------------------------------------------------------------------


@PATTERNS.convert(aten.LinalgVectorNormOp)
def vector_norm(op: aten.LinalgVectorNormOp, b: RegBuilder) -> SSAValue:
    return _norm(op, op.get("ord"), b)


@PATTERNS.convert(
    aten.NormScalarOp,
    aten.NormScalarOptDimOp,
    aten.NormScalarOptDimDtypeOp,
    aten.NormScalarOptDtypeOp,
)
def norm(op: Any, b: RegBuilder) -> SSAValue:
    order = op.get("p")
    return _norm(op, 2 if order is None else order, b)


def _norm(op: Any, order: float, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    axes, keep = reduced_axes(op, rank_of(x)), keeps_dims(op)
    return norm_over(x, order, axes, keep, b)


def norm_over(
    x: SSAValue, order: float, axes: Sequence[int], keep_dims: bool, b: RegBuilder
) -> SSAValue:
    """(Σ |x|ᵖ)^(1/p), and its limits at 0 and ±∞."""
    magnitude = b.emit(reg.AbsOp(x))
    if not axes:
        return b.convert(b.boolean(x), dtype_of(x)) if order == 0 else magnitude
    if order == 2:
        return reduce(reg.ReduceL2Op, x, axes, keep_dims, b)
    if order == 1:
        return reduce(reg.ReduceL1Op, x, axes, keep_dims, b)
    if order == 0:
        return reduce(reg.ReduceSumOp, b.convert(b.boolean(x), dtype_of(x)), axes, keep_dims, b)
    if math.isinf(order):
        extreme = largest_over if order > 0 else smallest_over
        return extreme(magnitude, axes, keep_dims, b)
    powers = reduce(reg.ReduceSumOp, b.power(magnitude, float(order)), axes, keep_dims, b)
    return b.power(powers, 1 / order)


@PATTERNS.convert(aten.LogsumexpOp)
def logsumexp(op: aten.LogsumexpOp, b: RegBuilder) -> SSAValue:
    # max + log Σ exp(x − max), so that no exponential overflows; an infinite max counts as 0.
    x = b.input(op.input)
    axes = reduced_axes(op, rank_of(x))
    largest = reduce(reg.ReduceMaxOp, x, axes, True, b)
    shift = b.select(b.emit(reg.IsInfOp(largest)), 0.0, largest)
    exponentials = b.emit(reg.ExpOp(b.subtract(x, shift)))
    total = reduce(reg.ReduceSumOp, exponentials, axes, True, b)
    return b.reshape(b.add(b.emit(reg.LogOp(total)), shift), b.result().shape)


@PATTERNS.convert(aten.CosineSimilarityOp)
def cosine_similarity(op: aten.CosineSimilarityOp, b: RegBuilder) -> SSAValue:
    # x·y / (max(‖x‖, ε)·max(‖y‖, ε))
    x, y = b.input(op.x1), b.input(op.x2)
    axis = wrap(op.get("dim"), max(rank_of(x), rank_of(y)))
    shape = [max(pair) for pair in zip(shape_of(x), shape_of(y), strict=False)]
    if rank_of(x) != rank_of(y):
        b.reject("the operands have different ranks")
    x, y = b.broadcast(x, shape), b.broadcast(y, shape)
    eps = op.get("eps")
    norms = [b.maximum(reduce(reg.ReduceL2Op, v, [axis], False, b), eps) for v in (x, y)]
    product = reduce(reg.ReduceSumOp, b.multiply(x, y), [axis], False, b)
    return b.divide(product, b.multiply(*norms))


# -- spread ----------------------------------------------------------------------------------------

_VARIANCES = (
    aten.VarOp,
    aten.VarDimOp,
    aten.VarCorrectionOp,
    aten.VarMeanDimOp,
    aten.VarMeanCorrectionOp,
)
_DEVIATIONS = (
    aten.StdOp,
    aten.StdDimOp,
    aten.StdCorrectionOp,
    aten.StdMeanDimOp,
    aten.StdMeanCorrectionOp,
)


@PATTERNS.convert(*_VARIANCES, *_DEVIATIONS)
def spread(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    x = b.input(op.input)
    axes = reduced_axes(op, rank_of(x))
    mean = reduce(reg.ReduceMeanOp, x, axes, True, b)
    difference = b.subtract(x, mean)
    count = math.prod(shape_of(x)[axis] for axis in axes)
    squares = reduce(reg.ReduceMeanOp, b.multiply(difference, difference), axes, keeps_dims(op), b)
    divisor = count - _correction(op)
    if divisor <= 0:
        b.reject(f"the variance of {count} elements divides by {divisor}")
    result = b.scaled(squares, count / divisor)
    if isinstance(op, _DEVIATIONS):
        result = b.emit(reg.SqrtOp(result))
    if len(op.results) == 1:
        return [result]
    return [result, b.reshape(mean, b.result(1).shape)]


def _correction(op: Any) -> float:
    """What the number of elements is reduced by (Bessel's correction is 1)."""
    if "unbiased" in op.properties:
        return int(op.get("unbiased"))
    correction = op.get("correction")
    return 1 if correction is None else correction


@PATTERNS.convert(aten.TraceOp)
def trace(op: aten.TraceOp, b: RegBuilder) -> SSAValue:
    diagonal = diagonal_of(b[op.input], 0, 0, 1, b)
    return reduce(reg.ReduceSumOp, b.convert(diagonal, b.result().dtype), [0], False, b)


# -- order statistics ------------------------------------------------------------------------------


@PATTERNS.convert(aten.MedianOp)
def median(op: aten.MedianOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    count = math.prod(shape_of(x))
    values, _ = ranked(b.reshape(x, [count]), (count - 1) // 2 + 1, 0, b)
    return b.reshape(values, [])


@PATTERNS.convert(aten.MedianDimOp)
def median_dim(op: aten.MedianDimOp, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    axis = wrap(op.get("dim"), rank_of(x))
    count = shape_of(x)[axis] if rank_of(x) else 1
    return ranked_result(x, (count - 1) // 2 + 1, axis, b)


def ranked_result(x: SSAValue, rank: int, axis: int, b: RegBuilder) -> Sequence[SSAValue]:
    """The `rank`-th smallest elements along an axis and their places, in the results' shape."""
    if rank_of(x) == 0:
        return [x, b.axis(0)]
    return [b.reshape(part, b.result().shape) for part in ranked(x, rank, axis, b)]


def ranked(x: SSAValue, rank: int, axis: int, b: RegBuilder) -> tuple[SSAValue, SSAValue]:
    """The `rank`-th smallest elements along an axis, which stays, and their places."""
    smallest = reg.TopKOp(
        x, b.axis(rank), axis=axis, mode="min", sort="value", index_element_type=i64, stable=True
    )
    values, indices = b.emit_all(smallest)
    return b.slice(values, axis, rank - 1, rank), b.slice(indices, axis, rank - 1, rank)
