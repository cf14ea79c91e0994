"""Which pass and which rewrite is to blame, and what the text says of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from forge.bisection import Guilt, Judge, blame_by, blame_failure, blame_numbers, difference
from forge.errors import ForgeError
from forge.ir.text import make_context, parse_module
from forge.pipeline import build_pipeline
from forge.plugins import load_pass_plugin

load_pass_plugin(Path(__file__).with_name("planted_passes.py"))

T = "tensor<2x3xf32>"
U = f"({T}) -> {T}"
SILUS = parse_module(
    f"""
func.func @main(%x: {T}) -> {T} {{
  %a = aten.alias %x : {U}
  %b = aten.neg %a : {U}
  %c = aten.neg %b : {U}
  %d = aten.silu %c : {U}
  %e = aten.silu %d : {U}
  %f = aten.silu %e : {U}
  func.return %f : {T}
}}
""",
    "silus.mlir",
)


def has(name: str) -> Judge:
    return lambda module: any(op.name == name for op in module.walk())


def changed_lines(guilt: Guilt) -> list[str]:
    lines = difference(guilt, make_context()).splitlines()
    return [line for line in lines if re.match(r"[+-] ", line)]


def test_wrong_numbers_are_blamed_on_one_rewrite_of_one_pass() -> None:
    pipeline = "simplify,wrong-activation,eliminate-dead-code"
    guilt = blame_numbers(SILUS, build_pipeline(pipeline), make_context())
    assert [p.name for p in guilt.passes] == ["simplify", "wrong-activation"]
    assert guilt.culprit is not None
    assert guilt.culprit.firing.pattern == "ApproximateSilu"
    # The pass before it has taken the alias away.
    assert guilt.earlier == 1
    assert guilt.limit == 1 + guilt.culprit.number
    assert changed_lines(guilt) == [
        f"-    %e = aten.silu %d : {U}",
        f"+    %e = aten.gelu %d : {U}",
    ]


def test_the_program_stays_as_it_is() -> None:
    text = str(SILUS)
    blame_numbers(SILUS, build_pipeline("wrong-activation"), make_context())
    assert str(SILUS) == text


def test_a_judge_is_asked_about_few_programs() -> None:
    asked = 0

    def judge(module: ModuleOp) -> bool:
        nonlocal asked
        asked += 1
        return has("aten.gelu")(module)

    passes = build_pipeline(",".join(["simplify"] * 20 + ["wrong-activation"] + ["simplify"] * 11))
    guilt = blame_by(judge, SILUS, passes, make_context())
    assert len(guilt.passes) == 21
    assert guilt.culprit is not None
    assert guilt.culprit.firing.pattern == "ApproximateSilu"
    # The ends, five halvings of 32 passes, and a few of its rewrites.
    assert asked <= 2 + 5 + 5


@settings(max_examples=20, deadline=None)
@given(before=st.integers(0, 6), after=st.integers(0, 6))
def test_the_pass_is_found_wherever_it_stands(before: int, after: int) -> None:
    names = ["eliminate-dead-code"] * before + ["wrong-activation"] + ["simplify"] * after
    passes = build_pipeline(",".join(names))
    for guilt in (
        blame_by(has("aten.gelu"), SILUS, passes, make_context()),
        blame_numbers(SILUS, passes, make_context()),
    ):
        assert len(guilt.passes) == before + 1
        assert guilt.limit == 2


def test_a_pass_without_patterns_is_blamed_with_its_whole_difference() -> None:
    module = parse_module(
        f"func.func @main(%x: {T}) -> {T} {{\n  %y = aten.add.Scalar %x {{other = 2}} : {U}\n"
        f"  func.return %y : {T}\n}}"
    )
    guilt = blame_numbers(module, build_pipeline("simplify,wrong-walk"), make_context())
    assert (guilt.culprit, guilt.limit) == (None, None)
    assert [line[0] for line in changed_lines(guilt)] == ["-", "+"]


def test_names_of_values_that_stay_stay_in_the_difference() -> None:
    # Printed anew, each %neg_… after the two that go would have another number.
    lines = [f"  %neg_{i} = aten.neg %neg_{i - 1} : {U}" for i in range(1, 8)]
    lines[4] = lines[4].replace("neg %", "sin %")
    module = parse_module(
        f"func.func @main(%neg_0: {T}) -> {T} {{\n" + "\n".join(lines) + "\n"
        f"  func.return %neg_7 : {T}\n}}"
    )

    def judge(module: ModuleOp) -> bool:
        return sum(op.name == "aten.neg" for op in module.walk()) < 6

    guilt = blame_by(judge, module, build_pipeline("wrong-activation"), make_context())
    assert changed_lines(guilt) == [
        f"-    %neg_1 = aten.neg %neg : {U}",
        f"-    %neg_2 = aten.neg %neg_1 : {U}",
        f"-    %neg_3 = aten.neg %neg_2 : {U}",
        f"+    %neg_3 = aten.neg %neg : {U}",
    ]


@pytest.mark.parametrize(
    ("pipeline", "reason"),
    [
        ("simplify", "not wrong after the last pass"),
        ("wrong-shape,simplify", "not wrong after"),
    ],
)
def test_a_judge_that_finds_nothing_is_refused(pipeline: str, reason: str) -> None:
    with pytest.raises(ForgeError, match=reason):
        blame_by(has("aten.gelu"), SILUS, build_pipeline(pipeline), make_context())


def test_what_is_wrong_from_the_start_is_refused() -> None:
    with pytest.raises(ForgeError, match="wrong before the first pass"):
        blame_by(has("aten.silu"), SILUS, build_pipeline("simplify"), make_context())


def test_a_pass_that_fails_is_no_wrong_program() -> None:
    module = parse_module(
        f"func.func @main(%x: {T}) -> tensor<6xf32> {{\n"
        f"  %y = aten.reshape %x {{shape = [6]}} : ({T}) -> tensor<6xf32>\n"
        "  func.return %y : tensor<6xf32>\n}"
    )
    passes = build_pipeline("wrong-shape")
    with pytest.raises(ForgeError, match=r"wrong-shape fails: .* 6 elements do not fit"):
        blame_by(has("aten.gelu"), module, passes, make_context())
    with pytest.raises(ForgeError, match=r"wrong-shape fails: .* 6 elements do not fit"):
        blame_numbers(module, passes, make_context())
    guilt = blame_failure(module, passes, make_context())
    assert guilt.culprit is None
    assert "[3]" in changed_lines(guilt)[1]


def test_another_failure_than_the_one_looked_for_is_named() -> None:
    with pytest.raises(ForgeError, match="no pass fails"):
        blame_failure(SILUS, build_pipeline("simplify"), make_context(), re.compile("x"))


def test_of_an_application_that_is_not_completed_its_operation_is_shown() -> None:
    load_pass_plugin(Path(__file__).with_name("seeded_bugs.py"))
    module = parse_module(
        """
        func.func @main(%x: tensor<4xi64>) -> tensor<4xi64> {
          %1 = aten.neg %x : (tensor<4xi64>) -> tensor<4xi64>
          %2 = aten.add.Scalar %1 {other = 3} : (tensor<4xi64>) -> tensor<4xi64>
          func.return %2 : tensor<4xi64>
        }
        """
    )
    guilt = blame_failure(module, build_pipeline("seeded-crash-on-vectors"), make_context())
    assert difference(guilt, make_context()).splitlines() == [
        "at",
        "    %_0 = aten.neg %x : (tensor<4xi64>) -> tensor<4xi64>",
        "    %_1 = aten.add.Scalar %_0 {other = 3} : (tensor<4xi64>) -> tensor<4xi64>",
    ]
