"""The transformer dialect: its text, its messages, and what PyTorch computes for the same."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.activations import ACT2FN
from xdsl.dialects.builtin import f32, i1, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue

from forge.dialects import transformer
from forge.dialects.transformer import Activation
from forge.errors import ForgeError
from forge.interpreters import Values
from forge.interpreters.registry import meaning_of
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import tensor_type
from forge.ir.text import parse_module, print_module
from forge.ir.torch_types import shaped_tensor
from forge.weights import ModuleWeights


def operands(*shapes: Sequence[int], dtype: Attribute = f32) -> Sequence[SSAValue]:
    return Block(arg_types=[tensor_type(shape, dtype) for shape in shapes]).args


def compute(op: Operation, *tensors: Tensor) -> Tensor:
    """What the reference interpreter makes of an operation whose operands are these tensors."""
    values = Values(ModuleWeights({}), dict(zip(op.operands, tensors, strict=True)))
    (result,) = [meaning_of(op)(op, values)]
    assert isinstance(result, Tensor)
    info = shaped_tensor(result, op.name)
    assert op.results[0].type == tensor_type(info.shape, info.dtype)
    return result


def values_of(*tensors: Tensor | None) -> list[SSAValue | None]:
    """Values of the tensors' types."""
    infos = [None if tensor is None else shaped_tensor(tensor, "") for tensor in tensors]
    types = [tensor_type(info.shape, info.dtype) for info in infos if info is not None]
    values = iter(Block(arg_types=types).args)
    return [None if info is None else next(values) for info in infos]


