"""Each form of a linear layer, a perceptron or a norm computes what the default one does."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from xdsl.utils.exceptions import VerifyException

from forge.backends.openvino.backend import translate_program
from forge.dialects import transformer
from forge.dialects.transformer import Activation
from forge.dialects.transformer.forms import (
    EmittedOp,
    Form,
    GatedMlpForm,
    LinearForm,
    MlpForm,
    slice_bounds,
)
from forge.ir.text import make_context, parse_module
from forge.lowering.convert_to_reg import ConvertToRegPass
from forge.weights import RandomWeights
from tests.lowering.building import Program

TOLERANCE = 2.1e-5
PERCEPTRON = ("up_slices", "down_slices", "up_orientation")


@pytest.fixture
def program() -> Program:
    return Program()


def forms_of(form_class: type[Form], *names: str) -> list[Any]:
    """Every form whose fields of these names have values that a search tries."""
    candidates = {name: form_class.candidates()[name] for name in names}
    forms: list[Any] = []
    for values in product(*candidates.values()):
        with suppress(ValueError):
            forms.append(form_class.of_values(dict(zip(candidates, values, strict=True))))
    return forms


def check(program: Program, op: EmittedOp, form: Form) -> list[str]:
    op.emit_as(form)
    module = program.check(op, TOLERANCE)
    return [op.name.removeprefix("reg.") for op in module.walk()]


@pytest.mark.parametrize("form", forms_of(LinearForm, "orientation", "slices"), ids=str)
@pytest.mark.parametrize(("transposed", "shape"), [(True, (5, 3)), (False, (2, 5, 3))])
def test_linear(
    program: Program, form: LinearForm, transposed: bool, shape: tuple[int, ...]
) -> None:
    width = 803  # odd, and more than the slices that a search tries
    op = transformer.LinearOp(
        program.random(*shape),
        program.random(*((width, 3) if transposed else (3, width))),
        program.random(width),
        program.random(*shape[:-1], width),
        activation=Activation.GELU_ERF,
        transpose_weight=transposed,
    )
    names = check(program, op, form)
    assert names.count("MatMul") == form.slices
    columns = {"rows": 0, "columns": form.slices, "mixed": 1}
    assert names.count("Transpose") == columns[form.orientation]


@pytest.mark.parametrize(
    "form",
    [
        LinearForm(),
        LinearForm("columns"),
        LinearForm("columns", slices=2),
        LinearForm("mixed", slices=3),
    ],
    ids=str,
)
@pytest.mark.parametrize("activation", list(Activation))
def test_linear_without_more(program: Program, form: LinearForm, activation: Activation) -> None:
    op = transformer.LinearOp(program.random(2, 3), program.random(64, 3), activation=activation)
    check(program, op, form)


@pytest.mark.parametrize("form", forms_of(MlpForm, *PERCEPTRON), ids=str)
@pytest.mark.parametrize(("transposed", "hidden"), [(True, 140), (False, 19)])
def test_mlp(program: Program, form: MlpForm, transposed: bool, hidden: int) -> None:
    up, down = ((hidden, 3), (4, hidden)) if transposed else ((3, hidden), (hidden, 4))
    op = transformer.MlpOp(
        program.random(2, 5, 3),
        program.random(*up),
        program.random(*down),
        program.random(hidden),
        program.random(4),
        program.random(2, 5, 4),
        activation=Activation.GELU_TANH,
        transpose_weight=transposed,
    )
    names = check(program, op, form)
    assert names.count("Gelu") == form.up_slices
    assert names.count("MatMul") == form.up_slices + form.down_slices


@pytest.mark.parametrize("form", [MlpForm(4, 2), MlpForm(2, 4, "columns")], ids=str)
def test_mlp_without_bias(program: Program, form: MlpForm) -> None:
    up, down = program.random(24, 3), program.random(4, 24)
    op = transformer.MlpOp(program.random(5, 3), up, down, activation=Activation.RELU_SQUARED)
    check(program, op, form)


@pytest.mark.parametrize("form", forms_of(GatedMlpForm, *PERCEPTRON), ids=str)
@pytest.mark.parametrize(("transposed", "hidden"), [(True, 140), (False, 19)])
def test_gated_mlp(program: Program, form: GatedMlpForm, transposed: bool, hidden: int) -> None:
    up, down = ((hidden, 3), (4, hidden)) if transposed else ((3, hidden), (hidden, 4))
    op = transformer.GatedMlpOp(
        program.random(2, 5, 3),
        program.random(*up),
        program.random(*up),
        program.random(*down),
        program.random(hidden),
        program.random(hidden),
        program.random(4),
        program.random(2, 5, 4),
        transpose_weight=transposed,
    )
    names = check(program, op, form)
    assert names.count("Swish") == form.up_slices
    assert names.count("MatMul") == 2 * form.up_slices + form.down_slices


@pytest.mark.parametrize("form", [GatedMlpForm(4, 2), GatedMlpForm(2, 4, "columns")], ids=str)
def test_gated_mlp_without_bias(program: Program, form: GatedMlpForm) -> None:
    up, down = program.random(24, 3), program.random(4, 24)
    op = transformer.GatedMlpOp(program.random(5, 3), up, up, down, activation=Activation.GELU_TANH)
    check(program, op, form)


@pytest.mark.parametrize("slices", [1, 4])
def test_products_are_added_to_the_residual(program: Program, slices: int) -> None:
    x, up, down = program.random(5, 3), program.random(24, 3), program.random(3, 24)
    mlp = transformer.MlpOp(x, up, down, residual=x, activation=Activation.RELU)
    mlp.emit_as(MlpForm(slices, slices, residual="first"))
    gated = transformer.GatedMlpOp(program.add(mlp), up, up, down, residual=mlp.result)
    assert check(program, gated, GatedMlpForm(slices, slices, residual="first")).count("Add") == (
        2 * slices
    )


MLP = """
func.func @main(%x: tensor<1x8x64xf32>) -> tensor<1x8x64xf32> {{
  %u = forge.weight "u" : tensor<{up}xf32>
  %d = forge.weight "d" : tensor<{down}xf32>
  %y = transformer.mlp %x, %u, %d {{activation = relu, transpose_weight = {transposed}{form}}}
      : (tensor<1x8x64xf32>, tensor<{up}xf32>, tensor<{down}xf32>) -> tensor<1x8x64xf32>
  func.return %y : tensor<1x8x64xf32>
}}
"""


@pytest.mark.parametrize(
    ("transposed", "up", "down"), [("true", "256x64", "64x256"), ("false", "64x256", "256x64")]
)
def test_slices_of_a_weight_are_held_instead_of_it(transposed: str, up: str, down: str) -> None:
    held: list[int] = []
    for form in ("", ", form = {up_slices = 4, down_slices = 2}"):
        module = parse_module(MLP.format(transposed=transposed, up=up, down=down, form=form))
        ConvertToRegPass(host=False).apply(make_context(), module)
        model = translate_program(module, RandomWeights(module)).single_model()
        floats = [op for op in model.get_ops() if op.get_type_name() == "Constant"]
        held.append(sum(op.data.nbytes for op in floats if op.data.dtype == np.float32))
        assert "Slice" not in {op.get_type_name() for op in model.get_ops()}
    assert held[0] == held[1] == 2 * 256 * 64 * 4


@pytest.mark.parametrize("size", [7, 50, 96, 896, 50257, 151936])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_slices_cover_a_dimension(size: int, count: int) -> None:
    bounds = slice_bounds(size, count)
    widths = [stop - start for start, stop in pairwise(bounds)]
    assert (bounds[0], bounds[-1], len(widths)) == (0, size, count)
    assert min(widths) > 0
    assert max(widths) - min(widths) < 32 if size % count else len(set(widths)) == 1
    if size > 16 * count and size % count:
        assert all(bound % 16 == 0 for bound in bounds[:-1])


@pytest.mark.parametrize(("up", "down"), [(2, 3), (4, 3), (6, 8)])
def test_parts_that_do_not_end_together_are_refused(up: int, down: int) -> None:
    with pytest.raises(ValueError, match=f"up_slices, {up}, and down_slices, {down}"):
        MlpForm(up, down)


def test_more_slices_than_features_are_refused(program: Program) -> None:
    x, up, down = program.random(5, 3), program.random(6, 3), program.random(3, 6)
    mlp = transformer.MlpOp(x, up, down, activation=Activation.RELU)
    mlp.emit_as(MlpForm(up_slices=8))
    gated = transformer.GatedMlpOp(x, up, up, down)
    gated.emit_as(GatedMlpForm(down_slices=7))
    with pytest.raises(VerifyException, match="6 hidden features cannot be computed in 8 slices"):
        mlp.verify()
    with pytest.raises(VerifyException, match="6 hidden features cannot be computed in 7 slices"):
        gated.verify()


def test_outputs_are_not_cut_smaller_than_one(program: Program) -> None:
    op = transformer.LinearOp(program.random(5, 3), program.random(3, 3))
    op.emit_as(LinearForm(slices=4))
    with pytest.raises(VerifyException, match="3 outputs cannot be computed in 4 slices"):
        op.verify()


def test_a_vector_is_one_row(program: Program) -> None:
    op = transformer.LinearOp(program.random(3), program.random(6, 3))
    op.emit_as(LinearForm(orientation="columns"))
    mixed = transformer.LinearOp(program.random(3), program.random(6, 3))
    mixed.emit_as(LinearForm(orientation="mixed", slices=2))
    mlp = transformer.MlpOp(
        program.random(3),
        program.random(6, 3),
        program.random(3, 6),
        activation=Activation.RELU,
    )
    mlp.emit_as(MlpForm(up_orientation="columns"))
    for layer in (op, mixed, mlp):
        with pytest.raises(VerifyException, match="a vector has no columns"):
            layer.verify()
