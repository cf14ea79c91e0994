"""Each operator of the `aten` dialect: lowered, interpreted, and run by OpenVINO, as eager does."""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp, StringAttr

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.openvino.backend import compile_program, translate_program
from forge.dialects import reg
from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.errors import ForgeError
from forge.interpreters import run
from forge.ir.shape_functions import ShapeError
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.lowering.aten_to_reg import PATTERNS
from forge.lowering.convert_to_reg import REASON, ConvertToRegPass
from forge.weights import ModuleWeights
from tests.dialects.aten_cases import CASES
from tests.lowering.operators import in_exact_types, is_computable, make_program, values_of

CLASSES: dict[str, type[AtenOp]] = {op_class.name: op_class for op_class in OPERATIONS}
NO_WEIGHTS = ModuleWeights({})

ON_HOST = {
    "aten._embedding_bag": "it returns what only a backward pass reads",
    "aten._fft_c2c": "complex numbers",
    "aten._fft_c2r": "complex numbers",
    "aten._fft_r2c": "complex numbers",
    "aten._scaled_dot_product_flash_attention_for_cpu": "it returns what a backward pass reads",
    "aten.complex": "complex numbers",
    "aten.copysign.Scalar": "OpenVINO does not tell -0.0 from 0.0",
    "aten.copysign.Tensor": "OpenVINO does not tell -0.0 from 0.0",
    "aten.cummax": "OpenVINO has no running maximum",
    "aten.cummin": "OpenVINO has no running minimum",
    "aten.cumprod": "OpenVINO has no running product",
    "aten.grid_sampler_3d": "OpenVINO samples images, not volumes",
    "aten.imag": "complex numbers",
    "aten.lgamma": "OpenVINO has no gamma function",
    "aten.logcumsumexp": "OpenVINO has no running sum of exponentials",
    "aten.polar": "complex numbers",
    "aten.view_as_complex": "complex numbers",
    "aten.view_as_real": "complex numbers",
}
"""The operators without a conversion, and why they run on the host."""

# What is in new memory is anybody's guess.
UNDEFINED = {"aten.empty.memory_format", "aten.empty_like", "aten.new_empty"}
# Of equal elements any may come first: only values are compared.
ANY_PLACE = {"aten.kthvalue", "aten.median.dim", "aten.topk", "aten.argsort", "aten.sort"}
# 16 bits decide differently there which of two pixels is nearer.
IN_F32 = {"aten.grid_sampler", "aten.grid_sampler_2d"}
# The same arguments at every run: a few make OpenVINO's plugin crash, and with it the tests.
SEARCH = settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WANTED = 2
"""How many arguments of an operator are compared."""

TOLERANCES = {torch.float16: 6e-3, torch.bfloat16: 4e-2}


def test_the_operators_without_a_conversion_are_known() -> None:
    assert {name for name, op_class in CLASSES.items() if op_class not in PATTERNS} == set(ON_HOST)


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - ON_HOST.keys()))
def test_an_operator_computes_what_eager_does(name: str) -> None:
    compared = 0

    def enough(arguments: dict[str, Any]) -> bool:
        nonlocal compared
        if compared < WANTED:
            compared += agrees(CLASSES[name], in_exact_types(arguments), seed=compared)
        return compared >= WANTED

    try:
        find(CASES[name], enough, settings=SEARCH)
    except NoSuchExample:
        assert compared, "no arguments were lowered"


def agrees(op_class: type[AtenOp], arguments: dict[str, Any], seed: int) -> bool:
    """Compare with eager; false if the arguments are refused, or the host computes them."""
    if not is_computable(arguments):
        return False
    try:
        module = make_program(op_class, arguments)
    except ShapeError:
        return False
    inputs = values_of(op_class, arguments, seed)
    if op_class.name in IN_F32 and any(x.dtype != torch.float32 for x in inputs):
        return False
    try:
        expected = run(module, NO_WEIGHTS, inputs)
    except ForgeError:
        # The kernel is stricter than the meta kernel, or an index is out of bounds.
        return False
    ConvertToRegPass().apply(make_context(), module)
    verify_module(module)
    if (reason := reason_for_host(module)) is not None:
        assert reason, "the operator has a conversion, but it was not tried"
        return False
    compare(op_class.name, run(module, NO_WEIGHTS, inputs), expected)
    compare(op_class.name, run_on_openvino(module, inputs), expected)
    return True


def reason_for_host(module: ModuleOp) -> str | None:
    """Why an operator runs on the host; `None` if none does."""
    for op in module.walk():
        if isinstance(op, reg.HostOp):
            reason = op.attributes.get(REASON)
            return reason.data if isinstance(reason, StringAttr) else ""
    return None


def run_on_openvino(module: ModuleOp, inputs: list[Tensor]) -> list[Tensor]:
    program = translate_program(module, NO_WEIGHTS)
    executable = compile_program(program, "CPU", "f32").executable
    outputs = executable.run([tensor_to_array(tensor) for tensor in inputs])
    types = [port.type.dtype for port in program.outputs]
    return [array_to_tensor(array, dtype) for array, dtype in zip(outputs, types, strict=True)]


def compare(name: str, actual: list[Tensor], expected: list[Tensor]) -> None:
    for index, (mine, theirs) in enumerate(zip(actual, expected, strict=True)):
        assert (mine.shape, mine.dtype) == (theirs.shape, theirs.dtype)
        if name in UNDEFINED or (name in ANY_PLACE and theirs.dtype == torch.int64 and index):
            continue
        tolerance = TOLERANCES.get(theirs.dtype, 3e-4)
        torch.testing.assert_close(
            mine, theirs, rtol=tolerance, atol=tolerance, equal_nan=True, check_stride=False
        )


@pytest.mark.parametrize("name", sorted(ON_HOST.keys() - {"aten._fft_c2r", "aten._fft_r2c"}))
def test_an_operator_without_conversion_runs_on_the_host(name: str) -> None:
    def lowered(arguments: dict[str, Any]) -> bool:
        try:
            module = make_program(CLASSES[name], arguments)
        except ShapeError:
            return False
        ConvertToRegPass().apply(make_context(), module)
        verify_module(module)
        kernels = [op.kernel.data for op in module.walk() if isinstance(op, reg.HostOp)]
        assert kernels == [name]
        return True

    find(CASES[name], lowered, settings=SEARCH)
