"""The same elements elsewhere: reshapes, permutations, concatenation, splits, tiles, blocks."""

from __future__ import annotations

from math import prod

from xdsl.ir import Attribute

from forge.dialects.reg.shapes.checks import (
    broadcast,
    check_index_type,
    check_rank,
    check_same_dtype,
    literal_int,
    literal_ints,
    normalize_axes,
    normalize_axis,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("reg.Reshape")
def reshape(arg: Shaped, shape_pattern: Shaped, special_zero: bool) -> Shaped:
    pattern = literal_ints(shape_pattern, "shape_pattern")
    check_rank(shape_pattern, "shape_pattern", 1)
    if pattern.count(-1) > 1 or min(pattern, default=0) < -1:
        raise ShapeError(f"shape_pattern {pattern} has a negative extent, or more than one −1")
    if special_zero and any(not extent for extent in pattern[arg.rank :]):
        raise ShapeError(f"shape_pattern {pattern} copies an extent that {arg} does not have")
    shape = [
        arg.shape[axis] if special_zero and not extent else extent
        for axis, extent in enumerate(pattern)
    ]
    if -1 in shape:
        known = prod(extent for extent in shape if extent != -1)
        if not known or arg.numel % known:
            raise ShapeError(f"{arg} has {arg.numel} elements, which {pattern} does not divide")
        shape[shape.index(-1)] = arg.numel // known
    if prod(shape) != arg.numel:
        raise ShapeError(f"{arg} has {arg.numel} elements, {pattern} has {prod(shape)}")
    return Shaped(tuple(shape), arg.dtype)


@shape_function("reg.Transpose")
def transpose(arg: Shaped, input_order: Shaped) -> Shaped:
    order = literal_ints(input_order, "input_order")
    check_rank(input_order, "input_order", 1)
    if not order:
        return Shaped(arg.shape[::-1], arg.dtype)
    if sorted(order) != list(range(arg.rank)):
        raise ShapeError(f"input_order {order} is no permutation of {arg.rank} axes")
    return Shaped(tuple(arg.shape[axis] for axis in order), arg.dtype)


@shape_function("reg.Squeeze")
def squeeze(data: Shaped, axes: Shaped | None, allow_axis_skip: bool) -> Shaped:
    """With `allow_axis_skip`, axes of another extent than 1 stay."""
    ones = {axis for axis, extent in enumerate(data.shape) if extent == 1}
    wanted = [] if axes is None else literal_ints(axes, "axes")
    removed = {normalize_axis(axis, data.rank, "axes") for axis in wanted} if wanted else ones
    if not removed <= ones and not allow_axis_skip:
        raise ShapeError(f"axes {wanted} of {data} are not all of extent 1")
    removed &= ones
    shape = tuple(extent for axis, extent in enumerate(data.shape) if axis not in removed)
    return Shaped(shape, data.dtype)


@shape_function("reg.Unsqueeze")
def unsqueeze(data: Shaped, axes: Shaped) -> Shaped:
    added = literal_ints(axes, "axes")
    if not added:
        raise ShapeError("axes is empty")
    rank = data.rank + len(added)
    positions = normalize_axes(added, rank)
    kept = iter(data.shape)
    shape = tuple(1 if axis in positions else next(kept) for axis in range(rank))
    return Shaped(shape, data.dtype)


@shape_function("reg.Concat")
def concat(args: list[Shaped], axis: int) -> Shaped:
    if not args:
        raise ShapeError("Concat needs an operand")
    first = args[0]
    dtype = check_same_dtype(**{f"args[{index}]": arg for index, arg in enumerate(args)})
    axis = normalize_axis(axis, first.rank)
    for arg in args[1:]:
        others = (*arg.shape[:axis], *arg.shape[axis + 1 :])
        if arg.rank != first.rank or others != (*first.shape[:axis], *first.shape[axis + 1 :]):
            raise ShapeError(f"{first} and {arg} do not fit together along axis {axis}")
    total = sum(arg.shape[axis] for arg in args)
    return Shaped((*first.shape[:axis], total, *first.shape[axis + 1 :]), dtype)


def _parts(data: Shaped, axis: int, lengths: list[int]) -> list[Shaped]:
    before, after = data.shape[:axis], data.shape[axis + 1 :]
    return [Shaped((*before, length, *after), data.dtype) for length in lengths]


@shape_function("reg.Split")
def split(data: Shaped, axis: Shaped, num_splits: int) -> list[Shaped]:
    check_rank(axis, "axis", 0)
    along = normalize_axis(literal_int(axis, "axis"), data.rank)
    if num_splits < 1 or data.shape[along] % num_splits:
        raise ShapeError(f"an extent of {data.shape[along]} has no {num_splits} equal parts")
    return _parts(data, along, [data.shape[along] // num_splits] * num_splits)


@shape_function("reg.VariadicSplit")
def variadic_split(data: Shaped, axis: Shaped, split_lengths: Shaped) -> list[Shaped]:
    along = normalize_axis(literal_int(axis, "axis"), data.rank)
    lengths = literal_ints(split_lengths, "split_lengths")
    check_rank(split_lengths, "split_lengths", 1)
    extent = data.shape[along]
    if lengths.count(-1) > 1 or min(lengths, default=0) < -1:
        raise ShapeError(f"split_lengths {lengths} has a negative length, or more than one −1")
    if -1 in lengths:
        lengths[lengths.index(-1)] = extent - sum(length for length in lengths if length != -1)
    if sum(lengths) != extent or min(lengths, default=0) < 0:
        raise ShapeError(f"split_lengths {lengths} do not add up to {extent}")
    return _parts(data, along, lengths)


@shape_function("reg.Tile")
def tile(data: Shaped, repeats: Shaped) -> Shaped:
    """The shorter of shape and repeats is filled up with ones, in front."""
    counts = literal_ints(repeats, "repeats")
    check_rank(repeats, "repeats", 1)
    if min(counts, default=0) < 0:
        raise ShapeError(f"repeats {counts} has a negative count")
    rank = max(data.rank, len(counts))
    shape = (1,) * (rank - data.rank) + data.shape
    counts = [1] * (rank - len(counts)) + counts
    return Shaped(tuple(e * c for e, c in zip(shape, counts, strict=True)), data.dtype)


@shape_function("reg.Broadcast")
def broadcast_to(
    arg: Shaped, target_shape: Shaped, axes_mapping: Shaped | None, mode: str
) -> Shaped:
    target = literal_ints(target_shape, "target_shape")
    check_rank(target_shape, "target_shape", 1)
    if min(target, default=0) < 0:
        raise ShapeError(f"target_shape {target} has a negative extent")
    if (mode == "explicit") != (axes_mapping is not None):
        raise ShapeError("axes_mapping goes with the mode explicit, and only with it")
    if axes_mapping is not None:
        check_rank(axes_mapping, "axes_mapping", 1)
        _check_explicit(arg, target, literal_ints(axes_mapping, "axes_mapping"))
    elif mode == "bidirectional":
        return Shaped(broadcast(arg.shape, target), arg.dtype)
    elif broadcast(arg.shape, target) != tuple(target):
        raise ShapeError(f"{arg} does not broadcast to {target}")
    return Shaped(tuple(target), arg.dtype)


def _check_explicit(arg: Shaped, target: list[int], mapping: list[int]) -> None:
    if len(mapping) != arg.rank or mapping != sorted(mapping):
        raise ShapeError(f"axes_mapping {mapping} must name an axis, in order, for each of {arg}")
    for extent, axis in zip(arg.shape, mapping, strict=True):
        if not 0 <= axis < len(target) or extent not in (1, target[axis]):
            raise ShapeError(f"axis {axis} of {target} does not take an extent of {extent}")


@shape_function("reg.ShapeOf")
def shape_of(arg: Shaped, output_type: Attribute) -> Shaped:
    check_index_type(output_type, "output_type")
    return Shaped((arg.rank,), output_type)


@shape_function("reg.DepthToSpace")
def depth_to_space(data: Shaped, mode: str, block_size: int) -> Shaped:
    if data.rank < 3:
        raise ShapeError(f"data must have a batch, a channel and a spatial axis, got {data}")
    batch, channels, *spatial = data.shape
    if block_size < 1 or channels % block_size ** len(spatial):
        raise ShapeError(f"{channels} channels hold no blocks of {block_size}^{len(spatial)}")
    shape = (batch, channels // block_size ** len(spatial), *(e * block_size for e in spatial))
    return Shaped(shape, data.dtype)


@shape_function("reg.SpaceToDepth")
def space_to_depth(data: Shaped, mode: str, block_size: int) -> Shaped:
    if data.rank < 3:
        raise ShapeError(f"data must have a batch, a channel and a spatial axis, got {data}")
    batch, channels, *spatial = data.shape
    if block_size < 1 or any(extent % block_size for extent in spatial):
        raise ShapeError(f"{data} has no blocks of {block_size}")
    shape = (batch, channels * block_size ** len(spatial), *(e // block_size for e in spatial))
    return Shaped(shape, data.dtype)


def _block_lists(rank: int, **operands: Shaped) -> list[list[int]]:
    check_same_dtype(**operands)
    lists: list[list[int]] = []
    for name, operand in operands.items():
        lists.append(literal_ints(operand, name))
        if operand.shape != (rank,):
            raise ShapeError(f"{name} must have one element an axis, got {operand}")
    if min(lists[0]) < 1 or min(*lists[1], *lists[2]) < 0:
        raise ShapeError(f"blocks are positive and borders not negative, got {lists}")
    return lists


@shape_function("reg.BatchToSpace")
def batch_to_space(
    data: Shaped, block_shape: Shaped, crops_begin: Shaped, crops_end: Shaped
) -> Shaped:
    if data.rank < 2:
        raise ShapeError(f"data must have rank 2 or more, got {data}")
    blocks, begin, end = _block_lists(
        data.rank, block_shape=block_shape, crops_begin=crops_begin, crops_end=crops_end
    )
    batch = data.shape[0]
    if batch % prod(blocks):
        raise ShapeError(f"a batch of {batch} has no blocks of {blocks}")
    extents = [
        extent * block - before - after
        for extent, block, before, after in zip(data.shape, blocks, begin, end, strict=True)
    ]
    if min(extents[1:]) < 0:
        raise ShapeError(f"the crops {begin} and {end} leave nothing of {data}")
    return Shaped((batch // prod(blocks), *extents[1:]), data.dtype)


@shape_function("reg.SpaceToBatch")
def space_to_batch(
    data: Shaped, block_shape: Shaped, pads_begin: Shaped, pads_end: Shaped
) -> Shaped:
    if data.rank < 2:
        raise ShapeError(f"data must have rank 2 or more, got {data}")
    blocks, begin, end = _block_lists(
        data.rank, block_shape=block_shape, pads_begin=pads_begin, pads_end=pads_end
    )
    padded = [e + b + a for e, b, a in zip(data.shape, begin, end, strict=True)]
    if any(extent % block for extent, block in zip(padded, blocks, strict=True)):
        raise ShapeError(f"the padded shape {padded} has no blocks of {blocks}")
    spatial = (extent // block for extent, block in zip(padded[1:], blocks[1:], strict=True))
    return Shaped((data.shape[0] * prod(blocks), *spatial), data.dtype)


@shape_function("reg.ShuffleChannels")
def shuffle_channels(data: Shaped, axis: int, group: int) -> Shaped:
    extent = data.shape[normalize_axis(axis, data.rank)] if data.rank else 0
    if group < 1 or not data.rank or extent % group:
        raise ShapeError(f"axis {axis} of {data} does not make {group} groups")
    return Shaped(data.shape, data.dtype)
