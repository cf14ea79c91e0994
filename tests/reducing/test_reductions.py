"""Each reduction alone: what it makes of a program, and that this is one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError
from forge.ir.text import parse_module, print_module
from forge.ir.verifier import verify_module
from forge.reducing.choices import Choices
from forge.reducing.reductions import REDUCTIONS

T = "tensor<2x3xf32>"
UNARY = f"({T}) -> {T}"

DIAMOND = f"""
func.func @main(%x: {T} {{forge.name = "x"}}, %y: {T}) -> ({T} {{forge.name = "out"}}, {T})
    attributes {{note}} {{
  %a = aten.relu %x : {UNARY}
  %b = aten.neg %a : {UNARY}
  %c = aten.sin %a : {UNARY}
  %d = aten.add.Tensor %b, %c {{alpha = 2}} : ({T}, {T}) -> {T}
  func.return %d, %a : {T}, {T}
}}
func.func @other(%x: {T}) -> {T} {{
  %0 = aten.neg %x : {UNARY}
  func.return %0 : {T}
}}
"""
LINEAR = """
func.func @main(%x: tensor<4x8xf32>) -> tensor<4x16xf32> {
  %w = forge.weight "w" : tensor<16x8xf32>
  %b = forge.constant dense<1.0> : tensor<16xf32>
  %0 = aten.linear %x, %w, bias = %b
      : (tensor<4x8xf32>, tensor<16x8xf32>, tensor<16xf32>) -> tensor<4x16xf32>
  %1 = aten.view %0 {size = [64]} : (tensor<4x16xf32>) -> tensor<64xf32>
  %2 = aten.view %1 {size = [4, 16]} : (tensor<64xf32>) -> tensor<4x16xf32>
  func.return %2 : tensor<4x16xf32>
}
"""


def reduced(name: str, text: str, *made: int) -> ModuleOp:
    """The program after some of the simplifications, by number; after all of them without."""
    module = parse_module(text)
    count = Choices()
    REDUCTIONS[name](module.clone(), count)
    assert not made or max(made) < count.met
    REDUCTIONS[name](module, Choices(set(made or range(count.met))))
    verify_module(module)
    return module


def names(module: ModuleOp) -> list[str]:
    return [op.name for op in module.walk() if op.name.startswith(("aten.", "forge."))]


def test_functions_go() -> None:
    text = print_module(reduced("functions", DIAMOND, 0))
    assert "@main" in text
    assert "@other" not in text


def test_returned_values_go_with_their_names() -> None:
    text = print_module(reduced("results", DIAMOND, 0, 1))
    assert 'forge.name = "x"' in text
    assert 'forge.name = "out"' not in text
    assert "func.return\n" in text


def test_what_a_cut_operation_gave_is_an_argument_and_what_it_read_is_returned() -> None:
    # Cut: the negation, and the sum, of @main.
    module = reduced("operations", DIAMOND, 1, 3)
    assert names(module) == ["aten.relu", "aten.sin", "aten.neg"]
    text = print_module(module)
    assert f"-> ({T}, {T})" in text
    assert f"func.return %a, %c : {T}, {T}" in text


def test_a_cut_operation_that_others_read_is_an_argument() -> None:
    text = print_module(reduced("operations", DIAMOND, 0))
    assert f"%y: {T}, %a: {T})" in text
    assert "%b = aten.neg %a" in text


def test_bypassed_operations_are_gone() -> None:
    assert names(reduced("bypasses", DIAMOND)) == []


def test_a_value_is_returned_before_the_last_operation() -> None:
    kept = ["aten.relu", "aten.neg", "aten.sin", "aten.neg"]
    assert names(reduced("earlier-results", DIAMOND, 0)) == kept


def test_unused_arguments_go() -> None:
    assert "%y" not in print_module(reduced("arguments", DIAMOND))


def test_arguments_of_one_type_become_one() -> None:
    text = DIAMOND.replace("%b = aten.neg %a", "%b = aten.neg %y")
    assert "%b = aten.neg %x" in print_module(reduced("equal-arguments", text))


def test_optional_operands_go() -> None:
    module = reduced("operands", LINEAR)
    assert "bias" not in print_module(module)


def test_properties_get_their_default() -> None:
    assert "alpha" not in print_module(reduced("properties", DIAMOND))


def test_attributes_go() -> None:
    text = print_module(reduced("attributes", DIAMOND))
    assert "note" not in text
    assert "forge.name" not in text


def test_one_extent_shrinks_everywhere() -> None:
    # 64, 16 and 8 each come to 1 or 2 with their multiples and without: these are 8's first ones.
    module = parse_module(LINEAR)
    texts: list[str] = []
    for number in range(24):
        candidate = module.clone()
        try:
            REDUCTIONS["extents"](candidate, Choices({number}))
            verify_module(candidate)
        except (ShapeError, ForgeError):
            continue
        texts.append(print_module(candidate))
    # The inner extent alone, and all that are multiples of it.
    assert any("tensor<16x1xf32>" in text and "tensor<4x16xf32>" in text for text in texts)
    assert any("tensor<2x1xf32>" in text and "size = [8]" in text for text in texts)


def test_constants_shrink_with_their_types() -> None:
    text = """
    func.func @main() -> (tensor<300x300xf32>, tensor<3xi64>, tensor<2x3xi1>) {
      %0 = forge.constant dense<1.5> : tensor<300x300xf32>
      %1 = forge.constant dense<[3, 300, 6]> : tensor<3xi64>
      %2 = forge.constant dense<[[true, false, true], [false, true, false]]> : tensor<2x3xi1>
      func.return %0, %1, %2 : tensor<300x300xf32>, tensor<3xi64>, tensor<2x3xi1>
    }
    """
    # A vector of integers may be a shape.
    assert "dense<1.500000e+00> : tensor<2x2xf32>" in print_module(reduced("extents", text, 2))
    alone = [print_module(reduced("extents", text, number)) for number in range(6, 12)]
    assert any("dense<[2, 300]> : tensor<2xi64>" in text for text in alone)
    assert any("dense<[[true, false], [false, true]]> : tensor<2x2xi1>" in text for text in alone)


def test_the_operations_of_a_region_take_the_place_of_its_owner() -> None:
    text = """
    func.func @main(%x: tensor<2xf32>, %c: i1) -> tensor<2xf32> {
      %0 = "scf.if"(%c) ({
        %1 = aten.neg %x : (tensor<2xf32>) -> tensor<2xf32>
        "scf.yield"(%1) : (tensor<2xf32>) -> ()
      }, {
        "scf.yield"(%x) : (tensor<2xf32>) -> ()
      }) : (i1) -> tensor<2xf32>
      func.return %0 : tensor<2xf32>
    }
    """
    first = print_module(reduced("regions", text, 0))
    assert "scf" not in first
    assert "aten.neg" in first
    assert "aten.neg" not in print_module(reduced("regions", text, 1))


# -- whatever is chosen ----------------------------------------------------------------------


@pytest.mark.parametrize("text", [DIAMOND, LINEAR], ids=["diamond", "linear"])
@pytest.mark.parametrize("name", REDUCTIONS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_choice_means_the_same_simplifications(
    name: str, text: str, data: st.DataObject
) -> None:
    module = parse_module(text)
    count = Choices()
    REDUCTIONS[name](module.clone(), count)
    made = data.draw(st.sets(st.integers(0, max(count.met - 1, 0))))
    again = Choices(made)
    try:
        REDUCTIONS[name](module, again)
    except ShapeError:
        return
    assert again.met == count.met


@settings(max_examples=60, deadline=None)
@given(cut=st.sets(st.integers(0, 4)))
def test_whatever_is_cut_the_rest_is_a_program(cut: set[int]) -> None:
    module = parse_module(DIAMOND)
    before = names(module)
    REDUCTIONS["operations"](module, Choices(cut))
    verify_module(module)
    kept = [name for index, name in enumerate(before) if index not in cut]
    assert names(module) == kept
    assert all(is_seen(op) for op in module.walk() if op.name.startswith("aten."))
    assert print_module(parse_module(print_module(module))) == print_module(module)


def is_seen(op: Operation) -> bool:
    return all(result.first_use is not None for result in op.results)