def close(actual: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(actual, expected, rtol=1e-5, atol=1e-5)


ACTIVATIONS = {
    Activation.NONE: nn.Identity(),
    Activation.RELU: nn.ReLU(),
    Activation.GELU_ERF: nn.GELU(),
    Activation.GELU_TANH: nn.GELU(approximate="tanh"),
    Activation.SILU: nn.SiLU(),
    Activation.TANH: nn.Tanh(),
    Activation.SIGMOID: nn.Sigmoid(),
    Activation.QUICK_GELU: ACT2FN["quick_gelu"],
    Activation.RELU_SQUARED: ACT2FN["relu2"],
}


# -- meaning -------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", Activation)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("transpose", [True, False])
def test_linear(activation: Activation, bias: bool, transpose: bool) -> None:
    layer = nn.Linear(4, 6, bias=bias)
    x = torch.randn(2, 3, 4)
    weight = layer.weight.detach() if transpose else layer.weight.detach().T.contiguous()
    tensors = [x, weight, *([layer.bias.detach()] if bias else [])]
    op = transformer.LinearOp(
        *values_of(*tensors), activation=activation, transpose_weight=transpose
    )
    close(compute(op, *tensors), ACTIVATIONS[activation](layer(x)).detach())


@pytest.mark.parametrize("transpose", [True, False])
def test_mlp(transpose: bool) -> None:
    up, down = nn.Linear(4, 6), nn.Linear(6, 5)
    x = torch.randn(3, 4)
    weights = [w.detach() if transpose else w.detach().T for w in (up.weight, down.weight)]
    tensors = [x, *weights, up.bias.detach(), down.bias.detach()]
    op = transformer.MlpOp(
        *values_of(*tensors), activation=Activation.GELU_TANH, transpose_weight=transpose
    )
    close(compute(op, *tensors), down(F.gelu(up(x), approximate="tanh")).detach())


@pytest.mark.parametrize("activation", [Activation.SILU, Activation.GELU_ERF])
def test_gated_mlp(activation: Activation) -> None:
    gate, up, down = nn.Linear(4, 6), nn.Linear(4, 6), nn.Linear(6, 5)
    x = torch.randn(3, 4)
    tensors = [x, gate.weight, up.weight, down.weight, gate.bias, up.bias, down.bias]
    tensors = [tensor.detach() for tensor in tensors]
    op = transformer.GatedMlpOp(*values_of(*tensors), activation=activation)
    close(compute(op, *tensors), down(ACTIVATIONS[activation](gate(x)) * up(x)).detach())


def test_a_residual_is_added_behind_the_activation() -> None:
    x, w, v = torch.randn(2, 3, 4), torch.randn(6, 4), torch.randn(4, 6)
    wide, narrow = torch.randn(2, 3, 6), torch.randn(2, 3, 4)
    (i, weight, back, first, second) = values_of(x, w, v, wide, narrow)
    layer = transformer.LinearOp(i, weight, residual=first, activation=Activation.RELU)
    close(compute(layer, x, w, wide), wide + F.relu(x @ w.T))
    mlp = transformer.MlpOp(i, weight, back, residual=second, activation=Activation.RELU)
    close(compute(mlp, x, w, v, narrow), narrow + F.relu(x @ w.T) @ v.T)
    gated = transformer.GatedMlpOp(i, weight, weight, back, residual=second)
    hidden = F.silu(x @ w.T) * (x @ w.T)
    # `compute` pairs operands and tensors: the two weights are one value.
    close(compute(gated, x, w, w, v, narrow), narrow + hidden @ v.T)


def test_attention_under_masks() -> None:
    q, k, v = torch.randn(2, 4, 5, 8), torch.randn(2, 4, 7, 8), torch.randn(2, 4, 7, 6)
    for mask in (None, torch.rand(5, 7) > 0.3, torch.randn(2, 1, 5, 7)):
        tensors = [q, k, v, *([] if mask is None else [mask])]
        op = transformer.AttentionOp(*values_of(*tensors), scale=0.3)
        scores = q @ k.mT * 0.3
        if mask is not None and mask.dtype == torch.bool:
            scores = scores.masked_fill(~mask, float("-inf"))
        elif mask is not None:
            scores = scores + mask
        close(compute(op, *tensors), scores.softmax(-1) @ v)


def test_attention_of_groups_of_heads() -> None:
    q, k, v = torch.randn(2, 6, 5, 8), torch.randn(2, 2, 5, 8), torch.randn(2, 2, 5, 8)
    op = transformer.AttentionOp(*values_of(q, k, v), causal=True)
    expected = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    assert op.groups == 3
    close(compute(op, q, k, v), expected)


@pytest.mark.parametrize("boolean", [True, False])
def test_causal_attention_under_a_mask(boolean: bool) -> None:
    q, k, v = torch.randn(1, 2, 4, 8), torch.randn(1, 2, 6, 8), torch.randn(1, 2, 6, 8)
    mask = torch.tensor([True, True, False, True, True, True]).expand(4, 6)
    additive = torch.zeros(4, 6).masked_fill(~mask, float("-inf"))
    given = mask if boolean else additive
    op = transformer.AttentionOp(*values_of(q, k, v, given), causal=True)
    both = mask & torch.ones(4, 6, dtype=torch.bool).tril()
    close(compute(op, q, k, v, given), F.scaled_dot_product_attention(q, k, v, both))


@pytest.mark.parametrize("shape", [(), (6,), (1, 6), (4, 1)])
def test_attention_under_a_mask_of_few_dimensions(shape: tuple[int, ...]) -> None:
    q, k, v = torch.randn(1, 2, 4, 8), torch.randn(1, 2, 6, 8), torch.randn(1, 2, 6, 8)
    for mask in (torch.rand(shape) < 0.7, torch.randn(shape)):
        op = transformer.AttentionOp(*values_of(q, k, v, mask))
        expected = F.scaled_dot_product_attention(q, k, v, mask.expand(4, 6))
        close(compute(op, q, k, v, mask), expected)


@pytest.mark.parametrize("window", [1, 3, 9])
@pytest.mark.parametrize("keys", [4, 6, 8])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_of_a_window(window: int, keys: int, masked: bool) -> None:
    q, k = torch.randn(1, 2, 6, 8), torch.randn(1, 2, keys, 8)
    mask = torch.rand(6, keys) < 0.7
    i, j = torch.arange(6)[:, None], torch.arange(keys)
    seen = (j <= i) & (i - window < j)
    tensors = [q, k, k, *([mask] if masked else [])]
    op = transformer.AttentionOp(*values_of(*tensors), causal=True, window=window)
    expected = F.scaled_dot_product_attention(q, k, k, seen & mask if masked else seen)
    close(compute(op, *tensors), expected)


@pytest.mark.parametrize("mask", ["none", "bool", "float", "causal"])
@pytest.mark.parametrize("scale", [None, 0.3])
def test_attention_of_capped_scores(mask: str, scale: float | None) -> None:
    q, k, v = torch.randn(2, 4, 5, 8), torch.randn(2, 2, 5, 8), torch.randn(2, 2, 5, 6)
    scores = q @ k.repeat_interleave(2, 1).mT * (8**-0.5 if scale is None else scale)
    scores = torch.tanh(scores / 2) * 2
    tensors = [q, k, v]
    visible = torch.ones(5, 5, dtype=torch.bool).tril()
    if mask == "float":
        tensors.append(torch.randn(5, 5))
        scores = scores + tensors[-1]
    elif mask != "none":
        scores = scores.masked_fill(~visible, -torch.inf)
        tensors += [visible] if mask == "bool" else []
    op = transformer.AttentionOp(
        *values_of(*tensors), scale=scale, softcap=2.0, causal=mask == "causal"
    )
    close(compute(op, *tensors), scores.softmax(-1) @ v.repeat_interleave(2, 1))


@pytest.mark.parametrize("softcap", [None, 30.0])
def test_a_query_that_attends_to_nothing_gets_zero(softcap: float | None) -> None:
    q = torch.randn(1, 1, 2, 4)
    mask = torch.tensor([[False, False], [True, False]])
    op = transformer.AttentionOp(*values_of(q, q, q, mask), softcap=softcap)
    result = compute(op, q, q, q, mask)
    assert result[0, 0, 0].tolist() == [0.0] * 4


@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize("rotary_dims", [None, 4])
def test_rotary_embedding(interleaved: bool, rotary_dims: int | None) -> None:
    # A rotation of each pair of elements by one angle, in complex numbers.
    size = rotary_dims or 8
    x, angles = torch.randn(2, 3, 5, 8), torch.randn(5, size // 2)
    head = x[..., :size].unflatten(-1, (-1, 2) if interleaved else (2, -1))
    pairs = head if interleaved else head.mT
    turned = torch.view_as_real(
        torch.view_as_complex(pairs.contiguous()) * torch.polar(torch.ones(5, size // 2), angles)
    )
    turned = (turned if interleaved else turned.mT).flatten(-2)
    full = angles.repeat_interleave(2, -1) if interleaved else torch.cat((angles, angles), -1)
    for table in (full, angles):
        tensors = [x, table.cos(), table.sin()]
        op = transformer.RotaryEmbeddingOp(
            *values_of(*tensors), interleaved=interleaved, rotary_dims=rotary_dims
        )
        close(compute(op, *tensors), torch.cat((turned, x[..., size:]), -1))


def test_rotary_embedding_of_16_bits_by_a_table_of_32() -> None:
    x, angles = torch.randn(5, 8).bfloat16(), torch.randn(5, 8)
    tensors = [x, angles.cos(), angles.sin()]
    rotated = compute(transformer.RotaryEmbeddingOp(*values_of(*tensors)), *tensors)
    wide = [x.float(), *tensors[1:]]
    exact = compute(transformer.RotaryEmbeddingOp(*values_of(*wide)), *wide)
    assert torch.equal(rotated, exact.bfloat16())


@pytest.mark.parametrize(("weight", "bias"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_layer_norm(weight: int, bias: int) -> None:
    x, w, b = torch.randn(2, 3, 4) * 3 + 1, torch.randn(3, 4), torch.randn(3, 4)
    op = transformer.LayerNormOp(
        *values_of(x, w if weight else None, b if bias else None),
        normalized_shape=[3, 4],
        eps=1e-3,
    )
    given = [x, *([w] if weight else []), *([b] if bias else [])]
    expected = F.layer_norm(x, (3, 4), w if weight else None, b if bias else None, 1e-3)
    close(compute(op, *given), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rms_norm(dtype: torch.dtype) -> None:
    x, w = (torch.randn(3, 4) * 3).to(dtype), torch.randn(4).to(dtype)
    settings = {"normalized_shape": [4], "eps": 1e-3}
    plain = transformer.RmsNormOp(*values_of(x), **settings)
    weighted = transformer.RmsNormOp(*values_of(x, w), **settings)
    shifted = transformer.RmsNormOp(*values_of(x, w), **settings, weight_offset=1.0)
    assert torch.equal(compute(plain, x), F.rms_norm(x, (4,), None, 1e-3))
    assert torch.equal(compute(weighted, x, w), F.rms_norm(x, (4,), w, 1e-3))
    wide = F.rms_norm(x.float(), (4,), w.float() + 1, 1e-3).to(dtype)
    assert torch.equal(compute(shifted, x, w), wide)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kernel", [1, 3, 9])
def test_gated_convolution(bias: bool, kernel: int) -> None:
    # As LFM2 writes it: padded on both sides, and what follows the last token cut off.
    conv = nn.Conv1d(4, 4, kernel, groups=4, padding=kernel - 1, bias=bias).requires_grad_(False)
    projected = torch.randn(2, 7, 12)
    b, c, x = projected.mT.chunk(3, dim=-2)
    expected = (c * conv(b * x)[..., :7]).mT
    tensors = [projected, conv.weight, *([conv.bias] if conv.bias is not None else [])]
    op = transformer.GatedConvolutionOp(*values_of(*tensors))
    close(compute(op, *tensors), expected)


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.uint8])
def test_embedding(dtype: torch.dtype) -> None:
    weight, ids = torch.randn(9, 4), torch.randint(0, 9, (2, 3)).to(dtype)
    op = transformer.EmbeddingOp(*values_of(weight, ids))
    assert torch.equal(compute(op, weight, ids), weight[ids.long()])


# -- text ----------------------------------------------------------------------------------


def test_every_operation_prints_and_reads_back() -> None:
    x, w, v, b, z = operands((2, 8, 4), (6, 4), (4, 6), (6,), (4, 4))
    (q, k, t, n) = operands((1, 4, 8, 16), (1, 2, 8, 16), (8, 16), (4,))
    (s, d, e) = operands((2, 8, 12), (4, 1, 3), (4,))
    (m,) = operands((8, 8), dtype=i1)
    (ids,) = operands((1, 8), dtype=i64)
    ops = [
        transformer.LinearOp(x, w),
        transformer.LinearOp(x, v, b, activation=Activation.SILU, transpose_weight=False),
        transformer.LinearOp(x, z, residual=x),
        transformer.MlpOp(x, w, v, activation=Activation.RELU),
        transformer.MlpOp(x, w, v, None, n, activation=Activation.GELU_TANH),
        transformer.MlpOp(x, w, v, b, residual=x, activation=Activation.GELU_TANH),
        transformer.GatedMlpOp(x, w, w, v),
        transformer.GatedMlpOp(x, w, w, v, None, b, n, activation=Activation.GELU_ERF),
        transformer.GatedMlpOp(x, w, w, v, None, None, n, x),
        transformer.AttentionOp(q, k, k),
        transformer.AttentionOp(q, k, k, m, scale=1e-30, causal=True),
        transformer.AttentionOp(q, k, k, causal=True, softcap=50.0, window=4096),
        transformer.RotaryEmbeddingOp(q, t, t),
        transformer.LayerNormOp(x, bias=n, normalized_shape=[4], eps=1e-12),
        transformer.RmsNormOp(x, n, normalized_shape=[4], eps=0.0, weight_offset=1.0),
        transformer.EmbeddingOp(w, ids),
        transformer.GatedConvolutionOp(s, d),
        transformer.GatedConvolutionOp(s, d, e),
    ]
    arguments = [x, w, v, b, z, q, k, t, n, m, ids, s, d, e]
    function = FuncOp("main", ([value.type for value in arguments], []))
    for old, new in zip(arguments, function.body.block.args, strict=True):
        old.replace_all_uses_with(new)
    function.body.block.add_ops([*ops, ReturnOp()])
    for generic in (False, True):
        text = print_module(function, generic=generic)
        parsed = parse_module(text)
        assert print_module(parsed.body.block.first_op, generic=generic) == text


# -- messages ------------------------------------------------------------------------------

LINEAR = transformer.LinearOp
ATTENTION = transformer.AttentionOp
CONVOLUTION = transformer.GatedConvolutionOp
ROTARY = transformer.RotaryEmbeddingOp
HEADS = (1, 4, 8, 16)


@pytest.mark.parametrize(
    ("op_class", "shapes", "options", "message"),
    [
        (LINEAR, [(8, 4), (6, 5)], {}, "weight of shape [6, 5] ([out, in]) takes 5 inputs, but"),
        (LINEAR, [(8, 4), (6, 4)], {"transpose_weight": False}, "([in, out]) takes 6 inputs"),
        (LINEAR, [(8, 4), (6, 4), (1,)], {}, "bias must have shape [6], got [1]"),
        (LINEAR, [(8, 4), (6, 4), (6,), (6,)], {}, "residual must have shape [8, 6], got [6]"),
        (LINEAR, [(8, 4), (6, 4, 1)], {}, "weight must have two dimensions"),
        (LINEAR, [(), (6, 4)], {}, "input must have at least one dimension"),
        (
            transformer.MlpOp,
            [(8, 4), (6, 4), (5, 7)],
            {"activation": Activation.RELU},
            "down_weight of shape [5, 7] ([out, in]) takes 7 inputs, but gets 6",
        ),
        (
            transformer.GatedMlpOp,
            [(8, 4), (6, 4), (1, 4), (4, 6)],
            {},
            "up_weight must have shape [6, 4], got [1, 4]",
        ),
        (ATTENTION, [HEADS, HEADS, (1, 4, 9, 16)], {}, "value has 4 heads of length 9, key 4 of"),
        (ATTENTION, [HEADS, (1, 3, 8, 16), (1, 3, 8, 16)], {}, "4 query heads cannot share 3 key"),
        (ATTENTION, [HEADS, (1, 4, 8, 8), HEADS], {}, "key has heads of size 8, query of size 16"),
        (ATTENTION, [HEADS, (2, 4, 8, 16), HEADS], {}, "key has batch dimensions [2], query [1]"),
        (ATTENTION, [(8, 16), (8, 16), (8, 16)], {}, "query must be [..., heads, length, size]"),
        (ATTENTION, [HEADS, HEADS, HEADS, (4, 8)], {}, "mask of shape [4, 8] cannot be broadcast"),
        (ATTENTION, [HEADS] * 3, {"window": 4}, "window needs causal"),
        (ATTENTION, [HEADS] * 3, {"causal": True, "window": 0}, "window must be at least 1, got 0"),
        (ATTENTION, [HEADS] * 3, {"softcap": 0.0}, "softcap must be positive and finite, got 0.0"),
        (
            ROTARY,
            [HEADS, (8, 4), (8, 4)],
            {},
            "cos must have 16 or 8 elements in its last dimension",
        ),
        (ROTARY, [HEADS, (8, 16), (1, 16)], {}, "sin has shape [1, 16], cos [8, 16]"),
        (ROTARY, [HEADS, (4, 16), (4, 16)], {}, "cos of shape [4, 16] cannot be broadcast"),
        (ROTARY, [HEADS, (3,), (3,)], {"rotary_dims": 3}, "rotary_dims must be even"),
        (ROTARY, [HEADS, (32,), (32,)], {"rotary_dims": 32}, "at most the size of x, 16: got 32"),
        (
            transformer.LayerNormOp,
            [(8, 4)],
            {"normalized_shape": [8], "eps": 1e-5},
            "normalized_shape [8] must be the last dimensions of the input, tensor<8x4xf32>",
        ),
        (
            transformer.LayerNormOp,
            [(8, 4), (8,)],
            {"normalized_shape": [4], "eps": 1e-5},
            "weight must have shape [4], got [8]",
        ),
        (
            transformer.RmsNormOp,
            [(8, 4)],
            {"normalized_shape": [4], "eps": -1.0},
            "eps must not be negative, got -1.0",
        ),
        (
            transformer.RmsNormOp,
            [(8, 4)],
            {"normalized_shape": [4], "eps": 1e-5, "weight_offset": 1.0},
            "weight_offset needs a weight",
        ),
        (CONVOLUTION, [(8, 12), (4, 1, 3)], {}, "input must be [batch, tokens, 3 * size]"),
        (CONVOLUTION, [(1, 8, 13), (4, 1, 3)], {}, "input must be [batch, tokens, 3 * size]"),
        (CONVOLUTION, [(1, 8, 12), (4, 4, 3)], {}, "weight must be [size, 1, kernel] with size 4"),
        (CONVOLUTION, [(1, 8, 12), (3, 1, 3)], {}, "weight must be [size, 1, kernel] with size 4"),
        (CONVOLUTION, [(1, 8, 12), (4, 1, 3), (12,)], {}, "bias must have shape [4], got [12]"),
        (transformer.EmbeddingOp, [(9, 4), (8,)], {}, "ids must be integers, got tensor<8xf32>"),
        (
            transformer.EmbeddingOp,
            [(9,), (8,)],
            {},
            "weight must be [rows, size], got tensor<9xf32>",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    op_class: type[Operation], shapes: list[tuple[int, ...]], options: dict, message: str
) -> None:
    with pytest.raises(ShapeError) as error:
        op_class(*operands(*shapes), **options)
    assert message in str(error.value)


def test_element_types_are_one_and_floating_point() -> None:
    (x,), (ids,) = operands((4, 4)), operands((4, 4), dtype=i64)
    with pytest.raises(ShapeError, match="weight has elements of type i64, input of type f32"):
        LINEAR(x, ids)
    with pytest.raises(ShapeError, match="input must be floating-point, got tensor<4x4xi64>"):
        LINEAR(ids, ids)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "transformer.linear %x, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x5xf32>",
            "result #0 has type tensor<4x5xf32>, expected tensor<4x4xf32>",
        ),
        (
            "transformer.linear %x, %x {activation = swish} : "
            "(tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>",
            "Expected `none`, `relu`, `gelu_erf`, `gelu_tanh`, `silu`, `tanh`, `sigmoid`",
        ),
        (
            "transformer.mlp %x, %x, %x : "
            "(tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>",
            "activation",
        ),
        (
            "transformer.rms_norm %x {normalized_shape = [4.0], eps = 1.0e-05} : "
            "(tensor<4x4xf32>) -> tensor<4x4xf32>",
            "transformer.rms_norm",
        ),
        (
            "transformer.attention %x, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>",
            "transformer.attention expects an operand value",
        ),
    ],
)
def test_wrong_text_is_refused(line: str, message: str) -> None:
    text = f"func.func @main(%x: tensor<4x4xf32>) {{\n  %0 = {line}\n  func.return\n}}"
    with pytest.raises(ForgeError) as error:
        parse_module(text)
    assert message in str(error.value)
