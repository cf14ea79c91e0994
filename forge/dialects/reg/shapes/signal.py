"""Fourier transforms; complex numbers are pairs along the last axis."""

from __future__ import annotations

from forge.dialects.reg.shapes.checks import (
    check_float,
    check_index,
    check_rank,
    check_same_dtype,
    literal_int,
    literal_ints,
    normalize_axes,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _signal_axes(
    data: Shaped, axes: Shaped, signal_size: Shaped | None, rank: int
) -> tuple[list[int], list[int]]:
    """The axes to transform, and the extent along each; −1 leaves it as it is."""
    if str(data.dtype) not in ("f32", "f16", "bf16"):
        raise ShapeError(f"data must hold f32, f16 or bf16, got {data}")
    check_index(axes, "axes")
    check_rank(axes, "axes", 1)
    along = normalize_axes(literal_ints(axes, "axes"), rank)
    if signal_size is None:
        return along, [-1] * len(along)
    check_index(signal_size, "signal_size")
    if signal_size.shape != axes.shape:
        raise ShapeError(f"signal_size {signal_size} must have one number an axis")
    sizes = literal_ints(signal_size, "signal_size")
    if min(sizes, default=0) < -1:
        raise ShapeError(f"signal_size {sizes} has a negative extent other than −1")
    return along, sizes


@shape_function("reg.DFT", "reg.IDFT")
def dft(data: Shaped, axes: Shaped, signal_size: Shaped | None) -> Shaped:
    if data.rank < 2 or data.shape[-1] != 2:
        raise ShapeError(f"data must hold pairs along its last axis, got {data}")
    along, sizes = _signal_axes(data, axes, signal_size, data.rank - 1)
    shape = list(data.shape)
    for axis, size in zip(along, sizes, strict=True):
        shape[axis] = shape[axis] if size == -1 else size
    return Shaped(tuple(shape), data.dtype)


@shape_function("reg.RDFT")
def rdft(data: Shaped, axes: Shaped, signal_size: Shaped | None) -> Shaped:
    """Half of the spectrum along the last of the axes, as pairs."""
    along, sizes = _signal_axes(data, axes, signal_size, data.rank)
    if not along:
        raise ShapeError("axes is empty")
    shape = list(data.shape)
    for axis, size in zip(along, sizes, strict=True):
        shape[axis] = shape[axis] if size == -1 else size
    shape[along[-1]] = shape[along[-1]] // 2 + 1 if shape[along[-1]] else 0
    return Shaped((*shape, 2), data.dtype)


@shape_function("reg.IRDFT")
def irdft(data: Shaped, axes: Shaped, signal_size: Shaped | None) -> Shaped:
    if data.rank < 2 or data.shape[-1] != 2:
        raise ShapeError(f"data must hold pairs along its last axis, got {data}")
    along, sizes = _signal_axes(data, axes, signal_size, data.rank - 1)
    if not along:
        raise ShapeError("axes is empty")
    shape = list(data.shape[:-1])
    for axis, size in zip(along, sizes, strict=True):
        shape[axis] = shape[axis] if size == -1 else size
    if sizes[-1] == -1:
        shape[along[-1]] = max(2 * (shape[along[-1]] - 1), 0)
    return Shaped(tuple(shape), data.dtype)


def _frames(frame_size: Shaped, frame_step: Shaped, window: Shaped) -> tuple[int, int]:
    for name, operand in (("frame_size", frame_size), ("frame_step", frame_step)):
        check_index(operand, name)
        check_rank(operand, name, 0)
    check_rank(window, "window", 1)
    size, step = literal_int(frame_size, "frame_size"), literal_int(frame_step, "frame_step")
    if step < 1 or not 0 < window.shape[0] <= size:
        raise ShapeError(f"frames of {size} every {step} take no window {window}")
    return size, step


@shape_function("reg.STFT")
def stft(
    data: Shaped, window: Shaped, frame_size: Shaped, frame_step: Shaped, transpose_frames: bool
) -> Shaped:
    """Signals [N?, length] give [N?, frames, frequencies, 2], or frequencies before frames."""
    dtype = check_same_dtype(data=data, window=window)
    check_float(data, "data")
    check_rank(data, "data", 1, 2)
    size, step = _frames(frame_size, frame_step, window)
    if size > data.shape[-1]:
        raise ShapeError(f"a frame of {size} is longer than the signal {data}")
    counts = ((data.shape[-1] - size) // step + 1, size // 2 + 1)
    counts = counts[::-1] if transpose_frames else counts
    return Shaped((*data.shape[:-1], *counts, 2), dtype)


@shape_function("reg.ISTFT")
def istft(
    data: Shaped,
    window: Shaped,
    frame_size: Shaped,
    frame_step: Shaped,
    signal_length: Shaped | None,
    center: bool,
    normalized: bool,
) -> Shaped:
    """Spectra [N?, frequencies, frames, 2] give signals [N?, length]."""
    dtype = check_same_dtype(data=data, window=window)
    check_float(data, "data")
    check_rank(data, "data", 3, 4)
    size, step = _frames(frame_size, frame_step, window)
    if data.shape[-1] != 2 or data.shape[-3] != size // 2 + 1:
        raise ShapeError(f"data {data} does not hold spectra of frames of {size}")
    if not data.shape[-2]:
        raise ShapeError(f"data {data} holds no frames")
    # Centred frames reach beyond the signal by half a frame at either end.
    length = (data.shape[-2] - 1) * step + size - (size // 2 * 2 if center else 0)
    if signal_length is not None:
        check_index(signal_length, "signal_length")
        length = literal_int(signal_length, "signal_length")
    return Shaped((*data.shape[:-3], max(length, 0)), dtype)
