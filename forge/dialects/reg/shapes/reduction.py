"""Along an axis: reductions, sums so far, the k largest, positions among sorted numbers."""

from __future__ import annotations

from xdsl.ir import Attribute

from forge.dialects.reg.shapes.checks import (
    check_axis,
    check_boolean,
    check_index,
    check_index_type,
    check_integer,
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_int,
    literal_ints,
    normalize_axes,
    normalize_axis,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _reduced(data: Shaped, reduction_axes: Shaped, keep_dims: bool) -> Shaped:
    axes = literal_ints(reduction_axes, "reduction_axes")
    axes = normalize_axes(axes, data.rank, "reduction_axes")
    extents = [
        1 if axis in axes else extent
        for axis, extent in enumerate(data.shape)
        if keep_dims or axis not in axes
    ]
    return Shaped(tuple(extents), data.dtype)


@shape_function(
    "reg.ReduceL1",
    "reg.ReduceL2",
    "reg.ReduceMax",
    "reg.ReduceMean",
    "reg.ReduceMin",
    "reg.ReduceProd",
    "reg.ReduceSum",
)
def arithmetic_reduction(arg: Shaped, reduction_axes: Shaped, keep_dims: bool) -> Shaped:
    check_numeric(arg, "arg")
    return _reduced(arg, reduction_axes, keep_dims)


@shape_function("reg.ReduceLogicalAnd", "reg.ReduceLogicalOr")
def logical_reduction(data: Shaped, reduction_axes: Shaped, keep_dims: bool) -> Shaped:
    check_boolean(data, "data")
    return _reduced(data, reduction_axes, keep_dims)


@shape_function("reg.CumSum")
def cumsum(arg: Shaped, axis: Shaped, exclusive: bool, reverse: bool) -> Shaped:
    check_numeric(arg, "arg")
    check_index(axis, "axis")
    check_rank(axis, "axis", 0)
    if axis.literal is not None:
        check_axis(literal_int(axis, "axis"), arg.rank)
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.TopK")
def topk(
    data: Shaped,
    k: Shaped,
    axis: int,
    mode: str,
    sort: str,
    index_element_type: Attribute,
    stable: bool,
) -> tuple[Shaped, Shaped]:
    check_numeric(data, "data")
    check_index_type(index_element_type, "index_element_type")
    count = literal_int(k, "k")
    check_rank(k, "k", 0)
    axis = normalize_axis(axis, data.rank)
    if not 0 < count <= data.shape[axis]:
        raise ShapeError(f"k is {count}, of {data.shape[axis]} elements")
    shape = (*data.shape[:axis], count, *data.shape[axis + 1 :])
    return Shaped(shape, data.dtype), Shaped(shape, index_element_type)


@shape_function("reg.Bucketize")
def bucketize(
    data: Shaped, buckets: Shaped, output_type: Attribute, with_right_bound: bool
) -> Shaped:
    check_numeric(data, "data")
    check_numeric(buckets, "buckets")
    check_rank(buckets, "buckets", 1)
    check_index_type(output_type, "output_type")
    return Shaped(data.shape, output_type)


@shape_function("reg.SearchSorted")
def search_sorted(
    sorted_sequence: Shaped, values: Shaped, right_mode: bool, output_type: Attribute
) -> Shaped:
    """One sequence for all values, or one for each row of them."""
    check_same_dtype(sorted_sequence=sorted_sequence, values=values)
    check_numeric(values, "values")
    check_index_type(output_type, "output_type")
    if sorted_sequence.rank == 0:
        raise ShapeError("sorted_sequence must not be a scalar")
    if sorted_sequence.rank > 1 and sorted_sequence.shape[:-1] != values.shape[:-1]:
        raise ShapeError(f"{sorted_sequence} has no sequence for each row of {values}")
    return Shaped(values.shape, output_type)


@shape_function("reg.Reverse")
def reverse(data: Shaped, reversed_axes: Shaped, mode: str) -> Shaped:
    check_rank(reversed_axes, "reversed_axes", 1)
    if mode == "mask":
        check_boolean(reversed_axes, "reversed_axes")
        if reversed_axes.shape[0] != data.rank:
            raise ShapeError(f"reversed_axes must have one element an axis, got {reversed_axes}")
        return Shaped(data.shape, data.dtype)
    check_integer(reversed_axes, "reversed_axes")
    if reversed_axes.literal is not None:
        normalize_axes(literal_ints(reversed_axes, "reversed_axes"), data.rank, "reversed_axes")
    return Shaped(data.shape, data.dtype)


@shape_function("reg.ReverseSequence")
def reverse_sequence(arg: Shaped, seq_lengths: Shaped, batch_axis: int, seq_axis: int) -> Shaped:
    check_integer(seq_lengths, "seq_lengths")
    check_rank(seq_lengths, "seq_lengths", 1)
    batch = normalize_axis(batch_axis, arg.rank, "batch_axis")
    normalize_axis(seq_axis, arg.rank, "seq_axis")
    if seq_lengths.shape[0] != arg.shape[batch]:
        raise ShapeError(f"{arg} has {arg.shape[batch]} sequences, seq_lengths is {seq_lengths}")
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.Roll")
def roll(data: Shaped, shift: Shaped, axes: Shaped) -> Shaped:
    check_index(shift, "shift")
    check_index(axes, "axes")
    check_rank(shift, "shift", 0, 1)
    check_rank(axes, "axes", 0, 1)
    if shift.rank == 1 and shift.shape != axes.shape:
        raise ShapeError(f"shift {shift} and axes {axes} differ in length")
    if axes.literal is not None:
        for axis in literal_ints(axes, "axes"):
            normalize_axis(axis, data.rank, "axes")
    return Shaped(data.shape, data.dtype)
