"""Reading by index."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from xdsl.dialects.builtin import i32, i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool, is_float
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import (
    RegBuilder,
    dtype_of,
    literal_of,
    rank_of,
    shape_of,
    size_of,
    wrap,
)

PATTERNS = ConversionPatterns()


@PATTERNS.convert(aten.EmbeddingOp)
def embedding(op: aten.EmbeddingOp, b: RegBuilder) -> SSAValue:
    return b.gather(b[op.weight], b[op.indices])


@PATTERNS.convert(aten.IndexSelectOp)
def index_select(op: aten.IndexSelectOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if rank_of(x) == 0:
        return x
    index = b[op.index]
    return b.gather(x, b.reshape(index, [size_of(index)]), wrap(op.get("dim"), rank_of(x)))


@PATTERNS.convert(aten.TakeOp)
def take(op: aten.TakeOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    return b.gather(b.reshape(x, [size_of(x)]), b[op.index])


@PATTERNS.convert(aten.GatherOp)
def gather(op: aten.GatherOp, b: RegBuilder) -> SSAValue:
    x, index = b[op.input], b[op.index]
    if rank_of(x) == 0:
        return b.reshape(x, shape_of(index))
    return gather_elements(x, index, wrap(op.get("dim"), rank_of(x)), b)


def gather_elements(x: SSAValue, index: SSAValue, axis: int, b: RegBuilder) -> SSAValue:
    """`y[…, i, …] = x[…, index[…, i, …], …]`; x may be larger than the index elsewhere."""
    for other, extent in enumerate(shape_of(index)):
        if other != axis and extent != shape_of(x)[other]:
            # Not a slice: OpenVINO takes those away before this instruction, and then fails on it.
            x = b.gather(x, b.ints(range(extent)), other)
    return b.emit(reg.GatherElementsOp(x, index, axis=axis))


@PATTERNS.convert(aten.TakeAlongDimOp)
def take_along_dim(op: aten.TakeAlongDimOp, b: RegBuilder) -> SSAValue:
    x, indices, dim = b[op.input], b[op.indices], op.get("dim")
    if dim is None:
        x = b.reshape(x, [size_of(x)])
        return gather_elements(x, b.reshape(indices, [size_of(indices)]), 0, b)
    axis = wrap(dim, rank_of(x))
    pairs = list(zip(shape_of(x), shape_of(indices), strict=True))
    common = [max(pair) if 0 not in pair else 0 for pair in pairs]
    x = b.broadcast(x, [*common[:axis], shape_of(x)[axis], *common[axis + 1 :]])
    shape = [*common[:axis], shape_of(indices)[axis], *common[axis + 1 :]]
    return gather_elements(x, b.broadcast(indices, shape), axis, b)


# -- x[i, :, j] ------------------------------------------------------------------------------------


@PATTERNS.convert(aten.IndexTensorOp, aten.InternalUnsafeIndexTensorOp)
def index_tensor(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    indices = op.operand_groups()["indices"]
    used = [(axis, b[index]) for axis, index in enumerate(indices) if index is not None]
    if any(not _is_index(index) for _, index in used):
        b.reject("a mask as index gives a result whose size depends on the data")
    if not used:
        return x
    axes = [axis for axis, _ in used]
    first = axes[0]
    if axes != list(range(first, first + len(axes))):
        # Indices that do not stand together put their dimensions first.
        rest = [axis for axis in range(rank_of(x)) if axis not in axes]
        x, first = b.transpose(x, [*axes, *rest]), 0
    extents = shape_of(x)[first : first + len(axes)]
    shape = (*shape_of(x)[:first], prod(extents), *shape_of(x)[first + len(axes) :])
    linear = linear_index([index for _, index in used], extents, b)
    return b.gather(b.reshape(x, shape), linear, first)


def _is_index(value: SSAValue) -> bool:
    dtype = dtype_of(value)
    return not is_bool(dtype) and not is_float(dtype)


def linear_index(indices: Sequence[SSAValue], extents: Sequence[int], b: RegBuilder) -> SSAValue:
    """The index into the merged dimensions of `extents` of one index for each of them.

    The indices are broadcast; those that count from the end of their dimension are negative.
    """
    if len(indices) == 1:
        # reg.Gather counts from the end, too.
        return indices[0]
    terms = [
        (_from_front(index, extent, b), prod(extents[place + 1 :]))
        for place, (index, extent) in enumerate(zip(indices, extents, strict=True))
    ]
    literals = [literal_of(index) for index, _ in terms]
    if all(literal is not None for literal in literals):
        # Known numbers are worked out here and now.
        total = sum(
            literal.astype(np.int64) * stride
            for literal, (_, stride) in zip(literals, terms, strict=True)
            if literal is not None
        )
        return b.constant(total, i64)
    linear: SSAValue | None = None
    shape: tuple[int, ...] = np.broadcast_shapes(*(shape_of(index) for index in indices))
    for index, stride in terms:
        if (literal := literal_of(index)) is not None and not literal.any():
            continue
        term = b.scaled(b.convert(index, i64), stride)
        linear = term if linear is None else b.add(linear, term)
    assert linear is not None
    return b.broadcast(linear, shape)


def _from_front(index: SSAValue, extent: int, b: RegBuilder) -> SSAValue:
    """An index with what counts from the end counted from the front."""
    literal = literal_of(index)
    if literal is not None:
        numbers = literal.astype(np.int64)
        return b.constant(np.where(numbers < 0, numbers + extent, numbers), i64)
    # Also for i32 and smaller: the sum with the extent has to fit.
    index = b.convert(index, i64)
    return b.select(b.less(index, 0), b.add(index, extent), index)


# -- searching -------------------------------------------------------------------------------------


@PATTERNS.convert(aten.IsinTensorTensorOp, aten.IsinTensorScalarOp)
def isin(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.elements]
    if isinstance(op, aten.IsinTensorScalarOp):
        number = op.get("test_element")
        if isinstance(number, float) and not is_float(dtype_of(x)):
            b.reject("integers are looked up among integers only")
        found = b.equal(x, number)
    else:
        among = b[op.test_elements]
        if dtype_of(among) != dtype_of(x):
            b.reject("the elements have different types")
        candidates = b.reshape(among, [size_of(among)])
        matches = b.equal(b.unsqueeze(x, -1), candidates)
        found = b.emit(reg.ReduceLogicalOrOp(matches, b.ints([rank_of(x)]), keep_dims=False))
    return b.negation(found) if op.get("invert") else found


@PATTERNS.convert(aten.BucketizeTensorOp)
def bucketize(op: aten.BucketizeTensorOp, b: RegBuilder) -> SSAValue:
    # PyTorch's `right` closes intervals on the left.
    x, boundaries = b[op.input], b[op.boundaries]
    if is_float(dtype_of(x)) != is_float(dtype_of(boundaries)):
        b.reject("the boundaries and what is looked up have different kinds of types")
    dtype = i32 if op.get("out_int32") else i64
    right = bool(op.get("right"))
    return b.emit(reg.BucketizeOp(x, boundaries, output_type=dtype, with_right_bound=not right))


@PATTERNS.convert(aten.SearchsortedTensorOp)
def searchsorted(op: aten.SearchsortedTensorOp, b: RegBuilder) -> SSAValue:
    sequence, values = b[op.sorted_sequence], b[op.input]
    if op.sorter is not None:
        sequence = gather_elements(sequence, b[op.sorter], rank_of(sequence) - 1, b)
    if dtype_of(sequence) != dtype_of(values):
        b.reject("the sequence and what is looked up have different types")
    right = bool(op.get("right")) or op.get("side") == "right"
    dtype = i32 if op.get("out_int32") else i64
    return b.emit(reg.SearchSortedOp(sequence, values, right_mode=right, output_type=dtype))
