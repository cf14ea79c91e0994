"""Norms and attention by matrix products compute what they mean, in one layout or the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import ReturnOp

from forge.dialects import transformer
from forge.dialects.transformer.forms import AttentionForm, NormForm
from forge.interpreters import run
from forge.interpreters.evaluation import entry_function
from forge.interpreters.registry import Values, meaning_of
from forge.ir.text import make_context
from forge.lowering.convert_to_reg import ConvertToRegPass
from tests.lowering.building import NO_WEIGHTS, Program, names
from tests.lowering.operators import module_of

TOLERANCE = 2.1e-5
BY_PRODUCTS = NormForm(statistics="products")
INSTRUCTIONS = {"MVN", "Softmax", "ReduceMean", "Divide", "Power", "Sqrt"}


def check(program: Program, op: Any, tolerance: float = TOLERANCE) -> ModuleOp:
    op.emit_as(BY_PRODUCTS)
    module = program.check(op, tolerance)
    assert not INSTRUCTIONS & set(names(module))
    return module


def in_f16(module: ModuleOp, inputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """What a program computes if each instruction's result is rounded to f16, as on an NPU."""
    values = Values(NO_WEIGHTS)
    block = entry_function(module).body.block
    for argument, tensor in zip(block.args, inputs, strict=True):
        values.tensors[argument] = tensor.half().float()
    for op in block.ops:
        if isinstance(op, ReturnOp):
            break
        result: Any = meaning_of(op)(op, values)
        is_float = result.is_floating_point()
        values.tensors[op.results[0]] = result.half().float() if is_float else result
    return values[op.operands[0]]


def errors_in_f16(program: Program, op: Any, *forms: Any) -> list[float]:
    """The roots of the mean squared errors of an operation in f16, in some forms."""
    module = module_of(program.block, op.results, [op])
    exact = run(module, NO_WEIGHTS, program.inputs)[0]

    def error(form: Any) -> float:
        op.emit_as(form)
        lowered = module.clone()
        ConvertToRegPass(host=False).apply(make_context(), lowered)
        return float((in_f16(lowered, program.inputs) - exact).square().mean().sqrt())

    return [error(form) for form in forms]


def layer_norm(program: Program, x: torch.Tensor, dims: int = 1, eps: float = 1e-5) -> Any:
    row = x.shape[-dims:]
    weight, bias = (program.random(*row, dtype=x.dtype) for _ in range(2))
    return transformer.LayerNormOp(
        program.input(x), weight, bias, normalized_shape=list(row), eps=eps
    )


# Rows of 128 are images of their own, others go together if their numbers fill an image.
SIZES = st.one_of(st.integers(2, 40), st.sampled_from((128, 144)))


@given(rows=st.integers(1, 20), size=SIZES, dims=st.integers(1, 2))
def test_layer_norms_of_any_extent(rows: int, size: int, dims: int) -> None:
    program = Program()
    check(program, layer_norm(program, torch.randn(2, rows, size), dims))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_short_types_are_rounded_once(dtype: torch.dtype) -> None:
    # To one of the two nearest numbers: what is rounded differs in the last bits of f32.
    program = Program()
    x = torch.randn(2, 8, 32).to(dtype)
    check(program, layer_norm(program, x), torch.finfo(dtype).eps)


@pytest.mark.parametrize("optional", [(False, False), (True, False), (False, True)])
def test_a_norm_need_not_have_a_weight_and_a_bias(optional: tuple[bool, bool]) -> None:
    program = Program()
    x = program.random(1, 16, 32)
    weight, bias = (program.random(32) if there else None for there in optional)
    op = transformer.LayerNormOp(x, weight, bias, normalized_shape=[32], eps=1e-5)
    check(program, op)


@pytest.mark.parametrize("eps", [1e-12, 1e-5])
def test_rows_of_equal_numbers_are_the_bias(eps: float) -> None:
    x = torch.randn(1, 16, 32)
    x[:, 3], x[:, 5] = 0.0, 2.0
    program = Program()
    check(program, layer_norm(program, x, eps=eps))


def test_one_number_may_be_much_larger_than_the_others() -> None:
    # As in the residual stream of GPT-2, whose square is beyond f16.
    x = torch.randn(1, 16, 768)
    x[:, :, 7] = 3000.0
    program = Program()
    check(program, layer_norm(program, x))


@pytest.mark.parametrize(
    ("deviation", "largest"), [(0.02, 0.0), (1.0, 0.0), (30.0, 0.0), (1.0, 3000.0)]
)
def test_norms_in_f16_have_at_most_twice_the_error(deviation: float, largest: float) -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 16, 768) * deviation
    x[:, :, 7] += largest
    program = Program()
    own, error = errors_in_f16(program, layer_norm(program, x), NormForm(), BY_PRODUCTS)
    assert error < 2 * own


@pytest.mark.parametrize("deviation", [0.1, 1.0, 5.0])
def test_attention_in_f16_has_at_most_twice_the_error(deviation: float) -> None:
    torch.manual_seed(0)
    program = Program()
    query, key = (torch.randn(1, 2, 64, 64) * deviation for _ in range(2))
    op = transformer.AttentionOp(
        program.input(query), program.input(key), program.random(1, 2, 64, 64)
    )
    forms = (AttentionForm(scores=scores) for scores in ("decomposed", "products"))
    own, error = errors_in_f16(program, op, *forms)
    assert error < 2 * own


@pytest.mark.parametrize("offset", [0.0, 1.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rms_norms(offset: float, dtype: torch.dtype) -> None:
    program = Program()
    x, weight = program.random(2, 8, 32, dtype=dtype), program.random(32, dtype=dtype)
    op = transformer.RmsNormOp(x, weight, normalized_shape=[32], eps=1e-6, weight_offset=offset)
    check(program, op, max(TOLERANCE, torch.finfo(dtype).eps if dtype.itemsize == 2 else 0.0))


@pytest.mark.parametrize("kind", ["none", "causal", "added", "per head"])
@pytest.mark.parametrize(("queries", "keys"), [(16, 16), (16, 32), (5, 7), (3, 128), (3, 135)])
def test_attention(kind: str, queries: int, keys: int) -> None:
    program = Program()
    masks = {"added": torch.randn(queries, keys), "per head": torch.randn(1, 4, queries, keys)}
    op = transformer.AttentionOp(
        program.random(1, 4, queries, 16),
        program.random(1, 4, keys, 16),
        program.random(1, 4, keys, 16),
        program.input(masks[kind]) if kind in masks else None,
        causal=kind == "causal",
    )
    op.emit_as(AttentionForm(scores="products", mask="numbers"))
    assert not INSTRUCTIONS & set(names(program.check(op, TOLERANCE)))


def test_scores_as_large_as_f16_allows_do_not_overflow() -> None:
    program = Program()
    query, key = (300.0 * torch.randn(1, 1, 16, 16) for _ in range(2))
    op = transformer.AttentionOp(
        program.input(query), program.input(key), program.random(1, 1, 16, 16)
    )
    op.emit_as(AttentionForm(scores="products"))
    program.check(op, TOLERANCE)
