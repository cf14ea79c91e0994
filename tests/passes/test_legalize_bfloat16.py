"""Programs in bf16, made for devices that have none."""

import pytest
import torch

from forge.backends.load_time import LoadTimeValues
from forge.backends.ports import main_function
from forge.dialects import reg
from forge.importer import capture, import_program
from forge.interpreters import random_inputs, run
from forge.passes import DEFAULT_PIPELINE
from forge.weights import RandomWeights
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

LEGAL = "legalize-bfloat16,compress-weights,assign-devices{target=npu4000}"


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b"])
def test_models_in_bfloat16_run_on_the_npu(name: str) -> None:
    module, inputs = tiny_model(name, layers=2)
    program = import_program(capture(module.to(torch.bfloat16), inputs)).module
    weights, inputs = RandomWeights(program), random_inputs(program)
    (expected,) = run(program, weights, inputs)
    apply(program, f"{DEFAULT_PIPELINE},convert-to-reg{{device=npu}},{LEGAL}")
    (actual,) = run(program, weights, inputs)
    assert actual.dtype == expected.dtype == torch.bfloat16
    scale = expected.float().abs().max()
    assert (actual.float() - expected.float()).abs().max() < 5e-2 * scale
    # What cannot stay is the conversion of the logits, and what is known beforehand.
    known = LoadTimeValues(main_function(program).body.block, weights, lambda value: value)
    moved = [
        op
        for op in main_function(program).body.block.ops
        if isinstance(op, reg.RegOp) and op.device == "cpu" and op not in known.ops
    ]
    assert sum(not isinstance(op, reg.CopyOp | reg.ConvertOp) for op in moved) == 0
