"""forge bench npu: what it compares, how it goes on, and the page that it writes."""

import json
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch

from forge.backends.npu import NpuCompilationError, Schedule
from forge.backends.npu.bound import read_traffic
from forge.backends.npu.energy import Energy
from forge.backends.npu.trace import read_schedule
from forge.importer import capture
from forge.targets.strategies_table import StrategyTable
from forge.tools.bench import npu
from forge.tools.bench.npu_models import write_openvinos, write_sources
from forge.tools.bench.npu_page import document, geometric_mean, tables
from forge.tools.bench.npu_results import (
    FLOAT_MASK,
    FORGE,
    OPENVINO,
    Case,
    Figures,
    Outcome,
    Results,
    Sources,
)
from forge.tools.bench.results import Job
from tests.tools.conftest import Tool

CASE = Case("gpt2", layers=2)
FIGURES = Figures(3, 2000.0, 1000.0, 1500.0, 500.0, 250.0, Energy(3.0, 1.0, 0.0), 1, 10**8, 12.0)
FASTER = replace(FIGURES, without_embedding=800.0, energy=Energy(1.5, 0.5, 0.0))
# 66 MB take a millisecond on NPU4000.
SIZE = (2, 33_000_000, 6_600_000)
REASON = "Intel's NPU compiler does not compile this: failed\n  SomePass failed : 1 | 2\n  more"


def outcome(side: str, figures: Figures | None, platform: str = "NPU4000") -> Outcome:
    return Outcome(CASE, platform, side, *SIZE, figures, "" if figures else REASON)


BOTH = Results([outcome(FORGE, FASTER), outcome(OPENVINO, FIGURES)])
MARKED = Results(
    [
        outcome(FORGE, FASTER, "NPU3720"),
        outcome(OPENVINO, None, "NPU3720"),
        outcome(FLOAT_MASK, replace(FIGURES, without_embedding=1600.0), "NPU3720"),
    ]
)
ALL = Results([*BOTH.outcomes, *MARKED.outcomes])


def test_an_outcome_replaces_an_earlier_one_of_the_same() -> None:
    again = BOTH.with_outcome(slower := outcome(FORGE, FIGURES))
    assert again.find(CASE, "NPU4000", FORGE) == slower
    assert len(again.outcomes) == len(BOTH.outcomes)
    other = BOTH.with_outcome(outcome(FORGE, FASTER, "NPU5020"))
    assert len(other.outcomes) == len(BOTH.outcomes) + 1


def test_ratios_are_without_the_embedding() -> None:
    (comparison,) = BOTH.comparisons()
    assert comparison.ratio == pytest.approx(0.8)
    assert comparison.ratio_with_embedding == pytest.approx(1.0)
    assert comparison.energy_ratio == pytest.approx(0.5)
    assert not comparison.is_marked


def test_what_does_not_compile_is_compared_with_float_masks_and_marked() -> None:
    (comparison,) = MARKED.comparisons()
    assert comparison.is_marked
    assert comparison.ratio == pytest.approx(0.5)
    (nothing,) = Results(MARKED.outcomes[:2]).comparisons()
    assert nothing.ratio is None
    assert not nothing.is_marked


def test_the_tables() -> None:
    means, latencies, engines, energy, failures = tables(ALL)
    assert means.rows == [
        ["NPU4000", "1", "1", "1", "0.80", "0.80", "0.80"],
        ["NPU3720", "1", "1", "0", "0.50", "–", "0.50"],
        ["all", "2", "2", "1", "0.63", "0.80", "0.80"],
    ]
    assert latencies.rows[0][:5] == ["gpt2 (2 layers)", "128", "NPU4000", "1,000", "800"]
    assert latencies.rows[0][5:] == ["2,000", "2,000", "0.800", "1.000", "600", "1.33"]
    assert latencies.rows[1][3:5] == ["1,600*", "800"]
    assert engines.rows[0][3:] == ["openvino", "3", "0", "75 %", "25 %", "12 %", "1", "100", "12"]
    assert energy.rows[0][3:] == ["0.00", "0.00", "0.500", "75 %", "25 %", "0 %"]
    assert failures.rows == [
        ["gpt2 (2 layers)", "128", "NPU3720", "openvino", "SomePass failed : 1 \\| 2"]
    ]


def test_the_mean_is_geometric() -> None:
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("case", "input"),
    [
        (Case("gpt2"), "128"),
        (Case("gpt2", tokens=512), "512"),
        (Case("gpt2", cache=511), "1 after 511"),
        (Case("vit-base"), "image"),
    ],
)
def test_inputs_are_named(case: Case, input: str) -> None:
    assert case.input == input


def test_results_cross_runs_unchanged() -> None:
    assert Results.from_json(json.loads(json.dumps(ALL.to_json()))) == ALL


def test_the_page_keeps_what_was_written_by_hand() -> None:
    first = document(ALL, {"torch": "2"}, "forge bench npu", "# The NPU\n\nBy hand.\n\n")
    assert first.startswith("# The NPU\n\nBy hand.\n\n<!-- From here on")
    assert "| gpt2 (2 layers) | 128 | NPU4000 | 1,000 | 800 |" in first
    assert "Versions: torch 2." in first
    assert document(ALL, {"torch": "2"}, "forge bench npu", first) == first


# -- the models ------------------------------------------------------------------------------------


class Attention(torch.nn.Module):
    """Heads of 8 that are told by a boolean mask what to see."""

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        heads = x.reshape(1, 4, 2, 8).transpose(1, 2)
        y = torch.nn.functional.scaled_dot_product_attention(heads, heads, heads, mask.bool())
        return y.transpose(1, 2).reshape(1, 4, 16)


