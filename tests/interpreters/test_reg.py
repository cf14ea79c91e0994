"""What the reference interpreter says an instruction means, against what OpenVINO computes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import openvino
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.openvino.backend import compile_program, translate_program
from forge.dialects import reg
from forge.dialects.reg import RegOp
from forge.errors import ForgeError
from forge.interpreters import run
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import Shaped, f32, i1, i32, i64
from forge.ir.text import parse_module
from forge.ir.torch_types import element_type
from forge.weights import ModuleWeights
from tests.dialects.reg_cases import CASES, Case
from tests.dialects.reg_cases.building import instruction_of, make_program
from tests.dialects.reg_cases.values import free_operands, values_of

CLASSES: dict[str, type[RegOp]] = {op.name.removeprefix("reg."): op for op in reg.ops.OPERATIONS}
NO_WEIGHTS = ModuleWeights({})
DTYPES = (f32, i32, i64, i1)
# The functions of real numbers: how they round integers differs from plugin to plugin.
OF_REALS = {
    *("Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "AvgPool", "Cos", "Cosh", "Erf", "Exp"),
    *("HSigmoid", "HSwish", "Interpolate", "Log", "Sigmoid", "Sin", "Sinh", "Sqrt", "Tan", "Tanh"),
}
# Neither the CPU plugin nor OpenVINO's own reference computes these.
NOT_COMPUTED = {"GroupedMatMul"}
# The same numbers at every run: a few arguments make the CPU plugin crash, and with it the tests.
EXAMPLES = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WANTED = 4
"""How many cases of an instruction are compared."""


def is_compared(name: str, case: Case) -> bool:
    """Whether OpenVINO's plugins and PyTorch agree on what such a case should mean."""
    dtypes = {info.dtype for _, info in free_operands(case)} | {
        operand.dtype for operand in case.operands if isinstance(operand, Shaped)
    }
    if not dtypes <= set(DTYPES) or (name in OF_REALS and f32 not in dtypes):
        return False
    if name == "Divide" and f32 not in dtypes:
        # The CPU plugin rounds to 0 and not to −∞.
        return False
    # It fails on scalars in Einstein's notation, on one beam, on much padding, and crashes on some
    # implicit padding.
    data: Any = case.operands[0]
    if name == "AvgPool":
        return case.attributes.get("auto_pad", "explicit") == "explicit"
    if name == "Einsum":
        return all(operand.rank for operand in data)
    return name not in {"SpaceToBatch", "GatherTree"} or min(data.shape) > 1


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - NOT_COMPUTED - {"RandomUniform"}))
def test_every_instruction_means_what_openvino_computes(name: str) -> None:
    compared = 0

    @EXAMPLES
    @given(CASES[name])
    def check(case: Case) -> None:
        nonlocal compared
        if compared < WANTED and is_compared(name, case):
            compared += agrees(name, case, seed=compared)

    check()
    assert compared, "no case was compared"


def agrees(name: str, case: Case, seed: int) -> bool:
    """Compare one case; false if there is nothing to compare."""
    try:
        module = make_program(CLASSES[name], case)
    except ShapeError:
        return False
    results = instruction_of(module, CLASSES[name]).results
    shapes = [reg.register_shaped(value.type).shape for value in results]
    shapes += [info.shape for _, info in free_operands(case)]
    if any(0 in shape for shape in shapes):
        # Plugins fail on tensors without elements.
        return False
    inputs = values_of(name, case, seed)
    expected = computed_by_openvino(module, inputs)
    if expected is None:
        # Some plugins take only known values for what is not the data.
        known = with_known_parameters(case, inputs)
        expected = computed_by_openvino(make_program(CLASSES[name], known), inputs[:1])
    if expected is None:
        return False
    actual = run(module, NO_WEIGHTS, inputs)
    for mine, theirs in zip(actual, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=2e-4, atol=2e-4, equal_nan=True)
    return True


def with_known_parameters(case: Case, inputs: Sequence[Tensor]) -> Case:
    """The case with all operands known but the first."""
    first, *rest = case.operands
    values = iter(inputs[1:])
    known = [
        replace(operand, literal=next(values).numpy())
        if isinstance(operand, Shaped) and operand.literal is None
        else operand
        for operand in rest
    ]
    return Case([first, *known], case.attributes)


def computed_by_openvino(module: ModuleOp, inputs: Sequence[Tensor]) -> list[Tensor] | None:
    """What OpenVINO's reference gives, or else the CPU plugin; `None` if they refuse."""
    program = translate_program(module, NO_WEIGHTS)
    arrays = [tensor_to_array(tensor) for tensor in inputs]
    outputs = _evaluated(program.single_model(), arrays)
    if outputs is None:
        try:
            outputs = list(compile_program(program, "CPU", "f32").executable.run(arrays))
        except ForgeError:
            return None
    types = [port.type.dtype for port in program.outputs]
    return [array_to_tensor(array, dtype) for array, dtype in zip(outputs, types, strict=True)]


def _evaluated(model: openvino.Model, arrays: Sequence[Any]) -> list[Any] | None:
    outputs = [
        openvino.Tensor(output.get_element_type(), output.get_shape()) for output in model.outputs
    ]
    try:
        done = model.evaluate(outputs, [openvino.Tensor(np.ascontiguousarray(a)) for a in arrays])
    except (RuntimeError, IndexError):
        # Many operations have no reference in the package, or one that fails on scalars.
        return None
    return [output.data.copy() for output in outputs] if done else None


