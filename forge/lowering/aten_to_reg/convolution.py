"""Convolutions, also transposed and grouped ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, rank_of, shape_of

PATTERNS = ConversionPatterns()


@dataclass(frozen=True)
class Geometry:
    """How a window moves over the spatial dimensions; one number each."""

    strides: Sequence[int]
    pads_begin: Sequence[int]
    pads_end: Sequence[int]
    dilations: Sequence[int]
    groups: int


def per_dimension(values: Sequence[int], count: int) -> list[int]:
    """One number a dimension; PyTorch lets one stand for all."""
    return list(values) * count if len(values) == 1 else list(values)


def batched(x: SSAValue, dims: int, b: RegBuilder) -> SSAValue:
    """A tensor with a batch dimension: PyTorch lets it be left out."""
    return x if rank_of(x) == dims + 2 else b.unsqueeze(x, 0)


@PATTERNS.convert(aten.Conv1dOp, aten.Conv2dOp, aten.Conv3dOp)
def conv(op: Any, b: RegBuilder) -> SSAValue:
    dims = rank_of(b[op.weight]) - 2
    padding = per_dimension(op.get("padding"), dims)
    return _convolution(op, _geometry(op, padding, padding, dims), b)


@PATTERNS.convert(aten.Conv1dPaddingOp, aten.Conv2dPaddingOp, aten.Conv3dPaddingOp)
def conv_padding(op: Any, b: RegBuilder) -> SSAValue:
    kernel = shape_of(b[op.weight])[2:]
    dims = len(kernel)
    dilations = per_dimension(op.get("dilation"), dims)
    total = [0] * dims
    if op.get("padding") == "same":
        total = [d * (k - 1) for d, k in zip(dilations, kernel, strict=True)]
    # An odd one goes to the end.
    before = [t // 2 for t in total]
    after = [t - t // 2 for t in total]
    return _convolution(op, _geometry(op, before, after, dims), b)


@PATTERNS.convert(aten.ConvTranspose1dOp, aten.ConvTranspose2dInputOp, aten.ConvTranspose3dInputOp)
def conv_transpose(op: Any, b: RegBuilder) -> SSAValue:
    dims = rank_of(b[op.weight]) - 2
    padding = per_dimension(op.get("padding"), dims)
    return _transposed(op, _geometry(op, padding, padding, dims), b)


@PATTERNS.convert(aten.ConvolutionOp)
def convolution(op: aten.ConvolutionOp, b: RegBuilder) -> SSAValue:
    dims = rank_of(b[op.weight]) - 2
    padding = per_dimension(op.get("padding"), dims)
    geometry = _geometry(op, padding, padding, dims)
    return (_transposed if op.get("transposed") else _convolution)(op, geometry, b)


def _geometry(op: Any, before: Sequence[int], after: Sequence[int], dims: int) -> Geometry:
    return Geometry(
        per_dimension(op.get("stride"), dims),
        before,
        after,
        per_dimension(op.get("dilation"), dims),
        op.get("groups"),
    )


def _convolution(op: Any, geometry: Geometry, b: RegBuilder) -> SSAValue:
    weight = b[op.weight]
    groups = geometry.groups
    x = batched(b[op.input], rank_of(weight) - 2, b)
    op_class: type[Any] = reg.ConvolutionOp
    if groups > 1:
        # [out, in / groups, …] → [groups, out / groups, in / groups, …]: the same bytes.
        outputs, *rest = shape_of(weight)
        weight = b.reshape(weight, [groups, outputs // groups, *rest])
        op_class = reg.GroupConvolutionOp
    return _finish(op, op_class(x, weight, **_attributes(geometry)), b)


def _transposed(op: Any, geometry: Geometry, b: RegBuilder) -> SSAValue:
    weight = b[op.weight]
    groups, dims = geometry.groups, rank_of(weight) - 2
    x = batched(b[op.input], dims, b)
    op_class: type[Any] = reg.ConvolutionBackpropDataOp
    if groups > 1:
        # [in, out / groups, …] → [groups, in / groups, out / groups, …]: the same bytes.
        inputs, *rest = shape_of(weight)
        weight = b.reshape(weight, [groups, inputs // groups, *rest])
        op_class = reg.GroupConvolutionBackpropDataOp
    extra = per_dimension(op.get("output_padding"), dims)
    instruction = op_class(x, weight, **_attributes(geometry), output_padding=extra)
    return _finish(op, instruction, b)


def _attributes(geometry: Geometry) -> dict[str, Sequence[int]]:
    return {
        "strides": geometry.strides,
        "pads_begin": geometry.pads_begin,
        "pads_end": geometry.pads_end,
        "dilations": geometry.dilations,
    }


def _finish(op: Any, instruction: reg.RegOp, b: RegBuilder) -> SSAValue:
    """Emit the convolution, add the bias of each channel, drop a batch dimension put before."""
    y = b.emit(instruction)
    if (bias := b.optional(op.bias)) is not None:
        y = b.add(y, b.reshape(bias, [1, shape_of(bias)[0], *[1] * (rank_of(y) - 2)]))
    return b.reshape(y, b.result().shape)
