"""Compressed weights: what is rounded, what stays, and what OpenVINO gets of it."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

from forge.backends.openvino.backend import compile_program, translate_program
from forge.importer import capture, import_program
from forge.interpreters import random_inputs, run
from forge.passes import DEFAULT_PIPELINE
from forge.weights import RandomWeights
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
    """The largest difference, as a share of the largest value."""
    pairs = zip(actual, wanted, strict=True)
    return max(((a - w).abs().max() / w.abs().max()).item() for a, w in pairs)


FORMS = {"type=f16": 5e-3, "type=i8": 0.2, "type=i8 group_size=16": 0.2}
"""What each form may change, as a share of the largest output of a small random model."""


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
