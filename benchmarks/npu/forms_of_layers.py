"""More forms: matrix products, attention, convolutions, pools, recurrent layers, transforms."""

from __future__ import annotations

from collections.abc import Sequence

from forms import (
    ELEMENT_TYPES,
    FLOATS,
    INTEGERS,
    NUMBERS,
    Arguments,
    Operand,
    add,
    known,
    tensor,
    weights,
)

HALF = ("f32", "f16")


@add("MatMul", NUMBERS, range(1, 7))
def matmul(dtype: str, shape: tuple[int, ...]) -> Arguments:
    other = shape if len(shape) == 1 else (*shape[:-2], shape[-1], shape[-2])
    return [tensor(shape, dtype), tensor(other, dtype)], {}


@add("MatMul", ("f32", "f16", "bf16"), range(2, 6), "by weights")
def linear(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), weights((32, shape[-1]), dtype)], {"transpose_b": True}


@add("Einsum", HALF, (3,))
def einsum(dtype: str, shape: tuple[int, ...]) -> Arguments:
    other = (shape[0], shape[2], shape[1])
    return [[tensor(shape, dtype), tensor(other, dtype)]], {"equation": "bij,bjk->bik"}


@add("GroupedMatMul", HALF, (3,))
def grouped_matmul(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((4, 8, 16), dtype), tensor((4, 32, 16), dtype)], {}


@add("Inverse", ("f32",), (2, 3))
def inverse(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((*shape[:-2], 4, 4), dtype)], {}


def heads(shape: Sequence[int], dtype: str) -> list[Operand]:
    return [tensor((*shape[:-2], 32, 16), dtype)] * 3


@add("ScaledDotProductAttention", ("f32", "f16", "bf16"), range(3, 6))
def attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return heads(shape, dtype), {}


@add("ScaledDotProductAttention", HALF, range(3, 6), "causal")
def causal_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return heads(shape, dtype), {"causal": True}


@add("ScaledDotProductAttention", HALF, range(3, 6), "float mask")
def masked_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    mask = tensor((*[1] * (len(shape) - 2), 32, 32), dtype)
    return [*heads(shape, dtype), mask], {}


@add("ScaledDotProductAttention", HALF, range(3, 6), "boolean mask")
def boolean_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    mask = tensor((*[1] * (len(shape) - 2), 32, 32), "i1")
    return [*heads(shape, dtype), mask], {}


@add("ScaledDotProductAttention", HALF, (4,), "boolean mask, 14 heads, 128 tokens")
def long_boolean_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [*[tensor((1, 14, 128, 64), dtype)] * 3, tensor((1, 1, 128, 128), "i1")], {}


@add("ScaledDotProductAttention", HALF, (4,), "float mask, 14 heads, 128 tokens")
def long_masked_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [*[tensor((1, 14, 128, 64), dtype)] * 3, tensor((1, 1, 128, 128), dtype)], {}


@add("ScaledDotProductAttention", HALF, (5,), "float mask, 14 heads in 2 groups, 128 tokens")
def grouped_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    query = tensor((1, 2, 7, 128, 64), dtype)
    return [query, query, query, tensor((1, 1, 1, 128, 128), dtype)], {}


@add("ScaledDotProductAttention", HALF, (5,), "keys shared by 7 heads, 128 tokens")
def shared_keys_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    keys = tensor((1, 2, 1, 128, 64), dtype)
    return [tensor((1, 2, 7, 128, 64), dtype), keys, keys], {"causal": True}


@add("ScaledDotProductAttention", HALF, (4,), "scale")
def scaled_attention(dtype: str, shape: tuple[int, ...]) -> Arguments:
    mask = tensor((1, 1, 32, 32), dtype)
    return [*heads(shape, dtype), mask, known(0.5, dtype)], {}


def window(spatial: int) -> dict[str, object]:
    zeros, ones = [0] * spatial, [1] * spatial
    return {"strides": ones, "dilations": ones, "pads_begin": zeros, "pads_end": zeros}


