"""Tensors that come from nothing but numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.dialects.forge import ConstantOp, WeightOp
from forge.ir.tensors import is_float, shaped
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import Number, RegBuilder

PATTERNS = ConversionPatterns()


@PATTERNS.convert(WeightOp)
def weight(op: WeightOp, b: RegBuilder) -> SSAValue:
    info = shaped(op.result.type)
    return b.emit(reg.WeightOp(op.weight_name.data, info.shape, info.dtype, device=b.device))


@PATTERNS.convert(ConstantOp)
def constant(op: ConstantOp, b: RegBuilder) -> SSAValue:
    return b.dense(op.value)


def _splat(value: Number, b: RegBuilder) -> SSAValue:
    return b.splat(value, b.result().shape, b.result().dtype)


@PATTERNS.convert(
    aten.EmptyLikeOp,
    aten.EmptyMemoryFormatOp,
    aten.NewEmptyOp,
    aten.NewZerosOp,
    aten.ZerosOp,
    aten.ZerosLikeOp,
)
def zeros(op: Any, b: RegBuilder) -> SSAValue:
    # What an empty tensor holds is nobody's business; zeros are the same in every run.
    return _splat(0, b)


@PATTERNS.convert(aten.NewOnesOp, aten.OnesOp, aten.OnesLikeOp)
def ones(op: Any, b: RegBuilder) -> SSAValue:
    return _splat(1, b)


@PATTERNS.convert(aten.FullOp, aten.FullLikeOp, aten.NewFullOp)
def full(op: Any, b: RegBuilder) -> SSAValue:
    return _splat(op.get("fill_value"), b)


@PATTERNS.convert(aten.ScalarTensorOp)
def scalar_tensor(op: aten.ScalarTensorOp, b: RegBuilder) -> SSAValue:
    return _splat(op.get("s"), b)


@PATTERNS.convert(aten.ArangeOp, aten.ArangeStartOp, aten.ArangeStartStepOp)
def arange(op: Any, b: RegBuilder) -> SSAValue:
    start = op.get("start") if "start" in op.properties else 0
    step = op.get("step") if "step" in op.properties else 1
    info = b.result()
    if is_float(info.dtype):
        # Every element from its index, as PyTorch: a sum of steps would drift.
        return b.constant([start + step * index for index in range(info.numel)], info.dtype)
    # PyTorch makes integers of the bounds before it counts.
    start, step = int(start), int(step)
    return integer_range(start, start + step * info.numel, b, step)


def integer_range(start: int, stop: int, b: RegBuilder, step: int = 1) -> SSAValue:
    """`start`, `start + step`, … before `stop`, in the element type of the result."""
    dtype = b.result().dtype
    bounds = (b.axis(bound) for bound in (start, stop, step))
    return b.emit(reg.RangeOp(*bounds, output_type=dtype))


@PATTERNS.convert(aten.LinspaceOp)
def linspace(op: aten.LinspaceOp, b: RegBuilder) -> SSAValue:
    info = b.result()
    if not is_float(info.dtype):
        b.reject("a linspace of integers depends on how each element is rounded")
    start, end = float(op.get("start")), float(op.get("end"))
    return b.constant(np.linspace(start, end, int(op.get("steps"))), info.dtype)


def band(
    b: RegBuilder, rows: int, columns: int, *, low: int | None = None, high: int | None = None
) -> SSAValue:
    """Whether each place of a matrix is on a diagonal from `low` to `high`: `[rows, columns]` i1.

    Two short constants are compared, so that the text stays short.
    """
    row = b.constant(np.arange(rows).reshape(rows, 1), i64)
    if low is not None and low == high:
        return b.emit(reg.EqualOp(_columns(b, columns, low), row))
    if high is not None:
        below = b.emit(reg.LessEqualOp(_columns(b, columns, high), row))
        return below if low is None else b.both(below, band(b, rows, columns, low=low))
    assert low is not None
    return b.emit(reg.GreaterEqualOp(_columns(b, columns, low), row))


def _columns(b: RegBuilder, columns: int, diagonal: int) -> SSAValue:
    # Column c of diagonal d stands in row c − d.
    return b.constant(np.arange(columns).reshape(1, columns) - diagonal, i64)


@PATTERNS.convert(aten.EyeOp, aten.EyeMOp)
def eye(op: Any, b: RegBuilder) -> SSAValue:
    rows, columns = b.result().shape
    return b.convert(band(b, rows, columns, low=0, high=0), b.result().dtype)


@PATTERNS.convert(aten.TrilIndicesOp, aten.TriuIndicesOp)
def triangle_indices(op: Any, b: RegBuilder) -> SSAValue:
    shape, offset = (op.get("row"), op.get("col")), op.get("offset")
    lower = isinstance(op, aten.TrilIndicesOp)
    places = np.tri(*shape, offset) if lower else 1 - np.tri(*shape, offset - 1)
    return b.constant(np.array(np.nonzero(places)), b.result().dtype)


@PATTERNS.convert(aten.OneHotOp)
def one_hot(op: aten.OneHotOp, b: RegBuilder) -> SSAValue:
    depth = b.result().shape[-1]
    # Compared, not reg.OneHot: a comparison fuses with what reads it.
    indices = b.unsqueeze(b[op.input], -1)
    classes = b.constant(np.arange(depth), i64)
    return b.convert(b.emit(reg.EqualOp(indices, classes)), b.result().dtype)
