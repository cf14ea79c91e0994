"""Every form of attention computes the same, as it means and as OpenVINO runs it."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from forge.dialects import aten, reg, transformer
from forge.dialects.transformer.forms import AttentionForm
from forge.errors import ForgeError
from tests.lowering.building import Program, names

STRUCTURAL = ("projection", "weights", "token_rows", "columns")
# What the lowering reads.
FIELDS = {
    name: [word for word in AttentionForm.candidates()[name] if word not in STRUCTURAL]
    for name in ("scores", "scale", "mask", "kv", "value")
}
HEADS = {"multi-head": (4, 4), "grouped": (6, 2), "multi-query": (3, 1)}
KINDS = ("none", "causal", "window", "bool", "float", "heads", "softcap")


def attention(
    program: Program, kind: str, heads: int, kv_heads: int, queries: int
) -> Callable[[dict[str, Any]], SSAValue]:
    """Adds attention of queries to 6 keys, which hides what `kind` says, in a given form."""
    query, key, value = (
        program.random(1, heads, queries, 8),
        program.random(1, kv_heads, 6, 8),
        program.random(1, kv_heads, 6, 4),
    )
    masks = {
        "bool": torch.rand(1, 1, queries, 6) < 0.6,
        "float": torch.randn(queries, 6),
        "heads": torch.randn(1, heads, queries, 6),
    }
    mask = program.input(masks[kind]) if kind in masks else None

    def add(form: dict[str, Any]) -> SSAValue:
        op = transformer.AttentionOp(
            query,
            key,
            value,
            mask,
            scale=0.3,
            causal=kind in ("causal", "window"),
            window=2 if kind == "window" else None,
            softcap=2.0 if kind == "softcap" else None,
        )
        op.emit_as(AttentionForm.of_values(form))
        return program.add(op)

    return add


def forms(**fields: Sequence[str | int]) -> list[dict[str, Any]]:
    return [dict(zip(fields, values, strict=True)) for values in product(*fields.values())]


def check(
    kind: str, heads: tuple[int, int], forms: Sequence[dict[str, Any]], queries: int = 5
) -> ModuleOp:
    """Compare attention in all of these forms, in one program, with what it means."""
    program = Program()
    add = attention(program, kind, *heads, queries)
    return program.check(aten.StackOp([add(form) for form in forms]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("heads", HEADS)
def test_every_form(kind: str, heads: str) -> None:
    check(kind, HEADS[heads], forms(**FIELDS | {"value": ["rows"]}))


@pytest.mark.parametrize("kind", KINDS)
def test_parts_of_heads_and_queries(kind: str) -> None:
    words = forms(scores=FIELDS["scores"], mask=FIELDS["mask"], kv=FIELDS["kv"])
    parts = [
        {"query_chunks": chunks, "head_groups": groups, **form}
        for form in words
        for chunks, groups in ((2, 1), (5, 2), (1, 8))
    ]
    check(kind, (8, 4), parts)


@pytest.mark.parametrize("queries", [1, 5])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("heads", HEADS)
def test_products_for_few_queries(kind: str, heads: str, queries: int) -> None:
    words = forms(scores=FIELDS["scores"], kv=["gather", "rows", "blocks"], value=FIELDS["value"])
    check(kind, HEADS[heads], words, queries)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"head_groups": 4}, "6 query heads on 2 key heads cannot be in 4 groups of as many"),
        ({"head_groups": 3}, "6 query heads on 2 key heads cannot be in 3 groups of as many"),
        ({"query_chunks": 6}, "5 queries cannot be in 6 chunks"),
    ],
)
def test_parts_that_cannot_be_made(form: dict[str, Any], message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        check("none", (6, 2), [form])


def test_a_chunk_of_causal_queries_reads_no_more_keys_than_it_may() -> None:
    module = check("causal", (4, 4), [{"query_chunks": 2}])
    keys = [
        op.key.type.shape
        for op in module.walk()
        if isinstance(op, reg.ScaledDotProductAttentionOp)
        if isinstance(op.key.type, reg.RegisterType)
    ]
    assert keys == [(1, 4, 2, 8), (1, 4, 5, 8)]


def test_layers_share_a_mask() -> None:
    form = {"mask": "numbers", "kv": "rows", "query_chunks": 2}
    assert names(check("causal", (6, 2), [form, form])).count("Select") == 2
