"""What candidates are worth on an NPU, by Intel's compiler, for a model of one perceptron."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import torch
from torch import nn

from forge.backends.npu import NpuCompilationError, NpuCompiler
from forge.targets.forms_table import FormsTable
from forge.tools.cli import forge
from forge.tuning.graph import CandidateGraph, Evaluation
from forge.tuning.npu_fitness import NpuFitness, _more
from forge.tuning.program import FormedProgram
from forge.tuning.search import Budget, Search
from forge.tuning.session import confirmed, tune, tuned_pipeline
from forge.tuning.space import Candidate
from forge.zoo import ZooModel

MLP = "transformer.mlp rows=16 in=64 hidden=256 activation=gelu_erf"


@pytest.fixture(scope="module")
def program() -> FormedProgram:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64)).eval()
    args = (torch.randn(1, 16, 64),)
    return FormedProgram.of(ZooModel("perceptron", module, args, "", "", 0))


def mlp(**fields: int | str) -> Candidate:
    return Candidate.of({MLP: fields})


def test_operations_of_one_kind_and_shape_are_a_site(program: FormedProgram) -> None:
    (site,) = program.space.sites
    assert site.name == MLP
    assert site.options["up_slices"][0] == 1
    assert site.admits({"up_slices": 4, "down_slices": 2})
    assert not site.admits({"up_slices": 3, "down_slices": 2})
    assert "form =" not in str(program.module)


def test_a_candidate_is_emitted_in_its_form(program: FormedProgram) -> None:
    def products(candidate: Candidate) -> int:
        return str(program.lowered(candidate, "NPU4000")).count("reg.MatMul")

    assert products(Candidate()) == 2
    assert products(mlp(up_slices=4, down_slices=2)) == 6


def test_every_form_has_the_numbers_of_pytorch(program: FormedProgram) -> None:
    for candidate in (Candidate(), mlp(up_slices=4, down_slices=2), mlp(up_orientation="columns")):
        assert program.error(candidate) < 2.1e-5


def test_entries_of_a_table_lead_back_to_the_candidate(program: FormedProgram) -> None:
    candidate = mlp(up_slices=4, down_slices=2)
    table = FormsTable(list(program.entries(candidate, "by hand")))
    assert program.selected(table) == candidate
    assert program.selected(FormsTable([])) == Candidate()


def test_a_pipeline_selects_from_the_table() -> None:
    pipeline = tuned_pipeline("NPU4000", "perceptron.toml")
    assert 'optimize-layout,select-forms{platform="perceptron.toml"},apply-forms' in pipeline
    assert pipeline.count("select-forms") == 1


def test_a_search_with_the_real_compiler(
    program: FormedProgram, npu_compiler: NpuCompiler, tmp_path: Path
) -> None:
    graph = CandidateGraph.open(tmp_path / "log.jsonl", {})
    fitness = NpuFitness(program, "NPU4000", npu_compiler)
    search = Search(program.space, fitness, Budget(5))
    tuned = tune(search, graph, "a perceptron", lambda _: None)
    assert graph.nodes[0].evaluation.latency_us is not None
    assert all(node.fitness > 0 or node.evaluation.message for node in graph.nodes)
    assert tuned.evaluation.fitness >= tuned.default.fitness > 0
    again = CandidateGraph()
    tune(search, again, "a perceptron", lambda _: None)
    assert again.nodes == graph.nodes
    whole = confirmed(tuned, [], fitness, "the same perceptron")
    assert (whole.best, whole.evaluation) == (tuned.best, tuned.evaluation)


def test_what_changes_the_numbers_is_worth_nothing(
    program: FormedProgram, npu_compiler: NpuCompiler
) -> None:
    wrong = replace(program, expected=[array * 1.001 for array in program.expected])
    (evaluation,) = NpuFitness(wrong, "NPU4000", npu_compiler).evaluate([Candidate()])
    assert evaluation.fitness == 0
    assert evaluation.message.startswith("its numbers differ by 1.0e-03")


def test_what_the_compiler_refuses_is_worth_nothing(program: FormedProgram) -> None:
    class Refusing:
        def submit(self, model: object, platform: str, charged: bool) -> Future[object]:
            assert charged
            refused: Future[object] = Future()
            refused.set_exception(NpuCompilationError(platform, 2, "Cannot do this", ()))
            return refused

    fitness = NpuFitness(program, "NPU4000", Refusing())  # type: ignore[arg-type]
    (evaluation,) = fitness.evaluate([Candidate()])
    assert (evaluation.fitness, evaluation.latency_us) == (0, None)
    assert "does not compile this for NPU4000: Cannot do this" in evaluation.message


def test_what_runs_elsewhere_is_worth_nothing(npu_compiler: NpuCompiler) -> None:
    # The NPU takes no such rank.
    args = (torch.randn(1, 2, 2, 2, 2, 2, 2),)
    program = FormedProgram.of(ZooModel("rank 7", nn.ReLU().eval(), args, "", "", 0))
    (evaluation,) = NpuFitness(program, "NPU4000", npu_compiler).evaluate([Candidate()])
    assert evaluation == Evaluation(0.0, message="what the NPU could run of it runs elsewhere")


def test_work_for_which_nothing_is_charged_is_no_gain(
    program: FormedProgram, npu_compiler: NpuCompiler
) -> None:
    @dataclass(frozen=True)
    class Free(NpuFitness):
        @property
        def _uncharged(self) -> Mapping[str, int]:
            return {"Softmax": -1}

    (evaluation,) = Free(program, "NPU4000", npu_compiler).evaluate([Candidate()])
    assert (evaluation.fitness, evaluation.message) == (0, "nothing is charged for its Softmax")


def test_work_that_a_form_divides_is_more_only_where_there_was_none() -> None:
    assert _more({"Select": 12, "Gather": 1}, {"Select": 6}) == ""
    assert _more({"Select": 4}, {"Gather": 1}) == "Select"
    assert _more({"ScaledDotProductAttention": 2}, {"ScaledDotProductAttention": 1}) != ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gpt2", "--platform", "npu9"], "there is no NPU platform 'npu9'"),
        (["program.mlir", "--platform", "npu4000"], "a program's text cannot be tuned"),
        (["gpt2", "--platform", "npu4000", "-o", "forms.txt"], "forms.txt is no table"),
        (["gpt2", "--platform", "npu4000", "--budget", "0"], "0 is less than 1"),
        (["minilm", "--platform", "npu4000", "--without-head"], "minilm has no head"),
    ],
)
def test_mistakes_on_the_command_line_are_reported(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forge(["tune", *arguments]) == 1
    assert message in capsys.readouterr().err
