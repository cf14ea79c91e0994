"""Instructions that move elements: as views of the operand where numpy has one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from forge.analysis.folding.elements import bf16_bits, convert, widen_bf16
from forge.backends.load_time.rules import computes, moves, result_of, types
from forge.backends.memory import Array
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.tensors import bf16


@computes(reg.IdentityOp, reg.ReshapeOp, reg.SqueezeOp, reg.UnsqueezeOp, admits=moves)
def _same_elements(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    return operands[0].reshape(result_of(op).shape)


@computes(reg.TransposeOp, admits=moves)
def _transpose(_op: reg.RegOp, operands: Sequence[Array]) -> Array:
    data, order = operands
    return np.transpose(data, order.tolist() or None)


@computes(reg.SliceOp, admits=moves)
def _slice(_op: reg.RegOp, operands: Sequence[Array]) -> Array:
    data, start, stop, step = operands[:4]
    axes = operands[4].tolist() if len(operands) == 5 else range(start.size)
    window = [slice(None)] * data.ndim
    for axis, *bounds in zip(axes, start.tolist(), stop.tolist(), step.tolist(), strict=True):
        window[axis] = _window(data.shape[axis], *bounds)
    return data[tuple(window)]


def _window(extent: int, start: int, stop: int, step: int) -> slice:
    # Backwards, a start before the first element is the first element; in Python it is none.
    start = max(start, -extent) if step < 0 else start
    start, stop, step = slice(start, stop, step).indices(extent)
    # In front of the first element is -1, which numpy takes for the last one.
    return slice(start, None if stop < 0 else stop, step)


@computes(reg.ConcatOp, admits=moves)
def _concat(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    return np.concatenate(operands, axis=op.get("axis"))


@computes(reg.SplitOp, admits=moves)
def _split(op: reg.RegOp, operands: Sequence[Array]) -> list[Array]:
    data, axis = operands
    return np.split(data, op.get("num_splits"), axis=axis.item())


@computes(reg.VariadicSplitOp, admits=moves)
def _variadic_split(op: reg.RegOp, operands: Sequence[Array]) -> list[Array]:
    data, axis = operands[0], operands[1].item()
    extents: list[int] = [reg.register_shaped(result.type).shape[axis] for result in op.results]
    return np.split(data, list(accumulate(extents[:-1])), axis=axis)


def _copies_per_element(op: reg.RegOp) -> bool:
    return moves(op) and op.get("batch_dims") in (None, 0)


@computes(reg.GatherOp, admits=_copies_per_element)
def _gather(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    data, indices = operands[0], operands[1]
    axis = operands[2].item()
    _check_indices(op, indices, data.shape[axis])
    places = np.where(indices < 0, indices + data.shape[axis], indices).reshape(-1)
    if places.size and all(b == a + 1 for a, b in pairwise(places.tolist())):
        # Positions that are counted up: rows that lie together.
        window = [slice(None)] * data.ndim
        window[axis] = slice(int(places[0]), int(places[-1]) + 1)
        return data[tuple(window)].reshape(result_of(op).shape)
    return np.take(data, indices, axis=axis)


@computes(reg.GatherElementsOp, admits=moves)
def _gather_elements(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    data, indices = operands
    axis = op.get("axis") % data.ndim
    _check_indices(op, indices, data.shape[axis])
    window = tuple(
        slice(None) if d == axis else slice(extent) for d, extent in enumerate(indices.shape)
    )
    return np.take_along_axis(data[window], indices, axis=axis)


def _check_indices(op: reg.RegOp, indices: Array, extent: int) -> None:
    if indices.size and (indices.min() < -extent or indices.max() >= extent):
        raise ForgeError(f"reads past the {extent} entries of its operand", op=op)


def _repeats_by_shape(op: reg.RegOp) -> bool:
    return moves(op) and op.get("mode") in ("numpy", "bidirectional")


@computes(reg.BroadcastOp, admits=_repeats_by_shape)
def _broadcast(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    return np.broadcast_to(operands[0], result_of(op).shape)


@computes(reg.TileOp, admits=moves)
def _tile(_op: reg.RegOp, operands: Sequence[Array]) -> Array:
    data, repeats = operands
    return np.tile(data, repeats.tolist())


@computes(reg.SelectOp, admits=moves)
def _select(_op: reg.RegOp, operands: Sequence[Array]) -> Array:
    condition, chosen, other = operands
    return np.where(condition, chosen, other)


@computes(reg.ConvertOp, admits=moves)
def _convert(op: reg.RegOp, operands: Sequence[Array]) -> Array:
    source, result = types(op)[0].dtype, result_of(op).dtype
    if source == result:
        return operands[0]
    converted = convert(widen_bf16(operands[0]) if source == bf16 else operands[0], result)
    return bf16_bits(converted) if result == bf16 else converted
