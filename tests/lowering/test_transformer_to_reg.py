"""Each operation of the transformer dialect: lowered, interpreted, and run by OpenVINO."""

import numpy as np
import pytest
import torch
from xdsl.dialects.builtin import ModuleOp, bf16, f32, i1, i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg, transformer
from forge.ir.tensors import tensor_type
from tests.lowering.building import Program


@pytest.fixture
def program() -> Program:
    return Program()


def instructions(module: ModuleOp) -> list[str]:
    return [op.name.removeprefix("reg.") for op in module.walk() if isinstance(op, reg.RegOp)]


@pytest.mark.parametrize("activation", list(transformer.Activation))
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("transposed", [False, True])
def test_linear(
    program: Program, activation: transformer.Activation, bias: bool, transposed: bool
) -> None:
    x, weight = program.random(2, 5, 3), program.random(*((4, 3) if transposed else (3, 4)))
    b = program.random(4) if bias else None
    linear = transformer.LinearOp(x, weight, b, activation=activation, transpose_weight=transposed)
    module = program.check(linear)
    assert "Transpose" not in instructions(module)


def test_linear_of_a_vector(program: Program) -> None:
    program.check(transformer.LinearOp(program.random(3), program.random(4, 3)))


@pytest.mark.parametrize("transposed", [False, True])
def test_mlp(program: Program, transposed: bool) -> None:
    up, down = ((6, 3), (3, 6)) if transposed else ((3, 6), (6, 3))
    op = transformer.MlpOp(
        program.random(2, 3),
        program.random(*up),
        program.random(*down),
        program.random(6),
        activation=transformer.Activation.GELU_TANH,
        transpose_weight=transposed,
    )
    program.check(op)


def test_gated_mlp(program: Program) -> None:
    op = transformer.GatedMlpOp(
        program.random(2, 3),
        program.random(6, 3),
        program.random(6, 3),
        program.random(3, 6),
        down_bias=program.random(3),
        activation=transformer.Activation.SILU,
    )
    program.check(op, 5e-6)


def test_residuals(program: Program) -> None:
    x, up, down = program.random(2, 3), program.random(6, 3), program.random(3, 6)
    wide = program.random(2, 6)
    relu = transformer.Activation.RELU
    program.add(transformer.LinearOp(x, up, residual=wide, activation=relu))
    mlp = program.add(transformer.MlpOp(x, up, down, residual=x, activation=relu))
    module = program.check(transformer.GatedMlpOp(x, up, up, down, residual=mlp), 5e-6)
    assert instructions(module)[-1] == "Add"


