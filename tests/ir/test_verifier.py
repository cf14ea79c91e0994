"""The verifier finds what xDSL's does not: a use that its definition does not dominate."""

from __future__ import annotations

import pytest

from forge.errors import ForgeError
from forge.ir.text import parse_module
from tests.ir.sample_dialect import sample_context

NORM = "sample.norm {} {{normalized_shape = [3]}} : (tensor<2x3xf32>) -> tensor<2x3xf32>"


def verify(body: str) -> None:
    text = "func.func @main(%c: i1, %x: tensor<2x3xf32>) {\n" + body + "\n}"
    parse_module(text, "t.mlir", sample_context())


def test_a_use_before_its_definition_is_an_error() -> None:
    with pytest.raises(ForgeError, match=r"operand #0 is used before its definition") as error:
        verify(
            f'%0 = {NORM.format("%1")} loc("early")\n%1 = {NORM.format("%x")} loc("late"("m"))\n'
            "func.return"
        )
    assert "note: defined here, by sample.norm at late in m" in str(error.value)


def test_an_operation_cannot_use_its_own_result() -> None:
    with pytest.raises(ForgeError, match="used before its definition"):
        verify(f"%0 = {NORM.format('%0')}\nfunc.return")


BRANCH = """
  cf.cond_br %c, ^a, ^b
^a:
  %0 = {define}
  cf.br ^c
^b:
  cf.br ^c
^c:
  %1 = {use}
  func.return
"""


def test_a_definition_on_one_branch_does_not_dominate_the_join() -> None:
    with pytest.raises(ForgeError, match="used before its definition"):
        verify(BRANCH.format(define=NORM.format("%x"), use=NORM.format("%0")))


def test_the_entry_block_dominates_the_join() -> None:
    verify(BRANCH.format(define=NORM.format("%x"), use=NORM.format("%x")))


def test_values_do_not_cross_into_an_isolated_region() -> None:
    text = """
"builtin.module"() ({
  %0 = "forge.weight"() <{weight_name = "w"}> : () -> tensor<2x3xf32>
  func.func @main() {
    %1 = sample.norm %0 {normalized_shape = [3]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    func.return
  }
}) : () -> ()
"""
    with pytest.raises(ForgeError, match=r"operand #0 is defined outside of func\.func"):
        parse_module(text, "t.mlir", sample_context())


def test_nested_regions_see_what_encloses_them() -> None:
    inner = f'%0 = {NORM.format("%x")}\n"test.termop"() : () -> ()'
    verify(f'"test.op"() ({{\n{inner}\n}}) : () -> ()\nfunc.return')


@pytest.mark.parametrize("shape", ["[3, 2]", "[6, 2]"])
def test_operations_that_differ_in_a_constant_alone_are_told_apart(shape: str) -> None:
    register = "!reg.reg<2x3xf32, cpu>"
    turned = "!reg.reg<3x2xf32, cpu>"
    text = f"func.func @main(%x: {register}) {{\n" + "".join(
        f"%{name} = reg.Constant {{value = dense<{value}> : tensor<2xi64>}} "
        f": () -> !reg.reg<2xi64, cpu>\n"
        f"%y{name} = reg.Reshape %x, %{name} {{special_zero = false}} "
        f": ({register}, !reg.reg<2xi64, cpu>) -> {turned}\n"
        for name, value in (("a", "[3, 2]"), ("b", shape))
    )
    text += "func.return\n}"
    if shape == "[3, 2]":
        parse_module(text)
        return
    with pytest.raises(ForgeError, match=r"reg\.Reshape"):
        parse_module(text)
