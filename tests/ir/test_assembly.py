"""The shared syntax: what is printed parses back to the same operation, and mistakes are named."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.test import TestOp as AnyOp

from forge.errors import ForgeError
from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.tensors import f32, i64, tensor_type
from forge.ir.text import parse_module, print_module
from tests.ir.sample_dialect import Mode, NormOp, PickOp, sample_context

X = tensor_type((2, 3), f32)
W = tensor_type((3,), f32)


def parse(line: str) -> ModuleOp:
    text = f"""
func.func @main(%x: tensor<2x3xf32>, %w: tensor<3xf32>, %i: tensor<2xi64>) {{
  {line}
  func.return
}}
"""
    return parse_module(text, "t.mlir", sample_context())


def only_op(module: ModuleOp) -> NormOp | PickOp:
    return next(op for op in module.walk() if isinstance(op, NormOp | PickOp))


FULL = (
    "sample.norm %x, weight = %w, bias = %w {normalized_shape = [3], eps = 0.044715, flag = true, "
    'mode = exact, note = "a\\22b", dtype = f32, extra = [1.0, -0.5], names = ["p", "q"]} '
    "attributes {tag = 1 : i32} : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>)"
    " -> tensor<2x3xf32>"
)


@pytest.mark.parametrize(
    "line",
    [
        f"%0 = {FULL}",
        "%0 = sample.norm %x {normalized_shape = [3]} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
        "%0 = sample.norm %x, bias = %w {normalized_shape = [3]} : "
        "(tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>",
        "%0 = sample.pick %x, [none, %i, none] : (tensor<2x3xf32>, tensor<2xi64>)"
        " -> tensor<2x3xf32>",
        "%0 = sample.pick %x, [] : (tensor<2x3xf32>) -> tensor<2x3xf32>",
    ],
)
@pytest.mark.parametrize("generic", [False, True])
def test_print_and_parse_are_inverse(line: str, generic: bool) -> None:
    module = parse(line)
    text = print_module(module, generic=generic, debuginfo=not generic)
    again = parse_module(text, context=sample_context())
    assert print_module(again) == print_module(module)
    assert only_op(again).properties == only_op(module).properties
    if not generic:
        assert f"{line} loc" in text


def test_the_location_after_an_operation_is_kept_when_its_type_is_known_already() -> None:
    line = "sample.norm %x {normalized_shape = [3]} : (tensor<2x3xf32>) -> tensor<2x3xf32>"
    module = parse(f'%0 = {line} loc("a"("b.c"("f.py":3:0)))\n  %1 = {line} loc("d")')
    text = print_module(module, debuginfo=True)
    assert 'loc("a"("b.c"("f.py":3:0)))' in text
    assert 'loc("d")' in text


def test_properties_that_hold_their_default_are_not_printed() -> None:
    text = print_module(parse("%0 = " + FULL.replace("eps = 0.044715, flag = true, ", "")))
    assert "eps" not in text
    assert "flag" not in text


def test_two_types_on_one_line_do_not_confuse_each_other() -> None:
    line = "sample.norm %x {normalized_shape = [3]} : (tensor<2x3xf32>) -> tensor<2x3xf32>"
    module = parse(f"%0 = {line} %1 = {line}")
    assert len([op for op in module.walk() if isinstance(op, NormOp)]) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("%0 = sample.norm %x {wrong = 1}", "wrong is not a property; it has normalized_shape"),
        ("%0 = sample.norm %x {eps = 1.0, eps = 1.0}", "eps is given twice"),
        ("%0 = sample.norm %x, %w {normalized_shape = [3]}", "has no such operand; it takes input"),
        ("%0 = sample.norm %x, gain = %w", "has no such operand"),
        ("%0 = sample.norm %x, weight = %w, weight = %w", "has no such operand"),
        ("%0 = sample.norm weight = %w : (tensor<3xf32>) -> tensor<3xf32>", "expects an operand"),
        ("%0 = sample.norm %x, weight = 3", "operand or list expected"),
        ("%0 = sample.norm %x {mode = slow}", "Expected `fast`, or `exact`"),
        ("%0 = sample.norm %x {normalized_shape = [3]", "Expected ','"),
        ("%0 = sample.norm %x : () -> tensor<2x3xf32>", "expected 0 operand types"),
        (
            "%0 = sample.norm %x {normalized_shape = [4]} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            "sample.norm: normalized_shape .* does not end tensor<2x3xf32>",
        ),
        (
            "%0 = sample.norm %x {normalized_shape = [3]} : (tensor<2x3xf32>) -> tensor<3x2xf32>",
            "result #0 has type tensor<3x2xf32>, expected tensor<2x3xf32>",
        ),
        ("%0 = sample.nothing %x : (tensor<2x3xf32>) -> ()", "sample.nothing is not registered"),
    ],
)
def test_mistakes_are_named(line: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        parse(line)


def test_a_builder_infers_the_result_and_a_wrong_type_given_is_found() -> None:
    x, w = AnyOp(result_types=[X]).results[0], AnyOp(result_types=[W]).results[0]
    op = NormOp((x, None, w), {"normalized_shape": [3], "mode": "exact", "note": None})
    assert op.result.type is X
    assert op.get("mode") == Mode.EXACT
    assert op.get("note") is None
    assert op.operand_groups() == {"input": x, "weight": None, "bias": w}
    with pytest.raises(KeyError, match="no static argument 'weight'"):
        op.get("weight")


def test_absent_list_elements_keep_their_places() -> None:
    x = AnyOp(result_types=[X]).results[0]
    index = AnyOp(result_types=[tensor_type((2,), i64)]).results[0]
    op = PickOp((x, [None, index, None]))
    assert op.operand_groups()["indices"] == [None, index, None]


VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.floats(),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"])),
    st.lists(st.integers(-(2**63), 2**63 - 1)),
    st.lists(st.booleans(), min_size=1),
    st.lists(st.floats(), min_size=1),
    st.lists(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])), min_size=1),
)


@given(VALUES)
def test_every_static_value_survives_the_text(value: object) -> None:
    x = AnyOp(result_types=[X]).results[0]
    op = NormOp((x, None, None), {"normalized_shape": [3], "extra": to_attribute(value)})
    text = print_module(op).strip()
    body = text.replace(print_operand(text), "%x", 1).split("=", 1)[1]
    again = only_op(parse(f"%0 ={body}")).get("extra")
    assert same(again, value), text


def print_operand(text: str) -> str:
    return text.split("sample.norm ", 1)[1].split(" ", 1)[0]


def same(left: object, right: object) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return (
            math.isnan(left) and math.isnan(right)
            if math.isnan(left)
            else (left == right and math.copysign(1, left) == math.copysign(1, right))
        )
    return type(left) is type(right) and left == right


@given(VALUES)
def test_static_values_and_attributes_are_inverse(value: object) -> None:
    assert same(from_attribute(to_attribute(value)), value)
