"""Elements by index: Gather and Scatter in their forms, OneHot, GatherTree."""

from __future__ import annotations

from forge.dialects.reg.shapes.checks import (
    check_extents,
    check_index,
    check_integer,
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_int,
    normalize_axis,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("reg.Gather")
def gather(data: Shaped, indices: Shaped, axis: Shaped, batch_dims: int) -> Shaped:
    """data[…, indices[…], …]: the first `batch_dims` axes of data and indices go together."""
    check_integer(indices, "indices")
    along = normalize_axis(literal_int(axis, "axis"), data.rank)
    batch = _batch_dims(batch_dims, indices.rank, along)
    _check_batch(data, indices, batch)
    shape = (*data.shape[:along], *indices.shape[batch:], *data.shape[along + 1 :])
    return Shaped(shape, data.dtype)


def _batch_dims(batch_dims: int, rank: int, limit: int) -> int:
    if not -rank <= batch_dims <= rank:
        raise ShapeError(f"batch_dims {batch_dims} is out of range for indices of rank {rank}")
    batch = batch_dims + rank if batch_dims < 0 else batch_dims
    if batch > limit:
        raise ShapeError(f"batch_dims {batch_dims} reaches beyond axis {limit}")
    return batch


def _check_batch(data: Shaped, indices: Shaped, batch: int) -> None:
    if data.shape[:batch] != indices.shape[:batch]:
        raise ShapeError(f"{data} and {indices} differ in their first {batch} axes")


@shape_function("reg.GatherElements")
def gather_elements(data: Shaped, indices: Shaped, axis: int) -> Shaped:
    check_index(indices, "indices")
    if not data.rank or data.rank != indices.rank:
        raise ShapeError(f"data {data} and indices {indices} must have one rank, of 1 or more")
    along = normalize_axis(axis, data.rank)
    for index, (extent, wanted) in enumerate(zip(indices.shape, data.shape, strict=True)):
        if index != along and extent != wanted:
            raise ShapeError(f"data {data} and indices {indices} differ on axis {index}")
    return Shaped(indices.shape, data.dtype)


def _tuple_length(data: Shaped, indices: Shaped, batch: int) -> int:
    if not data.rank or not indices.rank:
        raise ShapeError(f"neither data {data} nor indices {indices} may be scalars")
    length = indices.shape[-1]
    if batch + length > data.rank:
        raise ShapeError(f"indices {indices} holds tuples of {length}, too long for data {data}")
    return length


@shape_function("reg.GatherND")
def gather_nd(data: Shaped, indices: Shaped, batch_dims: int) -> Shaped:
    check_integer(indices, "indices")
    if not 0 <= batch_dims < min(data.rank, indices.rank):
        raise ShapeError(f"batch_dims {batch_dims} is out of range for {data} and {indices}")
    length = _tuple_length(data, indices, batch_dims)
    _check_batch(data, indices, batch_dims)
    return Shaped((*indices.shape[:-1], *data.shape[batch_dims + length :]), data.dtype)


@shape_function("reg.GatherTree")
def gather_tree(
    step_ids: Shaped, parent_idx: Shaped, max_seq_len: Shaped, end_token: Shaped
) -> Shaped:
    """Steps and parents are [time, batch, beam]."""
    dtype = check_same_dtype(
        step_ids=step_ids, parent_idx=parent_idx, max_seq_len=max_seq_len, end_token=end_token
    )
    check_numeric(step_ids, "step_ids")
    check_rank(step_ids, "step_ids", 3)
    check_extents(parent_idx, "parent_idx", step_ids.shape)
    check_extents(max_seq_len, "max_seq_len", step_ids.shape[1:2])
    check_rank(end_token, "end_token", 0)
    return Shaped(step_ids.shape, dtype)


@shape_function("reg.ScatterUpdate")
def scatter_update(data: Shaped, indices: Shaped, updates: Shaped, axis: Shaped) -> Shaped:
    check_integer(indices, "indices")
    check_integer(axis, "axis")
    check_same_dtype(data=data, updates=updates)
    if axis.numel != 1 or axis.rank > 1:
        raise ShapeError(f"axis must be one number, got {axis}")
    if updates.rank != data.rank + indices.rank - 1:
        raise ShapeError(f"updates {updates} do not fit data {data} and indices {indices}")
    if axis.literal is not None:
        along = normalize_axis(literal_int(axis, "axis"), data.rank)
        expected = (*data.shape[:along], *indices.shape, *data.shape[along + 1 :])
        check_extents(updates, "updates", expected)
    return Shaped(data.shape, data.dtype)


@shape_function("reg.ScatterElementsUpdate")
def scatter_elements_update(
    data: Shaped,
    indices: Shaped,
    updates: Shaped,
    axis: Shaped,
    reduction: str,
    use_init_val: bool,
) -> Shaped:
    check_integer(indices, "indices")
    check_integer(axis, "axis")
    check_same_dtype(data=data, updates=updates)
    if axis.numel != 1 or axis.rank > 1:
        raise ShapeError(f"axis must be one number, got {axis}")
    if data.rank != indices.rank or indices.shape != updates.shape:
        raise ShapeError(f"updates {updates} and indices {indices} do not fit data {data}")
    if axis.literal is not None:
        normalize_axis(literal_int(axis, "axis"), data.rank)
    return Shaped(data.shape, data.dtype)


@shape_function("reg.ScatterNDUpdate")
def scatter_nd_update(inputs: Shaped, indices: Shaped, updates: Shaped, reduction: str) -> Shaped:
    check_index(indices, "indices")
    check_same_dtype(inputs=inputs, updates=updates)
    length = _tuple_length(inputs, indices, 0)
    expected = (*indices.shape[:-1], *inputs.shape[length:])
    check_extents(updates, "updates", expected)
    return Shaped(inputs.shape, inputs.dtype)


@shape_function("reg.OneHot")
def one_hot(
    indices: Shaped,
    depth: Shaped,
    on_value: Shaped,
    off_value: Shaped,
    axis: int,
    negative_indices_mode: str,
) -> Shaped:
    check_integer(indices, "indices")
    dtype = check_same_dtype(on_value=on_value, off_value=off_value)
    for name, operand in (("depth", depth), ("on_value", on_value), ("off_value", off_value)):
        check_rank(operand, name, 0)
    count = literal_int(depth, "depth")
    if count < 0:
        raise ShapeError(f"depth must not be negative, got {count}")
    along = normalize_axis(axis, indices.rank + 1)
    return Shaped((*indices.shape[:along], count, *indices.shape[along:]), dtype)
