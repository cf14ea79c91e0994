"""Joining, padding, repeating and turning tensors."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Literal

import numpy as np
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_bool
from forge.lowering.aten_to_reg.creation import band
from forge.lowering.aten_to_reg.views import diagonal_of, diagonal_places, moved_order
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, size_of, wrap

PATTERNS = ConversionPatterns()


# -- joining ---------------------------------------------------------------------------------------


@PATTERNS.convert(aten.CatOp, aten.ConcatOp)
def cat(op: Any, b: RegBuilder) -> SSAValue:
    # PyTorch lets an empty tensor of one dimension join tensors of any rank.
    tensors = [x for x in op.operands if not _is_legacy_empty(b[x])] or op.operands[:1]
    rank = len(b.result().shape)
    return b.concat([b.input(x) for x in tensors], wrap(op.get("dim"), rank))


def _is_legacy_empty(x: SSAValue) -> bool:
    return shape_of(x) == (0,)


@PATTERNS.convert(aten.StackOp)
def stack(op: aten.StackOp, b: RegBuilder) -> SSAValue:
    axis = wrap(op.get("dim"), len(b.result().shape))
    return b.concat([b.unsqueeze(b.input(x), axis) for x in op.operands], axis)


@PATTERNS.convert(aten.HstackOp)
def hstack(op: aten.HstackOp, b: RegBuilder) -> SSAValue:
    tensors = [_at_least(b.input(x), 1, b) for x in op.operands]
    return b.concat(tensors, 0 if rank_of(tensors[0]) == 1 else 1)


@PATTERNS.convert(aten.VstackOp)
def vstack(op: aten.VstackOp, b: RegBuilder) -> SSAValue:
    return b.concat([_at_least(b.input(x), 2, b) for x in op.operands], 0)


@PATTERNS.convert(aten.ColumnStackOp)
def column_stack(op: aten.ColumnStackOp, b: RegBuilder) -> SSAValue:
    columns = [b.input(x) for x in op.operands]
    return b.concat([b.reshape(x, [size_of(x), 1]) if rank_of(x) < 2 else x for x in columns], 1)


def _at_least(x: SSAValue, rank: int, b: RegBuilder) -> SSAValue:
    return b.reshape(x, [*[1] * (rank - rank_of(x)), *shape_of(x)])


@PATTERNS.convert(aten.MeshgridOp, aten.MeshgridIndexingOp)
def meshgrid(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    count = len(op.operands)
    swapped = count > 1 and isinstance(op, aten.MeshgridIndexingOp) and op.get("indexing") == "xy"
    grids: list[SSAValue] = []
    for index, tensor in enumerate(op.operands):
        axis = 1 - index if swapped and index < 2 else index
        shape = [1] * count
        x = b[tensor]
        shape[axis] = shape_of(x)[0] if rank_of(x) else 1
        grids.append(b.broadcast(b.reshape(x, shape), b.result(index).shape))
    return grids


# -- padding ---------------------------------------------------------------------------------------

_PAD_MODES: dict[str, Literal["reflect", "edge"]] = {"reflect": "reflect", "replicate": "edge"}


@PATTERNS.convert(aten.ConstantPadNdOp)
def constant_pad(op: aten.ConstantPadNdOp, b: RegBuilder) -> SSAValue:
    return pad_constant(b[op.input], op.get("pad"), op.get("value"), b)


def _sides(pad: Sequence[int], rank: int) -> tuple[list[int], list[int]]:
    """What to add before and after each dimension; PyTorch lists pairs from the last one on."""
    before, after = [0] * rank, [0] * rank
    for index in range(len(pad) // 2):
        before[rank - 1 - index], after[rank - 1 - index] = pad[2 * index : 2 * index + 2]
    return before, after


def pad_constant(x: SSAValue, pad: Sequence[int], value: float, b: RegBuilder) -> SSAValue:
    """Pad with a number; negative amounts cut elements off."""
    before, after = _sides(pad, rank_of(x))
    for axis, (low, high) in enumerate(zip(before, after, strict=True)):
        extent = shape_of(x)[axis]
        x = b.slice(x, axis, max(0, -low), extent - max(0, -high))
    low, high = ([max(0, amount) for amount in side] for side in (before, after))
    if not any(low) and not any(high):
        return x
    number = b.scalar(value, dtype_of(x))
    return b.emit(reg.PadOp(x, b.ints(low), b.ints(high), number, pad_mode="constant"))


@PATTERNS.convert(aten.PadOp)
def pad(op: aten.PadOp, b: RegBuilder) -> SSAValue:
    x, amounts, mode = b[op.input], op.get("pad"), op.get("mode")
    if mode == "constant":
        return pad_constant(x, amounts, op.get("value") or 0, b)
    if mode == "circular":
        return _pad_circular(x, amounts, b)
    return _pad_with(x, amounts, _PAD_MODES[mode], b)


@PATTERNS.convert(
    aten.ReflectionPad1dOp,
    aten.ReflectionPad2dOp,
    aten.ReflectionPad3dOp,
    aten.ReplicationPad1dOp,
    aten.ReplicationPad2dOp,
    aten.ReplicationPad3dOp,
)
def pad_by_kind(op: Any, b: RegBuilder) -> SSAValue:
    mode = "reflect" if "reflection" in op.name else "edge"
    return _pad_with(b[op.input], op.get("padding"), mode, b)


def _pad_with(
    x: SSAValue, amounts: Sequence[int], mode: Literal["reflect", "edge"], b: RegBuilder
) -> SSAValue:
    if min(amounts) < 0:
        b.reject("only padding with a number cuts elements off")
    before, after = _sides(amounts, rank_of(x))
    return b.emit(reg.PadOp(x, b.ints(before), b.ints(after), pad_mode=mode))


def _pad_circular(x: SSAValue, amounts: Sequence[int], b: RegBuilder) -> SSAValue:
    if min(amounts) < 0:
        b.reject("only padding with a number cuts elements off")
    before, after = _sides(amounts, rank_of(x))
    for axis, (low, high) in enumerate(zip(before, after, strict=True)):
        if low or high:
            places = np.arange(-low, shape_of(x)[axis] + high) % shape_of(x)[axis]
            x = b.gather(x, b.constant(places, i64), axis)
    return x


# -- repeating -------------------------------------------------------------------------------------


@PATTERNS.convert(aten.RepeatOp, aten.TileOp)
def repeat(op: Any, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    repeats = op.get("repeats") if isinstance(op, aten.RepeatOp) else op.get("dims")
    repeats = [1] * (rank_of(x) - len(repeats)) + list(repeats)
    x = _at_least(x, len(repeats), b)
    if all(count == 1 for count in repeats):
        return x
    return b.emit(reg.TileOp(x, b.ints(repeats)))


@PATTERNS.convert(aten.RepeatInterleaveSelfIntOp)
def repeat_interleave(op: aten.RepeatInterleaveSelfIntOp, b: RegBuilder) -> SSAValue:
    x, dim = b[op.input], op.get("dim")
    if dim is None:
        x, dim = b.reshape(x, [size_of(x)]), 0
    axis = wrap(dim, rank_of(x))
    places = np.repeat(np.arange(shape_of(x)[axis]), op.get("repeats"))
    return b.gather(x, b.constant(places, i64), axis)


# -- turning ---------------------------------------------------------------------------------------


@PATTERNS.convert(aten.FlipOp)
def flip(op: aten.FlipOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if rank_of(x) == 0:
        return x
    return reverse(x, [wrap(axis, rank_of(x)) for axis in op.get("dims")], b)


def reverse(x: SSAValue, axes: Sequence[int], b: RegBuilder) -> SSAValue:
    """A tensor from back to front along some dimensions."""
    axes = [axis for axis in axes if shape_of(x)[axis] > 1]
    if not axes:
        return x
    # Stops before the first element, which no index in the range does.
    start, stop, step = ([bound] * len(axes) for bound in (-1, -(2**31), -1))
    bounds = (b.ints(bound) for bound in (start, stop, step, axes))
    return b.emit(reg.SliceOp(x, *bounds))


@PATTERNS.convert(aten.RollOp)
def roll(op: aten.RollOp, b: RegBuilder) -> SSAValue:
    x, shifts, axes = b[op.input], op.get("shifts"), op.get("dims")
    if not axes:
        # The tensor is rolled as if it had one dimension.
        flat = b.reshape(x, [size_of(x)])
        return b.reshape(b.emit(reg.RollOp(flat, b.ints(shifts), b.ints([0]))), shape_of(x))
    return b.emit(reg.RollOp(x, b.ints(shifts), b.ints([wrap(axis, rank_of(x)) for axis in axes])))


@PATTERNS.convert(aten.Rot90Op)
def rot90(op: aten.Rot90Op, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    first, second = (wrap(axis, rank_of(x)) for axis in op.get("dims"))
    turns = op.get("k") % 4
    if turns == 2:
        return reverse(x, [first, second], b)
    if turns == 1:
        return b.swap(reverse(x, [second], b), first, second)
    return reverse(b.swap(x, first, second), [second], b) if turns == 3 else x


@PATTERNS.convert(aten.ChannelShuffleOp)
def channel_shuffle(op: aten.ChannelShuffleOp, b: RegBuilder) -> SSAValue:
    x, groups = b[op.input], op.get("groups")
    batch, channels, *space = shape_of(x)
    grouped = b.reshape(x, [batch, groups, channels // groups, *space])
    return b.reshape(b.swap(grouped, 1, 2), shape_of(x))


@PATTERNS.convert(aten.PixelShuffleOp)
def pixel_shuffle(op: aten.PixelShuffleOp, b: RegBuilder) -> SSAValue:
    x, factor = b[op.input], op.get("upscale_factor")
    images = b.reshape(x, [prod(shape_of(x)[:-3]), *shape_of(x)[-3:]])
    pixels = b.emit(reg.DepthToSpaceOp(images, mode="depth_first", block_size=factor))
    return b.reshape(pixels, b.result().shape)


@PATTERNS.convert(aten.PixelUnshuffleOp)
def pixel_unshuffle(op: aten.PixelUnshuffleOp, b: RegBuilder) -> SSAValue:
    x, factor = b[op.input], op.get("downscale_factor")
    images = b.reshape(x, [prod(shape_of(x)[:-3]), *shape_of(x)[-3:]])
    pixels = b.emit(reg.SpaceToDepthOp(images, mode="depth_first", block_size=factor))
    return b.reshape(pixels, b.result().shape)


# -- triangles and diagonals -----------------------------------------------------------------------


@PATTERNS.convert(aten.TrilOp)
def tril(op: aten.TrilOp, b: RegBuilder) -> SSAValue:
    return triangle(b[op.input], band(b, *_matrix(op, b), high=op.get("diagonal")), b)


@PATTERNS.convert(aten.TriuOp)
def triu(op: aten.TriuOp, b: RegBuilder) -> SSAValue:
    return triangle(b[op.input], band(b, *_matrix(op, b), low=op.get("diagonal")), b)


def _matrix(op: Any, b: RegBuilder) -> tuple[int, int]:
    rows, columns = shape_of(b[op.input])[-2:]
    return rows, columns


def triangle(x: SSAValue, places: SSAValue, b: RegBuilder) -> SSAValue:
    """A tensor where `places` holds, zero elsewhere."""
    return b.both(x, places) if is_bool(dtype_of(x)) else b.select(places, x, 0)


@PATTERNS.convert(aten.DiagOp)
def diag(op: aten.DiagOp, b: RegBuilder) -> SSAValue:
    x, offset = b[op.input], op.get("diagonal")
    return diagonal_of(x, offset, 0, 1, b) if rank_of(x) == 2 else _embed(x, offset, b)


@PATTERNS.convert(aten.DiagEmbedOp)
def diag_embed(op: aten.DiagEmbedOp, b: RegBuilder) -> SSAValue:
    matrices = _embed(b[op.input], op.get("offset"), b)
    rank = rank_of(matrices)
    # Where the last two dimensions belong.
    target = [wrap(op.get("dim1"), rank), wrap(op.get("dim2"), rank)]
    return b.transpose(matrices, moved_order(rank, [rank - 2, rank - 1], target))


def _embed(x: SSAValue, offset: int, b: RegBuilder) -> SSAValue:
    """Matrices in the last two dimensions with x on their diagonal."""
    *batch, length = shape_of(x)
    size = length + abs(offset)
    # Every place reads the diagonal's element, or a zero that is put behind it.
    places = np.full((size, size), length)
    for index, place in enumerate(diagonal_places(size, size, offset)):
        places[place] = index
    zero = b.splat(0, [*batch, 1], dtype_of(x))
    return b.gather(b.concat([x, zero], len(batch)), b.constant(places, i64), len(batch))
