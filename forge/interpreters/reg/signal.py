"""Fourier transforms; complex numbers are pairs in a last axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets

# PyTorch does not annotate these functions.
_fft: Any = torch.fft


def _complex(x: Tensor) -> Tensor:
    return torch.view_as_complex(x.to(torch.float32).contiguous())


def _pairs(x: Tensor, dtype: torch.dtype) -> Tensor:
    return torch.view_as_real(x.contiguous()).to(dtype)


def _axes_and_sizes(op: Any, values: Values, rank: int) -> tuple[list[int], list[int] | None]:
    """The transformed axes from the front, and their lengths; −1 stands for the data's own."""
    axes = [axis % rank for axis in read_integers(values[op.axes])]
    sizes = values.optional(op.signal_size)
    return axes, None if sizes is None else read_integers(sizes)


def _resized(x: Tensor, axes: Sequence[int], sizes: Sequence[int] | None) -> Tensor:
    """Axes cut, or extended with zeros, to given lengths."""
    for axis, size in zip(axes, sizes or [-1] * len(axes), strict=True):
        if size < 0 or size == x.shape[axis]:
            continue
        x = x.narrow(axis, 0, min(size, x.shape[axis]))
        x = F.pad(x, [0, 0] * (x.dim() - axis - 1) + [0, size - x.shape[axis]])
    return x


@interprets(reg.DFTOp, reg.IDFTOp)
def dft(op: Any, values: Values) -> Tensor:
    """The discrete Fourier transform of complex data, or its inverse."""
    data = values[op.data]
    axes, sizes = _axes_and_sizes(op, values, data.dim() - 1)
    x = _resized(_complex(data), axes, sizes)
    transform = _fft.fftn if isinstance(op, reg.DFTOp) else _fft.ifftn
    return _pairs(transform(x, dim=axes), data.dtype)


@interprets(reg.RDFTOp)
def rdft(op: reg.RDFTOp, values: Values) -> Tensor:
    """The transform of real data: half of it, for the other half is its mirror image."""
    data = values[op.data]
    axes, sizes = _axes_and_sizes(op, values, data.dim())
    x = _resized(data.to(torch.float32), axes, sizes)
    return _pairs(_fft.rfftn(x, dim=axes), data.dtype)


@interprets(reg.IRDFTOp)
def irdft(op: reg.IRDFTOp, values: Values) -> Tensor:
    """The inverse of RDFT; the last axis gets the length that the result's type says."""
    data = values[op.data]
    axes, sizes = _axes_and_sizes(op, values, data.dim() - 1)
    inner = None if sizes is None else sizes[:-1]
    x = _resized(_complex(data), axes[:-1], inner)
    shape = register_shaped(op.result.type).shape
    if 0 in shape:
        return torch.zeros(shape, dtype=data.dtype)
    lengths = [*(x.shape[axis] for axis in axes[:-1]), shape[axes[-1]]]
    return _fft.irfftn(x, s=lengths, dim=axes).to(data.dtype)


def _window(window: Tensor, size: int) -> Tensor:
    """A window in the middle of a frame."""
    left = (size - window.shape[0]) // 2
    return F.pad(window.to(torch.float32), [left, size - window.shape[0] - left])


@interprets(reg.STFTOp)
def stft(op: reg.STFTOp, values: Values) -> Tensor:
    """Fourier transforms of windows of a signal: `[…, frequencies, frames, 2]`."""
    data, size, step = values[op.data], int(values[op.frame_size]), int(values[op.frame_step])
    frames = data.to(torch.float32).unfold(-1, size, step) * _window(values[op.window], size)
    spectrum = _fft.rfft(frames)
    spectrum = spectrum if not op.get("transpose_frames") else spectrum.transpose(-1, -2)
    return _pairs(spectrum, data.dtype)


@interprets(reg.ISTFTOp)
def istft(op: reg.ISTFTOp, values: Values) -> Tensor:
    """The signal from `[…, frequencies, frames, 2]`: frames added up, divided by their windows."""
    data, size, step = values[op.data], int(values[op.frame_size]), int(values[op.frame_step])
    window = _window(values[op.window], size)
    spectrum = _complex(data).transpose(-1, -2)
    if op.get("normalized"):
        spectrum = spectrum * math.sqrt(size)
    frames: Tensor = _fft.irfft(spectrum, n=size) * window
    count = frames.shape[-2]
    length = size + (count - 1) * step
    signal = torch.zeros(*frames.shape[:-2], length)
    weight = torch.zeros(length)
    for frame in range(count):
        place = slice(frame * step, frame * step + size)
        signal[..., place] += frames[..., frame, :]
        weight[place] += window * window
    signal = torch.where(weight != 0, signal / weight.clamp(min=1e-30), signal)
    start = size // 2 if op.get("center") else 0
    wanted = register_shaped(op.result.type).shape[-1]
    signal = signal[..., start:]
    if op.get("center") and op.signal_length is None:
        signal = signal[..., :wanted]
    signal = signal[..., :wanted]
    return F.pad(signal, [0, wanted - signal.shape[-1]]).to(data.dtype)
