"""What strategies are worth on an NPU, by Intel's compiler, for a small perceptron."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from forge.backends.npu import NpuCompiler
from forge.targets.strategies_table import SPLITS, StrategyTable, read_strategies
from forge.tools.cli import forge
from forge.tools.tuning_subjects import Strategies
from forge.tuning.graph import CandidateGraph
from forge.tuning.npu_strategies import StrategyFitness, _options, written_models
from forge.tuning.search import Budget, Search
from forge.tuning.session import tune
from forge.tuning.space import Candidate
from forge.zoo import ZooModel

SITE = "NCE.Convolution node=MatMul rows=64 size=256 in=64 then=Add"


@pytest.fixture(scope="module")
def fitness(npu_compiler: NpuCompiler, tmp_path_factory: pytest.TempPathFactory) -> StrategyFitness:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64)).eval()
    model = ZooModel("perceptron", module, (torch.randn(1, 64, 64),), "", "", 0)
    folder = tmp_path_factory.mktemp("models")
    return StrategyFitness(written_models(model, "NPU4000", folder), "NPU4000", npu_compiler)


def test_layers_of_one_kind_and_shape_are_a_site(fitness: StrategyFitness) -> None:
    sites = {site.name: site for site in fitness.space.sites}
    assert SITE in sites
    site = sites[SITE]
    assert site.options["split"] == ("", *SPLITS["NCE.Convolution"])
    assert site.options["C"][0] == 0
    assert site.admits({"split": "SplitOverHeight", "C": 2})
    assert not site.admits({"C": 2, "H": 2})


def test_a_head_may_be_in_many_pieces() -> None:
    head, layer = (_options("NCE.Convolution", {"size": size})["C"] for size in (50257, 3072))
    assert max(head) == 256
    assert max(layer) == 16
    assert set(layer) < set(head)


def test_entries_of_a_table_lead_back_to_the_candidate(fitness: StrategyFitness) -> None:
    candidate = Candidate.of({SITE: {"split": "SplitOverHeight", "C": 2}})
    entries = list(fitness.entries(candidate, "by hand"))
    assert len(entries) == 1
    assert fitness.selected(StrategyTable(entries)) == candidate
    assert fitness.selected(StrategyTable()) == Candidate()


def test_a_search_with_the_real_compiler(fitness: StrategyFitness, tmp_path: Path) -> None:
    graph = CandidateGraph.open(tmp_path / "log.jsonl", {})
    search = Search(fitness.space, fitness, Budget(6))
    tuned = tune(search, graph, "a perceptron", lambda _: None)
    assert graph.nodes[0].evaluation.latency_us is not None
    assert all(node.fitness > 0 or node.evaluation.message for node in graph.nodes)
    assert tuned.evaluation.fitness >= tuned.default.fitness > 0
    path = tmp_path / "own.toml"
    subject = Strategies(fitness, "perceptron")
    path.write_text(subject.table(tuned, None))
    assert fitness.selected(read_strategies(path)) == tuned.best
    by_hand = replace(tuned, best=Candidate.of({SITE: {"split": "SplitOverHeight", "C": 2}}))
    assert list(subject.chosen(by_hand)) == [
        f"  {SITE}\n    strategy = {{split = SplitOverHeight, C = 2}}"
    ]


@pytest.mark.parametrize(
    ("device", "name", "message"),
    [
        ("npu4000", "missing.toml", "No such file"),
        ("npu4000", "npu4001", "Forge has no strategies for a platform 'npu4001'"),
        ("CPU", "npu4000", "strategies are for Intel's NPU compiler, and the program is for CPU"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    device: str, name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forge(["compile", "minilm", "--device", device, "--strategies", name]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.usefixtures("npu_compiler")
def test_a_model_whose_layers_have_no_strategies_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StrategyFitness, "groups", {})
    command = ["tune", "minilm", "--layers", "1", "--platform", "NPU4000", "--strategies"]
    assert forge(command) == 1
    message = "minilm, 1 layer has nothing for which strategies can be searched"
    assert message in capsys.readouterr().err
