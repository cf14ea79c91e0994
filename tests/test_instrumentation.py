"""What watches a pipeline: in which order it is called, and what it learns."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.instrumentation import Instrumentation, PassStep
from forge.ir.text import make_context, parse_module
from forge.pipeline import PassRun, build_pipeline, run_pipeline
from forge.pipeline_text import pipeline_text, with_anchor, without_anchor

TEXT = """
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  %1 = aten.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  func.return %1 : tensor<2xf32>
}
"""


@dataclass(frozen=True)
class SwapPass(ModulePass):
    """Puts an operation before what it uses."""

    name = "swap"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        first, second, *_ = [relu for relu in op.walk() if relu.name == "aten.relu"]
        first.detach()
        assert second.parent is not None
        second.parent.insert_op_after(first, second)


@dataclass(frozen=True)
class RefusePass(ModulePass):
    """Refuses every program."""

    name = "refuse"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        raise ForgeError("no")


class Log(Instrumentation):
    def __init__(self, name: str, lines: list[str]) -> None:
        self.name = name
        self.lines = lines

    def before_pass(self, step: PassStep) -> None:
        rest = pipeline_text(step.remaining)
        self.lines.append(f"{self.name} before {step.module_pass.name} of {rest} in {step.round}")

    def after_pass(self, step: PassStep, run: PassRun) -> None:
        assert (run.verification > 0) == (self.name == "v")
        self.lines.append(f"{self.name} after {run.name}")

    def after_pass_failed(self, step: PassStep, error: BaseException) -> None:
        self.lines.append(f"{self.name} failed {step.module_pass.name}: {error}")

    def after_pipeline(self, module: ModuleOp) -> None:
        self.lines.append(f"{self.name} end")


def watched(*passes: ModulePass, rounds: int = 1, names: str = "ab") -> list[str]:
    lines: list[str] = []
    logs = [Log(name, lines) for name in names]
    module = parse_module(TEXT)
    try:
        run_pipeline(
            module,
            passes,
            make_context(),
            rounds=rounds,
            verify_each="v" in names,
            instrumentations=logs,
        )
    except ForgeError as error:
        lines.append(f"raised {error}")
    return lines


def test_the_first_is_called_first_before_a_pass_and_last_after_it() -> None:
    assert watched(*build_pipeline("simplify")) == [
        "a before simplify of simplify in 1",
        "b before simplify of simplify in 1",
        "b after simplify",
        "a after simplify",
        "b end",
        "a end",
    ]


def test_each_round_says_what_is_left_of_it() -> None:
    lines = watched(*build_pipeline("simplify,convert-to-reg"), rounds=2, names="a")
    assert [line for line in lines if "before" in line] == [
        "a before simplify of simplify,convert-to-reg in 1",
        "a before convert-to-reg of convert-to-reg in 1",
    ]


def test_a_refusal_is_told_from_the_inside_out_and_leaves() -> None:
    assert watched(RefusePass(), SwapPass())[-3:] == [
        "b failed refuse: no",
        "a failed refuse: no",
        "raised no",
    ]


class Refuse(Instrumentation):
    def after_pass(self, step: PassStep, run: PassRun) -> None:
        raise ForgeError("wrong numbers")


def test_what_is_refused_after_a_pass_is_a_failure_of_it() -> None:
    lines: list[str] = []
    watching = [Log("a", lines), Refuse(), Log("b", lines)]
    with pytest.raises(ForgeError, match="wrong numbers"):
        run_pipeline(
            parse_module(TEXT),
            build_pipeline("simplify,simplify"),
            make_context(),
            instrumentations=watching,
        )
    assert lines[2:] == [
        "b after simplify",
        "b failed simplify: wrong numbers",
        "a failed simplify: wrong numbers",
    ]


def test_an_invalid_program_is_a_failure_of_its_pass() -> None:
    lines = watched(SwapPass(), names="v")
    assert lines[1].startswith("v failed swap: swap left an invalid program: aten.relu: operand #0")
    assert "note: defined here, by aten.relu" in lines[1]
    # Who does not ask for it is not told.
    assert watched(SwapPass(), names="a")[-1] == "a end"


def test_pipelines_may_say_what_they_run_on() -> None:
    text = 'simplify,convert-to-reg{device="npu" host=false}'
    assert without_anchor(f" builtin.module( {text} ) ").strip() == text
    assert without_anchor("builtin.module()") == ""
    assert pipeline_text(build_pipeline(text)) == text
    assert without_anchor(with_anchor(build_pipeline(text))) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("simplify", "does not say what the passes run on"),
        ("builtin.module(simplify", "does not say what the passes run on"),
        ("func.func(simplify)", "not on func.func"),
        ("builtin.module(func.func(simplify))", "not on func.func"),
        ("builtin.module(builtin.module(simplify))", "passes run on the module"),
    ],
)
def test_passes_run_on_the_module_alone(text: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        without_anchor(text)
