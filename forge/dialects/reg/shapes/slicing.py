"""Parts of a tensor by ranges, and tensors with borders: Slice, StridedSlice, SliceScatter, Pad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forge.dialects.reg.shapes.checks import (
    check_integer,
    check_rank,
    check_same_dtype,
    literal_ints,
    normalize_axes,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def sliced_extent(extent: int, start: int | None, stop: int | None, step: int) -> int:
    """How many of `extent` elements are taken from `start` to `stop`; `None` is an open end.

    Negative positions count from the back. Backwards, a start before the first element is the
    first element; in Python it would be none.
    """
    if step > 0:
        begin = 0 if start is None else _clamped(start, extent, 0, extent)
        end = extent if stop is None else _clamped(stop, extent, 0, extent)
    else:
        begin = extent - 1 if start is None else _clamped(start, extent, 0, extent - 1)
        end = -1 if stop is None else _clamped(stop, extent, -1, extent - 1)
    return len(range(begin, end, step))


def _clamped(position: int, extent: int, low: int, high: int) -> int:
    return min(max(position + extent if position < 0 else position, low), high)


@shape_function("reg.Slice")
def slice_shape(
    data: Shaped, start: Shaped, stop: Shaped, step: Shaped, axes: Shaped | None
) -> Shaped:
    check_same_dtype(start=start, stop=stop, step=step, axes=axes)
    for name, operand in (("start", start), ("stop", stop), ("step", step), ("axes", axes)):
        if operand is not None:
            check_rank(operand, name, 1)
    starts, stops, steps = (
        literal_ints(start, "start"),
        literal_ints(stop, "stop"),
        literal_ints(step, "step"),
    )
    along = list(range(len(starts))) if axes is None else literal_ints(axes, "axes")
    along = normalize_axes(along, data.rank)
    if not len(starts) == len(stops) == len(steps) == len(along):
        raise ShapeError("start, stop, step and axes differ in length")
    if 0 in steps:
        raise ShapeError("a step is 0")
    shape = list(data.shape)
    for axis, first, last, each in zip(along, starts, stops, steps, strict=True):
        shape[axis] = sliced_extent(shape[axis], first, last, each)
    return Shaped(tuple(shape), data.dtype)


@shape_function("reg.SliceScatter")
def slice_scatter(
    data: Shaped,
    updates: Shaped,
    start: Shaped,
    stop: Shaped,
    step: Shaped,
    axes: Shaped | None,
) -> Shaped:
    check_same_dtype(data=data, updates=updates)
    part = slice_shape(data, start, stop, step, axes)
    if updates.shape != part.shape:
        raise ShapeError(f"updates {updates} do not have the slice's shape {list(part.shape)}")
    return Shaped(data.shape, data.dtype)


@dataclass(frozen=True)
class _Range:
    """One entry of a strided slice.

    Attributes:
        kind: what the masks make of it: `range`, `single`, `new_axis` or `ellipsis`.
    """

    kind: str
    start: int | None
    stop: int | None
    step: int


@shape_function("reg.StridedSlice")
def strided_slice(
    data: Shaped,
    begin: Shaped,
    end: Shaped,
    strides: Shaped | None,
    begin_mask: list[int],
    end_mask: list[int],
    new_axis_mask: list[int],
    shrink_axis_mask: list[int],
    ellipsis_mask: list[int],
) -> Shaped:
    """The masks have one bit an entry: open start, open end, new axis, single element, ellipsis."""
    for name, operand in (("begin", begin), ("end", end), ("strides", strides)):
        if operand is not None:
            check_rank(operand, name, 1)
    starts, stops = literal_ints(begin, "begin"), literal_ints(end, "end")
    steps = [1] * len(starts) if strides is None else literal_ints(strides, "strides")
    if not len(starts) == len(stops) == len(steps):
        raise ShapeError("begin, end and strides differ in length")
    if 0 in steps:
        raise ShapeError("a stride is 0")
    masks = (begin_mask, end_mask, new_axis_mask, shrink_axis_mask, ellipsis_mask)
    if any(bit not in (0, 1) for mask in masks for bit in mask):
        raise ShapeError("a mask has bits 0 and 1")
    if any(mask and len(mask) != len(begin_mask) for mask in masks):
        raise ShapeError("the masks differ in length")
    entries = [
        _Range(
            _kind(index, new_axis_mask, shrink_axis_mask, ellipsis_mask),
            None if _bit(begin_mask, index) else starts[index],
            None if _bit(end_mask, index) else stops[index],
            steps[index],
        )
        for index in range(len(starts))
    ]
    return Shaped(tuple(_strided_extents(data.shape, entries)), data.dtype)


def _bit(mask: Sequence[int], index: int) -> bool:
    return index < len(mask) and mask[index] == 1


def _kind(
    index: int, new_axis: Sequence[int], shrink_axis: Sequence[int], ellipsis: Sequence[int]
) -> str:
    if _bit(ellipsis, index):
        return "ellipsis"
    if _bit(new_axis, index):
        return "new_axis"
    return "single" if _bit(shrink_axis, index) else "range"


def _strided_extents(shape: tuple[int, ...], entries: Sequence[_Range]) -> Iterator[int]:
    kinds = [entry.kind for entry in entries]
    skipped = len(shape) - kinds.count("range") - kinds.count("single")
    if skipped < 0 or kinds.count("ellipsis") > 1:
        raise ShapeError(f"{len(entries)} entries are too many for rank {len(shape)}")
    axis = 0
    for entry in entries:
        if entry.kind == "new_axis":
            yield 1
        elif entry.kind == "ellipsis":
            yield from shape[axis : axis + skipped]
            axis += skipped
        else:
            if entry.kind == "range":
                yield sliced_extent(shape[axis], entry.start, entry.stop, entry.step)
            axis += 1
    yield from shape[axis:]


@shape_function("reg.Pad")
def pad(
    arg: Shaped, pads_begin: Shaped, pads_end: Shaped, arg_pad_value: Shaped | None, pad_mode: str
) -> Shaped:
    check_same_dtype(arg=arg, arg_pad_value=arg_pad_value)
    if arg_pad_value is not None:
        check_rank(arg_pad_value, "arg_pad_value", 0)
    borders = [literal_ints(pads_begin, "pads_begin"), literal_ints(pads_end, "pads_end")]
    for name, operand in (("pads_begin", pads_begin), ("pads_end", pads_end)):
        check_integer(operand, name)
        if operand.shape != (arg.rank,):
            raise ShapeError(f"{name} must have one element an axis, got {operand}")
    shape = [
        _padded(extent, before, after, pad_mode)
        for extent, before, after in zip(arg.shape, *borders, strict=True)
    ]
    return Shaped(tuple(shape), arg.dtype)


def _padded(extent: int, before: int, after: int, mode: str) -> int:
    limits = {"edge": None if extent else 0, "reflect": extent - 1, "symmetric": extent}
    limit = limits.get(mode)
    if limit is not None and max(before, after) > limit:
        raise ShapeError(f"{mode} pads an extent of {extent} by {limit} at most")
    if (padded := extent + before + after) < 0:
        raise ShapeError(f"the pads {before} and {after} leave nothing of an extent of {extent}")
    return padded
