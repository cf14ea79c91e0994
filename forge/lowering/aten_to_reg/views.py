"""Views, and copies that change nothing or only the element type.

A register has no strides: a view that keeps the elements' order is a reshape to the result's shape,
which the shape function of the aten operation has worked out already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import shaped
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, wrap

PATTERNS = ConversionPatterns()


@PATTERNS.convert(
    aten.AliasOp,
    aten.CloneOp,
    aten.ContiguousOp,
    aten.DetachOp,
    aten.LiftFreshOp,
    aten.LiftFreshCopyOp,
)
def same(op: Any, b: RegBuilder) -> SSAValue:
    return b[op.input]


@PATTERNS.convert(
    aten.InternalToCopyOp,
    aten.ToDeviceOp,
    aten.ToDtypeOp,
    aten.ToDtypeLayoutOp,
    aten.ToOtherOp,
    aten.TypeAsOp,
)
def converted(op: Any, b: RegBuilder) -> SSAValue:
    return b.input(op.input)


@PATTERNS.convert(aten.CopyOp)
def copy(op: aten.CopyOp, b: RegBuilder) -> SSAValue:
    return b.broadcast(b.input(op.src), b.result().shape)


@PATTERNS.convert(
    aten.InternalUnsafeViewOp,
    aten.FlattenUsingIntsOp,
    aten.RavelOp,
    aten.ReshapeOp,
    aten.SqueezeOp,
    aten.SqueezeDimOp,
    aten.SqueezeDimsOp,
    aten.UnflattenIntOp,
    aten.UnsqueezeOp,
    aten.ViewOp,
    aten.ViewAsOp,
)
def reshaped(op: Any, b: RegBuilder) -> SSAValue:
    return b.reshape(b[op.input], b.result().shape)


@PATTERNS.convert(aten.ViewDtypeOp)
def view_dtype(op: aten.ViewDtypeOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if dtype_of(x) != b.result().dtype:
        b.reject("OpenVINO cannot read the bits of one element type as another's")
    return x


@PATTERNS.convert(aten.ExpandOp, aten.ExpandAsOp, aten.BroadcastToOp)
def expanded(op: Any, b: RegBuilder) -> SSAValue:
    return b.broadcast(b[op.input], b.result().shape)


@PATTERNS.convert(aten.BroadcastTensorsOp)
def broadcast_tensors(op: aten.BroadcastTensorsOp, b: RegBuilder) -> Sequence[SSAValue]:
    return [b.broadcast(b[x], b.result(i).shape) for i, x in enumerate(op.operands)]


# -- the order of dimensions -----------------------------------------------------------------------


@PATTERNS.convert(aten.TransposeIntOp, aten.SwapdimsOp, aten.SwapaxesOp)
def transposed(op: Any, b: RegBuilder) -> SSAValue:
    names = ("axis0", "axis1") if isinstance(op, aten.SwapaxesOp) else ("dim0", "dim1")
    x = b[op.input]
    if rank_of(x) == 0:
        return x
    return b.swap(x, *(wrap(op.get(name), rank_of(x)) for name in names))


@PATTERNS.convert(aten.TOp)
def t(op: aten.TOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return x if rank_of(x) < 2 else b.swap(x, 0, 1)


@PATTERNS.convert(aten.MTOp, aten.AdjointOp)
def matrix_transposed(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return x if rank_of(x) < 2 else b.swap(x, -2, -1)


@PATTERNS.convert(aten.NumpyTOp)
def numpy_t(op: aten.NumpyTOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.transpose(x, range(rank_of(x))[::-1])


@PATTERNS.convert(aten.PermuteOp)
def permute(op: aten.PermuteOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.transpose(x, [wrap(axis, rank_of(x)) for axis in op.get("dims")])


@PATTERNS.convert(aten.MovedimIntOp, aten.MovedimIntlistOp)
def movedim(op: Any, b: RegBuilder) -> SSAValue:
    x, source, destination = b[op.input], op.get("source"), op.get("destination")
    if isinstance(source, int):
        source, destination = [source], [destination]
    return b.transpose(x, moved_order(rank_of(x), source, destination))


def moved_order(rank: int, source: Sequence[int], destination: Sequence[int]) -> list[int]:
    """The order that brings axes `source` to places `destination` and keeps the rest in order."""
    places = {wrap(d, rank): wrap(s, rank) for s, d in zip(source, destination, strict=True)}
    rest = iter(axis for axis in range(rank) if axis not in places.values())
    return [places[place] if place in places else next(rest) for place in range(rank)]


# -- parts -----------------------------------------------------------------------------------------


@PATTERNS.convert(aten.SelectIntOp)
def select_int(op: aten.SelectIntOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    axis = wrap(op.get("dim"), rank_of(x))
    index = wrap(op.get("index"), shape_of(x)[axis])
    return b.gather(x, b.axis(index), axis)


@PATTERNS.convert(aten.SliceTensorOp)
def slice_tensor(op: aten.SliceTensorOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if rank_of(x) == 0:
        b.reject("a tensor without dimensions has no slices")
    axis = wrap(op.get("dim"), rank_of(x))
    start, stop = slice_bounds(op, shape_of(x)[axis])
    if start == stop:  # what no feature is left of after a whole rotation, say
        return b.constant(np.empty(b.result().shape), b.result().dtype)
    return b.slice(x, axis, start, stop, op.get("step"))


def slice_bounds(op: aten.SliceTensorOp | aten.SliceScatterOp, extent: int) -> tuple[int, int]:
    """`start` and `stop` of a slice of a dimension, both in its range, as Python clips them."""
    start, stop, _ = slice(op.get("start"), op.get("end")).indices(extent)
    return start, max(start, stop)


@PATTERNS.convert(aten.NarrowOp)
def narrow(op: aten.NarrowOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    axis = wrap(op.get("dim"), rank_of(x))
    start = wrap(op.get("start"), shape_of(x)[axis])
    return b.slice(x, axis, start, start + op.get("length"))


@PATTERNS.convert(
    aten.ChunkOp,
    aten.SplitTensorOp,
    aten.SplitSizesOp,
    aten.SplitWithSizesOp,
    aten.TensorSplitIndicesOp,
    aten.TensorSplitSectionsOp,
)
def split(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    axis = wrap(op.get("dim"), rank_of(x))
    return split_at(x, axis, [shaped(part.type).shape[axis] for part in op.results], b)


def split_at(x: SSAValue, axis: int, lengths: Sequence[int], b: RegBuilder) -> Sequence[SSAValue]:
    """A tensor in parts of the given lengths along a dimension."""
    if len(lengths) == 1:
        return [x]
    if len(set(lengths)) == 1:
        return b.emit_all(reg.SplitOp(x, b.axis(axis), num_splits=len(lengths)))
    return b.emit_all(reg.VariadicSplitOp(x, b.axis(axis), b.ints(lengths)))


@PATTERNS.convert(aten.UnbindIntOp)
def unbind(op: aten.UnbindIntOp, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    axis = wrap(op.get("dim"), rank_of(x))
    parts = split_at(x, axis, [1] * shape_of(x)[axis], b)
    return [b.reshape(part, b.result().shape) for part in parts]


@PATTERNS.convert(aten.DiagonalOp)
def diagonal(op: aten.DiagonalOp, b: RegBuilder) -> SSAValue:
    return diagonal_of(b[op.input], op.get("offset"), op.get("dim1"), op.get("dim2"), b)


def diagonal_places(rows: int, columns: int, offset: int) -> list[tuple[int, int]]:
    """The places (row, column) of a matrix's diagonal, `offset` above the main one."""
    first = (max(0, -offset), max(0, offset))
    length = max(0, min(rows - first[0], columns - first[1]))
    return [(first[0] + i, first[1] + i) for i in range(length)]


def diagonal_of(x: SSAValue, offset: int, dim1: int, dim2: int, b: RegBuilder) -> SSAValue:
    """The diagonal over two dimensions, as a new last dimension."""
    rank = rank_of(x)
    x = b.transpose(x, moved_order(rank, [dim1, dim2], [-2, -1]))
    *batch, rows, columns = shape_of(x)
    indices = [row * columns + column for row, column in diagonal_places(rows, columns, offset)]
    return b.gather(b.reshape(x, [*batch, rows * columns]), b.ints(indices), len(batch))


@PATTERNS.convert(aten.UnfoldOp)
def unfold(op: aten.UnfoldOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if rank_of(x) == 0:
        return b.reshape(x, [1])
    axis = wrap(op.get("dimension"), rank_of(x))
    size, step = int(op.get("size")), int(op.get("step"))
    starts = np.arange(0, shape_of(x)[axis] - size + 1, step)
    windows = starts[:, None] + np.arange(size)[None, :]
    gathered = b.gather(x, b.constant(windows, i64), axis)
    return b.transpose(gathered, moved_order(rank_of(gathered), [axis + 1], [-1]))
