"""Reading by index, and searching."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_types import torch_dtype


def from_front(indices: Tensor, extent: int) -> Tensor:
    """Indices counted from the front."""
    indices = indices.to(torch.int64)
    return torch.where(indices < 0, indices + extent, indices)


@interprets(reg.GatherOp)
def gather(op: reg.GatherOp, values: Values) -> Tensor:
    """Slices of the data along an axis, by index; some leading axes go together."""
    x, indices = values[op.data], values[op.indices]
    axis = int(values[op.axis]) % x.dim()
    batch = op.get("batch_dims")
    batch = batch + indices.dim() if batch < 0 else batch
    indices = from_front(indices, x.shape[axis])
    if batch == 0:
        shape = (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])
        return x.index_select(axis, indices.reshape(-1)).reshape(shape)
    rows = x.reshape(-1, *x.shape[batch:])
    picked = indices.reshape(-1, *indices.shape[batch:])
    inner = axis - batch
    parts = [
        row.index_select(inner, index.reshape(-1)).reshape(
            *row.shape[:inner], *index.shape, *row.shape[inner + 1 :]
        )
        for row, index in zip(rows, picked, strict=True)
    ]
    return torch.stack(parts).reshape(*x.shape[:batch], *parts[0].shape)


@interprets(reg.GatherElementsOp)
def gather_elements(op: reg.GatherElementsOp, values: Values) -> Tensor:
    """Elements of the data along an axis, one an index."""
    x, axis = values[op.data], int(op.get("axis"))
    return x.gather(axis, from_front(values[op.indices], x.shape[axis]))


@interprets(reg.GatherNDOp)
def gather_nd(op: reg.GatherNDOp, values: Values) -> Tensor:
    """Slices of the data, each by a tuple of indices that follow the batch axes."""
    x, indices = values[op.data], values[op.indices].to(torch.int64)
    batch, depth = op.get("batch_dims"), indices.shape[-1]
    if batch == 0:
        return x[
            tuple(
                from_front(part, e)
                for part, e in zip(indices.unbind(-1), x.shape[:depth], strict=True)
            )
        ]
    rows = x.reshape(-1, *x.shape[batch:])
    picked = indices.reshape(-1, *indices.shape[batch:])
    extents = rows.shape[1 : depth + 1]
    parts = [
        row[tuple(from_front(p, e) for p, e in zip(index.unbind(-1), extents, strict=True))]
        for row, index in zip(rows, picked, strict=True)
    ]
    return torch.stack(parts).reshape(*x.shape[:batch], *parts[0].shape)


@interprets(reg.GatherTreeOp)
def gather_tree(op: reg.GatherTreeOp, values: Values) -> Tensor:
    """The beams of a beam search, followed back from their ends."""
    steps, parents, lengths, end = (values[operand] for operand in op.operands)
    times, batches, beams = steps.shape
    result = torch.full_like(steps, end.item())
    for batch in range(batches):
        length = min(times, int(lengths[batch]))
        for beam in range(beams):
            parent = beam
            for time in reversed(range(length)):
                result[time, batch, beam] = steps[time, batch, parent]
                parent = int(parents[time, batch, parent])
            ended = False
            for time in range(length):
                if ended:
                    result[time, batch, beam] = end
                elif result[time, batch, beam] == end:
                    ended = True
    return result


@interprets(reg.OneHotOp)
def one_hot(op: reg.OneHotOp, values: Values) -> Tensor:
    """A new axis that holds on_value at the index and off_value elsewhere."""
    indices, depth = values[op.indices], int(values[op.depth])
    if op.get("negative_indices_mode") == "normalize":
        indices = from_front(indices, depth)
    hot = indices.unsqueeze(-1) == torch.arange(depth)
    return torch.where(hot, values[op.on_value], values[op.off_value]).movedim(-1, op.get("axis"))


@interprets(reg.BucketizeOp)
def bucketize(op: reg.BucketizeOp, values: Values) -> Tensor:
    """For each element the index of its bucket among sorted boundaries."""
    x, boundaries = values[op.data], values[op.buckets]
    found = torch.bucketize(x, boundaries, right=not op.get("with_right_bound"))
    return found.to(torch_dtype(op.output_type))


@interprets(reg.SearchSortedOp)
def search_sorted(op: reg.SearchSortedOp, values: Values) -> Tensor:
    """Where each value would stand in a sorted sequence."""
    sequence, x = values[op.sorted_sequence], values[op.values]
    found = torch.searchsorted(sequence, x.contiguous(), right=bool(op.get("right_mode")))
    return found.to(torch_dtype(op.output_type))


@interprets(reg.GridSampleOp)
def grid_sample(op: reg.GridSampleOp, values: Values) -> Tensor:
    """The data interpolated at points between −1 and 1."""
    x = values[op.data]
    return F.grid_sample(
        x,
        values[op.grid].to(x.dtype),
        mode=op.get("mode"),
        padding_mode=op.get("padding_mode"),
        align_corners=bool(op.get("align_corners")),
    )
