"""Means and variances, however they were written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from xdsl.ir import Operation, SSAValue

from forge.dialects import aten
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import shaped
from forge.rewriting.arithmetic import squared, times_scalar
from forge.rewriting.matching import is_close

_Variance = aten.VarCorrectionOp | aten.VarDimOp | aten.VarMeanCorrectionOp | aten.VarMeanDimOp
_Deviation = aten.StdCorrectionOp | aten.StdDimOp


@dataclass(frozen=True)
class Moment:
    """A multiple of the mean of something of x, over some of its dimensions.

    Attributes:
        x: the tensor.
        dims: the dimensions, counted from the front, in their order.
        keepdim: whether they stay, with one element each.
        factor: what the mean is multiplied with: 1 for a mean; for a sum, the number of elements.
        ops: the operations that compute it from x, the last one first.
    """

    x: SSAValue
    dims: tuple[int, ...]
    keepdim: bool
    factor: float
    ops: tuple[Operation, ...]

    @property
    def count(self) -> int:
        """How many elements of x there are for each mean."""
        shape = shaped(self.x.type).shape
        return prod(shape[dim] for dim in self.dims)

    @property
    def trailing_shape(self) -> tuple[int, ...] | None:
        """The extents that it is over, if they are the last ones and stay."""
        shape = shaped(self.x.type).shape
        if not self.dims or not self.keepdim or self.dims[0] + len(self.dims) != len(shape):
            return None
        return shape[self.dims[0] :]


def mean(value: SSAValue) -> Moment | None:
    """What `value` is the mean of, or a multiple of the mean."""
    op = value.owner
    if isinstance(op, aten.MeanDimOp):
        return _moment(op, op.input)
    if isinstance(op, aten.SumDimIntListOp):
        total = _moment(op, op.input)
        return replace(total, factor=float(total.count))
    if isinstance(op, aten.VarMeanCorrectionOp | aten.VarMeanDimOp):
        return _moment(op, op.input) if value is op.results[1] else None
    scaled = times_scalar(value)
    if scaled is None or (inner := mean(scaled[0])) is None or not isinstance(op, Operation):
        return None
    return replace(inner, factor=scaled[1] * inner.factor, ops=(op, *inner.ops))


def mean_of_squares(value: SSAValue) -> Moment | None:
    """What `value` is the mean square of, or a multiple of it."""
    average = mean(value)
    if average is None or (x := squared(average.x)) is None:
        return None
    assert isinstance(average.x.owner, Operation)
    return replace(average, x=x, ops=(*average.ops, average.x.owner))


def centered(value: SSAValue) -> Moment | None:
    """The mean of x, where `value` is x minus that."""
    op = value.owner
    if not isinstance(op, aten.SubTensorOp) or op.get("alpha") != 1:
        return None
    average = mean(op.other)
    if average is None or average.x is not op.input or value.type != op.input.type:
        return None
    return replace(average, ops=(op, *average.ops))


def variance(value: SSAValue) -> Moment | None:
    """What `value` is the variance of, or a multiple: n/(n − 1), if that is what it is divided by.

    Written out, it is over the dimensions that the mean of x is over.
    """
    op = value.owner
    if isinstance(op, _Variance):
        return _variance(op) if value is op.results[0] else None
    squares = mean_of_squares(value)
    if squares is None or (average := centered(squares.x)) is None:
        return None
    if average.dims != squares.dims or not average.keepdim or not is_close(average.factor, 1.0):
        return None
    return replace(squares, x=average.x, ops=(*squares.ops, *average.ops))


def deviation(op: _Deviation) -> Moment:
    """The variance of x, where the operation computes the standard deviation of x."""
    return _variance(op)


def _variance(op: _Variance | _Deviation) -> Moment:
    moment = _moment(op, op.input)
    if isinstance(op, aten.VarDimOp | aten.VarMeanDimOp | aten.StdDimOp):
        correction = float(op.get("unbiased"))
    else:
        given = op.get("correction")
        correction = 1.0 if given is None else float(given)
    count = moment.count
    return replace(moment, factor=count / (count - correction) if count > correction else 0.0)


def _moment(op: Operation, x: SSAValue) -> Moment:
    assert isinstance(op, SchemaOp)
    rank = len(shaped(x.type).shape)
    dims = sorted(dim % rank for dim in op.get("dim") or range(rank))
    return Moment(x, tuple(dims), op.get("keepdim"), 1.0, (op,))
