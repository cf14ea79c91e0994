"""Kernels of linear layers and MLPs, in each of their forms, against the reference interpreter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from forge.backends.vm.kernels import PackedWeights, layers
from forge.dialects.transformer import Activation
from tests.backends.host_instructions import TOLERANCES, Instruction, check, close, tensor

EXAMPLES = settings(max_examples=150, deadline=None, derandomize=True)

activations = st.sampled_from([activation.value for activation in Activation])
dtypes = st.sampled_from([torch.float32, torch.float32, *TOLERANCES])
leading = st.lists(st.integers(0, 3), min_size=0, max_size=2).map(tuple)


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that small tensors go the way of large ones.
    monkeypatch.setattr(layers, "_LARGE_WEIGHT", 40)
    monkeypatch.setattr(layers, "_LARGE_PRODUCT", 80)


@EXAMPLES
@given(st.data(), activations, dtypes, leading, st.booleans(), st.booleans(), st.booleans())
def test_linear(
    data: st.DataObject,
    activation: str,
    dtype: torch.dtype,
    batch: tuple[int, ...],
    transpose: bool,
    biased: bool,
    residual: bool,
) -> None:
    sizes = data.draw(st.sampled_from([(3, 5), (8, 16), (16, 8), (7, 12), (1, 64)]))
    operands = {
        "input": tensor(data.draw, dtype, *batch, sizes[0]),
        "weight": tensor(data.draw, dtype, *(sizes[::-1] if transpose else sizes)),
        "bias": tensor(data.draw, dtype, sizes[1]) if biased else None,
        "residual": tensor(data.draw, dtype, *batch, sizes[1]) if residual else None,
    }
    static = {"activation": activation, "transpose_weight": transpose}
    known = data.draw(st.sampled_from([["weight", "bias"], ["weight"], []]))
    check("transformer.linear", operands, static, known)


@EXAMPLES
@given(st.data(), activations, dtypes, leading, st.booleans(), st.booleans(), st.booleans())
def test_mlps(
    data: st.DataObject,
    activation: str,
    dtype: torch.dtype,
    batch: tuple[int, ...],
    transpose: bool,
    biased: bool,
    gated: bool,
) -> None:
    inputs, hidden, outputs = 8, 16, data.draw(st.sampled_from([8, 12]))
    shapes = {"up": (hidden, inputs), "down": (outputs, hidden)}
    if gated:
        shapes = {"gate": (hidden, inputs)} | shapes
    operands = {"input": tensor(data.draw, dtype, *batch, inputs)}
    for name, shape in shapes.items():
        operands[f"{name}_weight"] = tensor(
            data.draw, dtype, *(shape if transpose else shape[::-1])
        )
        if biased or data.draw(st.booleans()):
            operands[f"{name}_bias"] = tensor(data.draw, dtype, shape[0])
    if data.draw(st.booleans()):
        operands["residual"] = tensor(data.draw, dtype, *batch, outputs)
    static = {"activation": activation, "transpose_weight": transpose}
    known = list(operands)[1:] if data.draw(st.booleans()) else ["down_weight", "down_bias"]
    known = [name for name in known if name != "residual"]
    check("transformer.gated_mlp" if gated else "transformer.mlp", operands, static, known)


@pytest.mark.parametrize("known", [[], ["weight", "other", "mat2", "input_"]])
@pytest.mark.parametrize("rows", [0, 1, 6])
def test_products_of_aten(known: list[str], rows: int) -> None:
    x, w, b = torch.randn(rows, 8), torch.randn(16, 8), torch.randn(16)
    cases: list[tuple[str, dict[str, Tensor], dict[str, Any], Tensor]] = [
        ("aten.linear", {"input": x, "weight": w}, {}, x @ w.T),
        ("aten.linear", {"input": x, "weight": w, "bias": b}, {}, x @ w.T + b),
        ("aten.mm", {"input": x, "mat2": w.T}, {}, x @ w.T),
        ("aten.matmul", {"input": x, "other": w.T.contiguous()}, {}, x @ w.T),
        ("aten.matmul", {"input": x, "other": w[0]}, {}, x @ w[0]),
        ("aten.addmm", {"input": b, "mat1": x, "mat2": w.T}, {}, x @ w.T + b),
        ("aten.addmm", {"input": b, "mat1": x, "mat2": w.T}, {"alpha": 2}, 2 * x @ w.T + b),
        ("aten.addmm", {"input": b[:1], "mat1": x, "mat2": w.T}, {}, x @ w.T + b[:1]),
    ]
    for name, operands, static, expected in cases:
        instruction = Instruction(name, operands, static)
        names = [*known, "bias"] + (["input"] if name == "aten.addmm" and known else [])
        (actual,) = instruction.run(instruction.kernel(*names))
        close(actual, expected)


def layer_of(weight: Tensor, rows: int = 4) -> Instruction:
    x = torch.randn(rows, weight.shape[1])
    return Instruction("transformer.linear", {"input": x, "weight": weight}, {})


def test_a_weight_is_packed_once_at_the_first_call() -> None:
    weight, packed = torch.randn(16, 8), PackedWeights()
    kernels = [layer_of(weight, rows).kernel("weight", packed=packed) for rows in (4, 7)]
    assert packed.count == 0
    kernels[0].call(torch.randn(4, 8))
    assert (packed.count, packed.nbytes) == (1, 16 * 8 * 4)
    kernels[1].call(torch.randn(7, 8))
    assert packed.count == 1 and packed.seconds > 0


def test_all_weights_can_be_packed_beforehand() -> None:
    packed = PackedWeights()
    instruction = layer_of(torch.randn(16, 8, requires_grad=True))
    kernel = instruction.kernel("weight", packed=packed)
    packed.prepare()
    assert packed.count == 1
    instruction.run(kernel)
    assert packed.count == 1


def test_threads_that_ask_at_once_get_one_packed_weight() -> None:
    weight, packed = torch.randn(64, 32), PackedWeights()
    instruction = layer_of(weight, rows=16)
    kernel, x = instruction.kernel("weight", packed=packed), torch.randn(16, 32)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: kernel.call(x), range(64)))
    assert packed.count == 1
    for result in results:
        assert isinstance(result, Tensor)
        close(result, x @ weight.T)


def test_one_row_takes_the_weight_as_it_is() -> None:
    packed = PackedWeights()
    instruction = layer_of(torch.randn(16, 8), rows=1)
    instruction.run(instruction.kernel("weight", packed=packed))
    packed.prepare()
    assert packed.count == 0


def test_without_onednn_pytorch_computes_and_the_reason_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    weight, packed = torch.randn(16, 8), PackedWeights()
    instruction = layer_of(weight)
    (actual,) = instruction.run(instruction.kernel("weight", packed=packed))
    close(actual, instruction.tensors[instruction.op.operands[0]] @ weight.T)
    assert packed.reasons == {"PyTorch has no oneDNN"}


def test_a_type_that_onednn_lacks_is_a_reason() -> None:
    packed = PackedWeights()
    weight = torch.randn(16, 8, dtype=torch.float64)
    operands = {"input": torch.randn(4, 8, dtype=torch.float64), "weight": weight}
    Instruction("transformer.linear", operands, {}).kernel("weight", packed=packed)
    assert packed.reasons == {"oneDNN has no torch.float64 on this processor"}