def openvino_run(path: Path, *inputs: torch.Tensor) -> torch.Tensor:
    import openvino

    compiled = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    (result,) = compiled([tensor.numpy() for tensor in inputs]).values()
    return torch.from_numpy(result)


def test_float_masks_mean_what_boolean_ones_do(tmp_path: Path) -> None:
    from forge.tools.bench.npu_models import _write_with_float_masks

    module = Attention().eval()
    mask = torch.tensor([[1, 0, 1, 1]] * 4)
    args = (torch.randn(1, 4, 16), mask)
    for name in ("boolean", "float"):
        (tmp_path / name).mkdir()
    boolean = write_openvinos(capture(module, args), tmp_path / "boolean")
    floats = _write_with_float_masks(boolean, tmp_path / "float")
    assert floats is not None
    expected = module(*args)
    for path in (boolean, floats):
        torch.testing.assert_close(openvino_run(path, *args), expected, atol=1e-5, rtol=1e-5)
    # There is nothing left to do.
    (tmp_path / "again").mkdir()
    assert _write_with_float_masks(floats, tmp_path / "again") is None


def test_both_sides_have_the_same_weights_inputs_and_outputs(tmp_path: Path) -> None:
    job = Job("npu-models", "gpt2", "", 1, 8, cache=15, platforms=["NPU4000"], folder=str(tmp_path))
    sources = write_sources(job)
    assert not sources.failures
    assert set(sources.files) >= {OPENVINO, "forge-NPU4000"}
    theirs, mine = (read_traffic(Path(sources.files[name])) for name in (OPENVINO, "forge-NPU4000"))
    assert (theirs.weights, theirs.ports) == (sources.weights, sources.ports)
    assert mine.ports == theirs.ports
    # The table of tokens is the head's weight, too; that of positions is not read as a whole.
    matrices = 50257 * 768 + 12 * 768**2
    assert matrices * 2 < mine.weights < matrices * 2 * 1.01
    assert mine.weights == pytest.approx(theirs.weights, rel=1e-3)
    cache = 4 * 12 * 64 * 2 * (15 + 8)
    assert mine.ports == cache + 8 * (8 + 8 + 23) + 4 * 8 * 50257


# -- the command -----------------------------------------------------------------------------------


class FakeCompiler:
    """Takes Forge's models, and OpenVINO's with float masks."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, **_: Any) -> None: ...

    def __enter__(self) -> "FakeCompiler":
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(
        self, model: Path, platform: str, *, strategies: StrategyTable | None, charged: bool
    ) -> Future[Any]:
        assert charged
        # Only Forge's side is split by table.
        assert (strategies is not None) == model.name.startswith(FORGE)
        self.asked.append((model.name, platform))
        future: Future[Any] = Future()
        if model.name == OPENVINO:
            future.set_exception(NpuCompilationError(platform, 2, "no", ["SomePass failed : why"]))
        else:
            future.set_result(type("Blob", (), {"schedule": small_schedule(platform)}))
        return future


def small_schedule(platform: str) -> Schedule:
    trace = Path(__file__).parent.parent / "backends" / "npu" / "small_trace.json"
    return read_schedule(trace.read_bytes(), platform, 3)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeCompiler]]:
    """A benchmark without models and without Intel's compiler."""
    files = {name: name for name in (OPENVINO, FLOAT_MASK, "forge-NPU3720", "forge-NPU4000")}
    monkeypatch.setattr(npu, "NpuCompiler", FakeCompiler)
    monkeypatch.setattr(npu, "answers_of", lambda *_: [Sources(files, {}, *SIZE[1:], 2)])
    FakeCompiler.asked.clear()
    yield FakeCompiler


def test_the_command_writes_a_page_and_goes_on(
    fake: type[FakeCompiler], cli: Tool, tmp_path: Path
) -> None:
    page, values = tmp_path / "page.md", tmp_path / "values.json"
    page.write_text("# By hand\n\n")
    options = ["--layers", 2, "--resume", "--json", values, "--markdown", page]
    first = cli("bench", "npu", "gpt2", *options, "--platforms", "npu4000")
    assert first.code == 0, first.err
    assert fake.asked == [
        ("forge-NPU4000", "NPU4000"),
        (OPENVINO, "NPU4000"),
        (FLOAT_MASK, "NPU4000"),
    ]
    assert "gpt2, 128, NPU4000, forge: " in first.err
    assert "1.000" in first.out
    fake.asked.clear()
    second = cli("bench", "npu", "gpt2", *options, "--platforms", "NPU3720,NPU4000")
    assert second.code == 0, second.err
    assert {platform for _, platform in fake.asked} == {"NPU3720"}
    text = page.read_text()
    assert text.startswith("# By hand\n")
    assert "forge bench npu gpt2 --layers 2 --platforms NPU3720,NPU4000 --markdown" in text
    assert text.count("## Geometric means") == 1
    outcomes = json.loads(values.read_text())["outcomes"]
    assert [each["side"] for each in outcomes] == [FORGE, OPENVINO, FLOAT_MASK] * 2
    fake.asked.clear()
    third = cli("bench", "npu", "gpt2", *options, "--no-compile")
    assert third.code == 1  # two platforms are missing
    assert not fake.asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gtp2"], "did you mean gpt2"),
        (["gpt2", "--layers", "13"], "cannot be cut to 13"),
        (["--platforms", "npu1"], "there is no NPU platform 'npu1'"),
        (["--resume"], "name it with --json"),
        (["gpt2", "--markdown", "nowhere/page.md"], "there is no directory nowhere"),
    ],
)
def test_wrong_command_lines(arguments: list[str], message: str, cli: Tool) -> None:
    outcome = cli("bench", "npu", *arguments)
    assert outcome.code == 1
    assert message in outcome.err
