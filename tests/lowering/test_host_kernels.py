"""Programs that run on the host as a whole: each operation is a kernel, and means the same."""

from typing import Any

import pytest
import torch
from hypothesis import find
from hypothesis.errors import NoSuchExample
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp

from forge.dialects import reg
from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.ir.shape_functions import ShapeError
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.pipeline import build_pipeline
from forge.weights import ModuleWeights
from forge.zoo import build
from tests.dialects.aten_cases import CASES
from tests.lowering.models import ALLOWED
from tests.lowering.operators import make_program, tensors_of, values_of
from tests.lowering.test_every_operator import SEARCH, UNDEFINED, WANTED
from tests.lowering.test_model_families import LAYERS, LEVELS, TRANSFORMERS, WAYS, WITHOUT_LAYERS
from tests.passes.tiny_models import tiny_model

CLASSES: dict[str, type[AtenOp]] = {op_class.name: op_class for op_class in OPERATIONS}
NO_WEIGHTS = ModuleWeights({})
ON_HOST = {"func.func", "func.return", "builtin.module", "reg.weight", "reg.Constant", "reg.host"}
RANDOM = UNDEFINED | {"aten.dropout", "aten.native_dropout"}
# They do not check their arguments, and crash.
UNCHECKED = {"aten._embedding_bag", "aten._fft_c2c", "aten._fft_c2r", "aten._fft_r2c"}


def on_host(module: ModuleOp, passes: str = "") -> ModuleOp:
    for module_pass in build_pipeline(f"{passes},convert-to-reg{{device=host}}".lstrip(",")):
        module_pass.apply(make_context(), module)
    verify_module(module)
    assert {op.name for op in module.walk()} <= ON_HOST
    return module


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - UNCHECKED))
def test_an_operator_and_its_kernel_compute_the_same(name: str) -> None:
    compared = 0

    def enough(arguments: dict[str, Any]) -> bool:
        nonlocal compared
        if compared < WANTED:
            compared += agrees(CLASSES[name], arguments, seed=compared)
        return compared >= WANTED

    try:
        find(CASES[name], enough, settings=SEARCH)
    except NoSuchExample:
        assert compared, "no arguments were computed"


def agrees(op_class: type[AtenOp], arguments: dict[str, Any], seed: int) -> bool:
    """Compare an operator with its kernel; false if it refuses the arguments."""
    if any(0 in info.shape for info in tensors_of(arguments)):
        # Some operators crash where there is nothing to compute.
        return False
    try:
        module = make_program(op_class, arguments)
        inputs = values_of(op_class, arguments, seed)
        expected = run(module, NO_WEIGHTS, inputs)
    except (ShapeError, ForgeError):
        return False
    (kernel,) = [op for op in on_host(module).walk() if isinstance(op, reg.HostOp)]
    assert kernel.kernel.data == op_class.name
    assert not kernel.attributes
    for actual, wanted in zip(run(module, NO_WEIGHTS, inputs), expected, strict=True):
        assert (actual.shape, actual.dtype) == (wanted.shape, wanted.dtype)
        if op_class.name not in RANDOM:
            torch.testing.assert_close(actual, wanted, rtol=0, atol=0, equal_nan=True)
    return True


def check(module: torch.nn.Module, inputs: tuple[Tensor, ...], passes: str) -> None:
    with torch.no_grad():
        expected = module(*inputs)
    program = import_program(capture(module, inputs))
    on_host(program.module, passes)
    (actual,) = run(program.module, program.weights, program.flatten(inputs, {}))
    assert float((actual - expected).abs().max()) <= ALLOWED * float(expected.abs().max())


@pytest.mark.parametrize(("name", "attention"), WAYS)
@LEVELS
def test_small_models_of_the_architectures(name: str, attention: str, passes: str) -> None:
    check(*tiny_model(name, LAYERS.get(name, 2), attention=attention), passes)


@pytest.mark.parametrize("name", sorted(WITHOUT_LAYERS | {"minilm"}))
@LEVELS
def test_models_that_are_small_already(name: str, passes: str) -> None:
    model = build(name, layers=2 if name == "minilm" else None)
    check(model.module, model.example_args, passes)


@pytest.mark.parametrize("name", TRANSFORMERS)
@LEVELS
def test_models_of_true_width_are_converted(name: str, passes: str) -> None:
    model = build(name, layers=LAYERS.get(name, 2), weights="fake")
    on_host(import_program(capture(model.module, model.example_args)).module, passes)


def test_a_kernel_takes_defaults_for_what_is_missing() -> None:
    text = """
        func.func @main(%x: !reg.reg<2x3xf32, host>, %w: !reg.reg<3x3xf32, host>)
            -> !reg.reg<2x3xf32, host> {
          %0 = reg.host "transformer.linear"(input = %x, weight = %w)
              : (!reg.reg<2x3xf32, host>, !reg.reg<3x3xf32, host>) -> !reg.reg<2x3xf32, host>
          %1 = reg.host "aten.add.Tensor"(input = %0, other = %x)
              : (!reg.reg<2x3xf32, host>, !reg.reg<2x3xf32, host>) -> !reg.reg<2x3xf32, host>
          func.return %1 : !reg.reg<2x3xf32, host>
        }"""
    x, w = torch.randn(2, 3), torch.randn(3, 3)
    (actual,) = run(parse_module(text), NO_WEIGHTS, [x, w])
    torch.testing.assert_close(actual, x @ w.T + x)


def test_a_kernel_that_does_not_exist_is_named() -> None:
    text = """
        func.func @main(%x: !reg.reg<2xf32, host>) -> !reg.reg<2xf32, host> {
          %0 = reg.host "transformer.any"(x = %x)
              : (!reg.reg<2xf32, host>) -> !reg.reg<2xf32, host>
          func.return %0 : !reg.reg<2xf32, host>
        }"""
    with pytest.raises(ForgeError, match=r"there is no kernel transformer\.any"):
        run(parse_module(text), NO_WEIGHTS, [torch.zeros(2)])
