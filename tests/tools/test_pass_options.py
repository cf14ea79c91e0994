"""The options about passes, in both tools: what they print, write and refuse."""

import json
from pathlib import Path

import pytest

from forge.pass_report import PipelineReport
from forge.report import CompilationReport
from tests.tools.conftest import Tool
from tests.tools.programs import LINEAR

PLANTED = Path(__file__).parents[1] / "planted_passes.py"
FACTORIES = Path(__file__).with_name("factories.py")
PERCEPTRON = f"{FACTORIES}:perceptron"
FUSE = "convert-aten-to-transformer,fuse-linear-activation"
SILUS = """
func.func @main(%x: tensor<4xf32> {forge.name = "x"}) -> (tensor<4xf32> {forge.name = "y"}) {
  %0 = aten.silu %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.silu %0 : (tensor<4xf32>) -> tensor<4xf32>
  func.return %1 : tensor<4xf32>
}
"""


# -- reports ---------------------------------------------------------------------------------


def test_forge_opt_writes_a_report(opt: Tool, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    outcome = opt("-p", FUSE, "--report", path, text=LINEAR)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == opt("-p", FUSE, text=LINEAR).out
    fields = json.loads(path.read_text())
    assert list(fields) == ["total_seconds", "versions", "passes"]
    report = PipelineReport.from_json(fields)
    assert report.to_json() == fields
    fired = [fired for run in report.passes for fired in run.fired]
    assert [(f.pattern, f.op, f.source) for f in fired] == [
        ("ConvertLinear", "aten.linear", "stdin:5:5"),
        ("FuseLinearActivation", "aten.relu", "stdin:6:5"),
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_forge_compile_writes_a_report(cli: Tool, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    printed = json.loads(cli("compile", PERCEPTRON, "--json", "--report", path).out)
    fields = json.loads(path.read_text())
    assert fields == printed["report"]
    report = CompilationReport.from_json(fields)
    fired = [fired for run in report.passes for fired in run.fired]
    modules = {f.pattern: f.module for f in fired}
    assert modules["FuseLinearActivation"] == modules["ConvertLinear"] == "fc"


def test_emission_has_a_report_too(cli: Tool, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    options = ("--emit", "transformer", "--rounds", "2", "--explain", "--report", path)
    outcome = cli("compile", PERCEPTRON, *options)
    assert outcome.code == 0
    assert outcome.out.startswith("builtin.module")
    assert "  fired    FuseLinearActivation at linear in fc (" in outcome.err
    passes = PipelineReport.from_json(json.loads(path.read_text())).passes
    assert [run.round for run in passes if run.name == "simplify"] == [1, 2]


def test_explanations_go_to_stderr(cli: Tool) -> None:
    outcome = cli("compile", PERCEPTRON, "--explain", "--json")
    assert json.loads(outcome.out)["model"]
    assert "fuse-linear-activation: " in outcome.err
    assert "  fired    FuseLinearActivation at linear in fc (" in outcome.err


@pytest.mark.parametrize("place", ["missing/report.json", "."])
def test_a_report_that_cannot_be_written_is_refused_first(
    opt: Tool, cli: Tool, tmp_path: Path, place: str
) -> None:
    path = tmp_path / place
    for outcome in (
        opt("-p", FUSE, "--report", path, text=LINEAR),
        cli("compile", PERCEPTRON, "--report", path),
    ):
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.startswith(f"error: cannot write {path}: ")


def test_several_programs_have_no_one_report(opt: Tool, tmp_path: Path) -> None:
    outcome = opt("--split-input-file", "--report", tmp_path / "r.json", text=LINEAR)
    assert outcome.code == 1
    assert "several results, which cannot go to one file" in outcome.err


# -- pipelines -------------------------------------------------------------------------------


def test_the_pipeline_at_an_aggressiveness_is_printed(opt: Tool) -> None:
    def fusions(*options: str) -> int:
        return opt("--dump-pipeline", *options).out.count("fuse-")

    none, half, all_ = (fusions("--aggressiveness", value) for value in ("0", "0.5", "1"))
    assert 0 == none < half < all_ == fusions()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--dump-pipeline", "--aggressiveness", "2"), "aggressiveness is 2.0, which is not"),
        (("--aggressiveness", "0.5"), "hint: forge-opt --dump-pipeline --aggressiveness"),
        (("-p", "simplify", "--aggressiveness", "0.5"), "which -p replaces"),
        (("--rounds", "0"), "0 is less than 1"),
        (("--rewrite-limit", "-1"), "-1 is less than 0"),
        (("--rewrite-limit", "1", "--check-numerics"), "looks for the limit itself"),
    ],
)
def test_what_means_nothing_is_refused(opt: Tool, options: tuple[str, ...], message: str) -> None:
    outcome = opt(*options, text=LINEAR)
    assert (outcome.code, outcome.out) == (1, "")
    assert message in outcome.err


def test_forge_compile_takes_an_aggressiveness(cli: Tool) -> None:
    options = ("--aggressiveness", "0", "--check", "--json")
    result = json.loads(cli("compile", PERCEPTRON, *options).out)
    assert result["check"]["passed"]
    assert not [run for run in result["report"]["passes"] if run["name"].startswith("fuse-")]
    refused = cli("compile", PERCEPTRON, "--aggressiveness", "1.01")
    assert (refused.code, refused.out) == (1, "")
    assert "aggressiveness is 1.01, which is not between 0 and 1" in refused.err


def test_rounds_are_explained_by_number(opt: Tool) -> None:
    outcome = opt("-p", FUSE, "--rounds", "5", "--explain", text=LINEAR)
    assert "fuse-linear-activation#2: " in outcome.err
    assert "fuse-linear-activation#3: " not in outcome.err


# -- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("passes", [FUSE, f"{FUSE},convert-to-reg", ""])
def test_right_passes_print_the_program(opt: Tool, passes: str) -> None:
    outcome = opt("-p", passes, "--check-numerics", text=LINEAR)
    assert (outcome.code, outcome.out) == (0, opt("-p", passes, text=LINEAR).out)
    assert not passes or "2 weights are random (seed 0)" in outcome.err


def test_a_wrong_pattern_is_an_error_with_its_name_and_place(opt: Tool) -> None:
    options = ("--load-pass-plugin", PLANTED, "-p", "simplify,wrong-activation")
    outcome = opt(*options, "--check-numerics", text=SILUS)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("stdin:4:3: error: the pass wrong-activation changes what the")
    assert "the pattern ApproximateSilu on aten.silu does it" in outcome.err
    assert "--rewrite-limit 1 stops after it" in outcome.err
    assert "Traceback" not in outcome.err
    stopped = opt(*options, "--rewrite-limit", "1", text=SILUS)
    assert "note: 1 rewrite; the last is ApproximateSilu at stdin:4:3" in stopped.err
    assert "aten.gelu" in stopped.out
    before = opt(*options, "--rewrite-limit", "0", text=SILUS)
    assert before.err == "note: 0 rewrites\n"
    assert before.out == opt(text=SILUS).out


def test_forge_compile_checks_numbers(cli: Tool, tmp_path: Path) -> None:
    assert cli("compile", PERCEPTRON, "--check-numerics").code == 0
    assert cli("compile", PERCEPTRON, "--check-numerics", "--emit", "reg").code == 0
    path = tmp_path / "silus.mlir"
    path.write_text(SILUS)
    options = ("--load-pass-plugin", PLANTED, "-p", "wrong-activation,convert-to-reg")
    outcome = cli("compile", path, *options, "--check-numerics")
    assert (outcome.code, outcome.out) == (1, "")
    assert "the pass wrong-activation changes what the program computes" in outcome.err


def test_what_is_not_checked_is_named(opt: Tool) -> None:
    other = "func.func @other(%n: i32) -> i32 { func.return %n : i32 }"
    outcome = opt("-p", "simplify", "--check-numerics", text=SILUS + other)
    assert outcome.code == 0
    assert "note: the numbers of @other are not checked: one of its arguments" in outcome.err
    alone = opt("-p", "simplify", "--check-numerics", text=other)
    assert (alone.code, alone.out) == (1, "")
    assert "error: the numbers cannot be checked: @other: one of its arguments" in alone.err
