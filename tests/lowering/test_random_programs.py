"""Random programs: exported, imported, lowered, run by OpenVINO, as eager does."""

import torch
from hypothesis import HealthCheck, assume, given, settings

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.openvino.backend import compile_program, translate_program
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.lowering.convert_to_reg import ConvertToRegPass
from tests.lowering.random_programs import Program, programs


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(programs())
def test_programs_compute_what_eager_does(program: Program) -> None:
    assume(program.steps)
    expected = program(*program.inputs)
    imported = import_program(capture(program, tuple(program.inputs)))
    module = imported.module
    ConvertToRegPass(host=False).apply(make_context(), module)
    verify_module(module)
    compare(run(module, imported.weights, program.inputs), expected)
    translated = translate_program(module, imported.weights)
    executable = compile_program(translated, "CPU", "f32").executable
    arrays = executable.run([tensor_to_array(tensor) for tensor in program.inputs])
    types = [port.type.dtype for port in translated.outputs]
    compare([array_to_tensor(a, dtype) for a, dtype in zip(arrays, types, strict=True)], expected)


def compare(actual: list[torch.Tensor], expected: tuple[torch.Tensor, ...]) -> None:
    for mine, theirs in zip(actual, expected, strict=True):
        scale = max(1.0, float(theirs.double().abs().max()))
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5 * scale, check_stride=False)
