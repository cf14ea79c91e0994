"""Softmax and normalisations: the shape stays."""

from __future__ import annotations

from forge.dialects.reg.shapes.checks import (
    check_axis,
    check_extents,
    check_float,
    check_integer,
    check_rank,
    check_same_dtype,
    literal_ints,
    normalize_axis,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


@shape_function("reg.Softmax", "reg.LogSoftmax")
def softmax(arg: Shaped, axis: int) -> Shaped:
    check_float(arg, "arg")
    check_axis(axis, arg.rank)
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.BatchNormInference")
def batch_norm_inference(
    input: Shaped, gamma: Shaped, beta: Shaped, mean: Shaped, variance: Shaped, epsilon: float
) -> Shaped:
    check_float(input, "input")
    check_same_dtype(input=input, gamma=gamma, beta=beta, mean=mean, variance=variance)
    if input.rank < 2:
        raise ShapeError(f"input must have a batch and a channel axis, got {input}")
    for name, operand in (
        ("gamma", gamma),
        ("beta", beta),
        ("mean", mean),
        ("variance", variance),
    ):
        check_extents(operand, name, input.shape[1:2])
    if epsilon < 0:
        raise ShapeError(f"epsilon must not be negative, got {epsilon}")
    return Shaped(input.shape, input.dtype)


def _check_axes(axes: Shaped, name: str, rank: int) -> None:
    check_integer(axes, name)
    if axes.numel > rank:
        raise ShapeError(f"{name} {axes} are more than the {rank} axes there are")
    if axes.literal is not None:
        for axis in literal_ints(axes, name):
            normalize_axis(axis, rank, name)


@shape_function("reg.MVN")
def mvn(
    data: Shaped, reduction_axes: Shaped, normalize_variance: bool, eps: float, eps_mode: str
) -> Shaped:
    check_float(data, "data")
    check_rank(reduction_axes, "reduction_axes", 1)
    _check_axes(reduction_axes, "reduction_axes", data.rank)
    return Shaped(data.shape, data.dtype)


@shape_function("reg.NormalizeL2")
def normalize_l2(data: Shaped, axes: Shaped, eps: float, eps_mode: str) -> Shaped:
    check_float(data, "data")
    check_rank(axes, "axes", 0, 1)
    _check_axes(axes, "axes", data.rank)
    return Shaped(data.shape, data.dtype)


@shape_function("reg.LRN")
def lrn(arg: Shaped, axes: Shaped, alpha: float, beta: float, bias: float, size: int) -> Shaped:
    check_float(arg, "arg")
    check_rank(axes, "axes", 1)
    _check_axes(axes, "axes", arg.rank)
    return Shaped(arg.shape, arg.dtype)


@shape_function("reg.GroupNormalization")
def group_normalization(
    data: Shaped, scale: Shaped, bias: Shaped, num_groups: int, epsilon: float
) -> Shaped:
    check_float(data, "data")
    check_same_dtype(data=data, scale=scale, bias=bias)
    if data.rank < 2:
        raise ShapeError(f"data must have a batch and a channel axis, got {data}")
    check_extents(scale, "scale", data.shape[1:2])
    check_extents(bias, "bias", data.shape[1:2])
    if num_groups < 1 or data.shape[1] % num_groups:
        raise ShapeError(f"{data.shape[1]} channels do not make {num_groups} groups")
    return Shaped(data.shape, data.dtype)
