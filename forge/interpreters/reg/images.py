"""Patches of images, regions, convolutions whose taps move."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from forge.dialects import reg
from forge.dialects.reg import register_shaped
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.reg.linear_algebra import explicit_pads, real
from forge.interpreters.registry import Values, interprets


@interprets(reg.Col2ImOp)
def col2im(op: reg.Col2ImOp, values: Values) -> Tensor:
    """Sliding blocks summed back into an image."""
    size, kernel = read_integers(values[op.output_size]), read_integers(values[op.kernel_size])
    before, after = op.get("pads_begin"), op.get("pads_end")
    # PyTorch pads both sides alike: fold into the padded image and cut the borders off.
    height, width = (s + b + a for s, b, a in zip(size, before, after, strict=True))
    data = values[op.data]
    image = F.fold(
        real(data),
        (height, width),
        (kernel[0], kernel[1]),
        dilation=op.get("dilations"),
        stride=op.get("strides"),
    ).to(data.dtype)
    rows = slice(before[0], before[0] + size[0])
    return image[..., rows, before[1] : before[1] + size[1]]


@interprets(reg.ExtractImagePatchesOp)
def extract_image_patches(op: reg.ExtractImagePatchesOp, values: Values) -> Tensor:
    """Patches of an image, laid out along the channel axis with the channel last."""
    x = values[op.image]
    sizes, strides, rates = op.get("sizes"), op.get("strides"), op.get("rates")
    before, after = explicit_pads(op, x.shape[2:], sizes, strides, rates)
    x = F.pad(x, [before[1], after[1], before[0], after[0]])
    batch, channels = x.shape[:2]
    patches = F.unfold(real(x), sizes, dilation=rates, stride=strides).to(x.dtype)
    patches = patches.reshape(batch, channels, math.prod(sizes), -1).transpose(1, 2)
    return patches.reshape(register_shaped(op.result.type).shape)


def bilinear(image: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """`[C, H, W]` read between its elements, zero outside: `[C, …]` for coordinates `[…]`."""
    height, width = image.shape[1:]
    total = torch.zeros((image.shape[0], *rows.shape), dtype=image.dtype)
    for d_row in (0, 1):
        for d_column in (0, 1):
            row, column = rows.floor() + d_row, columns.floor() + d_column
            weight = (1 - (rows - row).abs()) * (1 - (columns - column).abs())
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            r = row.clamp(0, height - 1).to(torch.int64)
            c = column.clamp(0, width - 1).to(torch.int64)
            total += torch.where(inside, weight * image[:, r, c], 0.0)
    return total


@interprets(reg.DeformableConvolutionOp)
def deformable_convolution(op: reg.DeformableConvolutionOp, values: Values) -> Tensor:
    """A convolution that reads each tap at its place plus an offset, weighted by the mask."""
    x, offsets, filters = values[op.arg], values[op.offsets], values[op.filters]
    mask = values.optional(op.mask)
    strides, dilations = op.get("strides"), op.get("dilations")
    groups, deformable = op.get("group"), op.get("deformable_group")
    before, _ = explicit_pads(op, x.shape[2:], filters.shape[2:], strides, dilations)
    batch, channels = x.shape[:2]
    kernel_h, kernel_w = filters.shape[2:]
    height, width = offsets.shape[2:]
    offsets = offsets.reshape(batch, deformable, kernel_h * kernel_w, 2, height, width)
    if mask is not None:
        mask = mask.reshape(batch, deformable, kernel_h * kernel_w, height, width)
    rows = torch.arange(height)[:, None] * strides[0] - before[0]
    columns = torch.arange(width)[None, :] * strides[1] - before[1]
    share = channels // deformable
    taps = torch.zeros(batch, channels, kernel_h * kernel_w, height, width, dtype=x.dtype)
    for n in range(batch):
        for group in range(deformable):
            part = slice(group * share, (group + 1) * share)
            for tap in range(kernel_h * kernel_w):
                row = rows + tap // kernel_w * dilations[0] + offsets[n, group, tap, 0]
                column = columns + tap % kernel_w * dilations[1] + offsets[n, group, tap, 1]
                read = _read(x[n, part], row, column, bool(op.get("bilinear_interpolation_pad")))
                taps[n, part, tap] = read if mask is None else read * mask[n, group, tap]
    per_group = taps.reshape(batch, groups, channels // groups * kernel_h * kernel_w, height, width)
    weights = filters.reshape(groups, filters.shape[0] // groups, -1)
    return torch.einsum("ngkhw,gok->ngohw", per_group, weights).flatten(1, 2)


def _read(image: Tensor, rows: Tensor, columns: Tensor, padded: bool) -> Tensor:
    height, width = image.shape[1:]
    read = bilinear(image, rows, columns)
    if padded:
        return read
    # Places outside the image count as zero, also where a neighbour is inside.
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    clamped = bilinear(image, rows.clamp(0, height - 1), columns.clamp(0, width - 1))
    return torch.where(inside, clamped, 0.0)


@interprets(reg.ROIAlignOp)
def roi_align(op: reg.ROIAlignOp, values: Values) -> Tensor:
    """Regions of an image cut in bins; each bin the mean or maximum of points in it."""
    x, rois = values[op.input], values[op.rois]
    batches = read_integers(values[op.batch_indices])
    scale, ratio = op.get("spatial_scale"), op.get("sampling_ratio")
    aligned = op.get("aligned_mode") != "asymmetric"
    shift = 0.5 if aligned else 0.0
    pooled = (op.get("pooled_h"), op.get("pooled_w"))
    results: list[Tensor] = []
    for roi, batch in zip(rois, batches, strict=True):
        x1, y1, x2, y2 = (float(number) * scale - shift for number in roi)
        width, height = x2 - x1, y2 - y1
        if not aligned:
            width, height = max(width, 1.0), max(height, 1.0)
        samples = [
            ratio if ratio > 0 else math.ceil(extent / count)
            for extent, count in zip((height, width), pooled, strict=True)
        ]
        rows = _samples(y1, height, pooled[0], samples[0])
        columns = _samples(x1, width, pooled[1], samples[1])
        points = _points(x[batch], rows, columns, samples, pooled)
        # A maximum is at least zero.
        mean = op.get("mode") == "avg"
        results.append(points.mean(-1) if mean else points.amax(-1).clamp(min=0))
    return torch.stack(results)


def _samples(start: float, extent: float, bins: int, count: int) -> Tensor:
    size = extent / bins
    places = torch.arange(bins)[:, None] + (torch.arange(count)[None, :] + 0.5) / count
    return (start + places * size).reshape(-1)


def _points(
    image: Tensor, rows: Tensor, columns: Tensor, samples: list[int], pooled: tuple[int, int]
) -> Tensor:
    height, width = image.shape[1:]
    grid_rows, grid_columns = torch.meshgrid(rows, columns, indexing="ij")
    outside = (grid_rows < -1) | (grid_rows > height) | (grid_columns < -1) | (grid_columns > width)
    read = bilinear(image, grid_rows.clamp(0, height - 1), grid_columns.clamp(0, width - 1))
    read = torch.where(outside, 0.0, read)
    read = read.reshape(-1, pooled[0], samples[0], pooled[1], samples[1])
    return read.permute(0, 1, 3, 2, 4).flatten(3)
