"""The check of numbers: what it names, what it leaves alone, and what it cannot check."""

from pathlib import Path

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.ir.text import make_context, parse_module
from forge.numeric_check import NumericCheck
from forge.passes import DEFAULT_PIPELINE
from forge.pipeline import PassRun, build_pipeline, run_pipeline
from forge.plugins import load_pass_plugin
from forge.rewriting import limit_rewrites
from forge.weights import RandomWeights, WeightStore
from tests.passes.tiny_models import tiny_model

load_pass_plugin(Path(__file__).with_name("planted_passes.py"))

T = "tensor<2x3xf32>"
UNARY = f"({T}) -> {T}"
RANDOM = f'aten.operator "aten.rand_like.default"(self = %x) : {UNARY}'


def program(*lines: str, result: str = "%y") -> ModuleOp:
    body = "\n  ".join(lines)
    return parse_module(
        f'func.func @main(%x: {T} {{forge.name = "x"}}) -> ({T} {{forge.name = "y"}}) {{\n'
        f"  {body}\n  func.return {result} : {T}\n}}",
        "text.mlir",
    )


def checked(
    module: ModuleOp, pipeline: str, weights: WeightStore | None = None, rounds: int = 1
) -> tuple[NumericCheck, list[PassRun]]:
    check = NumericCheck(module, weights or RandomWeights(module))
    passes = build_pipeline(pipeline)
    return check, run_pipeline(
        module, passes, make_context(), rounds=rounds, instrumentations=[check]
    )


def message(module: ModuleOp, pipeline: str, rounds: int = 1) -> str:
    with pytest.raises(ForgeError) as error:
        checked(module, pipeline, rounds=rounds)
    return str(error.value)


SILUS = program(
    f"%0 = aten.neg %x : {UNARY}",
    f"%1 = aten.neg %0 : {UNARY}",
    f"%2 = aten.silu %1 : {UNARY}",
    f"%3 = aten.silu %2 : {UNARY}",
    f"%4 = aten.silu %3 : {UNARY}",
    f"%y = aten.silu %4 : {UNARY}",
)


WEIGHED = """
func.func @main(%x: tensor<2x32xf32>) -> tensor<2x32xf32> {
  %w = forge.weight "w" : tensor<32x32xf32>
  %0 = aten.linear %x, %w : (tensor<2x32xf32>, tensor<32x32xf32>) -> tensor<2x32xf32>
  %1 = aten.maximum %0, %x : (tensor<2x32xf32>, tensor<2x32xf32>) -> tensor<2x32xf32>
  func.return %1 : tensor<2x32xf32>
}
"""


# -- what is wrong is named ------------------------------------------------------------------


def test_the_first_wrong_rewrite_is_named_with_its_place() -> None:
    text = message(SILUS.clone(), "simplify,wrong-activation,eliminate-dead-code")
    assert "the pass wrong-activation changes what the program computes" in text
    assert "@main: output 'y' differs by 0." in text
    assert "the pattern ApproximateSilu on aten.silu does it, in rewrite 2 of 3" in text
    assert "at text.mlir:5:3" in text
    assert "forge-opt -p 'simplify,wrong-activation' --rewrite-limit 2 stops after it" in text
    assert "--rewrite-limit 1 before it" in text


def test_the_limit_in_the_hint_reproduces_it() -> None:
    passes = build_pipeline("simplify,wrong-activation")
    for limit, wrong in ((2, True), (1, False)):
        module = SILUS.clone()
        check = NumericCheck(module, RandomWeights(module))
        with limit_rewrites(limit):
            if not wrong:
                run_pipeline(module, passes, make_context(), instrumentations=[check])
                continue
            with pytest.raises(ForgeError, match="wrong-activation"):
                run_pipeline(module, passes, make_context(), instrumentations=[check])


def test_rewrites_of_earlier_passes_count() -> None:
    text = message(SILUS.clone(), "simplify,wrong-activation", rounds=2)
    assert "--rewrite-limit 2 " in text
    later = message(
        program(
            f"%0 = aten.alias %x : {UNARY}",
            f"%1 = aten.silu %0 : {UNARY}",
            f"%y = aten.silu %1 : {UNARY}",
        ),
        "simplify,wrong-activation",
    )
    assert "in rewrite 1 of 1 of the pass" in later
    assert "--rewrite-limit 2 " in later


def test_a_wrong_rewrite_at_level_transformer_is_named() -> None:
    module = program(
        '%w = forge.weight "w" : tensor<3xf32>',
        f"%0 = aten.mul.Scalar %x {{other = 0.001}} : {UNARY}",
        f"%y = transformer.rms_norm %0, weight = %w {{normalized_shape = [3], eps = 1.0e-04}} : "
        f"({T}, tensor<3xf32>) -> {T}",
    )
    text = message(module, "wrong-epsilon")
    assert "ForgetEpsilon on transformer.rms_norm does it, in rewrite 1 of 1" in text
    assert "at text.mlir:4:3" in text