# -- what the comparison cannot reach --------------------------------------------------------------


def run_text(text: str, *inputs: Tensor) -> list[Tensor]:
    return run(parse_module(text), NO_WEIGHTS, inputs)


def test_grouped_products() -> None:
    a, b = torch.randn(5, 3), torch.randn(2, 4, 3)
    (actual,) = run_text(
        """
        func.func @main(%a: !reg.reg<5x3xf32, cpu>, %b: !reg.reg<2x4x3xf32, cpu>,
            %ends: !reg.reg<2xi64, cpu>) -> !reg.reg<5x4xf32, cpu> {
          %0 = reg.GroupedMatMul %a, %b, offsets = %ends
              : (!reg.reg<5x3xf32, cpu>, !reg.reg<2x4x3xf32, cpu>, !reg.reg<2xi64, cpu>)
              -> !reg.reg<5x4xf32, cpu>
          func.return %0 : !reg.reg<5x4xf32, cpu>
        }""",
        a,
        b,
        torch.tensor([2, 4]),
    )
    expected = torch.cat([a[:2] @ b[0].T, a[2:4] @ b[1].T, torch.zeros(1, 4)])
    torch.testing.assert_close(actual, expected)


RANDOM = """
    func.func @main() -> !reg.reg<{count}x{type}, cpu> {{
      %0 = reg.Constant {{value = dense<{count}> : tensor<1xi64>}} : () -> !reg.reg<1xi64, cpu>
      %1 = reg.Constant {{value = dense<{low}> : tensor<{type}>}} : () -> !reg.reg<{type}, cpu>
      %2 = reg.Constant {{value = dense<{high}> : tensor<{type}>}} : () -> !reg.reg<{type}, cpu>
      %3 = reg.RandomUniform %0, %1, %2 {{output_type = {type}, global_seed = {seed}, op_seed = 7}}
          : (!reg.reg<1xi64, cpu>, !reg.reg<{type}, cpu>, !reg.reg<{type}, cpu>)
          -> !reg.reg<{count}x{type}, cpu>
      func.return %3 : !reg.reg<{count}x{type}, cpu>
    }}"""


@pytest.mark.parametrize(("type", "low", "high"), [("f32", "-1.0", "3.0"), ("i32", "-5", "9")])
def test_random_numbers_are_openvinos(type: str, low: str, high: str) -> None:
    module = parse_module(RANDOM.format(count=10, type=type, low=low, high=high, seed=150))
    expected = computed_by_openvino(module, [])
    assert expected is not None
    torch.testing.assert_close(run(module, NO_WEIGHTS, []), expected)


def test_random_numbers_without_a_seed_are_refused() -> None:
    text = RANDOM.format(count=3, type="f32", low="0.0", high="1.0", seed=0)
    with pytest.raises(ForgeError, match=r"reg.RandomUniform failed: .* every run"):
        run_text(text.replace("op_seed = 7", "op_seed = 0"))


def test_the_host_and_copies() -> None:
    x = torch.randn(2, 3)
    (actual,) = run_text(
        """
        func.func @main(%x: !reg.reg<2x3xf32, npu>) -> !reg.reg<2x3xf32, npu> {
          %0 = reg.copy %x : (!reg.reg<2x3xf32, npu>) -> !reg.reg<2x3xf32, host>
          %1 = reg.host "aten.cumprod"(input = %0) {dim = 1}
              : (!reg.reg<2x3xf32, host>) -> !reg.reg<2x3xf32, host>
          %2 = reg.copy %1 : (!reg.reg<2x3xf32, host>) -> !reg.reg<2x3xf32, npu>
          func.return %2 : !reg.reg<2x3xf32, npu>
        }""",
        x,
    )
    assert torch.equal(actual, x.cumprod(1))


def test_a_kernel_that_pytorch_does_not_have() -> None:
    with pytest.raises(ForgeError, match=r"PyTorch has no operator nowhere\.nothing\.default"):
        run_text(
            """
            func.func @main(%x: !reg.reg<2xf32, host>) -> !reg.reg<2xf32, host> {
              %0 = reg.host "nowhere.nothing.default"(x = %x)
                  : (!reg.reg<2xf32, host>) -> !reg.reg<2xf32, host>
              func.return %0 : !reg.reg<2xf32, host>
            }""",
            torch.zeros(2),
        )


def test_constants_of_every_kind() -> None:
    values = run_text(
        """
        func.func @main() -> (!reg.reg<2xbf16, cpu>, !reg.reg<3xi1, cpu>, !reg.reg<2x2xf32, cpu>) {
          %0 = reg.Constant {value = dense<[1.5, -2.0]> : tensor<2xbf16>}
              : () -> !reg.reg<2xbf16, cpu>
          %1 = reg.Constant {value = dense<[true, false, true]> : tensor<3xi1>}
              : () -> !reg.reg<3xi1, cpu>
          %2 = reg.Constant {value = dense<0.5> : tensor<2x2xf32>} : () -> !reg.reg<2x2xf32, cpu>
          func.return %0, %1, %2
              : !reg.reg<2xbf16, cpu>, !reg.reg<3xi1, cpu>, !reg.reg<2x2xf32, cpu>
        }"""
    )
    expected = [
        torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        torch.tensor([True, False, True]),
        torch.full((2, 2), 0.5),
    ]
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(values, expected, strict=True))
    assert element_type(values[0].dtype) != f32
