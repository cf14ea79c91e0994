"""Instructions that change shapes and the order of elements."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_types import torch_dtype


def read_integers(tensor: Tensor) -> list[int]:
    """A tensor of integers as a list."""
    return [int(number) for number in tensor.flatten()]


@interprets(reg.ReshapeOp, reg.SqueezeOp, reg.UnsqueezeOp)
def reshape(op: Any, values: Values) -> Tensor:
    """The elements in another shape, which the result's type says."""
    return values[op.operands[0]].reshape(register_shaped(op.result.type).shape)


@interprets(reg.TransposeOp)
def transpose(op: reg.TransposeOp, values: Values) -> Tensor:
    """The axes in another order; reversed if the order is empty."""
    x, order = values[op.arg], read_integers(values[op.input_order])
    return x.permute(order or list(range(x.dim()))[::-1])


@interprets(reg.BroadcastOp)
def broadcast(op: reg.BroadcastOp, values: Values) -> Tensor:
    """The operand repeated to a shape; in explicit mode each of its axes has its place given."""
    x, shape = values[op.arg], register_shaped(op.result.type).shape
    if op.get("mode") == "explicit" and op.axes_mapping is not None:
        extents = [1] * len(shape)
        for axis, place in enumerate(read_integers(values[op.axes_mapping])):
            extents[place] = x.shape[axis]
        x = x.reshape(extents)
    return x.expand(shape) if x.dim() <= len(shape) else x.reshape(shape)


@interprets(reg.TileOp)
def tile(op: reg.TileOp, values: Values) -> Tensor:
    """The operand repeated along each axis."""
    x, repeats = values[op.data], read_integers(values[op.repeats])
    return x.tile(repeats)


@interprets(reg.ConcatOp)
def concat(op: reg.ConcatOp, values: Values) -> Tensor:
    """The operands one after the other along an axis."""
    return torch.cat([values[operand] for operand in op.operands], op.get("axis"))


@interprets(reg.SplitOp, reg.VariadicSplitOp)
def split(op: Any, values: Values) -> Sequence[Tensor]:
    """Parts along an axis, whose lengths the results' types say."""
    axis = int(values[op.axis])
    lengths = [register_shaped(part.type).shape[axis] for part in op.results]
    return torch.split(values[op.data], lengths, axis)


@interprets(reg.ReverseOp)
def reverse(op: reg.ReverseOp, values: Values) -> Tensor:
    """The elements in reverse order along some axes, given by number or by a mask."""
    x, axes = values[op.data], values[op.reversed_axes]
    if op.get("mode") == "mask":
        axes = axes.to(torch.bool).nonzero()
    return x.flip(read_integers(axes))


@interprets(reg.ReverseSequenceOp)
def reverse_sequence(op: reg.ReverseSequenceOp, values: Values) -> Tensor:
    """The first elements of each sequence in reverse order."""
    batch, axis = op.get("batch_axis"), op.get("seq_axis")
    x = values[op.arg].movedim((batch, axis), (0, 1)).clone()
    for row, length in enumerate(read_integers(values[op.seq_lengths])):
        x[row, :length] = x[row, :length].flip(0)
    return x.movedim((0, 1), (batch, axis))


@interprets(reg.RollOp)
def roll(op: reg.RollOp, values: Values) -> Tensor:
    """The elements shifted along some axes, around the end."""
    x, shifts = values[op.data], read_integers(values[op.shift])
    axes = read_integers(values[op.axes])
    shifts = shifts * len(axes) if len(shifts) == 1 else shifts
    for shift, axis in zip(shifts, axes, strict=True):
        x = x.roll(shift, axis)
    return x


@interprets(reg.PadOp)
def pad(op: reg.PadOp, values: Values) -> Tensor:
    """The operand with borders: a number, the edge, or a mirror image; negative pads crop."""
    x, mode = values[op.arg], op.get("pad_mode")
    before, after = (read_integers(values[side]) for side in (op.pads_begin, op.pads_end))
    number = values.optional(op.arg_pad_value)
    for axis, (low, high) in enumerate(zip(before, after, strict=True)):
        extent = x.shape[axis]
        places = torch.arange(-low, extent + high)
        outside = (places < 0) | (places >= extent)
        x = x.index_select(axis, _inside(places, extent, mode))
        if mode == "constant" and outside.any():
            value = torch.zeros((), dtype=x.dtype) if number is None else number
            shape = [-1 if other == axis else 1 for other in range(x.dim())]
            x = torch.where(outside.reshape(shape), value, x)
    return x


def _inside(places: Tensor, extent: int, mode: str) -> Tensor:
    """Where a place outside a dimension reads from."""
    if mode == "reflect":
        places = places.abs()
        return (extent - 1) - ((extent - 1) - places).abs()
    if mode == "symmetric":
        places = torch.where(places < 0, -1 - places, places)
        return torch.where(places >= extent, 2 * extent - 1 - places, places)
    return places.clamp(0, max(extent - 1, 0))


# -- blocks ----------------------------------------------------------------------------------------


