"""One kernel is called by many threads at once: it keeps nothing between or during calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import Tensor, randn

from forge.backends.vm.kernels import layers
from forge.dialects import transformer
from tests.backends.host_instructions import Instruction, close, garbage, reference

THREADS, CALLS = 6, 30
NORM: dict[str, Any] = {"normalized_shape": [32], "eps": 1e-6}
# Operands; the first one differs from call to call, the others are known.
CASES: dict[str, tuple[dict[str, Tensor], dict[str, Any]]] = {
    "transformer.attention": (
        {"query": randn(1, 4, 8, 8), "key": randn(1, 2, 8, 8), "value": randn(1, 2, 8, 8)},
        {"causal": True, "window": 3},
    ),
    "transformer.embedding": ({"weight": randn(9, 32), "ids": torch.arange(9)}, {}),
    "transformer.gated_convolution": ({"input": randn(1, 8, 96), "weight": randn(32, 1, 3)}, {}),
    "transformer.gated_mlp": (
        {
            "input": randn(8, 32),
            "gate_weight": randn(64, 32),
            "up_weight": randn(64, 32),
            "down_weight": randn(32, 64),
        },
        {},
    ),
    "transformer.layer_norm": ({"input": randn(8, 32), "weight": randn(32)}, NORM),
    "transformer.linear": (
        {"input": randn(8, 32), "weight": randn(32, 32), "residual": randn(8, 32)},
        {"activation": "quick_gelu"},
    ),
    "transformer.mlp": (
        {"input": randn(8, 32), "up_weight": randn(64, 32), "down_weight": randn(32, 64)},
        {"activation": "gelu_tanh"},
    ),
    "transformer.rms_norm": ({"input": randn(8, 32), "weight": randn(32)}, NORM),
    "transformer.rotary_embedding": (
        {"x": randn(1, 4, 8, 8), "cos": randn(8, 8), "sin": randn(8, 8)},
        {},
    ),
}


def test_every_operation_has_a_case() -> None:
    assert CASES.keys() == {op.name for op in transformer.Transformer.operations}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("is_large", [False, True])
def test_threads_do_not_disturb_each_other(
    name: str, is_large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_large:
        monkeypatch.setattr(layers, "_LARGE_WEIGHT", 1)
    operands, static = CASES[name]
    first, *others = operands
    instruction = Instruction(name, operands, static)
    kernel = instruction.kernel(*others)
    value = instruction.op.operands[0]

    def call(index: int) -> tuple[Tensor, Tensor]:
        given = operands[first] * index
        tensors = [given if v is value else instruction.tensors[v] for v in kernel.operands]
        results = [garbage(r.type) for r in instruction.op.results] if kernel.writes else []
        with torch.no_grad():
            computed = kernel.call(*results, *tensors)
        result = results[0] if kernel.writes else computed
        assert isinstance(result, Tensor)
        return result, reference(name, {**operands, first: given}, static)

    with ThreadPoolExecutor(THREADS) as pool:
        for actual, expected in pool.map(call, range(CALLS)):
            close(actual, expected)
