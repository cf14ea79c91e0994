"""Forms: how an operation is to be emitted, as a value and as text."""

from __future__ import annotations

import pytest

from forge.dialects import transformer
from forge.dialects.transformer.forms import AttentionForm, EmittedOp, MlpForm
from forge.errors import ForgeError
from forge.ir.text import parse_module, print_module
from forge.ir.verifier import verify_module

PROGRAM = """
func.func @main(%x: tensor<1x4x8xf32>, %w: tensor<16x8xf32>, %v: tensor<8x16xf32>)
    -> tensor<1x4x8xf32> {{
  %y = transformer.mlp %x, %w, %v {{activation = relu{form}}}
      : (tensor<1x4x8xf32>, tensor<16x8xf32>, tensor<8x16xf32>) -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}}
"""


def emitted(form: str) -> EmittedOp:
    module = parse_module(PROGRAM.format(form=form))
    verify_module(module)
    return next(op for op in module.walk() if isinstance(op, EmittedOp))


def test_an_operation_without_a_form_has_the_default_one() -> None:
    assert emitted("").emission == MlpForm()


def test_a_form_is_what_differs_from_the_default() -> None:
    op = emitted(", form = {up_slices = 4, down_slices = 2}")
    assert op.emission == MlpForm(up_slices=4, down_slices=2)
    assert op.emission.values() == {"up_slices": 4, "down_slices": 2}


def test_a_form_is_printed_as_it_is_read() -> None:
    op = emitted("")
    op.emit_as(MlpForm(up_slices=4))
    module = op.get_toplevel_object()
    assert "{activation = relu, form = {up_slices = 4}}" in print_module(module)
    op.emit_as(MlpForm())
    assert "form =" not in print_module(module)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("{up_slice = 4}", "did you mean up_slices?"),
        ("{colour = 4}", "it has up_slices, down_slices"),
        ("{up_slices = 0}", "up_slices is 0, which is not a whole number from 1 on"),
        ("{up_slices = true}", "which is not a whole number"),
        ('{up_slices = "4"}', "which is not a whole number"),
    ],
)
def test_a_wrong_form_is_refused(form: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message.replace("?", r"\?")):
        emitted(f", form = {form}")


def test_a_form_says_what_a_search_may_try() -> None:
    candidates = AttentionForm.candidates()
    assert candidates["scores"] == ("fused", "decomposed", "products")
    assert all(options[0] == getattr(AttentionForm(), name) for name, options in candidates.items())


@pytest.mark.parametrize(
    "op_class", [op for op in transformer.Transformer.operations if issubclass(op, EmittedOp)]
)
def test_each_candidate_is_admissible(op_class: type[EmittedOp]) -> None:
    for name, options in op_class.FORM.candidates().items():
        for option in options:
            form = op_class.FORM.of_values({name: option})
            assert op_class.FORM.of(form.attribute()) == form
