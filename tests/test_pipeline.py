"""Pipelines: which passes the default one has, how often they run, and what they report."""

import itertools

import pytest
from xdsl.dialects.builtin import ModuleOp

from forge.compiler import default_pipeline
from forge.errors import ForgeError
from forge.ir.text import make_context, parse_module, print_module
from forge.pass_report import PassReport, PipelineReport
from forge.passes import DEFAULT_PIPELINE, pipeline_at
from forge.pipeline import PassRun, build_pipeline, run_pipeline
from forge.universe import FORGE_UNIVERSE

T = "tensor<2x3xf32>"

# Dead code keeps the first `add` from having one user, so the second round finds more.
TWO_ROUNDS = f"""
func.func @main(%x: {T}) -> {T} {{
  %0 = aten.sigmoid %x : ({T}) -> {T}
  %1 = aten.mul.Tensor %x, %0 : ({T}, {T}) -> {T}
  %2 = aten.neg %0 : ({T}) -> {T}
  func.return %1 : {T}
}}
"""


def run(module: ModuleOp, pipeline: str, rounds: int = 1) -> list[PassRun]:
    return run_pipeline(module, build_pipeline(pipeline), make_context(), rounds=rounds)


def turns(runs: list[PassRun]) -> list[tuple[str, int]]:
    return [(run.name, run.round) for run in runs]


# -- rounds ----------------------------------------------------------------------------------


def test_a_round_may_find_what_another_pass_laid_open() -> None:
    pipeline = "fuse-activation,eliminate-dead-code"
    once, twice = parse_module(TWO_ROUNDS), parse_module(TWO_ROUNDS)
    assert turns(run(once, pipeline)) == [("fuse-activation", 1), ("eliminate-dead-code", 1)]
    assert "aten.silu" not in print_module(once)
    assert turns(run(twice, pipeline, rounds=2))[2:] == [
        ("fuse-activation", 2),
        ("eliminate-dead-code", 2),
    ]
    assert "aten.silu" in print_module(twice)


@pytest.mark.parametrize(("rounds", "expected"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_rounds_stop_when_one_changed_nothing(rounds: int, expected: int) -> None:
    runs = run(parse_module(TWO_ROUNDS), "fuse-activation,eliminate-dead-code", rounds)
    assert max(run.round for run in runs) == expected


def test_what_changes_nothing_but_a_property_is_a_change() -> None:
    # Folding replaces one operation by one: their number stays.
    module = parse_module(
        """
        func.func @main(%w: tensor<9x4xf32>) -> tensor<3x4xf32> {
          %0 = aten.arange {end = 3} : () -> tensor<3xi64>
          %1 = aten.embedding %w, %0 : (tensor<9x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
          func.return %1 : tensor<3x4xf32>
        }
        """
    )
    runs = run(module, "fold-constants", rounds=5)
    assert [run.round for run in runs] == [1, 2]
    assert runs[0].ops_before == runs[0].ops_after


def test_the_lowering_and_what_follows_run_once() -> None:
    pipeline = "simplify,convert-to-reg,eliminate-dead-code"
    runs = run(parse_module(TWO_ROUNDS), pipeline, rounds=3)
    assert turns(runs) == [
        ("simplify", 1),
        ("convert-to-reg", 1),
        ("eliminate-dead-code", 1),
    ]


def test_the_default_pipeline_needs_few_rounds() -> None:
    runs = run(parse_module(TWO_ROUNDS), default_pipeline("CPU"), rounds=9)
    assert max(run.round for run in runs) <= 3


# -- aggressiveness --------------------------------------------------------------------------


def fusions(pipeline: str) -> set[str]:
    return {name for name in pipeline.split(",") if name.startswith("fuse-")}


def test_more_aggressiveness_adds_fusions_and_drops_none() -> None:
    steps = [pipeline_at(step / 100) for step in range(101)]
    assert not fusions(steps[0])
    assert steps[-1] == DEFAULT_PIPELINE
    for less, more in itertools.pairwise(steps):
        assert fusions(less) <= fusions(more)
    assert len({len(fusions(step)) for step in steps}) == len(fusions(DEFAULT_PIPELINE)) + 1


def test_what_is_no_fusion_always_runs_and_in_one_order() -> None:
    whole = DEFAULT_PIPELINE.split(",")
    for step in range(11):
        names = pipeline_at(step / 10).split(",")
        assert [name for name in whole if name in names] == names
        assert {name for name in whole if not name.startswith("fuse-")} <= set(names)


def test_every_fusion_of_the_default_pipeline_can_be_turned_off() -> None:
    assert fusions(DEFAULT_PIPELINE)
    assert fusions(DEFAULT_PIPELINE) <= set(FORGE_UNIVERSE.all_passes)
    assert not fusions(pipeline_at(0.0))


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_other_values_are_refused(value: float) -> None:
    with pytest.raises(ForgeError, match=f"aggressiveness is {value}, .* between 0 and 1"):
        default_pipeline("CPU", value)


# -- reports ---------------------------------------------------------------------------------


def test_a_pass_reports_what_fired_and_what_did_not() -> None:
    module = parse_module(TWO_ROUNDS, "two.mlir")
    report = run(module, "fuse-activation,eliminate-dead-code", rounds=2)
    first, _, again, _ = (run.report() for run in report)
    assert (first.name, first.round, again.round) == ("fuse-activation", 1, 2)
    assert (first.ops_before, first.ops_after) == (4, 4)
    assert not first.fired
    pattern = next(p for p in again.patterns if p.pattern == "FuseSilu")
    assert (pattern.attempted, pattern.matched) == (1, 1)
    assert 0 < pattern.seconds <= again.seconds
    (fired,) = again.fired
    assert (fired.pattern, fired.op) == ("FuseSilu", "aten.sigmoid")
    assert (fired.module, fired.source) == ("", "two.mlir:4:3")
    assert again.fired_counts() == {"FuseSilu": 1}


def test_a_refusal_has_its_place_and_reason() -> None:
    text = f"""
    func.func @main(%x: {T}, %y: {T}) -> {T} {{
      %0 = aten.sigmoid %x : ({T}) -> {T} loc("s"("layer.0"("model.py":7:0)))
      %1 = aten.mul.Tensor %y, %0 : ({T}, {T}) -> {T}
      func.return %1 : {T}
    }}
    """
    (run_,) = run(parse_module(text), "fuse-activation")
    (refused,) = run_.report().refused
    assert refused.reason == "σ(x) is not multiplied by x itself"
    assert (refused.module, refused.source) == ("layer.0", "model.py:7")
    assert refused.location == "s in layer.0 (model.py:7)"


def test_a_report_survives_json() -> None:
    runs = run(parse_module(TWO_ROUNDS), "fuse-activation,eliminate-dead-code", rounds=2)
    report = PipelineReport([run.report() for run in runs], {"forge": "1"})
    assert PipelineReport.from_json(report.to_json()) == report
    assert report.total_seconds == pytest.approx(sum(run.seconds for run in runs))
    for fields in ({}, {"name": "x"}, {**report.passes[0].to_json(), "other": 1}):
        with pytest.raises((KeyError, TypeError)):
            PassReport.from_json(fields)
