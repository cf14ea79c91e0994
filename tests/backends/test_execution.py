"""Running `reg` text: values, element types, what is passed through, the host, threads."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from forge.backends.openvino.backend import CompiledProgram, compile_program, translate_program
from forge.errors import ForgeError
from forge.ir.text import parse_module
from forge.weights import ModuleWeights
from tests.backends.numpy_types import NUMPY_TYPES


def compiled(
    text: str, device: str = "CPU", precision: str = "f32", **tensors: torch.Tensor
) -> CompiledProgram:
    program = translate_program(parse_module(text), ModuleWeights(tensors))
    return compile_program(program, device, precision)


def run(text: str, *inputs: np.ndarray, **tensors: torch.Tensor) -> Sequence[np.ndarray]:
    return compiled(text, **tensors).executable.run(inputs)


def identity_and_double(type: str) -> str:
    register = f"!reg.reg<{type}, cpu>"
    twice = f"!reg.reg<4x{type[2:]}, cpu>"
    return f"""
        func.func @main(%x: {register}) -> ({register}, {register}) {{
          %0 = reg.Concat [%x, %x] {{axis = 0}} : ({register}, {register}) -> {twice}
          %1 = reg.Constant {{value = dense<2> : tensor<2xi64>}} : () -> !reg.reg<2xi64, cpu>
          %2 = reg.Constant {{value = dense<0> : tensor<i64>}} : () -> !reg.reg<i64, cpu>
          %3, %4 = reg.VariadicSplit %0, %2, %1
              : ({twice}, !reg.reg<i64, cpu>, !reg.reg<2xi64, cpu>)
              -> ({register}, {register})
          func.return %x, %4 : {register}, {register}
        }}"""


@pytest.mark.parametrize(
    ("type", "dtype"),
    [
        *NUMPY_TYPES,
        ("ui16", np.uint16),
        ("ui32", np.uint32),
        ("ui64", np.uint64),
    ],
)
def test_every_element_type_goes_in_and_comes_out(type: str, dtype: type) -> None:
    x = np.array([[1, 0, 1], [0, 1, 2]]).astype(dtype)
    same, moved = run(identity_and_double(f"2x3x{type}"), x)
    assert same.dtype == moved.dtype == dtype
    assert np.array_equal(same, x)
    assert np.array_equal(moved, x)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (2, 1, 3)])
def test_any_shape_passes(shape: tuple[int, ...]) -> None:
    register = "!reg.reg<" + "".join(f"{n}x" for n in shape) + "f32, cpu>"
    text = f"""
        func.func @main(%x: {register}) -> {register} {{
          %0 = reg.Negative %x : ({register}) -> {register}
          func.return %0 : {register}
        }}"""
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    (y,) = run(text, x)
    assert y.shape == shape
    assert np.array_equal(y, -x)


PASSING = """
    func.func @main(%x: !reg.reg<3xf32, cpu>, %unused: !reg.reg<2xi64, cpu>)
        -> (!reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>,
            !reg.reg<3xf32, cpu>) {
      %w = reg.weight "w" : !reg.reg<3xf32, cpu>
      %c = reg.Constant {value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>}
          : () -> !reg.reg<3xf32, cpu>
      %y = reg.Add %x, %w
          : (!reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>) -> !reg.reg<3xf32, cpu>
      func.return %y, %x, %w, %c, %y : !reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>,
          !reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>, !reg.reg<3xf32, cpu>
    }"""


def test_inputs_weights_and_constants_can_be_returned() -> None:
    weight = torch.tensor([4.0, 5.0, 6.0])
    x = np.array([1, 2, 3], np.float32)
    outputs = run(PASSING, x, np.zeros(2, np.int64), w=weight)
    expected = [[5, 7, 9], [1, 2, 3], [4, 5, 6], [1, 2, 3], [5, 7, 9]]
    assert [output.tolist() for output in outputs] == expected
    # In memory of their own, whatever the caller does with it.
    for output in outputs[1:4]:
        output[:] = 0
    assert x.tolist() == [1, 2, 3]
    assert weight.tolist() == [4, 5, 6]


def test_a_program_without_inputs_runs() -> None:
    text = """
        func.func @main() -> !reg.reg<2xi64, cpu> {
          %c = reg.Constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
          func.return %c : !reg.reg<2xi64, cpu>
        }"""
    assert run(text)[0].tolist() == [1, 2]


def test_booleans_in_the_text_are_one_bit() -> None:
    text = """
        func.func @main(%x: !reg.reg<2xi1, cpu>) -> (!reg.reg<2xi1, cpu>, !reg.reg<2xi1, cpu>) {
          %c = reg.Constant {value = dense<true> : tensor<2xi1>} : () -> !reg.reg<2xi1, cpu>
          %0 = reg.LogicalAnd %x, %c
              : (!reg.reg<2xi1, cpu>, !reg.reg<2xi1, cpu>) -> !reg.reg<2xi1, cpu>
          func.return %c, %0 : !reg.reg<2xi1, cpu>, !reg.reg<2xi1, cpu>
        }"""
    constant, both = run(text, np.array([True, False]))
    assert constant.view(np.uint8).tolist() == [1, 1]
    assert both.view(np.uint8).tolist() == [1, 0]


HOSTED = """
    func.func @main(%x: !reg.reg<2x2xf32, cpu>, %i: !reg.reg<2xcomplex<f32>, host>)
        -> (!reg.reg<2x2xf32, cpu>, !reg.reg<2x2xf32, host>, !reg.reg<2xcomplex<f32>, host>) {
      %0 = reg.Abs %x : (!reg.reg<2x2xf32, cpu>) -> !reg.reg<2x2xf32, cpu>
      %1 = reg.copy %0 : (!reg.reg<2x2xf32, cpu>) -> !reg.reg<2x2xf32, host>
      %w = reg.weight "w" : !reg.reg<2x2xf32, cpu>
      %h = reg.copy %w : (!reg.reg<2x2xf32, cpu>) -> !reg.reg<2x2xf32, host>
      %2 = reg.host "aten.mm"(input = %1, mat2 = %h)
          : (!reg.reg<2x2xf32, host>, !reg.reg<2x2xf32, host>) -> !reg.reg<2x2xf32, host>
      %3 = reg.host "aten.t"(input = %1) : (!reg.reg<2x2xf32, host>) -> !reg.reg<2x2xf32, host>
      %4 = reg.copy %2 : (!reg.reg<2x2xf32, host>) -> !reg.reg<2x2xf32, cpu>
      %5 = reg.Add %4, %w
          : (!reg.reg<2x2xf32, cpu>, !reg.reg<2x2xf32, cpu>) -> !reg.reg<2x2xf32, cpu>
      %6 = reg.host "aten.alias"(input = %i)
          : (!reg.reg<2xcomplex<f32>, host>) -> !reg.reg<2xcomplex<f32>, host>
      func.return %5, %3, %6 : !reg.reg<2x2xf32, cpu>, !reg.reg<2x2xf32, host>,
          !reg.reg<2xcomplex<f32>, host>
    }"""


def test_kernels_of_pytorch_run_between_models() -> None:
    weight = torch.randn(2, 2)
    x = np.random.default_rng(0).standard_normal((2, 2)).astype(np.float32)
    i = np.array([1 + 2j, 3], np.complex64)
    product, turned, same = run(HOSTED, x, i, w=weight)
    expected = torch.tensor(x).abs() @ weight + weight
    assert torch.allclose(torch.tensor(product), expected, atol=1e-6)
    assert np.array_equal(turned, np.abs(x).T)
    assert turned.flags.c_contiguous
    # An alias of the input would change with it.
    assert np.array_equal(same, i)
    assert not np.shares_memory(same, i)


def test_a_failing_kernel_is_named() -> None:
    text = """
        func.func @main(%x: !reg.reg<2xi64, host>) -> !reg.reg<2x4xf32, host> {
          %w = reg.weight "w" : !reg.reg<3x4xf32, host>
          %0 = reg.host "aten.index_select"(input = %w, index = %x) {dim = 0}
              : (!reg.reg<3x4xf32, host>, !reg.reg<2xi64, host>) -> !reg.reg<2x4xf32, host>
              loc("embedding"("model.embed"("model.py":9:0)))
          func.return %0 : !reg.reg<2x4xf32, host>
        }"""
    with pytest.raises(ForgeError, match=r"reg.host[\s\S]*index[\s\S]*model.embed \(model.py:9\)"):
        run(text, np.array([0, 7]), w=torch.ones(3, 4))


LAYER = """
    func.func @main(%x: !reg.reg<64x64xf32, cpu>) -> !reg.reg<64x64xf32, cpu> {
      %w = reg.weight "w" : !reg.reg<64x64xf32, cpu>
      %0 = reg.MatMul %x, %w
          : (!reg.reg<64x64xf32, cpu>, !reg.reg<64x64xf32, cpu>) -> !reg.reg<64x64xf32, cpu>
      func.return %0 : !reg.reg<64x64xf32, cpu>
    }"""


@pytest.mark.parametrize("device", ["CPU", "AUTO", "HETERO:CPU", "MULTI:CPU"])
def test_f32_is_exact_on_every_combination(device: str) -> None:
    # A CPU with bf16 instructions would use them, with errors of 1e-2, if it were not told.
    text = LAYER.replace(", cpu>", f", {device.partition(':')[0].lower()}>")
    weight = torch.randn(64, 64)
    x = torch.randn(64, 64)
    program = compiled(text, device, w=weight)
    (y,) = program.executable.run([x.numpy()])
    assert program.device == device
    assert program.execution_devices == ["CPU"]
    assert torch.allclose(torch.tensor(y), x @ weight, atol=2e-5)


def test_calls_do_not_share_outputs_and_threads_do_not_mix() -> None:
    executable = compiled(LAYER, w=torch.eye(64)).executable
    inputs = [np.full((64, 64), float(i), np.float32) for i in range(8)]
    results: dict[int, list[np.ndarray]] = {}

    def work(index: int) -> None:
        results[index] = [executable.run([inputs[index]])[0] for _ in range(20)]

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, arrays in results.items():
        assert len({array.ctypes.data for array in arrays}) == len(arrays)
        assert all(np.array_equal(array, inputs[index]) for array in arrays)


def test_a_device_that_the_text_names_must_exist() -> None:
    with pytest.raises(ForgeError, match="has no device TPU"):
        compiled(LAYER.replace(", cpu>", ", tpu>"), w=torch.eye(64))
