"""From `reg` to `ov.Model`: the same instructions and names, over the weights' own memory."""

import gc
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from forge.backends.openvino.backend import TranslatedProgram, translate_program
from forge.backends.openvino.translate import LOCATION
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError
from forge.ir.text import parse_module
from forge.weights import ModuleWeights, RandomWeights, SafetensorsWeights, save_weights
from tests.dialects.reg_cases import CASES
from tests.dialects.reg_cases.building import instruction_of, make_program

CLASSES = {op.name.removeprefix("reg."): op for op in reg.ops.OPERATIONS}
NO_WEIGHTS = ModuleWeights({})


def translate(text: str, **tensors: torch.Tensor) -> TranslatedProgram:
    return translate_program(parse_module(text), ModuleWeights(tensors))


def nodes_of(program: TranslatedProgram) -> dict[str, Any]:
    return {node.get_friendly_name(): node for node in program.single_model().get_ops()}


@pytest.mark.parametrize("name", sorted(CLASSES))
@given(data=st.data())
@settings(max_examples=2, suppress_health_check=list(HealthCheck))
def test_every_instruction_becomes_the_operation_of_its_name(
    name: str, data: st.DataObject
) -> None:
    try:
        module = make_program(CLASSES[name], data.draw(CASES[name]))
    except ShapeError:
        # Some draws do not fit together, such as a window that is larger than the image.
        assume(False)
        return
    program = translate_program(module, RandomWeights(module))
    # With numbers for operands alone there is nothing to run.
    assume(not program.computed_at_load)
    (node,) = [node for node in nodes_of(program).values() if node.get_type_name() == name]
    assert node.get_type_info().version_id == CLASSES[name].OPSET
    results = instruction_of(module, CLASSES[name]).results
    shapes = [reg.register_shaped(result.type).shape for result in results]
    assert [tuple(node.output(i).get_shape()) for i in range(len(results))] == shapes


LINEAR = """
    func.func @main(%x: !reg.reg<2x3xf32, cpu> {forge.name = "ids"})
        -> (!reg.reg<2x4xf32, cpu> {forge.name = "logits"}) {
      %w = reg.weight "head.weight" : !reg.reg<4x3xf32, cpu>
      %0 = reg.MatMul %x, %w {transpose_b = true}
          : (!reg.reg<2x3xf32, cpu>, !reg.reg<4x3xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
          loc("linear"("model.head"("model.py":7:0)))
      %1 = reg.Add %0, %0
          : (!reg.reg<2x4xf32, cpu>, !reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
          loc("linear"("model.head"("model.py":7:0)))
      %2 = reg.Add %1, %0
          : (!reg.reg<2x4xf32, cpu>, !reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
          loc("linear"("model.head"("model.py":7:0)))
      func.return %2 : !reg.reg<2x4xf32, cpu>
    }"""


def test_nodes_carry_names_and_locations() -> None:
    program = translate(LINEAR, **{"head.weight": torch.ones(4, 3)})
    nodes = nodes_of(program)
    assert {
        "ids",
        "head.weight",
        "linear in model.head/MatMul",
        "linear in model.head/Add",
        "linear in model.head/Add#2",
        "logits",
    } == set(nodes)
    assert nodes["linear in model.head/MatMul"].rt_info[LOCATION] == (
        "linear in model.head (model.py:7)"
    )
    model = program.single_model()
    assert [port.get_names() for port in (*model.inputs, *model.outputs)] == [{"ids"}, {"logits"}]


def address(node: Any) -> int:
    return node.data.__array_interface__["data"][0]


def test_weights_are_used_in_place() -> None:
    weight = torch.randn(4, 3)
    nodes = nodes_of(translate(LINEAR, **{"head.weight": weight}))
    assert address(nodes["head.weight"]) == weight.data_ptr()


def test_mapped_weights_are_used_in_place(tmp_path: Any) -> None:
    save_weights(ModuleWeights({"head.weight": torch.randn(4, 3)}), tmp_path / "w.safetensors")
    store = SafetensorsWeights(tmp_path / "w.safetensors")
    nodes = nodes_of(translate_program(parse_module(LINEAR), store))
    assert address(nodes["head.weight"]) == store.array("head.weight").ctypes.data


