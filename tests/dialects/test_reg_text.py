"""The text of `reg`: what is printed parses back to the same program."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import f32, i64

from forge.dialects import reg
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import ELEMENT_TYPES, tensor_type
from forge.ir.text import make_context, parse_module, print_module
from forge.ir.verifier import verify_module
from tests.dialects.reg_cases import CASES, Case
from tests.dialects.reg_cases.building import instruction_of, make_program
from tests.dialects.reg_cases.drawing import tensor

CLASSES = {op.name.removeprefix("reg."): op for op in reg.ops.OPERATIONS}
CONTEXT = make_context()


@pytest.mark.parametrize("name", sorted(CLASSES))
@given(data=st.data())
@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
def test_every_instruction_reads_back(name: str, data: st.DataObject) -> None:
    try:
        program = make_program(CLASSES[name], data.draw(CASES[name]))
    except ShapeError:
        # Some draws do not fit together, such as a window that is larger than the image.
        assume(False)
        return
    verify_module(program)
    text = print_module(program)
    generic = print_module(program, generic=True)
    read = parse_module(text, context=CONTEXT)
    assert print_module(read) == text
    assert print_module(parse_module(generic, context=CONTEXT), generic=True) == generic
    assert instruction_of(read, CLASSES[name]).device == "cpu"


PLACEMENT = """
builtin.module {
  func.func @main(%x: !reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, npu> {
    %w = reg.weight "encoder.norm.weight" : !reg.reg<4xf32, host>
    %0 = reg.copy %x : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, host, offset = 192>
    %1 = reg.host "aten.layer_norm"(input = %0, weight = %w) {normalized_shape = [4]} : \
(!reg.reg<2x4xf32, host, offset = 192>, !reg.reg<4xf32, host>) -> !reg.reg<2x4xf32, host>
    %2 = reg.host "torchvision.any.default"(xs = [%1, none], flag = %w) {k = 3, mask = unit} : \
(!reg.reg<2x4xf32, host>, !reg.reg<4xf32, host>) -> !reg.reg<2x4xf32, host>
    %3 = reg.copy %2 : (!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, npu>
    %4 = reg.Constant {value = dense<[1, 0]> : tensor<2xi64>} : () -> !reg.reg<2xi64, npu>
    %5 = reg.Relu %3 attributes {note = "kept"} : (!reg.reg<2x4xf32, npu>) -> !reg.reg<2x4xf32, npu>
    func.return %5 : !reg.reg<2x4xf32, npu>
  }
}
"""


@pytest.mark.parametrize("generic", [False, True])
def test_constants_weights_copies_and_kernels_read_back(generic: bool) -> None:
    program = parse_module(PLACEMENT, context=CONTEXT)
    text = print_module(program, generic=generic)
    assert generic or text.strip() == PLACEMENT.strip()
    assert print_module(parse_module(text, context=CONTEXT), generic=generic) == text


def test_defaults_are_not_printed() -> None:
    program = make_program(reg.SoftmaxOp, Case([tensor((2, 3))], {"axis": 1}))
    assert "reg.Softmax %0 : (" in print_module(program)
    program = make_program(reg.SoftmaxOp, Case([tensor((2, 3))], {"axis": -1}))
    assert "reg.Softmax %0 {axis = -1} : (" in print_module(program)


@pytest.mark.parametrize("dtype", ELEMENT_TYPES.values(), ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (1, 768)])
@pytest.mark.parametrize("offset", [None, 7])
def test_register_types_read_back(dtype, shape: tuple[int, ...], offset: int | None) -> None:
    type = reg.register_type(shape, dtype, "gpu.1", offset)
    assert type.shape == shape and type.dtype == dtype
    assert type.device == "gpu.1" and type.offset == offset
    line = f'%0 = reg.weight "w" : {type}'
    program = parse_module(line, context=CONTEXT)
    assert next(iter(program.ops)).results[0].type == type
    assert line in print_module(program)


def test_equal_register_types_are_one_object() -> None:
    type = reg.register_type((2, 3), f32, "cpu")
    assert type is reg.register_type([2, 3], f32, "cpu")
    assert type == reg.RegisterType(tensor_type((2, 3), f32), "cpu")
    assert type.at(64).at(None) is type
    assert type.at(64).on("npu") is reg.register_type((2, 3), f32, "npu")
    assert reg.register_type((2, 3), i64, "cpu") != type


def test_importing_the_dialect_imports_no_big_library() -> None:
    code = (
        "import sys, forge.dialects.reg;"
        "print([name for name in ('torch', 'openvino', 'numpy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
