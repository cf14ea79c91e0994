"""Softmax, normalization and dropout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import BFloat16Type, Float16Type, f32, i1
from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten, reg
from forge.lowering.aten_to_reg.reductions import holds_a_number, reduce
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, wrap

PATTERNS = ConversionPatterns()

# What PyTorch takes as eps where none is given: the distance from 1.0 to the next number.
# For numbers of 16 bits that of f32, in which they are summed.
_EPSILON = {"f16": 2.0**-23, "bf16": 2.0**-23, "f32": 2.0**-23, "f64": 2.0**-52}


@PATTERNS.convert(aten.SoftmaxIntOp, aten.InternalSoftmaxOp)
def softmax(op: Any, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    return b.emit(reg.SoftmaxOp(x, axis=_axis(op, x)))


@PATTERNS.convert(aten.LogSoftmaxIntOp, aten.InternalLogSoftmaxOp)
def log_softmax(op: Any, b: RegBuilder) -> SSAValue:
    x = b.input(op.input)
    return b.emit(reg.LogSoftmaxOp(x, axis=_axis(op, x)))


def _axis(op: Any, x: SSAValue) -> int:
    # A tensor without dimensions is normalized as if it had one.
    return wrap(op.get("dim"), max(rank_of(x), 1))


@PATTERNS.convert(aten.InternalSafeSoftmaxOp)
def safe_softmax(op: aten.InternalSafeSoftmaxOp, b: RegBuilder) -> SSAValue:
    # A row of −∞ gives zeros and not NaN.
    x = b.input(op.input)
    axis = _axis(op, x)
    filled = holds_a_number(x, axis, b)
    return b.select(filled, b.emit(reg.SoftmaxOp(b.select(filled, x, 0.0), axis=axis)), 0.0)


# -- over the last dimensions ----------------------------------------------------------------------


def standardized(x: SSAValue, axes: Sequence[int], eps: float, b: RegBuilder) -> SSAValue:
    """(x − mean) / √(variance + eps) over some axes."""
    if not axes:
        b.reject("there are no axes to normalize over")
    return b.emit(
        reg.MVNOp(x, b.ints(axes), normalize_variance=True, eps=eps, eps_mode="INSIDE_SQRT")
    )


def affine(x: SSAValue, weight: SSAValue | None, bias: SSAValue | None, b: RegBuilder) -> SSAValue:
    """x·w + b, each only if there is one."""
    x = x if weight is None else b.multiply(x, weight)
    return x if bias is None else b.add(x, bias)


def last_axes(count: int, rank: int) -> list[int]:
    """The last `count` axes of a tensor."""
    return list(range(rank - count, rank))


def layer_norm(
    x: SSAValue,
    dims: int,
    weight: SSAValue | None,
    bias: SSAValue | None,
    eps: float,
    b: RegBuilder,
) -> SSAValue:
    """Layer normalization over the last `dims` dimensions.

    Numbers of 16 bits are normalized and scaled in f32 and rounded once, as PyTorch does.
    """
    dtype, axes = dtype_of(x), last_axes(dims, rank_of(x))
    if isinstance(dtype, Float16Type | BFloat16Type):
        wide, scale, shift = (None if v is None else b.convert(v, f32) for v in (x, weight, bias))
        assert wide is not None
        return b.convert(layer_norm(wide, dims, scale, shift, eps, b), dtype)
    return affine(standardized(x, axes, eps, b), weight, bias, b)


@PATTERNS.convert(aten.LayerNormOp)
def layer_norm_op(op: aten.LayerNormOp, b: RegBuilder) -> SSAValue:
    weight, bias = b.optional(op.weight), b.optional(op.bias)
    dims = len(op.get("normalized_shape"))
    return layer_norm(b[op.input], dims, weight, bias, op.get("eps"), b)


@PATTERNS.convert(aten.NativeLayerNormOp)
def native_layer_norm(op: aten.NativeLayerNormOp, b: RegBuilder) -> Sequence[SSAValue]:
    x, weight, bias = b[op.input], b.optional(op.weight), b.optional(op.bias)
    dims, eps = len(op.get("normalized_shape")), op.get("eps")
    axes = last_axes(dims, rank_of(x))
    mean, scale = _statistics(b.convert(x, b.result(1).dtype), axes, eps, b)
    return [layer_norm(x, dims, weight, bias, eps, b), mean, scale]


def _statistics(
    x: SSAValue, axes: Sequence[int], eps: float, b: RegBuilder
) -> tuple[SSAValue, SSAValue]:
    """The mean over some axes, and 1 / √(variance + eps); the axes stay."""
    mean = reduce(reg.ReduceMeanOp, x, axes, True, b)
    difference = b.subtract(x, mean)
    variance = reduce(reg.ReduceMeanOp, b.multiply(difference, difference), axes, True, b)
    return mean, b.divide(1.0, b.emit(reg.SqrtOp(b.add(variance, eps))))


def default_epsilon(dtype: Attribute) -> float:
    """The eps of `rms_norm` where none is given."""
    return _EPSILON[str(dtype)]


def inverse_root_mean_square(
    x: SSAValue, axes: Sequence[int], eps: float, b: RegBuilder
) -> SSAValue:
    """1 / √(mean(x²) + eps) over some axes, which stay.

    In this form OpenVINO's CPU plugin recognises it and makes one kernel of the norm.
    """
    mean = reduce(reg.ReduceMeanOp, b.power(x, 2.0), axes, True, b)
    return b.divide(1.0, b.emit(reg.SqrtOp(b.add(mean, eps))))


def rms_norm(
    x: SSAValue, dims: int, weight: SSAValue | None, eps: float, b: RegBuilder
) -> tuple[SSAValue, SSAValue]:
    """x / √(mean(x²) + eps)·w over the last `dims` dimensions, and the factor of x.

    Numbers of 16 bits are squared and summed in f32, as PyTorch does.
    """
    dtype = dtype_of(x)
    if isinstance(dtype, Float16Type | BFloat16Type):
        wide, factor = rms_norm(
            b.convert(x, f32), dims, None if weight is None else b.convert(weight, f32), eps, b
        )
        return b.convert(wide, dtype), factor
    factor = inverse_root_mean_square(x, last_axes(dims, rank_of(x)), eps, b)
    y = b.multiply(x, factor)
    return (y if weight is None else b.multiply(y, weight)), factor


@PATTERNS.convert(aten.RmsNormOp)
def rms_norm_op(op: aten.RmsNormOp, b: RegBuilder) -> SSAValue:
    return _rms_norm(op, b)[0]


@PATTERNS.convert(aten.InternalFusedRmsNormOp)
def fused_rms_norm(op: aten.InternalFusedRmsNormOp, b: RegBuilder) -> Sequence[SSAValue]:
    return _rms_norm(op, b)


def _rms_norm(op: Any, b: RegBuilder) -> tuple[SSAValue, SSAValue]:
    x, eps = b[op.input], op.get("eps")
    eps = default_epsilon(dtype_of(x)) if eps is None else eps
    return rms_norm(x, len(op.get("normalized_shape")), b.optional(op.weight), eps, b)


# -- over channels ---------------------------------------------------------------------------------


@PATTERNS.convert(aten.BatchNormOp)
def batch_norm(op: aten.BatchNormOp, b: RegBuilder) -> SSAValue:
    if op.get("training"):
        b.reject("batch normalization by the batch's own statistics is training")
    running = (b.optional(op.running_mean), b.optional(op.running_var))
    return _batch_norm(op, running, b)


@PATTERNS.convert(aten.InternalNativeBatchNormLegitNoTrainingOp)
def native_batch_norm(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    y = _batch_norm(op, (b[op.running_mean], b[op.running_var]), b)
    # Inference saves no statistics: the other results are empty.
    return [y, *(b.constant([], b.result(index).dtype) for index in (1, 2))]


def _batch_norm(
    op: Any, running: tuple[SSAValue | None, SSAValue | None], b: RegBuilder
) -> SSAValue:
    x, (mean, variance) = b[op.input], running
    if mean is None or variance is None:
        b.reject("there are no running statistics to normalize by")
    dtype, channels = dtype_of(x), shape_of(x)[1]
    weight, bias = b.optional(op.weight), b.optional(op.bias)
    scale = b.splat(1.0, [channels], dtype) if weight is None else b.convert(weight, dtype)
    shift = b.splat(0.0, [channels], dtype) if bias is None else b.convert(bias, dtype)
    return b.emit(
        reg.BatchNormInferenceOp(
            x,
            scale,
            shift,
            b.convert(mean, dtype),
            b.convert(variance, dtype),
            epsilon=op.get("eps"),
        )
    )


@PATTERNS.convert(aten.InternalNativeBatchNormLegitNoStatsOp)
def batch_norm_no_stats(op: Any, b: RegBuilder) -> Sequence[SSAValue]:
    x = b[op.input]
    axes = [0, *range(2, rank_of(x))]
    y = _channelwise(x, axes, op, b)
    statistics = _statistics(b.convert(x, b.result(1).dtype), axes, op.get("eps"), b)
    return [y, *(b.reshape(part, [shape_of(x)[1]]) for part in statistics)]


@PATTERNS.convert(aten.InstanceNormOp)
def instance_norm(op: aten.InstanceNormOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    if op.get("use_input_stats"):
        return _channelwise(x, list(range(2, rank_of(x))), op, b)
    return _batch_norm(op, (b.optional(op.running_mean), b.optional(op.running_var)), b)


def _channelwise(x: SSAValue, axes: Sequence[int], op: Any, b: RegBuilder) -> SSAValue:
    """Standardize over some axes, then scale and shift each channel."""
    shape = [shape_of(x)[1], *[1] * (rank_of(x) - 2)]
    weight, bias = (
        None if v is None else b.reshape(v, shape)
        for v in (b.optional(op.weight), b.optional(op.bias))
    )
    return affine(standardized(x, axes, op.get("eps"), b), weight, bias, b)


@PATTERNS.convert(aten.GroupNormOp)
def group_norm(op: aten.GroupNormOp, b: RegBuilder) -> SSAValue:
    return _group_norm(b[op.input], op.get("num_groups"), op, b)


@PATTERNS.convert(aten.NativeGroupNormOp)
def native_group_norm(op: aten.NativeGroupNormOp, b: RegBuilder) -> Sequence[SSAValue]:
    x, groups = b[op.input], op.get("group")
    batch = shape_of(x)[0]
    y = _group_norm(x, groups, op, b)
    flat = b.reshape(x, [batch, groups, op.get("HxW") * op.get("C") // groups])
    statistics = _statistics(b.convert(flat, b.result(1).dtype), [2], op.get("eps"), b)
    return [y, *(b.reshape(part, [batch, groups]) for part in statistics)]


def _group_norm(x: SSAValue, groups: int, op: Any, b: RegBuilder) -> SSAValue:
    own, channels = dtype_of(x), shape_of(x)[1]
    # The CPU plugin lacks it in bf16.
    dtype = f32 if isinstance(own, BFloat16Type) else own
    weight, bias = b.optional(op.weight), b.optional(op.bias)
    scale = b.splat(1.0, [channels], dtype) if weight is None else b.convert(weight, dtype)
    shift = b.splat(0.0, [channels], dtype) if bias is None else b.convert(bias, dtype)
    # It also wants an image, if only of one pixel.
    images = b.reshape(x, [*shape_of(x), 1]) if rank_of(x) == 2 else x
    instruction = reg.GroupNormalizationOp(
        b.convert(images, dtype), scale, shift, num_groups=groups, epsilon=op.get("eps")
    )
    return b.reshape(b.convert(b.emit(instruction), own), shape_of(x))


# -- dropout ---------------------------------------------------------------------------------------


def _check_inference(op: Any, b: RegBuilder) -> None:
    # The default of `train`, None, means training.
    if op.get("train") is not False and op.get("p") > 0:
        b.reject("dropout in training is random")


@PATTERNS.convert(aten.DropoutOp)
def dropout(op: aten.DropoutOp, b: RegBuilder) -> SSAValue:
    _check_inference(op, b)
    return b[op.input]


@PATTERNS.convert(aten.NativeDropoutOp)
def native_dropout(op: aten.NativeDropoutOp, b: RegBuilder) -> Sequence[SSAValue]:
    _check_inference(op, b)
    return [b[op.input], b.splat(True, b.result(1).shape, i1)]