@pytest.mark.parametrize("weight", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("shape", [(6,), (5, 6)])
def test_layer_norm(program: Program, weight: bool, bias: bool, shape: tuple[int, ...]) -> None:
    x = program.random(2, 5, 6)
    w = program.random(*shape) if weight else None
    b = program.random(*shape) if bias else None
    program.check(transformer.LayerNormOp(x, w, b, normalized_shape=shape, eps=1e-3), 1e-5)


@pytest.mark.parametrize(("dtype", "last_digit"), [(torch.float16, 2e-3), (torch.bfloat16, 2e-2)])
def test_layer_norm_of_16_bits_is_rounded_once(
    program: Program, dtype: torch.dtype, last_digit: float
) -> None:
    # Step by step in 16 bits, the scale and the shift would be of numbers rounded before.
    x, w, b = (program.random(*shape, dtype=dtype) for shape in ((4, 512), (512,), (512,)))
    module = program.check(
        transformer.LayerNormOp(x, w, b, normalized_shape=[512], eps=1e-5), last_digit
    )
    assert instructions(module).count("Convert") == 4


@pytest.mark.parametrize(("weight", "offset"), [(False, 0.0), (True, 0.0), (True, 1.0)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rms_norm(program: Program, weight: bool, offset: float, dtype: torch.dtype) -> None:
    x = program.random(2, 5, 6, dtype=dtype)
    w = program.random(6, dtype=dtype) if weight else None
    op = transformer.RmsNormOp(x, w, normalized_shape=[6], eps=1e-3, weight_offset=offset)
    program.check(op, 1e-5 if dtype == torch.float32 else 2e-2)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("kernel", [1, 3, 9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_gated_convolution(program: Program, bias: bool, kernel: int, dtype: torch.dtype) -> None:
    x, weight = program.random(2, 7, 12, dtype=dtype), program.random(4, 1, kernel, dtype=dtype)
    b = program.random(4, dtype=dtype) if bias else None
    op = transformer.GatedConvolutionOp(x, weight, b)
    program.check(op, 2e-6 if dtype == torch.float32 else 5e-2)


@pytest.mark.parametrize("ids", [(4,), (2, 3), ()])
def test_embedding(program: Program, ids: tuple[int, ...]) -> None:
    places = program.input(torch.randint(0, 7, ids))
    program.check(transformer.EmbeddingOp(program.random(7, 4), places))


@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize("rotated", [None, 4, 8])
@pytest.mark.parametrize("half", [False, True])
def test_rotary_embedding(
    program: Program, interleaved: bool, rotated: int | None, half: bool
) -> None:
    x, size = program.random(1, 2, 5, 8), rotated or 8
    tables = [program.random(1, 1, 5, size // 2 if half else size) for _ in range(2)]
    op = transformer.RotaryEmbeddingOp(x, *tables, interleaved=interleaved, rotary_dims=rotated)
    program.check(op)


@pytest.mark.parametrize("tables", [torch.float32, torch.bfloat16])
def test_rotary_embedding_of_16_bits(program: Program, tables: torch.dtype) -> None:
    x = program.random(1, 2, 5, 8, dtype=torch.bfloat16)
    cos, sin = (program.random(5, 4, dtype=tables) for _ in range(2))
    program.check(transformer.RotaryEmbeddingOp(x, cos, sin), 2e-2)


# -- attention -------------------------------------------------------------------------------------


def heads(program: Program, queries: int = 4, keys: int = 4) -> list[SSAValue]:
    """Query, key and value of 5 queries and 6 keys."""
    return [
        program.random(2, queries, 5, 8),
        program.random(2, keys, 6, 8),
        program.random(2, keys, 6, 8),
    ]


@pytest.mark.parametrize("scale", [None, 0.3, 8**-0.5])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("keys", [4, 2, 1])
def test_attention(program: Program, scale: float | None, causal: bool, keys: int) -> None:
    op = transformer.AttentionOp(*heads(program, keys=keys), scale=scale, causal=causal)
    module = program.check(op)
    names = instructions(module)
    assert names.count("ScaledDotProductAttention") == 1
    # The instruction scales by 1/√E by itself, and broadcasts one head.
    assert names.count("Gather") == (2 if keys == 2 else 0)


@pytest.mark.parametrize("shape", [(5, 6), (2, 1, 1, 6), (2, 4, 5, 6), (1, 1, 5, 6)])
@pytest.mark.parametrize("dtype", [torch.bool, torch.float32])
@pytest.mark.parametrize("causal", [False, True])
def test_masks(program: Program, shape: tuple[int, ...], dtype: torch.dtype, causal: bool) -> None:
    attend = torch.rand(shape) < 0.6
    mask = attend if dtype == torch.bool else torch.randn(shape)
    op = transformer.AttentionOp(*heads(program), program.input(mask), causal=causal)
    program.check(op)


@pytest.mark.parametrize("window", [1, 2, 5])
@pytest.mark.parametrize("kind", ["none", "bool", "float"])
def test_windows(program: Program, window: int, kind: str) -> None:
    attend = torch.rand(1, 1, 5, 6) < 0.6
    masks = {"none": None, "bool": attend, "float": torch.randn(1, 1, 5, 6)}
    mask = None if (given := masks[kind]) is None else program.input(given)
    op = transformer.AttentionOp(*heads(program), mask, causal=True, window=window)
    names = instructions(program.check(op))
    # A window over all queries is no window.
    assert ({"Equal", "GreaterEqual"}.isdisjoint(names)) == (window == 5)
    assert ("Select" in names) == (kind != "none")


def test_a_window_past_the_last_key_shows_nothing(program: Program) -> None:
    query, key = program.random(1, 2, 7, 8), program.random(1, 2, 3, 8)
    program.check(transformer.AttentionOp(query, key, key, causal=True, window=2))


@pytest.mark.parametrize("kind", ["none", "bool", "float", "causal", "window"])
@pytest.mark.parametrize("scale", [None, 0.3])
@pytest.mark.parametrize("keys", [4, 2, 1])
def test_capped_scores(program: Program, kind: str, scale: float | None, keys: int) -> None:
    given = {"bool": torch.rand(1, 1, 5, 6) < 0.6, "float": torch.randn(5, 6)}
    op = transformer.AttentionOp(
        *heads(program, keys=keys),
        program.input(given[kind]) if kind in given else None,
        scale=scale,
        softcap=2.0,
        causal=kind in ("causal", "window"),
        window=2 if kind == "window" else None,
    )
    names = instructions(program.check(op))
    assert "Tanh" in names and "ScaledDotProductAttention" not in names


@pytest.mark.parametrize("kind", ["bool", "float"])
def test_a_query_without_any_key_gets_zeros(program: Program, kind: str) -> None:
    attend = torch.ones(1, 1, 5, 6, dtype=torch.bool)
    attend[..., 2, :] = False
    mask = attend if kind == "bool" else torch.zeros(1, 1, 5, 6).masked_fill(~attend, -torch.inf)
    module = program.check(transformer.AttentionOp(*heads(program), program.input(mask)))
    assert "Select" in instructions(module)


def test_long_rows_without_a_key_get_zeros() -> None:
    # Where OpenVINO's CPU plugin fuses what follows into the attention.
    program = Program()
    query, key, value = (program.random(1, 2, 128, 128) for _ in range(3))
    attend = torch.rand(1, 1, 128, 128) < 0.5
    attend[..., :3, :] = False
    program.check(transformer.AttentionOp(query, key, value, program.input(attend)), 1e-5)


def test_a_mask_that_is_known_to_leave_a_key_is_used_as_it_is(program: Program) -> None:
    lower = program.constant(np.tri(5, 6, dtype=bool), i1)
    (expanded,) = [program.add(aten.ExpandOp(lower, [2, 1, 5, 6]))]
    module = program.check(transformer.AttentionOp(*heads(program), expanded))
    assert "Select" not in instructions(module)


def test_a_mask_of_finite_numbers_is_used_as_it_is(program: Program) -> None:
    chosen = program.input(torch.rand(1, 1, 5, 6) < 0.5)
    zero = program.constant(0.0, f32)
    mask = program.add(aten.WhereScalarOtherOp(chosen, zero, -3.4e38))
    module = program.check(transformer.AttentionOp(*heads(program), mask))
    assert instructions(module).count("Select") == 1


def test_layers_share_what_is_derived_from_a_mask(program: Program) -> None:
    query, key, value = heads(program)
    mask = program.input(torch.rand(1, 1, 5, 6) < 0.5)
    first = program.add(transformer.AttentionOp(query, key, value, mask))
    module = program.check(transformer.AttentionOp(first, key, value, mask))
    assert instructions(module).count("ReduceLogicalOr") == 1


def test_attention_over_three_dimensions(program: Program) -> None:
    query, key, value = (program.random(4, 5, 8) for _ in range(3))
    program.check(transformer.AttentionOp(query, key, value, causal=True))


def test_attention_in_bf16(program: Program) -> None:
    query, key, value = (program.random(1, 2, 5, 8, dtype=torch.bfloat16) for _ in range(3))
    program.check(transformer.AttentionOp(query, key, value), 2e-2)


def test_constants_in_bf16(program: Program) -> None:
    x = program.random(3, dtype=torch.bfloat16)
    half = program.add(aten.MulScalarOp(x, 0.3))
    assert half.type == tensor_type([3], bf16)
    program.check(aten.AddScalarOp(half, 1.1), 2e-2)


def test_ids_stay_i64(program: Program) -> None:
    ids = program.input(torch.tensor([3, 1]))
    assert ids.type == tensor_type([2], i64)
    program.check(aten.AddScalarOp(ids, 1))
