"""forge bench passes: what it counts, measures and writes, and how it fails."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from forge.ir.text import parse_module
from forge.tools.bench import processes
from forge.tools.bench.depth import least_depth, numeric_depth
from forge.tools.bench.document import document
from forge.tools.bench.grid import Grid
from forge.tools.bench.program_size import operations, program_size, recognised_blocks
from forge.tools.bench.results import (
    Blocks,
    DepthTimes,
    Failure,
    Job,
    Numerics,
    PassTime,
    Recognition,
    Results,
    Size,
)
from forge.tools.bench.tables import tables
from forge.tools.bench.worker import measure_depths, measure_numerics, measure_recognition
from forge.zoo.configurations import CATALOGUE
from tests.tools.conftest import Tool

PROGRAM = """\
func.func @main(%x: TENSOR) -> TENSOR {
  %w = forge.weight "w" : tensor<8x4xf32>
  %half = aten.slice.Tensor %w {end = 4} : (tensor<8x4xf32>) -> tensor<4x4xf32>
  %0 = transformer.rms_norm %x {normalized_shape = [4], eps = 1.0e-05} : (TENSOR) -> TENSOR
  %1 = transformer.linear %0, %half : (TENSOR, tensor<4x4xf32>) -> TENSOR
  %2 = aten.neg %1 : (TENSOR) -> TENSOR
  func.return %2 : TENSOR
}
""".replace("TENSOR", "tensor<1x8x4xf32>")


def recognition(model: str = "gpt2", recognised: int = 2) -> Recognition:
    return Recognition(
        model=model,
        attention="sdpa",
        layers=2,
        calls=100,
        before=Size(80, 20),
        after=Size(20, 1),
        unfused=Size(50, 1),
        present=Blocks(attention=2, norms=5),
        recognised=Blocks(attention=recognised, norms=5),
        operations={"transformer.attention": recognised},
        passes=[PassTime("simplify", 0.001), PassTime("fuse-mlp", 0.002)],
        first_seconds=0.01,
        lowering_seconds=0.004,
        peak_memory=500_000_000,
        base_memory=300_000_000,
    )


NUMBERS = Numerics("gpt2", "sdpa", 2, 12, 1.2e-6, 3.0, 0)
DEPTHS = DepthTimes("gpt2", "sdpa", [2, 4, 8], [0.010, 0.020, 0.040])


def ignore(*_: object) -> None:
    """Nothing is to be done before a job."""


def results(*found: Recognition, failures: tuple[Failure, ...] = ()) -> Results:
    return Results(found, [NUMBERS], [DEPTHS], failures, {"torch": "2"})


# -- counting --------------------------------------------------------------------------------


def test_weights_and_what_depends_on_them_only_do_not_run() -> None:
    module = parse_module(PROGRAM)
    assert program_size(module) == Size(ops=3, at_load=1)
    names = ("aten.neg", "transformer.linear", "transformer.rms_norm")
    assert operations(module) == dict.fromkeys(names, 1)
    assert recognised_blocks(module) == Blocks(norms=1)


def test_ratios() -> None:
    found = recognition()
    assert found.reduction == 0.75
    assert found.fusion_gain == 2.5
    assert found.complete
    assert not recognition(recognised=1).complete
    assert not recognition(recognised=3).complete
    assert DEPTHS.per_layer() == pytest.approx([0.005, 0.005])


def test_numbers_are_compared_at_a_depth_that_fits() -> None:
    depths = {name: numeric_depth(entry) for name, entry in CATALOGUE.items()}
    assert depths["gpt2"] == 12 and depths["qwen2-0.5b"] == 24
    assert 2 < depths["llama-3.2-1b"] < 16
    assert depths["llama-3.1-8b"] == 2
    # A layer of each kind, at least.
    assert least_depth(CATALOGUE["lfm2-2.6b"]) == 3 <= depths["lfm2-2.6b"]
    assert least_depth(CATALOGUE["gemma-3-1b"]) == 6 <= depths["gemma-3-1b"]


# -- measuring -------------------------------------------------------------------------------


def test_recognition_of_a_small_model() -> None:
    job = Job("recognition", "gpt2", "sdpa", layers=1, tokens=8, repetitions=1)
    found = measure_recognition(job)
    assert found.present == Blocks(attention=1, norms=3, mlps=1)
    assert found.complete
    assert found.calls > found.before.ops > found.unfused.ops > found.after.ops
    assert found.after.ops == sum(found.operations.values())
    assert found.peak_memory is None or found.peak_memory > 50_000_000
    assert found.seconds > 0 and found.lowering_seconds > 0


def test_numbers_of_a_small_model() -> None:
    found = measure_numerics(Job("numerics", "t5-small-decoder", "eager", layers=1, tokens=8))
    assert (found.layers, found.all_layers, found.host_kernels) == (1, 6, 0)
    assert 0 < found.max_difference < 2.1e-5 < found.largest


def test_times_of_several_depths() -> None:
    job = Job("depths", "opt-125m", "sdpa", tokens=8, repetitions=1, depths=[1, 2])
    found = measure_depths(job)
    assert found.depths == [1, 2] and len(found.seconds) == 2


def test_a_job_that_fails_says_why() -> None:
    (failure,) = processes.run_jobs([Job("recognition", "gpt2", "flash")], ignore).failures
    assert "recognition of gpt2 with flash attention" in str(failure)
    assert "no attention implementation 'flash'" in failure.reason


def test_one_failure_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        subprocess.CompletedProcess[str]([], -11, "", ""),
        subprocess.CompletedProcess[str]([], 0, json.dumps(asdict(recognition())), "a warning"),
    ]
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answers.pop(0))
    seen: list[tuple[str, int]] = []
    jobs = [Job("recognition", "other", "sdpa"), Job("recognition", "gpt2", "sdpa")]
    outcome = processes.run_jobs(jobs, lambda job, number: seen.append((job.model, number)))
    assert seen == [("other", 1), ("gpt2", 2)]
    assert [failure.model for failure in outcome.failures] == ["other"]
    assert outcome.recognitions == [recognition()]


@pytest.mark.parametrize(
    ("code", "stderr", "reason"),
    [
        (-9, "", "ended by signal 9"),
        (1, "Traceback\n  a line\nValueError: what it was\n", "ValueError: what it was"),
        (3, "", "exit code 3"),
    ],
)
def test_reasons(code: int, stderr: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess[str]([], code, "", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    (failure,) = processes.run_jobs([Job("depths", "gpt2", "sdpa")], ignore).failures
    assert reason in failure.reason


# -- writing ---------------------------------------------------------------------------------


def test_the_tables() -> None:
    blocks, ops, costs, passes, depths = tables(results(recognition(), recognition("other", 1)))
    assert blocks.rows[0] == ["gpt2", "sdpa", "2/2", "5/5", "–", "–", "–", "yes"]
    assert blocks.rows[1][-1] == "no"
    assert ops.rows[0][2:] == ["100", "80", "20", "75.0 %", "17.4 %", "20 → 1", "2.50"]
    assert ops.rows[1][6] == "–"
    assert costs.rows[0][2:] == ["2", "3.0", "10.0", "4.0", "500", "1.2e-06", "3.0", "2"]
    assert costs.rows[1][-3:] == ["–", "–", "–"]
    assert list(passes.columns) == ["pass", "gpt2, sdpa", "other, sdpa"]
    assert list(passes.rows[1]) == ["fuse-mlp", "2.0", "2.0"]
    assert depths.rows[0][2:] == ["10.0", "20.0", "40.0", "5.00", "5.00"]


def test_many_models_are_below_each_other() -> None:
    grid = tables(results(*[recognition(f"model {n}") for n in range(7)]))[3]
    assert list(grid.columns)[2:] == ["simplify", "fuse-mlp"]
    assert len(grid.rows) == 7


def test_a_grid_as_markdown() -> None:
    grid = Grid("Title", ("name", "count"), [["a", "1"]], names=1)
    assert grid.to_markdown() == "## Title\n\n| name | count |\n| :--- | ---: |\n| a | 1 |\n"


def test_the_page_says_what_failed() -> None:
    failure = Failure("numerics", "gpt2", "eager", "no memory")
    page = document(results(recognition(recognised=1), failures=(failure,)), "forge bench passes")
    assert "Of 7 blocks, 6 are recognised; 0 of 1 programs" in page
    assert "- numerics of gpt2 with eager attention: no memory" in page
    assert "take 300 MB" in page


def test_results_cross_processes_unchanged() -> None:
    written = json.loads(json.dumps(results(recognition()).to_json()))
    assert Recognition.from_json(written["recognitions"][0]) == recognition()
    assert Numerics.from_json(written["numerics"][0]) == NUMBERS
    assert DepthTimes.from_json(written["depths"][0]) == DEPTHS


# -- the command -----------------------------------------------------------------------------


def test_the_command_writes_a_page(cli: Tool, tmp_path: Path) -> None:
    page, values = tmp_path / "page.md", tmp_path / "values.json"
    options = ["--layers", 1, "--attention", "sdpa", "--tokens", 8, "--no-numerics"]
    outcome = cli("bench", "passes", "opt-125m", *options, "--markdown", page, "--json", values)
    assert outcome.code == 0, outcome.err
    assert "Blocks recognised" in outcome.out and "opt-125m" in outcome.out
    text = page.read_text()
    assert "forge bench passes opt-125m --attention sdpa --layers 1 --tokens 8" in text
    assert "| opt-125m | sdpa | 1/1 | 3/3 |" in text
    assert json.loads(values.read_text())["recognitions"][0]["model"] == "opt-125m"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gtp2"], "did you mean gpt2"),
        (["mlp"], "mlp: no transformer"),
        (["gpt-j-6b", "--attention", "sdpa"], "none of these models has sdpa attention"),
        (["gpt2", "--depths", "4,2"], "4,2 does not ascend"),
        (["gpt2", "--depths", "0"], "0 is less than 1"),
        (["gpt2", "--depths", "two"], "invalid ascending_counts value"),
    ],
)
def test_wrong_command_lines(arguments: list[str], message: str, cli: Tool) -> None:
    outcome = cli("bench", "passes", *arguments)
    assert outcome.code == 1
    assert message in outcome.err
