"""Compressed weights: what is rounded, what stays, and what OpenVINO gets of it."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

from forge.backends.openvino.backend import compile_program, translate_program
from forge.dialects import reg
from forge.importer import capture, import_program
from forge.interpreters import random_inputs, run
from forge.ir.text import parse_module
from forge.passes import DEFAULT_PIPELINE
from forge.weights import ModuleWeights, RandomWeights
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

FAMILIES = ["gpt2", "bert-base", "vit-base", "llama-3.2-1b", "lfm2-2.6b"]


@cache
def lowered(name: str) -> ModuleOp:
    module, inputs = tiny_model(name, layers=3 if name == "lfm2-2.6b" else 2)
    program = import_program(capture(module, inputs)).module
    apply(program, f"{DEFAULT_PIPELINE},convert-to-reg{{device=cpu}}")
    return program


def compressed(name: str, options: str) -> ModuleOp:
    program = lowered(name).clone()
    apply(program, f"compress-weights{{{options}}}")
    return program


def distance(actual: list[torch.Tensor], wanted: list[torch.Tensor]) -> float:
    """The root of the mean square of the differences, as a share of that of the values."""
    pairs = zip(actual, wanted, strict=True)
    return max(((a - w).norm() / w.norm()).item() for a, w in pairs)


FORMS = {
    "type=f16": 5e-3,
    "type=i8": 0.2,
    "type=i8 group_size=16": 0.2,
    "type=i4": 1.0,
    "type=i4 group_size=16": 1.0,
}
"""How far each form may move the outputs of a small random model."""


@pytest.mark.parametrize("options", FORMS)
@pytest.mark.parametrize("name", FAMILIES)
def test_models_keep_their_numbers_as_far_as_the_type_allows(name: str, options: str) -> None:
    program = compressed(name, options)
    weights, inputs = RandomWeights(program), random_inputs(program)
    expected = run(lowered(name), weights, inputs)
    assert 1e-7 < distance(run(program, weights, inputs), expected) < FORMS[options]


@pytest.mark.parametrize("options", FORMS)
@pytest.mark.parametrize("name", FAMILIES)
def test_openvino_computes_what_the_text_says(name: str, options: str) -> None:
    program = compressed(name, options)
    weights, inputs = RandomWeights(program), random_inputs(program)
    compiled = compile_program(translate_program(program, weights), "CPU")
    outputs = compiled.executable.run([tensor.numpy() for tensor in inputs])
    actual = [torch.from_numpy(output) for output in outputs]
    assert distance(actual, run(program, weights, inputs)) < 2e-5


@pytest.mark.parametrize("options", FORMS)
def test_an_npu_takes_what_widens_weights(options: str) -> None:
    module, inputs = tiny_model("gpt2", layers=2)
    program = import_program(capture(module, inputs)).module
    passes = f"convert-to-reg{{device=npu}},compress-weights{{{options}}}"
    apply(program, f"{DEFAULT_PIPELINE},{passes},assign-devices{{target=npu4000}}")
    assert not any(isinstance(op, reg.CopyOp) for op in program.walk())


@pytest.mark.parametrize("dtype", ["i8", "i4"])
def test_codes_are_the_nearest_ones(dtype: str) -> None:
    weights = {"w": torch.randn(64, 48)}
    weights["w"][3] = 0
    text = """func.func @main(%x: !reg.reg<1x48xf32, cpu>) -> !reg.reg<1x64xf32, cpu> {
      %w = reg.weight "w" : !reg.reg<64x48xf32, cpu>
      %0 = reg.MatMul %x, %w {transpose_b = true}
        : (!reg.reg<1x48xf32, cpu>, !reg.reg<64x48xf32, cpu>) -> !reg.reg<1x64xf32, cpu>
      func.return %0 : !reg.reg<1x64xf32, cpu>
    }"""
    program = parse_module(text, "test")
    apply(program, f"compress-weights{{type={dtype}}}")
    model = translate_program(program, ModuleWeights(weights)).single_model()
    constants = {op.output(0).get_element_type().get_type_name(): op for op in model.get_ops()}
    stored = torch.tensor(constants[dtype].get_data(dtype="int8"))
    codes = stored if dtype == "i8" else _unpacked(stored)
    scale = weights["w"].abs().amax(1, keepdim=True) / (127 if dtype == "i8" else 7)
    expected = torch.where(scale > 0, weights["w"] / scale, 0).round()
    torch.testing.assert_close(codes.reshape(64, 48).float(), expected)


def _unpacked(bytes: torch.Tensor) -> torch.Tensor:
    """Integers of four bits, of which the first of two is in the lower half of a byte."""
    nibbles = torch.stack([bytes & 15, bytes >> 4 & 15], dim=-1)
    return torch.where(nibbles > 7, nibbles - 16, nibbles)