def test_a_wrong_rewrite_at_level_reg_is_named() -> None:
    module = program(f"%0 = aten.neg %x : {UNARY}", f"%y = aten.maximum %0, %x : ({T}, {T}) -> {T}")
    text = message(module, "convert-to-reg,wrong-instruction")
    assert "SwapExtremes on reg.Maximum does it, in rewrite 1 of 1" in text
    assert "-p 'convert-to-reg,wrong-instruction' --rewrite-limit 1 " in text


def test_a_pass_without_patterns_is_named() -> None:
    text = message(program(f"%y = aten.add.Scalar %x {{other = 2}} : {UNARY}"), "wrong-walk")
    assert "the pass wrong-walk changes what the program computes" in text
    assert "differs by 1 where" in text
    assert "none of its patterns does it" in text
    assert "hint: forge-opt -p 'wrong-walk' leaves the wrong program" in text


def test_a_pass_that_leaves_a_program_that_fails_is_named() -> None:
    text = message(program(f"%y = aten.reshape %x {{shape = [2, 3]}} : {UNARY}"), "wrong-shape")
    assert "wrong-shape changes what the program computes: @main: it can no longer be run" in text
    assert "aten.reshape" in text


# -- what is right passes --------------------------------------------------------------------


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("name", ["gpt2", "llama-3.2-1b", "bert-base"])
def test_right_passes_are_left_alone(name: str, attention: str) -> None:
    model, inputs = tiny_model(name, attention=attention)
    imported = import_program(capture(model, inputs))
    pipeline = f"{DEFAULT_PIPELINE},convert-to-reg"
    check, runs = checked(imported.module, pipeline, imported.weights, rounds=2)
    assert not check.skipped
    assert [run.name for run in runs if run.round == 2]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_sixteen_bits_may_be_rounded_less_often(dtype: torch.dtype) -> None:
    model, inputs = tiny_model("llama-3.2-1b", dtype=dtype)
    imported = import_program(capture(model, inputs))
    checked(imported.module, DEFAULT_PIPELINE, imported.weights)


def test_values_of_buffers_come_from_the_model() -> None:
    class Counter(torch.nn.Module):
        total: torch.Tensor

        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("total", torch.zeros(3))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.total.add_(x)
            return self.total * 2

    imported = import_program(capture(Counter(), (torch.ones(3),)))
    assert not checked(imported.module, DEFAULT_PIPELINE, imported.weights)[0].skipped


# -- what cannot be checked ------------------------------------------------------------------


def test_a_function_that_cannot_be_checked_is_skipped_by_name() -> None:
    module = parse_module(
        f"""
        func.func @plain(%x: {T}) -> {T} {{
          %y = aten.neg %x : {UNARY}
          func.return %y : {T}
        }}
        func.func @calls(%x: {T}) -> {T} {{
          %y = func.call @plain(%x) : {UNARY}
          func.return %y : {T}
        }}
        func.func @random(%x: {T}) -> {T} {{
          %y = {RANDOM}
          func.return %y : {T}
        }}
        func.func @scalar(%x: i32) -> i32 {{
          func.return %x : i32
        }}
        func.func private @declared({T}) -> {T}
        """
    )
    check, _ = checked(module, "simplify")
    assert list(check.skipped) == ["calls", "random", "scalar"]
    assert "does not know this operation" in check.skipped["calls"]
    assert check.skipped["random"] == "it computes something else in every run"
    assert check.skipped["scalar"] == "one of its arguments is i32, which is no tensor"


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (program(f"%y = {RANDOM}"), "@main: it computes something else"),
        (ModuleOp([]), "the program has no function"),
    ],
)
def test_a_program_of_which_nothing_can_be_checked_is_refused(
    module: ModuleOp, reason: str
) -> None:
    with pytest.raises(ForgeError, match=f"the numbers cannot be checked: .*{reason}"):
        NumericCheck(module, RandomWeights(module))


def test_the_users_random_numbers_are_not_drawn() -> None:
    torch.manual_seed(3)
    state = torch.get_rng_state()
    module = program(f"%0 = {RANDOM}", f"%y = aten.neg %x : {UNARY}")
    NumericCheck(module, RandomWeights(module))
    assert torch.equal(torch.get_rng_state(), state)


# -- passes that are meant to round ----------------------------------------------------------


def test_how_far_rounded_weights_move_the_numbers_is_a_figure() -> None:
    _, runs = checked(parse_module(WEIGHED), "convert-to-reg{device=npu},compress-weights")
    (moved,) = [v for name, v in runs[1].report().figures.items() if name.startswith("difference")]
    assert 10 < moved < 1000
    assert not any(name.startswith("difference") for name in runs[0].report().figures)


def test_what_follows_is_held_to_the_rounded_numbers() -> None:
    pipeline = "convert-to-reg{device=npu},compress-weights,wrong-instruction"
    assert "the pass wrong-instruction changes" in message(parse_module(WEIGHED), pipeline)
