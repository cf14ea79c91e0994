"""The pass `convert-to-reg`: devices, shared constants, the host, refusals."""

from collections import Counter

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

from forge.dialects import reg, transformer
from forge.errors import ForgeError
from forge.interpreters import run
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.lowering.convert_to_reg import PATTERNS, ConvertToRegPass
from forge.weights import ModuleWeights

NO_WEIGHTS = ModuleWeights({})


def lowered(text: str, **options: object) -> ModuleOp:
    module = parse_module(text)
    ConvertToRegPass(**options).apply(make_context(), module)  # type: ignore[arg-type]
    verify_module(module)
    return module


def count(module: ModuleOp) -> Counter[str]:
    names = (op.name for op in module.walk())
    return Counter(name.removeprefix("reg.") for name in names if name.startswith("reg."))


def test_every_transformer_operation_has_a_conversion() -> None:
    assert all(op_class in PATTERNS for op_class in transformer.Transformer.operations)


def test_registers_are_on_the_device_that_is_asked_for() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
          %w = forge.weight "w" : tensor<3xf32>
          %0 = aten.add.Tensor %x, %w : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
          %1 = aten.mul.Scalar %0 {other = 2.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          func.return %1 : tensor<2x3xf32>
        }""",
        device="npu",
    )
    types = {value.type for op in module.walk() for value in (*op.results, *op.operands)}
    assert {reg.device_of(type) for type in types} == {"npu"}


def test_equal_constants_are_one_and_different_ones_are_not() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
          %0 = aten.add.Scalar %x {other = 1.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %1 = aten.mul.Scalar %0 {other = 1.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %2 = aten.mul.Scalar %1 {other = -0.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %3 = aten.sub.Scalar %2 {other = 0.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %4 = aten.transpose.int %3 {dim0 = 0, dim1 = 1} : (tensor<2x3xf32>) -> tensor<3x2xf32>
          %5 = aten.t %4 : (tensor<3x2xf32>) -> tensor<2x3xf32>
          %6 = aten.t %5 : (tensor<2x3xf32>) -> tensor<3x2xf32>
          func.return %6 : tensor<3x2xf32>
        }"""
    )
    # 1.0, 0.0, -0.0, and the order of the axes.
    assert count(module)["Constant"] == 4
    (actual,) = run(module, NO_WEIGHTS, [torch.ones(2, 3)])
    assert torch.equal(actual.signbit(), torch.ones(3, 2, dtype=torch.bool))