@add("Convolution", ("f32", "f16", "bf16"), (3, 4, 5))
def convolution(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    filters = weights((32, 16, *[3] * spatial), dtype)
    return [tensor((1, 16, *[8] * spatial), dtype), filters], window(spatial)


@add("GroupConvolution", ("f32", "f16", "bf16"), (3, 4, 5))
def group_convolution(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    filters = weights((16, 1, 1, *[3] * spatial), dtype)
    return [tensor((1, 16, *[8] * spatial), dtype), filters], window(spatial)


@add("ConvolutionBackpropData", HALF, (3, 4, 5))
def transposed_convolution(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    filters = weights((16, 32, *[3] * spatial), dtype)
    return [tensor((1, 16, *[8] * spatial), dtype), filters], window(spatial)


@add("GroupConvolutionBackpropData", HALF, (3, 4, 5))
def transposed_group_convolution(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    filters = weights((16, 1, 1, *[3] * spatial), dtype)
    return [tensor((1, 16, *[8] * spatial), dtype), filters], window(spatial)


@add("DeformableConvolution", HALF, (4,))
def deformable_convolution(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [tensor((1, 16, 8, 8), dtype), tensor((1, 18, 6, 6), dtype)]
    return [*operands, weights((32, 16, 3, 3), dtype)], window(2)


@add("AvgPool", HALF, (4, 5))
@add("AvgPool", HALF, (3,), "over one axis")
def average_pool(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    attributes = {**window(spatial), "kernel": [2] * spatial, "exclude_pad": True}
    return [tensor((1, 16, *[8] * spatial), dtype)], attributes


@add("MaxPool", (*HALF, "i8", "i32"), (4, 5))
@add("MaxPool", HALF, (3,), "over one axis")
def max_pool(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    return [tensor((1, 16, *[8] * spatial), dtype)], {**window(spatial), "kernel": [2] * spatial}


@add("AdaptiveAvgPool AdaptiveMaxPool", HALF, (3, 4, 5))
def adaptive_pool(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = len(shape) - 2
    return [tensor((1, 16, *[8] * spatial), dtype), known([2] * spatial)], {}


@add("Interpolate", HALF, (4,))
def nearest(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((1, 16, 8, 8), dtype), known([16, 16]), known([2, 3])], {}


@add("Interpolate", HALF, (4,), "linear")
def bilinear(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [tensor((1, 16, 8, 8), dtype), known([16, 16]), known([2, 3])]
    return operands, {"mode": "linear_onnx"}


@add("Interpolate", HALF, (4,), "cubic")
def bicubic(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [tensor((1, 16, 8, 8), dtype), known([16, 16]), known([2, 3])]
    return operands, {"mode": "cubic"}


@add("GridSample", HALF, (4,))
def grid_sample(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((1, 16, 8, 8), dtype), tensor((1, 4, 4, 2), dtype)], {}


@add("ROIAlign", HALF, (4,))
def roi_align(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [tensor((1, 16, 8, 8), dtype), tensor((2, 4), dtype), tensor((2,), "i32")]
    sizes = {"pooled_h": 2, "pooled_w": 2, "sampling_ratio": 2}
    return operands, {**sizes, "spatial_scale": 1.0, "mode": "avg"}


@add("ExtractImagePatches", (*HALF, "i32"), (4,))
def patches(dtype: str, shape: tuple[int, ...]) -> Arguments:
    attributes = {"sizes": [3, 3], "strides": [2, 2], "rates": [1, 1], "auto_pad": "valid"}
    return [tensor((1, 3, 9, 9), dtype)], attributes


@add("Col2Im", HALF, (3,))
def col2im(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((1, 8, 9), dtype), known([4, 4]), known([2, 2])], {}


def cell(dtype: str, gates: int, states: int) -> Arguments:
    parameters = [weights((gates * 16, n), dtype) for n in (8, 16)]
    inputs = [tensor((1, 8), dtype), *[tensor((1, 16), dtype)] * states]
    return [*inputs, *parameters, weights((gates * 16,), dtype)], {"hidden_size": 16}


@add("LSTMCell", HALF, (2,))
def lstm_cell(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return cell(dtype, 4, 2)


@add("GRUCell", HALF, (2,))
def gru_cell(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return cell(dtype, 3, 1)


@add("RNNCell", HALF, (2,))
def rnn_cell(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return cell(dtype, 1, 1)


def sequence(dtype: str, gates: int, states: int) -> Arguments:
    parameters = [weights((1, gates * 16, n), dtype) for n in (8, 16)]
    inputs = [tensor((1, 4, 8), dtype), *[tensor((1, 1, 16), dtype)] * states, known([4], "i32")]
    operands = [*inputs, *parameters, weights((1, gates * 16), dtype)]
    return operands, {"hidden_size": 16, "direction": "forward"}


@add("LSTMSequence", HALF, (3,))
def lstm_sequence(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return sequence(dtype, 4, 2)


@add("GRUSequence", HALF, (3,))
def gru_sequence(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return sequence(dtype, 3, 1)


@add("RNNSequence", HALF, (3,))
def rnn_sequence(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return sequence(dtype, 1, 1)


@add("DFT IDFT IRDFT", HALF, (3, 4))
def transform(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((*shape[:-1], 2), dtype), known([len(shape) - 2])], {}


@add("RDFT", HALF, (2, 3))
def real_transform(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([len(shape) - 1])], {}


@add("STFT", HALF, (2,))
def short_time_transform(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [tensor((1, 64), dtype), weights((16,), dtype), known(16), known(8)]
    return operands, {"transpose_frames": True}


@add("ISTFT", HALF, (4,))
def inverse_short_time_transform(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [tensor((1, 9, 7, 2), dtype), weights((16,), dtype), known(16), known(8)]
    return operands, {"center": False, "normalized": False}


@add("RandomUniform", ("f32", "f16", "i32"), (2,))
def random_uniform(dtype: str, shape: tuple[int, ...]) -> Arguments:
    bounds = [known(0, dtype), known(4, dtype)]
    return [known(shape), *bounds], {"output_type": ELEMENT_TYPES[dtype]}


@add("Range", ("f32", *INTEGERS[:2]), (1,))
def range_(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [known(v, dtype) for v in (0, 16, 1)], {"output_type": ELEMENT_TYPES[dtype]}


@add("Eye", FLOATS[:2], (2,))
def eye(dtype: str, shape: tuple[int, ...]) -> Arguments:
    operands = [known(4), known(4), tensor((), "i64")]
    return operands, {"output_type": ELEMENT_TYPES[dtype]}
