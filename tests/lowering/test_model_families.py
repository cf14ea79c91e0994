"""The models of the zoo: they lower without the host, and compute what eager does."""

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

from forge.backends.memory import tensor_to_array
from forge.backends.openvino.backend import compile_program, translate_program
from forge.importer import ImportedProgram, capture, import_program
from forge.interpreters import run
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.lowering.convert_to_reg import ConvertToRegPass
from forge.passes import DEFAULT_PIPELINE
from forge.pipeline import build_pipeline
from forge.zoo import build, model_names
from tests.passes.tiny_models import tiny_model

WITHOUT_LAYERS = {"resnet-block", "mlp"}
TRANSFORMERS = sorted(set(model_names()) - WITHOUT_LAYERS)
# The two Llamas differ in width only. MiniLM is small as it is.
SMALL = sorted(set(TRANSFORMERS) - {"llama-3.1-8b", "minilm"})
# LFM2's third layer is its first with attention; the two before are convolutions.
LAYERS = {"lfm2-2.6b": 3}
ALLOWED = 2.1e-5
"""Of the largest output: what the paper's programs differ from eager by."""

LEVELS = pytest.mark.parametrize("passes", ["", DEFAULT_PIPELINE], ids=["aten", "transformer"])


def lowered(program: ImportedProgram, passes: str) -> ModuleOp:
    context = make_context()
    for module_pass in build_pipeline(passes) if passes else []:
        module_pass.apply(context, program.module)
    # Without the host, what has no conversion is an error.
    ConvertToRegPass(host=False).apply(context, program.module)
    verify_module(program.module)
    return program.module


def check(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], passes: str) -> None:
    """Compare the module with its program, interpreted and on OpenVINO."""
    with torch.no_grad():
        expected = module(*inputs)
    program = import_program(capture(module, inputs))
    lowered(program, passes)
    tensors = program.flatten(inputs, {})
    (interpreted,) = run(program.module, program.weights, tensors)
    translated = translate_program(program.module, program.weights)
    executable = compile_program(translated, "CPU", "f32").executable
    (computed,) = executable.run([tensor_to_array(tensor) for tensor in tensors])
    allowed = ALLOWED * float(expected.abs().max())
    assert float((interpreted - expected).abs().max()) <= allowed
    assert float((torch.from_numpy(computed) - expected).abs().max()) <= allowed


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@LEVELS
def test_small_models_of_the_architectures(name: str, attention: str, passes: str) -> None:
    module, inputs = tiny_model(name, LAYERS.get(name, 2), attention=attention)
    check(module, inputs, passes)


@pytest.mark.parametrize("name", sorted(WITHOUT_LAYERS | {"minilm"}))
@LEVELS
def test_models_that_are_small_already(name: str, passes: str) -> None:
    model = build(name, layers=2 if name == "minilm" else None)
    check(model.module, model.example_args, passes)


@pytest.mark.parametrize("name", TRANSFORMERS)
@LEVELS
def test_models_of_true_width_lower_completely(name: str, passes: str) -> None:
    model = build(name, layers=LAYERS.get(name, 2), weights="fake")
    program = import_program(capture(model.module, model.example_args))
    names = {op.name for op in lowered(program, passes).walk()}
    assert not {name for name in names if name.startswith(("aten.", "transformer.", "forge."))}
    assert "reg.host" not in names


def test_a_mask_with_padding_on_the_left() -> None:
    # Queries before the first token have no key at all.
    model = build("minilm", layers=2)
    ids, mask = model.example_args
    mask = torch.ones_like(mask)
    mask[:, :5] = 0
    check(model.module, (ids, mask), DEFAULT_PIPELINE)