def test_what_changes_nothing_emits_nothing() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
          %0 = aten.view %x {size = [2, 3]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %1 = aten.to.dtype %0 {dtype = f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %2 = aten.expand %1 {size = [2, -1]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %3 = aten.permute %2 {dims = [0, 1]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %4 = aten.slice.Tensor %3 {dim = 1, start = 0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %5 = aten.dropout %4 {p = 0.5, train = false} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          %6 = aten.contiguous %5 : (tensor<2x3xf32>) -> tensor<2x3xf32>
          func.return %6 : tensor<2x3xf32>
        }"""
    )
    assert not count(module)


def test_transposing_dimensions_of_one_element_moves_no_data() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<1x4x1x3xf32>) -> tensor<4x1x3x1xf32> {
          %0 = aten.permute %x {dims = [1, 0, 3, 2]}
              : (tensor<1x4x1x3xf32>) -> tensor<4x1x3x1xf32>
          func.return %0 : tensor<4x1x3x1xf32>
        }"""
    )
    assert count(module) == {"Constant": 1, "Reshape": 1}


def test_a_transposition_becomes_part_of_the_product() -> None:
    module = lowered(
        """
        func.func @main(%q: tensor<2x5x4xf32>, %k: tensor<2x6x4xf32>) -> tensor<2x5x6xf32> {
          %0 = aten.transpose.int %k {dim0 = -2, dim1 = -1}
              : (tensor<2x6x4xf32>) -> tensor<2x4x6xf32>
          %1 = aten.matmul %q, %0
              : (tensor<2x5x4xf32>, tensor<2x4x6xf32>) -> tensor<2x5x6xf32>
          func.return %1 : tensor<2x5x6xf32>
        }"""
    )
    assert count(module) == {"MatMul": 1}


HOST_CHAIN = """
    func.func @main(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
      %0 = aten.exp %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
      %1 = aten.cumprod %0 {dim = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
      %2 = aten.lgamma %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
      %3 = aten.copysign.Tensor %2, %0
          : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      %4 = aten.neg %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
      func.return %3, %4 : tensor<2x3xf32>, tensor<2x3xf32>
    }"""


def test_copies_stand_only_where_the_device_changes() -> None:
    module = lowered(HOST_CHAIN)
    # One in, for %0, and one out, for %3.
    assert count(module) == {"Exp": 1, "copy": 2, "host": 3, "Negative": 1}
    x = torch.randn(2, 3)
    expected = run(parse_module(HOST_CHAIN), NO_WEIGHTS, [x])
    assert all(map(torch.equal, run(module, NO_WEIGHTS, [x]), expected))


def test_kernels_keep_absent_elements_and_static_arguments() -> None:
    text = """
        func.func @main(%x: tensor<4x3xf32>, %i: tensor<2xi64>, %v: tensor<4x2xf32>,
            %c: tensor<2xcomplex<f32>>) -> (tensor<4x3xf32>, tensor<2xcomplex<f32>>) {
          %0 = aten.index_put %x, [none, %i], %v {accumulate = true}
              : (tensor<4x3xf32>, tensor<2xi64>, tensor<4x2xf32>) -> tensor<4x3xf32>
          %1 = aten.index.Tensor %c, [%i]
              : (tensor<2xcomplex<f32>>, tensor<2xi64>) -> tensor<2xcomplex<f32>>
          func.return %0, %1 : tensor<4x3xf32>, tensor<2xcomplex<f32>>
        }"""
    inputs = [
        torch.randn(4, 3),
        torch.tensor([1, 0]),
        torch.randn(4, 2),
        torch.randn(2, dtype=torch.complex64),
    ]
    module = lowered(text)
    assert count(module)["host"] == 1
    expected = run(parse_module(text), NO_WEIGHTS, inputs)
    for actual, wanted in zip(run(module, NO_WEIGHTS, inputs), expected, strict=True):
        torch.testing.assert_close(actual, wanted)


def test_a_refused_operator_says_why_it_is_on_the_host() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2xf64>) -> tensor<2xf64> {
          %0 = aten.exp %x : (tensor<2xf64>) -> tensor<2xf64>
          func.return %0 : tensor<2xf64>
        }"""
    )
    (host,) = [op for op in module.walk() if isinstance(op, reg.HostOp)]
    assert "compute f64 in f32" in str(host.attributes["forge.reason"])


def test_what_a_refused_conversion_emitted_is_gone() -> None:
    # Scaled by alpha before it turns out that there are no slices.
    module = lowered(
        """
        func.func @main(%x: tensor<f32>, %i: tensor<i64>) -> (tensor<f32>, tensor<f32>) {
          %0 = aten.index_add %x, %i, %x {dim = 0, alpha = 2.0}
              : (tensor<f32>, tensor<i64>, tensor<f32>) -> tensor<f32>
          %1 = aten.mul.Scalar %x {other = 2.0} : (tensor<f32>) -> tensor<f32>
          func.return %0, %1 : tensor<f32>, tensor<f32>
        }"""
    )
    assert count(module) == {"copy": 3, "host": 1, "Constant": 1, "Multiply": 1}


def test_without_the_host_a_refusal_is_an_error_with_its_location() -> None:
    text = """
        func.func @main(%x: tensor<2xf64>) -> tensor<2xf64> {
          %0 = aten.exp %x : (tensor<2xf64>) -> tensor<2xf64>
              loc("exp_3"("model.head"("model.py":7:0)))
          func.return %0 : tensor<2xf64>
        }"""
    with pytest.raises(ForgeError) as refused:
        lowered(text, host=False)
    assert str(refused.value) == (
        "aten.exp: cannot be lowered: OpenVINO's plugins compute f64 in f32\n"
        "  at exp_3 in model.head (model.py:7)"
    )


def test_without_the_host_all_that_has_no_conversion_is_named() -> None:
    with pytest.raises(ForgeError) as illegal:
        lowered(HOST_CHAIN, host=False)
    text = str(illegal.value)
    assert text.startswith("this op remains illegal: aten.cumprod\n")
    assert "aten.cumprod (1), aten.lgamma (1), aten.copysign.Tensor (1)" in text


def test_dead_results_leave_nothing_behind() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
          %0, %mean, %scale = aten.native_layer_norm %x {normalized_shape = [3], eps = 1.0e-05}
              : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x1xf32>)
          %1 = aten.cumprod %0 {dim = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
          func.return %0 : tensor<2x3xf32>
        }"""
    )
    assert count(module) == {"Constant": 1, "MVN": 1}


def test_weights_are_read_as_they_are_stored() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
          %w = forge.weight "w" : tensor<4x3xf32>
          %v = forge.weight "v" : tensor<3x3xf32>
          %0 = transformer.linear %x, %v {transpose_weight = false}
              : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
          %1 = transformer.linear %0, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
          func.return %1 : tensor<2x4xf32>
        }"""
    )
    products = [op for op in module.walk() if isinstance(op, reg.MatMulOp)]
    assert [op.get("transpose_b") for op in products] == [False, True]
    assert all(isinstance(op.B.owner, reg.WeightOp) for op in products)


def test_several_functions_are_converted_apart() -> None:
    module = lowered(
        """
        func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
          %0 = aten.add.Scalar %x {other = 1.0} : (tensor<2xf32>) -> tensor<2xf32>
          func.return %0 : tensor<2xf32>
        }
        func.func @other(%x: tensor<2xf32>) -> tensor<2xf32> {
          %0 = aten.add.Scalar %x {other = 1.0} : (tensor<2xf32>) -> tensor<2xf32>
          func.return %0 : tensor<2xf32>
        }"""
    )
    assert count(module) == {"Constant": 2, "Add": 2}
