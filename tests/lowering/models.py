"""A model's program: lowered, interpreted, run by OpenVINO, and compared with eager."""

import torch
from xdsl.dialects.builtin import ModuleOp

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.openvino.backend import compile_program, translate_program
from forge.importer import ImportedProgram, capture, import_program
from forge.interpreters import run
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.lowering.convert_to_reg import ConvertToRegPass
from forge.pipeline import build_pipeline

ALLOWED = 2.1e-5
"""Of the largest output: what the paper's programs differ from eager by."""


def lowered(program: ImportedProgram, passes: str) -> ModuleOp:
    context = make_context()
    for module_pass in build_pipeline(passes) if passes else []:
        module_pass.apply(context, program.module)
    # Without the host, what has no conversion is an error.
    ConvertToRegPass(host=False).apply(context, program.module)
    verify_module(program.module)
    return program.module


def check(
    module: torch.nn.Module,
    inputs: tuple[torch.Tensor, ...],
    passes: str,
    allowed: float = ALLOWED,
) -> None:
    """Compare the module with its program, interpreted and on OpenVINO."""
    with torch.no_grad():
        expected = module(*inputs)
    program = import_program(capture(module, inputs))
    lowered(program, passes)
    tensors = program.flatten(inputs, {})
    (interpreted,) = run(program.module, program.weights, tensors)
    translated = translate_program(program.module, program.weights)
    executable = compile_program(translated, "CPU", "f32").executable
    (array,) = executable.run([tensor_to_array(tensor) for tensor in tensors])
    computed = array_to_tensor(array, translated.outputs[0].type.dtype)
    limit = allowed * float(expected.abs().max())
    assert float((interpreted - expected).abs().max()) <= limit
    assert float((computed - expected).abs().max()) <= limit
