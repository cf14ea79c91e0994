"""Every aggressiveness compiles every architecture, and the numbers are those of PyTorch."""

from functools import cache

import pytest
import torch
from torch.export import ExportedProgram

import forge
from forge.errors import ForgeError
from forge.importer import capture
from forge.pass_report import PassReport
from forge.zoo.catalogue import find_entry, model_names
from forge.zoo.entry import Kind
from tests.passes.tiny_models import tiny_model

# One model of each architecture: the names of an architecture differ in their sizes alone. What is
# no transformer has no small version.
ENTRIES = [(name, find_entry(name)) for name in model_names()]
NAMES = list(
    {
        (entry.config_class, entry.kind): name
        for name, entry in ENTRIES
        if entry.config_class.endswith("Config") and entry.kind is not Kind.SENTENCE_ENCODER
    }.values()
)


@cache
def exported(name: str) -> tuple[ExportedProgram, tuple[torch.Tensor, ...], torch.Tensor]:
    model, inputs = tiny_model(name)
    with torch.no_grad():
        return capture(model, inputs), inputs, model(*inputs)


@pytest.mark.parametrize("aggressiveness", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("name", NAMES)
def test_every_value_compiles_with_the_same_numbers(name: str, aggressiveness: float) -> None:
    program, inputs, expected = exported(name)
    compiled = forge.compile(program, aggressiveness=aggressiveness)
    torch.testing.assert_close(compiled(*inputs), expected, rtol=1e-4, atol=1e-4)
    fusions = [run for run in compiled.report.passes if run.name.startswith("fuse-")]
    assert bool(fusions) == (aggressiveness > 0)


def report_of(name: str, **options: object) -> list[PassReport]:
    return list(forge.compile(exported(name)[0], **options).report.passes)  # type: ignore[arg-type]


def test_less_of_it_leaves_more_operations() -> None:
    def lowered(aggressiveness: float) -> int:
        return report_of("llama-3.2-1b", aggressiveness=aggressiveness)[-1].ops_before

    none, some, all_ = (lowered(value) for value in (0.0, 0.5, 1.0))
    assert none > some > all_


def test_rounds_and_checks_are_options_of_compile() -> None:
    passes = report_of("gpt2", rounds=3, check_numerics=True)
    assert {run.round for run in passes} >= {1, 2}
    lowering = passes[-1]
    assert (lowering.name.partition("{")[0], lowering.round) == ("convert-to-reg", 1)


@pytest.mark.parametrize("rounds", [0, -1, 1.5, True])
def test_wrong_rounds_are_refused(rounds: object) -> None:
    with pytest.raises(ForgeError, match="it must be an integer from 1 on"):
        report_of("gpt2", rounds=rounds)


def test_a_pipeline_of_one_s_own_has_no_aggressiveness() -> None:
    with pytest.raises(ForgeError, match="aggressiveness chooses the passes, and so does"):
        report_of("gpt2", pipeline="convert-to-reg", aggressiveness=1.0)
