"""Pooling."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Literal

from xdsl.dialects.builtin import BFloat16Type, f32, i32, i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.ir.tensors import is_float
from forge.lowering.aten_to_reg.convolution import batched, per_dimension
from forge.lowering.aten_to_reg.reductions import reduce
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of

PATTERNS = ConversionPatterns()


def _dims(op: Any) -> int:
    """The number of spatial dimensions, which the operator's name says."""
    return int(op.name[op.name.index("pool") + len("pool")])


def _kernel(op: Any, dims: int) -> list[int]:
    return per_dimension(op.get("kernel_size"), dims)


def _rounding(op: Any) -> Literal["floor", "ceil_torch"]:
    return "ceil_torch" if op.get("ceil_mode") else "floor"


def _strides(op: Any, dims: int) -> list[int]:
    # Windows stand side by side unless the strides say otherwise.
    return per_dimension(op.get("stride"), dims) or _kernel(op, dims)


@PATTERNS.convert(aten.AvgPool1dOp, aten.AvgPool2dOp, aten.AvgPool3dOp)
def avg_pool(op: Any, b: RegBuilder) -> SSAValue:
    dims = _dims(op)
    x = batched(b[op.input], dims, b)
    padding = per_dimension(op.get("padding"), dims)
    if not is_float(dtype_of(x)):
        b.reject("plugins disagree on how a mean of integers is rounded")
    divisor = op.get("divisor_override") if "divisor_override" in op.properties else None
    if divisor is not None and op.get("ceil_mode"):
        b.reject("a divisor of its own is lowered for whole windows only")
    pool = reg.AvgPoolOp(
        x,
        strides=_strides(op, dims),
        dilations=[1] * dims,
        pads_begin=padding,
        pads_end=padding,
        kernel=_kernel(op, dims),
        exclude_pad=divisor is None and not op.get("count_include_pad"),
        rounding_type=_rounding(op),
    )
    y = b.emit(pool)
    if divisor is not None:
        y = b.scaled(y, prod(_kernel(op, dims)) / divisor)
    return b.reshape(y, b.result().shape)


@PATTERNS.convert(
    aten.MaxPool1dOp,
    aten.MaxPool2dOp,
    aten.MaxPool3dOp,
    aten.MaxPool1dWithIndicesOp,
    aten.MaxPool2dWithIndicesOp,
    aten.MaxPool3dWithIndicesOp,
)
def max_pool(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    dims = _dims(op)
    x = batched(b[op.input], dims, b)
    if len(op.results) == 2 and isinstance(dtype_of(x), BFloat16Type):
        # The CPU plugin knows no places in bf16.
        x = b.convert(x, f32)
    padding = per_dimension(op.get("padding"), dims)
    pool = reg.MaxPoolOp(
        x,
        strides=_strides(op, dims),
        dilations=per_dimension(op.get("dilation"), dims),
        pads_begin=padding,
        pads_end=padding,
        kernel=_kernel(op, dims),
        rounding_type=_rounding(op),
        # Places count within the image of a channel.
        axis=2,
    )
    results = b.emit_all(pool)[: len(op.results)]
    shape, dtype = b.result().shape, b.result().dtype
    largest = b.convert(b.reshape(results[0], shape), dtype)
    return [largest, *(b.reshape(place, shape) for place in results[1:])]


@PATTERNS.convert(
    aten.AdaptiveAvgPool1dOp,
    aten.AdaptiveAvgPool2dOp,
    aten.AdaptiveAvgPool3dOp,
    aten.InternalAdaptiveAvgPool2dOp,
    aten.InternalAdaptiveAvgPool3dOp,
)
def adaptive_avg_pool(op: Any, b: RegBuilder) -> SSAValue:
    x, dims = b[op.input], _dims(op)
    size = b.result().shape[-dims:]
    if all(extent == 1 for extent in size):
        axes = list(range(rank_of(x) - dims, rank_of(x)))
        return reduce(reg.ReduceMeanOp, x, axes, True, b)
    x = batched(x, dims, b)
    if 0 in size:
        b.reject("the result has no elements")
    windows = [extent // count for extent, count in zip(shape_of(x)[2:], size, strict=True)]
    if [w * count for w, count in zip(windows, size, strict=True)] == list(shape_of(x)[2:]):
        # Equal windows, side by side.
        pool: Any = reg.AvgPoolOp(
            x,
            strides=windows,
            dilations=[1] * dims,
            pads_begin=[0] * dims,
            pads_end=[0] * dims,
            kernel=windows,
            exclude_pad=False,
        )
    else:
        pool = reg.AdaptiveAvgPoolOp(x, b.ints(size))
    return b.reshape(b.emit(pool), b.result().shape)


@PATTERNS.convert(aten.AdaptiveMaxPool1dOp, aten.AdaptiveMaxPool2dOp, aten.AdaptiveMaxPool3dOp)
def adaptive_max_pool(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    dims = _dims(op)
    x = batched(b[op.input], dims, b)
    size = b.ints(b.result().shape[-dims:])
    # The CPU plugin has this one with i32 only.
    largest, places = b.emit_all(reg.AdaptiveMaxPoolOp(x, size, index_element_type=i32))
    return [
        b.reshape(part, b.result(i).shape)
        for i, part in enumerate((largest, b.convert(places, i64)))
    ]