def test_a_transposed_weight_is_copied_and_right() -> None:
    weight = torch.randn(3, 4).t()
    nodes = nodes_of(translate(LINEAR, **{"head.weight": weight}))
    assert np.array_equal(nodes["head.weight"].data, weight.numpy())


WEIGHTS = """
    func.func @main() -> (!reg.reg<2x3xbf16, cpu>, !reg.reg<2x3xbf16, cpu>, !reg.reg<bf16, cpu>) {
      %a = reg.weight "a" : !reg.reg<2x3xbf16, cpu>
      %b = reg.weight "b" : !reg.reg<2x3xbf16, cpu>
      %c = reg.Constant {value = dense<1.5> : tensor<bf16>} : () -> !reg.reg<bf16, cpu>
      func.return %a, %b, %c
          : !reg.reg<2x3xbf16, cpu>, !reg.reg<2x3xbf16, cpu>, !reg.reg<bf16, cpu>
    }"""


def test_bf16_weights_are_used_in_place_and_stay_alive() -> None:
    weight = torch.randn(2, 3).bfloat16()
    pointer, bits = weight.data_ptr(), weight.view(torch.uint16).numpy().copy()
    program = translate(WEIGHTS, a=weight, b=weight)
    del weight
    gc.collect()
    nodes = nodes_of(program)
    assert address(nodes["a"]) == address(nodes["b"]) == pointer
    assert nodes["a"].get_element_type().get_type_name() == "bf16"
    assert np.array_equal(np.asarray(nodes["a"].data).view(np.uint16), bits)


def test_a_missing_weight_is_named_with_its_operation() -> None:
    with pytest.raises(ForgeError, match=r"reg.weight[\s\S]*'head.weight'[\s\S]*empty"):
        translate(LINEAR)


def test_a_weight_of_another_shape_is_refused() -> None:
    with pytest.raises(ForgeError, match=r"tensor<3x4xf32>, but the program takes it for"):
        translate(LINEAR, **{"head.weight": torch.ones(3, 4)})


def test_what_openvino_refuses_is_named_with_its_location(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = """
        func.func @main(%x: !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu> {
          %0 = reg.Add %x, %x {auto_broadcast = "numpy"}
              : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
              loc("add_1"("block.0"("model.py":3:0)))
          func.return %0 : !reg.reg<2x3xf32, cpu>
        }"""
    module = parse_module(text)
    # What verifies is what OpenVINO takes, so it takes a version that OpenVINO does not have.
    monkeypatch.setattr(reg.AddOp, "OPSET", "opset0")
    with pytest.raises(ForgeError, match=r"reg.Add[\s\S]*OpenVINO refuses it[\s\S]*block.0"):
        translate_program(module, NO_WEIGHTS)


def test_complex_registers_are_refused_by_name() -> None:
    text = """
        func.func @main(%x: !reg.reg<2xcomplex<f32>, cpu>) -> !reg.reg<2xcomplex<f32>, cpu> {
          func.return %x : !reg.reg<2xcomplex<f32>, cpu>
        }"""
    with pytest.raises(ForgeError, match="OpenVINO has no element type complex<f32>"):
        translate(text)


def test_a_program_with_kernels_on_the_host_is_not_one_model() -> None:
    text = """
        func.func @main(%x: !reg.reg<2xf32, host>) -> !reg.reg<2xf32, host> {
          %0 = reg.host "aten.erf"(input = %x) : (!reg.reg<2xf32, host>) -> !reg.reg<2xf32, host>
          func.return %0 : !reg.reg<2xf32, host>
        }"""
    program = translate(text)
    assert [(kernel.name, kernel.count) for kernel in program.host_kernels] == [("aten.erf", 1)]
    with pytest.raises(ForgeError, match=r"on the host run aten.erf \(1\)"):
        program.single_model()
