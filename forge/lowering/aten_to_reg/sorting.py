"""Sorting, and running sums along a dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import i32, i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool
from forge.lowering.aten_to_reg.reductions import ranked_result
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, wrap

PATTERNS = ConversionPatterns()


def _top(x: SSAValue, count: int, dim: int, largest: bool, b: RegBuilder) -> Sequence[SSAValue]:
    """The first `count` elements of a sorted dimension and their places; equal ones in order."""
    if rank_of(x) == 0:
        return [x, b.axis(0)]
    dtype = dtype_of(x)
    # Plugins sort numbers.
    numbers = b.convert(x, i32) if is_bool(dtype) else x
    values, indices = b.emit_all(
        reg.TopKOp(
            numbers,
            b.axis(count),
            axis=wrap(dim, rank_of(x)),
            mode="max" if largest else "min",
            sort="value",
            index_element_type=i64,
            stable=True,
        )
    )
    return [b.convert(values, dtype), indices]


@PATTERNS.convert(aten.SortOp, aten.SortStableOp)
def sort(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    return _top(x, _extent(x, op.get("dim")), op.get("dim"), bool(op.get("descending")), b)


@PATTERNS.convert(aten.ArgsortOp, aten.ArgsortStableOp)
def argsort(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return _top(x, _extent(x, op.get("dim")), op.get("dim"), bool(op.get("descending")), b)[1]


def _extent(x: SSAValue, dim: int) -> int:
    return shape_of(x)[wrap(dim, rank_of(x))] if rank_of(x) else 1


@PATTERNS.convert(aten.TopkOp)
def topk(op: aten.TopkOp, b: RegBuilder) -> Sequence[SSAValue]:
    return _top(b[op.input], op.get("k"), op.get("dim"), bool(op.get("largest")), b)


@PATTERNS.convert(aten.KthvalueOp)
def kthvalue(op: aten.KthvalueOp, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    return ranked_result(x, op.get("k"), wrap(op.get("dim"), max(rank_of(x), 1)), b)


@PATTERNS.convert(aten.CumsumOp)
def cumsum(op: aten.CumsumOp, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    if rank_of(x) == 0:
        return x
    return b.emit(reg.CumSumOp(x, b.axis(wrap(op.get("dim"), rank_of(x)))))


@PATTERNS.convert(aten.DiffOp)
def diff(op: aten.DiffOp, b: RegBuilder) -> SSAValue:
    # The differences of neighbours, n times.
    parts = [b.input(part) for part in (op.prepend, op.input, op.append) if part is not None]
    axis = wrap(op.get("dim"), rank_of(parts[0]))
    x = b.concat(parts, axis)
    for _ in range(op.get("n")):
        extent = shape_of(x)[axis]
        after, before = b.slice(x, axis, 1, extent), b.slice(x, axis, 0, extent - 1)
        if is_bool(dtype_of(x)):
            x = b.emit(reg.LogicalXorOp(after, before))
        else:
            x = b.subtract(after, before)
    return x