@interprets(reg.DepthToSpaceOp)
def depth_to_space(op: reg.DepthToSpaceOp, values: Values) -> Tensor:
    """Blocks of channels moved into the spatial axes."""
    x, size = values[op.data], op.get("block_size")
    batch, channels, *space = x.shape
    dims = len(space)
    blocks = [size] * dims
    if op.get("mode") == "blocks_first":
        x = x.reshape(batch, *blocks, channels // size**dims, *space)
        order = [0, dims + 1]
        offsets = range(1, dims + 1)
    else:
        x = x.reshape(batch, channels // size**dims, *blocks, *space)
        order = [0, 1]
        offsets = range(2, dims + 2)
    for axis, offset in enumerate(offsets):
        order += [dims + 2 + axis, offset]
    shape = [batch, channels // size**dims, *(extent * size for extent in space)]
    return x.permute(order).reshape(shape)


@interprets(reg.SpaceToDepthOp)
def space_to_depth(op: reg.SpaceToDepthOp, values: Values) -> Tensor:
    """Blocks of the spatial axes moved into the channels."""
    x, size = values[op.data], op.get("block_size")
    batch, channels, *space = x.shape
    dims = len(space)
    pairs = [part for extent in space for part in (extent // size, size)]
    x = x.reshape(batch, channels, *pairs)
    outer = [2 + 2 * axis for axis in range(dims)]
    inner = [3 + 2 * axis for axis in range(dims)]
    blocks_first = op.get("mode") == "blocks_first"
    order = [0, *inner, 1, *outer] if blocks_first else [0, 1, *inner, *outer]
    shape = [batch, channels * size**dims, *(extent // size for extent in space)]
    return x.permute(order).reshape(shape)


@interprets(reg.ShuffleChannelsOp)
def shuffle_channels(op: reg.ShuffleChannelsOp, values: Values) -> Tensor:
    """Channels interleaved across groups."""
    x, groups = values[op.data], int(op.get("group"))
    axis = int(op.get("axis")) % x.dim()
    shape = x.shape
    x = x.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])
    return x.transpose(axis, axis + 1).reshape(shape)


@interprets(reg.SpaceToBatchOp)
def space_to_batch(op: reg.SpaceToBatchOp, values: Values) -> Tensor:
    """The padded operand's blocks moved into the batch axis."""
    x, blocks = values[op.data], read_integers(values[op.block_shape])
    before, after = (read_integers(values[side]) for side in (op.pads_begin, op.pads_end))
    pairs = list(zip(before, after, strict=True))[::-1]
    padding = [amount for pair in pairs for amount in pair]
    x = torch.nn.functional.pad(x, padding)
    split = [
        part
        for extent, block in zip(x.shape, blocks, strict=True)
        for part in (extent // block, block)
    ]
    x = x.reshape(split)
    rank = len(blocks)
    order = [*(2 * axis + 1 for axis in range(rank)), *(2 * axis for axis in range(rank))]
    x = x.permute(order)
    return x.reshape(prod(x.shape[: rank + 1]), *x.shape[rank + 1 :])


@interprets(reg.BatchToSpaceOp)
def batch_to_space(op: reg.BatchToSpaceOp, values: Values) -> Tensor:
    """Blocks of the batch axis moved back into the spatial axes, and borders cut off."""
    x, blocks = values[op.data], read_integers(values[op.block_shape])
    rank = len(blocks)
    batch, *space = x.shape
    x = x.reshape(*blocks, batch // prod(blocks), *space)
    order = [part for axis in range(rank) for part in (rank + axis, axis)]
    extents = [
        extent * block
        for extent, block in zip([batch // prod(blocks), *space], blocks, strict=True)
    ]
    x = x.permute(order).reshape(extents)
    crops = zip(
        read_integers(values[op.crops_begin]), read_integers(values[op.crops_end]), strict=True
    )
    for axis, (low, high) in enumerate(crops):
        x = x.narrow(axis, low, x.shape[axis] - low - high)
    return x


# -- made from shapes and numbers ------------------------------------------------------------------


@interprets(reg.ShapeOfOp)
def shape_of(op: reg.ShapeOfOp, values: Values) -> Tensor:
    """The extents."""
    return torch.tensor(values[op.arg].shape, dtype=torch_dtype(op.output_type))


@interprets(reg.RangeOp)
def range_(op: reg.RangeOp, values: Values) -> Tensor:
    """start, start + step, … up to stop, without it."""
    start, step = values[op.start], values[op.step]
    dtype = torch_dtype(op.output_type)
    count = register_shaped(op.result.type).numel
    if not dtype.is_floating_point:
        start, step = start.trunc() if start.is_floating_point() else start, step
    steps = torch.arange(count, dtype=torch.float64 if dtype.is_floating_point else torch.int64)
    return (start.to(steps.dtype) + steps * step.to(steps.dtype)).to(dtype)


@interprets(reg.EyeOp)
def eye(op: reg.EyeOp, values: Values) -> Tensor:
    """Ones on a diagonal, zeros elsewhere."""
    shape = register_shaped(op.result.type).shape
    rows = torch.arange(shape[-2])[:, None]
    columns = torch.arange(shape[-1])[None, :]
    matrix = (columns - rows == int(values[op.diagonal_index])).to(torch_dtype(op.output_type))
    return matrix.expand(shape)
