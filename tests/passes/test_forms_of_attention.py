"""Attention and its layers in every form, against eager PyTorch in f32."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from xdsl.dialects.builtin import ModuleOp

import forge
from forge.dialects import transformer
from forge.dialects.transformer.forms import AttentionForm, RotaryForm
from forge.importer import capture, import_program
from forge.ir.text import print_module
from forge.passes import DEFAULT_PIPELINE
from forge.rewriting import RewriteReport
from forge.source import weight_store
from tests.passes.checking import LIT_TESTS, apply, assert_same_numbers, functions, lit_program

MAX_DIFFERENCE = 2.1e-5
BATCH, TOKENS, SIZE = 2, 6, 8

GROUPS: tuple[dict[str, Any], ...] = (
    {"projections": "per_group", "head_groups": 2},
    {"projections": "per_group", "head_groups": 2, "output": "summed"},
    {"projections": "stacked", "head_groups": 2},
    {"projections": "per_group", "kv": "separate"},
    {"projections": "per_group", "kv": "token_rows"},
    {"projections": "stacked", "kv": "token_rows", "query_chunks": 2},
    {"kv": "weights"},
    {"kv": "token_rows"},
    {"kv": "token_rows", "query_chunks": 3},
    {"value": "columns"},
)
"""The structural fields, alone and where they meet."""

SCORES: tuple[dict[str, Any], ...] = (
    {},
    {"scores": "decomposed", "mask": "numbers", "scale": "projection", "value": "columns"},
)
FORMS = [AttentionForm.of_values(a | b) for a, b in product(GROUPS, SCORES)]
# Written out and with rotations, OpenVINO's CPU plugin puts such heads together again, and fails
# at it (2026.4.1, MergeUnrolledRoPE).
FORMS.append(AttentionForm(projections="per_group", head_groups=4, output="summed"))


class Layer(nn.Module):
    """Attention as decoders write it, with or without biases, norms of heads and rotations."""

    def __init__(self, heads: int, kv_heads: int, bias: bool) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.bias = heads, kv_heads, bias
        width = heads * SIZE
        self.query = nn.Linear(width, width, bias)
        self.key = nn.Linear(width, kv_heads * SIZE, bias)
        self.value = nn.Linear(width, kv_heads * SIZE, bias)
        self.output = nn.Linear(width, width, bias)
        self.norm = nn.RMSNorm(SIZE)
        nn.init.uniform_(self.norm.weight, 0.5, 1.5)

    def forward(self, x: Tensor, kind: str, mask: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        query = self.query(x).view(BATCH, TOKENS, self.heads, SIZE)
        key = self.key(x).view(BATCH, TOKENS, self.kv_heads, SIZE)
        if not self.bias:
            query, key = self.norm(query), self.norm(key)
        query, key = (rotated(y.transpose(1, 2), cos, sin) for y in (query, key))
        value = self.value(x).view(BATCH, TOKENS, self.kv_heads, SIZE).transpose(1, 2)
        y = scaled_dot_product_attention(
            query,
            key,
            value,
            mask if kind == "mask" else None,
            is_causal=kind == "causal",
            enable_gqa=True,
        )
        return x + self.output(y.transpose(1, 2).reshape(BATCH, TOKENS, self.heads * SIZE))


class Layers(nn.Module):
    """As many layers as there are forms."""

    def __init__(self, heads: tuple[int, int], kind: str, bias: bool) -> None:
        super().__init__()
        self.kind = kind
        self.layers = nn.ModuleList(Layer(*heads, bias) for _ in FORMS)

    def forward(self, x: Tensor, mask: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, self.kind, mask, cos, sin)
        return x


def rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def imported(heads: tuple[int, int], kind: str, bias: bool) -> tuple[nn.Module, Any, ModuleOp]:
    """Layers, their arguments, and their program in which each attention has another form."""
    torch.manual_seed(0)
    model = Layers(heads, kind, bias).eval()
    mask = torch.rand(1, 1, TOKENS, TOKENS) < 0.7
    angles = torch.rand(1, 1, TOKENS, SIZE)
    arguments = (torch.randn(BATCH, TOKENS, heads[0] * SIZE), mask, angles.cos(), angles.sin())
    module = import_program(capture(model, arguments)).module
    apply(module, DEFAULT_PIPELINE)
    forms = iter(FORMS)
    for op in module.walk():
        if isinstance(op, transformer.AttentionOp):
            op.emit_as(next(forms))
    assert next(forms, None) is None
    return model, arguments, module


def rotate_early(module: ModuleOp) -> None:
    for op in module.walk():
        if isinstance(op, transformer.RotaryEmbeddingOp):
            op.emit_as(RotaryForm(place="before_transpose"))


@pytest.mark.parametrize("heads", [(4, 4), (4, 2)], ids=str)
@pytest.mark.parametrize("kind", ["none", "causal", "mask"])
@pytest.mark.parametrize(("bias", "early"), [(False, True), (True, False)])
def test_every_form(heads: tuple[int, int], kind: str, bias: bool, early: bool) -> None:
    model, arguments, module = imported(heads, kind, bias)
    if early:
        rotate_early(module)
    with torch.no_grad():
        expected = model(*arguments)
    report = apply(module, "apply-forms")
    check_applied(report, heads, early)
    apply(module, "convert-to-reg")
    actual: Any = forge.compile(module, weights=weight_store(model))(*arguments)
    assert (actual - expected).abs().max() < MAX_DIFFERENCE * expected.abs().max()


def check_applied(report: RewriteReport, heads: tuple[int, int], early: bool) -> None:
    """All that the forms ask for is built, but for shared keys where there are none."""
    assert report.matched("RotateBeforeTranspose") == (2 * len(FORMS) if early else 0)
    assert report.matched("FoldAttentionScale") == len(GROUPS)
    assert report.matched("SplitHeads") > 0
    assert (report.matched("RepeatKvWeights") > 0) == (heads[0] != heads[1])
    assert (report.matched("QueriesAsRows") > 0) == (heads[0] != heads[1])
    shared = "each query head has keys of its own"
    assert {refusal.reason for refusal in report.refused} <= {shared}


PROGRAMS = sorted(path.name for path in (LIT_TESTS / "passes/apply_forms").glob("*.mlir"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_lit_programs_keep_their_numbers(name: str) -> None:
    for function in functions(lit_program(f"passes/apply_forms/{name}")).values():
        # Weights of one name are others in the next function.
        assert_same_numbers(ModuleOp([function.clone()]), "apply-forms")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_second_time_changes_nothing(name: str) -> None:
    module = lit_program(f"passes/apply_forms/{name}")
    apply(module, "apply-forms")
    once = print_module(module)
    apply(module, "apply-forms")
    assert print_module(module) == once
