"""The reference interpreter on text: what it computes, and what it says when it cannot."""

import pytest
import torch

from forge.errors import ForgeError
from forge.interpreters import random_inputs, run
from forge.interpreters.registry import interprets
from forge.ir.text import parse_module
from forge.weights import ModuleWeights, RandomWeights


def run_text(text: str, *inputs: torch.Tensor, **weights: torch.Tensor) -> list[torch.Tensor]:
    return run(parse_module(text), ModuleWeights(weights), inputs)


LINEAR = """
func.func @main(%x: tensor<2x3xf32> {forge.name = "x"}) -> tensor<2x4xf32> {
  %w = forge.weight "w" : tensor<4x3xf32>
  %b = forge.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %y = aten.linear %x, %w, bias = %b
      : (tensor<2x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}
"""
PICK_AND_SORT = """
func.func @main(%x: tensor<2x3xf32>, %i: tensor<2xi64>) -> (tensor<2x2xf32>, tensor<2x2xi64>) {
  %y = aten.index.Tensor %x, [none, %i]
      : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  %v, %j = aten.sort %y {dim = 1, descending = true}
      : (tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)
  func.return %v, %j : tensor<2x2xf32>, tensor<2x2xi64>
}
"""
CAST = """
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf16> {
  %y = aten.to.device %x {dtype = f16} : (tensor<2x3xf32>) -> tensor<2x3xf16>
  %z = aten.clone %y {memory_format = "contiguous_format"}
      : (tensor<2x3xf16>) -> tensor<2x3xf16>
  func.return %z : tensor<2x3xf16>
}
"""
ANY_OPERATOR = """
func.func @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = aten.operator "aten.add.Tensor"(self = %x, other = %x) {alpha = 2}
      : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %y : tensor<3xf32>
}
"""
SELECT = """
func.func @main(%x: tensor<2x3xf32>, %i: tensor<1xi64>) -> tensor<1x3xf32> {
  %y = aten.index_select %x, %i {dim = 0}
      : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<1x3xf32>
  func.return %y : tensor<1x3xf32>
}
"""


def test_weights_constants_and_optional_operands() -> None:
    x, w = torch.randn(2, 3), torch.randn(4, 3)
    expected = torch.nn.functional.linear(x, w, torch.tensor([1.0, 2.0, 3.0, 4.0]))
    (actual,) = run_text(LINEAR, x, w=w)
    assert torch.equal(actual, expected)


def test_lists_absent_elements_and_several_results() -> None:
    (values, indices) = run_text(
        PICK_AND_SORT,
        x := torch.randn(2, 3),
        torch.tensor([0, 2]),
    )
    expected = x[:, [0, 2]].sort(1, descending=True)
    assert torch.equal(values, expected.values) and torch.equal(indices, expected.indices)


def test_dtypes_devices_and_memory_formats() -> None:
    (y,) = run_text(CAST, x := torch.randn(2, 3))
    assert torch.equal(y, x.half())


def test_any_operator_by_name() -> None:
    assert torch.equal(run_text(ANY_OPERATOR, torch.ones(3))[0], torch.full((3,), 3.0))
    with pytest.raises(ForgeError, match=r"PyTorch has no operator none\.add\.Tensor\n.*hint: imp"):
        run_text(ANY_OPERATOR.replace("aten.add", "none.add"), torch.ones(3))


def test_inputs_are_checked() -> None:
    module = parse_module(LINEAR)
    weights = RandomWeights(module)
    with pytest.raises(ForgeError, match=r"the program takes 1 \(x\) inputs, got 0"):
        run(module, weights, [])
    with pytest.raises(ForgeError, match=r"input 'x' is tensor<3x2xf32>; .* tensor<2x3xf32>"):
        run(module, weights, [torch.ones(3, 2)])
    with pytest.raises(ForgeError, match=r"input 'x' is tensor<2x3xi64>"):
        run(module, weights, [torch.ones(2, 3).long()])
    with pytest.raises(ForgeError, match=r"no function @other\n.*it has @main"):
        run(module, weights, [], entry="other")


def test_random_inputs_fit() -> None:
    module = parse_module(LINEAR)
    one, two = random_inputs(module, seed=3), random_inputs(module, seed=3)
    assert torch.equal(one[0], two[0])
    assert run(module, RandomWeights(module), one)[0].shape == (2, 4)


def test_a_weight_of_another_type_is_refused() -> None:
    with pytest.raises(ForgeError, match=r"weight 'w' is tensor<3x4xf32>, but the program takes"):
        run_text(LINEAR, torch.ones(2, 3), w=torch.ones(3, 4))


def test_a_failing_operator_is_named() -> None:
    with pytest.raises(ForgeError, match=r"aten.index_select failed: index out of range"):
        run_text(SELECT, torch.ones(2, 3), torch.tensor([5]))


def test_a_result_of_another_type_than_stated_is_an_error() -> None:
    # An opaque operation states its type; nothing but running it can tell that it is wrong.
    text = """
        func.func @main(%x: tensor<3xf32>) -> tensor<4xf32> {
          %y = aten.operator "aten.neg.default"(self = %x) : (tensor<3xf32>) -> tensor<4xf32>
          func.return %y : tensor<4xf32>
        }"""
    with pytest.raises(ForgeError, match=r"result #0 is tensor<3xf32>, but its type says tensor<4"):
        run_text(text, torch.ones(3))


def test_operations_without_a_meaning_are_named() -> None:
    text = """
        func.func @main() -> i64 {
          %y = arith.constant 1 : i64
          func.return %y : i64
        }"""
    with pytest.raises(ForgeError, match=r"arith.constant: the reference interpreter"):
        run_text(text)


def test_an_operation_has_one_meaning() -> None:
    from forge.dialects.forge import WeightOp
    from forge.interpreters import forge as meanings

    with pytest.raises(ValueError, match=r"forge.weight has two meanings"):
        interprets(WeightOp)(meanings.weight)
