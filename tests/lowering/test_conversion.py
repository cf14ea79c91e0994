"""The conversion driver: what is converted, what stays, and what it says of the rest."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue

from forge.errors import ForgeError
from forge.ir.text import parse_module, print_module
from forge.lowering.conversion import (
    ConversionPatterns,
    ConversionRewriter,
    ConversionTarget,
    Rejection,
    convert_module,
)
from tests.ir.sample_dialect import NormOp, PickOp, sample_context

T = "tensor<2x3xf32>"
TEXT = f"""
func.func @main(%x: {T} {{forge.name = "x"}}) -> {T} {{
  %y = sample.norm %x {{normalized_shape = [3]}} : ({T}) -> {T} loc("norm_1"("layer"("m.py":7:0)))
  %z = sample.pick %y, [] : ({T}) -> {T} loc("pick_1"("layer"("m.py":8:0)))
  func.return %z : {T}
}}
"""


def module() -> ModuleOp:
    return parse_module(TEXT, context=sample_context())


def same_type(type: Attribute) -> Attribute:
    return type


def target(*legal: str) -> ConversionTarget:
    return ConversionTarget(frozenset(legal), same_type)


def norm_to_pick(op: NormOp, b: ConversionRewriter) -> SSAValue:
    first = b.emit(PickOp((b[op.input], [])))
    return b.emit(PickOp((first, [None])))


def test_a_conversion_replaces_an_operation_and_keeps_location_and_name() -> None:
    patterns = ConversionPatterns()
    patterns.convert(NormOp)(norm_to_pick)
    converted = module()
    convert_module(converted, patterns, target("func", "sample"))
    text = print_module(converted, debuginfo=True)
    assert text.count('loc("norm_1"("layer"("m.py":7:0)))') == 2
    assert "%y = sample.pick" in text
    assert "sample.norm" not in text
    assert 'forge.name = "x"' in text


def test_what_remains_illegal_is_named_with_its_location_and_all_kinds_counted() -> None:
    with pytest.raises(ForgeError) as error:
        convert_module(module(), ConversionPatterns(), target("func"))
    assert "this op remains illegal: sample.norm" in str(error.value)
    assert "norm_1 in layer (m.py:7)" in str(error.value)
    assert "sample.norm (1), sample.pick (1)" in str(error.value)


def test_a_failed_conversion_leaves_the_module_as_it_was() -> None:
    before = module()
    text = print_module(before)
    with pytest.raises(ForgeError):
        convert_module(before, ConversionPatterns(), target("func"))
    assert print_module(before) == text


def test_a_conversion_may_refuse_with_a_reason() -> None:
    patterns = ConversionPatterns()

    @patterns.convert(NormOp)
    def refuse(op: NormOp, b: ConversionRewriter) -> SSAValue:
        b.reject(f"eps {op.get('eps')} is too small", hint="take a larger one")

    with pytest.raises(ForgeError, match=r"cannot be lowered: eps 1e-05 is too small") as error:
        convert_module(module(), patterns, target("func", "sample"))
    assert "hint: take a larger one" in str(error.value)
    assert "norm_1" in str(error.value)


def test_the_fallback_gets_what_has_no_conversion() -> None:
    seen: list[str] = []

    def fallback(
        op: Operation, b: ConversionRewriter, rejection: Rejection | None
    ) -> SSAValue | None:
        assert rejection is None
        seen.append(op.name)
        return b[op.operands[0]] if isinstance(op, PickOp) else None

    with pytest.raises(ForgeError, match=r"remains illegal: sample\.norm"):
        convert_module(
            module(),
            ConversionPatterns(),
            ConversionTarget(frozenset({"func"}), same_type, fallback),
        )
    assert seen == ["sample.norm", "sample.pick"]


def test_a_conversion_that_changes_a_type_is_found() -> None:
    patterns = ConversionPatterns()

    patterns.convert(NormOp)(lambda _op, _b: [])

    with pytest.raises(ForgeError, match="its conversion gave 0 of 1 results"):
        convert_module(module(), patterns, target("func", "sample"))


def test_two_conversions_for_one_operation_are_refused() -> None:
    patterns = ConversionPatterns()
    patterns.convert(NormOp)(norm_to_pick)
    assert NormOp in patterns
    with pytest.raises(ValueError, match=r"sample.norm has two conversions"):
        ConversionPatterns(patterns, patterns)
