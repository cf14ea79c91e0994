"""Writing by index: the result is a copy of the first operand with some elements replaced."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool
from forge.lowering.aten_to_reg.indexing import linear_index
from forge.lowering.aten_to_reg.views import diagonal_places, moved_order, slice_bounds
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, size_of, wrap

PATTERNS = ConversionPatterns()

Reduction = Literal["none", "sum", "prod", "min", "max", "mean"]
_REDUCTIONS: dict[str, Reduction] = {
    "add": "sum",
    "multiply": "prod",
    "sum": "sum",
    "prod": "prod",
    "amin": "min",
    "amax": "max",
    "mean": "mean",
}


@PATTERNS.convert(
    aten.ScatterSrcOp,
    aten.ScatterValueOp,
    aten.ScatterReduceOp,
    aten.ScatterValueReduceOp,
    aten.ScatterAddOp,
    aten.ScatterReduceTwoOp,
)
def scatter(op: Any, b: RegBuilder) -> SSAValue:
    x, index = b[op.input], b[op.index]
    if "value" in op.properties:
        updates = b.splat(op.get("value"), shape_of(index), dtype_of(x))
    else:
        # PyTorch reads as much of the source as there are indices.
        updates = b[op.src]
        for axis, extent in enumerate(shape_of(index)):
            updates = b.slice(updates, axis, 0, extent)
    reduction: Reduction = "none"
    if isinstance(op, aten.ScatterAddOp):
        reduction = "sum"
    elif "reduce" in op.properties:
        reduction = _REDUCTIONS[op.get("reduce")]
    initial = op.get("include_self") if isinstance(op, aten.ScatterReduceTwoOp) else True
    return _scatter(x, index, updates, wrap(op.get("dim"), rank_of(x)), reduction, b, initial)


def _scatter(
    x: SSAValue,
    index: SSAValue,
    updates: SSAValue,
    axis: int,
    reduction: Reduction,
    b: RegBuilder,
    use_init_val: bool = True,
) -> SSAValue:
    """`x[…, index[…, i, …], …] = updates[…, i, …]`, or combined with what is there."""
    if rank_of(x) == 0:
        b.reject("a tensor without dimensions has no places to write to")
    if size_of(index) == 0:
        return x
    if is_bool(dtype_of(x)) and reduction != "none":
        b.reject("booleans are replaced, not combined")
    return b.emit(
        reg.ScatterElementsUpdateOp(
            x, index, updates, b.axis(axis), reduction=reduction, use_init_val=use_init_val
        )
    )


# -- whole slices by index -------------------------------------------------------------------------


def _along(index: SSAValue, shape: Sequence[int], axis: int, b: RegBuilder) -> SSAValue:
    """An index of one dimension for every element of slices of `shape`."""
    extents = [1] * len(shape)
    extents[axis] = size_of(index)
    return b.broadcast(b.reshape(index, extents), shape)


def _axis_of_slices(op: Any, x: SSAValue, b: RegBuilder) -> int:
    if rank_of(x) == 0:
        b.reject("a tensor without dimensions has no slices")
    return wrap(op.get("dim"), rank_of(x))


@PATTERNS.convert(aten.IndexAddOp)
def index_add(op: aten.IndexAddOp, b: RegBuilder) -> SSAValue:
    x, source = b[op.input], b.scaled(b[op.source], op.get("alpha"))
    axis = _axis_of_slices(op, x, b)
    return _scatter(x, _along(b[op.index], shape_of(source), axis, b), source, axis, "sum", b)


@PATTERNS.convert(aten.IndexCopyOp)
def index_copy(op: aten.IndexCopyOp, b: RegBuilder) -> SSAValue:
    x, source = b[op.input], b[op.source]
    axis = _axis_of_slices(op, x, b)
    return _scatter(x, _along(b[op.index], shape_of(source), axis, b), source, axis, "none", b)


@PATTERNS.convert(aten.IndexFillIntScalarOp, aten.IndexFillIntTensorOp)
def index_fill(op: Any, b: RegBuilder) -> SSAValue:
    x, index = b[op.input], b[op.index]
    axis = _axis_of_slices(op, x, b)
    shape = [*shape_of(x)[:axis], size_of(index), *shape_of(x)[axis + 1 :]]
    scalar = "value" in op.properties
    value = b.scalar(op.get("value"), dtype_of(x)) if scalar else b.input(op.value)
    return _scatter(x, _along(index, shape, axis, b), b.broadcast(value, shape), axis, "none", b)


# -- x[i, :, j] = v --------------------------------------------------------------------------------


@PATTERNS.convert(aten.IndexPutOp)
def index_put(op: aten.IndexPutOp, b: RegBuilder) -> SSAValue:
    x, values = b[op.input], b[op.values]
    indices: Any = op.operand_groups()["indices"]
    used = [(axis, b[index]) for axis, index in enumerate(indices) if index is not None]
    if any(is_bool(dtype_of(index)) for _, index in used):
        return _masked_put(op, x, values, used, b)
    axes = [axis for axis, _ in used]
    rest = [axis for axis in range(rank_of(x)) if axis not in axes]
    extents = [shape_of(x)[axis] for axis in axes]
    kept = [shape_of(x)[axis] for axis in rest]
    indexed = np.broadcast_shapes(*(shape_of(index) for _, index in used))
    adjacent = axes == list(range(axes[0], axes[0] + len(axes)))
    place = axes[0] if adjacent else 0
    # The values stand where reading by the same indices would put them.
    values = b.broadcast(values, [*kept[:place], *indexed, *kept[place:]])
    to_front = list(range(place, place + len(indexed)))
    values = b.transpose(values, moved_order(rank_of(values), to_front, range(len(indexed))))
    updates = b.reshape(values, [prod(indexed), prod(kept)])
    order = [*axes, *rest]
    rows = b.reshape(b.transpose(x, order), [prod(extents), prod(kept)])
    linear = b.broadcast(linear_index([index for _, index in used], extents, b), indexed)
    reduction: Reduction = "sum" if op.get("accumulate") else "none"
    index = _along(linear, shape_of(updates), 0, b)
    written = _scatter(rows, index, updates, 0, reduction, b)
    restored = [order.index(axis) for axis in range(rank_of(x))]
    return b.transpose(b.reshape(written, [*extents, *kept]), restored)


def _masked_put(
    op: aten.IndexPutOp,
    x: SSAValue,
    values: SSAValue,
    used: Sequence[tuple[int, SSAValue]],
    b: RegBuilder,
) -> SSAValue:
    """`x[mask] = number`: the mask covers the first dimensions of x."""
    if len(used) != 1 or used[0][0] != 0 or size_of(values) != 1:
        b.reject("a mask as index is lowered alone, first, and with one value")
    mask = used[0][1]
    mask = b.reshape(mask, [*shape_of(mask), *[1] * (rank_of(x) - rank_of(mask))])
    value = b.reshape(values, [])
    return b.select(mask, b.add(x, value) if op.get("accumulate") else value, x)


@PATTERNS.convert(aten.MaskedScatterOp)
def masked_scatter(op: aten.MaskedScatterOp, b: RegBuilder) -> SSAValue:
    # The n-th place where the mask holds gets the n-th element of the source.
    shape = b.result().shape
    x, mask = b.broadcast(b[op.input], shape), b.broadcast(b[op.mask], shape)
    source = b[op.source]
    if size_of(source) == 0 or not shape:
        b.reject("it is lowered for tensors with dimensions and elements only")
    flat = b.convert(b.reshape(mask, [prod(shape)]), i64)
    count = b.emit(reg.CumSumOp(flat, b.axis(0), exclusive=True))
    # Past the end only where the mask does not hold, so that what is read there is dropped.
    place = b.minimum(count, size_of(source) - 1)
    read = b.gather(b.reshape(source, [size_of(source)]), place)
    return b.select(mask, b.reshape(read, shape), x)


# -- x[…, i, …] = v at known places ----------------------------------------------------------------


@PATTERNS.convert(aten.SliceScatterOp)
def slice_scatter(op: aten.SliceScatterOp, b: RegBuilder) -> SSAValue:
    x, source = b[op.input], b[op.src]
    axis = wrap(op.get("dim"), rank_of(x))
    start, stop = slice_bounds(op, shape_of(x)[axis])
    return _write_places(x, source, axis, np.arange(start, stop, int(op.get("step"))), b)


@PATTERNS.convert(aten.SelectScatterOp)
def select_scatter(op: aten.SelectScatterOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    axis = wrap(op.get("dim"), rank_of(x))
    index = wrap(op.get("index"), shape_of(x)[axis])
    return _write_places(x, b.unsqueeze(b[op.src], axis), axis, np.array([index]), b)


def _write_places(
    x: SSAValue, source: SSAValue, axis: int, places: NDArray[np.integer], b: RegBuilder
) -> SSAValue:
    """Replace slices of x: what stays and what is new, read from one tensor in the new order."""
    extent = shape_of(x)[axis]
    if len(places) == 0:
        return x
    if len(places) == extent:
        return b.convert(source, dtype_of(x))
    order = np.arange(extent)
    order[places] = extent + np.arange(len(places))
    both = b.concat([x, b.convert(source, dtype_of(x))], axis)
    return b.gather(both, b.constant(order, i64), axis)


@PATTERNS.convert(aten.DiagonalScatterOp)
def diagonal_scatter(op: aten.DiagonalScatterOp, b: RegBuilder) -> SSAValue:
    x, source = b[op.input], b[op.src]
    rank = rank_of(x)
    order = moved_order(rank, [op.get("dim1"), op.get("dim2")], [-2, -1])
    moved = b.transpose(x, order)
    *batch, rows, columns = shape_of(moved)
    places = diagonal_places(rows, columns, op.get("offset"))
    linear = np.array([row * columns + column for row, column in places])
    flat = b.reshape(moved, [*batch, rows * columns])
    written = b.reshape(_write_places(flat, source, len(batch), linear, b), shape_of(moved))
    return b.transpose(written, [order.index(axis) for axis in range(rank)])
