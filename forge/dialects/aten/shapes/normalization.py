"""Softmax, normalization and their statistics.

Some operators also return statistics. Their types, and whether they are there at all, depend on
the device in PyTorch; here they are those of the CPU, where models are exported.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import bf16, f16, f32
from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import Shape, wrap_dim
from forge.dialects.aten.shapes.promotion import require_kind
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("aten.softmax.int", "aten.log_softmax.int", "aten._safe_softmax")
def softmax(input: Shaped, dim: int, dtype: Attribute | None = None) -> Shaped:
    result = input.dtype if dtype is None else dtype
    require_kind(result, "f", "the result")
    wrap_dim(dim, input.rank)
    return Shaped(input.shape, result)


@shape_function("aten._log_softmax", "aten._softmax")
def internal_softmax(input: Shaped, dim: int, half_to_float: bool) -> Shaped:
    if half_to_float and input.dtype != f16:
        raise ShapeError(f"half_to_float needs element type f16, got {input}")
    return softmax(input, dim, f32 if half_to_float else None)


# -- layer and RMS norm ---------------------------------------------------------------------


def _require_parameters(input: Shaped, shape: Shape, **parameters: Shaped | None) -> None:
    # Parameters share the input's type, or are f32 beside a half-precision input.
    present = {name: tensor for name, tensor in parameters.items() if tensor is not None}
    dtypes = {tensor.dtype for tensor in present.values()}
    for name, tensor in present.items():
        if tensor.shape != shape:
            raise ShapeError(f"{name} must have shape {list(shape)}, got {tensor}")
    mixed = dtypes == {f32} and input.dtype in (f16, bf16)
    if dtypes and dtypes != {input.dtype} and not mixed:
        listed = ", ".join(f"{name}: {tensor}" for name, tensor in present.items())
        raise ShapeError(f"the parameters must have element type {input.dtype}, got {listed}")


def _leading_shape(input: Shaped, normalized_shape: Sequence[int]) -> Shape:
    shape = tuple(normalized_shape)
    if not shape:
        raise ShapeError("normalized_shape must have at least one entry")
    split = input.rank - len(shape)
    if split < 0 or input.shape[split:] != shape:
        raise ShapeError(f"{input} does not end in normalized_shape {list(shape)}")
    return (*input.shape[:split], *(1 for _ in shape))


@shape_function("aten.native_layer_norm")
def native_layer_norm(
    input: Shaped,
    normalized_shape: Sequence[int],
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    **_: object,
) -> tuple[Shaped, Shaped, Shaped]:
    require_kind(input.dtype, "f", "input")
    statistics_shape = _leading_shape(input, normalized_shape)
    _require_parameters(input, tuple(normalized_shape), weight=weight, bias=bias)
    statistics = Shaped(statistics_shape, input.dtype)
    return Shaped(input.shape, input.dtype), statistics, statistics


@shape_function("aten.layer_norm")
def layer_norm(
    input: Shaped,
    normalized_shape: Sequence[int],
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    **_: object,
) -> Shaped:
    return native_layer_norm(input, normalized_shape, weight, bias)[0]


@shape_function("aten._fused_rms_norm")
def fused_rms_norm(
    input: Shaped,
    normalized_shape: Sequence[int],
    weight: Shaped | None = None,
    eps: float | None = None,
) -> tuple[Shaped, Shaped]:
    require_kind(input.dtype, "fc", "input")
    statistics_shape = _leading_shape(input, normalized_shape)
    if weight is not None and weight.shape != tuple(normalized_shape):
        raise ShapeError(f"weight must have shape {list(normalized_shape)}, got {weight}")
    dtype = f32 if input.dtype in (f16, bf16) else input.dtype
    return Shaped(input.shape, input.dtype), Shaped(statistics_shape, dtype)


@shape_function("aten.rms_norm")
def rms_norm(
    input: Shaped,
    normalized_shape: Sequence[int],
    weight: Shaped | None = None,
    eps: float | None = None,
) -> Shaped:
    return fused_rms_norm(input, normalized_shape, weight)[0]


# -- per channel ----------------------------------------------------------------------------


def _channels(input: Shaped) -> int:
    if input.rank < 2:
        raise ShapeError(f"input must have at least rank 2, got {input}")
    return input.shape[1]


@shape_function("aten.group_norm")
def group_norm(
    input: Shaped,
    num_groups: int,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    **_: object,
) -> Shaped:
    channels = _channels(input)
    require_kind(input.dtype, "f", "input")
    if num_groups <= 0 or channels % num_groups:
        raise ShapeError(f"{channels} channels do not divide into {num_groups} groups")
    _require_parameters(input, (channels,), weight=weight, bias=bias)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.native_group_norm")
def native_group_norm(
    input: Shaped,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    *,
    N: int,
    C: int,
    HxW: int,
    group: int,
    eps: float,
) -> tuple[Shaped, Shaped, Shaped]:
    if input.rank < 2 or input.numel != N * C * HxW:
        raise ShapeError(f"{input} does not have N * C * HxW = {N * C * HxW} elements")
    group_norm(Shaped((N, C, HxW), input.dtype), group, weight, bias)
    statistics = Shaped((N, group), input.dtype)
    return Shaped(input.shape, input.dtype), statistics, statistics


@shape_function("aten.batch_norm")
def batch_norm(
    input: Shaped,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    running_mean: Shaped | None = None,
    running_var: Shaped | None = None,
    *,
    training: bool,
    **_: object,
) -> Shaped:
    if 0 in input.shape[1:2] and (weight or bias):
        raise ShapeError(f"there are no channels in {input}")
    _require_pair(running_mean, running_var)
    if training and running_var is not None:
        _require_variance(input, input.numel // max(input.shape[1], 1) if input.rank > 1 else 0)
    return _batch_normalized(input, training, weight, bias, running_mean, running_var)


def _require_pair(running_mean: Shaped | None, running_var: Shaped | None) -> None:
    if (running_mean is None) != (running_var is None):
        raise ShapeError("running_mean and running_var are given together, or not at all")


def _require_variance(input: Shaped, elements: int) -> None:
    if elements == 1:
        raise ShapeError(f"one element a channel, as in {input}, has no variance to keep")


def _batch_normalized(
    input: Shaped,
    training: bool,
    weight: Shaped | None,
    bias: Shaped | None,
    running_mean: Shaped | None = None,
    running_var: Shaped | None = None,
) -> Shaped:
    channels = _channels(input)
    require_kind(input.dtype, "f", "input")
    if not training and (running_mean is None or running_var is None):
        raise ShapeError("running_mean and running_var must be given unless training")
    parameters = {
        "weight": weight,
        "bias": bias,
        "running_mean": running_mean,
        "running_var": running_var,
    }
    _require_parameters(input, (channels,), **parameters)
    return Shaped(input.shape, input.dtype)


@shape_function("aten._native_batch_norm_legit_no_training")
def native_batch_norm_no_training(
    input: Shaped,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    *,
    running_mean: Shaped,
    running_var: Shaped,
    **_: object,
) -> tuple[Shaped, Shaped, Shaped]:
    result = _batch_normalized(input, False, weight, bias, running_mean, running_var)
    nothing = Shaped((0,), input.dtype)
    return result, nothing, nothing


@shape_function("aten._native_batch_norm_legit.no_stats")
def native_batch_norm_no_stats(
    input: Shaped,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    *,
    training: bool,
    **_: object,
) -> tuple[Shaped, Shaped, Shaped]:
    result = _batch_normalized(input, training, weight, bias)
    statistics = Shaped((input.shape[1],), input.dtype)
    return result, statistics, statistics


@shape_function("aten.instance_norm")
def instance_norm(
    input: Shaped,
    weight: Shaped | None = None,
    bias: Shaped | None = None,
    running_mean: Shaped | None = None,
    running_var: Shaped | None = None,
    *,
    use_input_stats: bool,
    **_: object,
) -> Shaped:
    channels = _channels(input)
    require_kind(input.dtype, "f", "input")
    if not use_input_stats and (running_mean is None or running_var is None):
        raise ShapeError("running_mean and running_var must be given unless use_input_stats")
    _require_parameters(input, (channels,), weight=weight, bias=bias)
    if 0 in input.shape[:2] and (weight or bias):
        raise ShapeError(f"there is no channel to normalize in {input}")
    _require_pair(running_mean, running_var)
    if use_input_stats and running_var is not None:
        _require_variance(input, prod(input.shape[2:]))
    for name, tensor in (("running_mean", running_mean), ("running_var", running_var)):
        if tensor is not None and tensor.shape != (channels,):
            raise ShapeError(f"{name} must have shape [{channels}], got {tensor}")
    return Shaped(input.shape, input.dtype)
