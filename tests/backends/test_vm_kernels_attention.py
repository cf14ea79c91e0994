"""Kernels of attention and rotary embeddings against the reference interpreter."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from forge.backends.vm.kernels import PackedWeights
from tests.backends.host_instructions import Instruction, check, tensor

EXAMPLES = settings(max_examples=300, deadline=None, derandomize=True)
dtypes = st.sampled_from([torch.float32, torch.float32, torch.bfloat16, torch.float64])
KNOWN = st.sampled_from([["mask"], []])


@st.composite
def masks(draw: st.DrawFn, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """A mask that can be broadcast to the scores; some queries may attend to nothing."""
    kept = shape[draw(st.integers(0, len(shape))) :]
    kept = tuple(1 if draw(st.booleans()) else size for size in kept)
    boolean = torch.rand(kept) < 0.6
    if draw(st.booleans()):
        return boolean
    return torch.randn(kept).to(dtype).masked_fill(boolean, float("-inf"))


@EXAMPLES
@given(st.data(), dtypes, KNOWN, st.booleans(), st.sampled_from([None, 0.3]))
def test_attention(
    data: st.DataObject, dtype: torch.dtype, known: list[str], causal: bool, scale: float | None
) -> None:
    draw = data.draw
    batch = draw(st.sampled_from([(), (1,), (2,), (2, 3)]))
    groups, kv_heads = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    length, source = draw(st.sampled_from([(4, 4), (1, 5), (1, 1), (3, 6), (6, 3)]))
    size = draw(st.sampled_from([4, 8]))
    value_size = draw(st.sampled_from([size, size, 6]))
    heads = groups * kv_heads
    operands = {
        "query": tensor(draw, dtype, *batch, heads, length, size),
        "key": tensor(draw, dtype, *batch, kv_heads, source, size),
        "value": tensor(draw, dtype, *batch, kv_heads, source, value_size),
        "mask": draw(st.none() | masks((*batch, heads, length, source), dtype)),
    }
    static = {
        "scale": scale,
        "causal": causal,
        "softcap": draw(st.sampled_from([None, None, 2.0])),
        "window": draw(st.sampled_from([None, 1, 2, 9])) if causal else None,
    }
    check("transformer.attention", operands, static, known)


@pytest.mark.parametrize("shape", [(1, 2, 0, 4), (0, 2, 3, 4), (2, 0, 4)])
@pytest.mark.parametrize("causal", [False, True])
def test_attention_without_elements(shape: tuple[int, ...], causal: bool) -> None:
    operands = {name: torch.randn(shape) for name in ("query", "key", "value")}
    check("transformer.attention", operands, {"causal": causal}, [])


def test_a_query_that_attends_to_nothing_gets_zeros() -> None:
    mask = torch.zeros(1, 2, 5, 5)
    mask[:, :, 3] = float("-inf")
    operands = {name: torch.randn(1, 2, 5, 8) for name in ("query", "key", "value")}
    instruction = Instruction("transformer.attention", {**operands, "mask": mask}, {})
    for known in ([], ["mask"]):
        (result,) = instruction.run(instruction.kernel(*known))
        assert result is not None and not result[:, :, 3].any()


def test_views_of_one_product_are_not_copied() -> None:
    # As in GPT-2: the result lies as the next linear layer reads it.
    product = torch.randn(1, 7, 3, 2, 8)
    q, k, v = (part.transpose(1, 2) for part in product.unbind(2))
    instruction = Instruction(
        "transformer.attention", {"query": q, "key": k, "value": v}, {"causal": True}
    )
    (result,) = instruction.run(instruction.kernel())
    assert result is not None and result.transpose(1, 2).is_contiguous()


def test_layers_share_a_mask() -> None:
    packed, mask = PackedWeights(), torch.rand(5, 5) < 0.5
    operands = {name: torch.randn(1, 2, 5, 8) for name in ("query", "key", "value")}
    static = {"causal": True, "window": 2}
    for known in ({"mask": mask}, {}):
        made: set[int] = set()
        for _ in range(3):
            instruction = Instruction("transformer.attention", {**operands, **known}, static)
            kernel = instruction.kernel("mask", packed=packed)
            constants = kernel.call.__globals__.values()
            made |= {id(value) for value in constants if isinstance(value, Tensor)}
        assert len(made) == 1
