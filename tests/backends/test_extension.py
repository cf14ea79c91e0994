"""Backends of other packages, found by their entry point."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import forge
from forge import ForgeError
from forge.entry_points import entry_points_of
from tests.plugin_packages import install

BACKEND = """
import numpy as np

class Backend:
    lowering = "convert-to-reg{device=cpu}"

    def compile(self, module, weights, precision, config):
        assert "broken" not in config, "so it was asked"
        return Program(config.get("shape", (2, 3)), config.get("dtype", "float32"))

class Program:
    def __init__(self, shape, dtype):
        self.shape, self.dtype = shape, dtype

    def run(self, inputs):
        return [np.full(self.shape, inputs[0].sum(), self.dtype)]

class Mute:
    lowering = Backend.lowering

    def compile(self, module, weights, precision, config):
        return None
"""
ARGS = (torch.ones(2, 3),)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Installs a package whose backend `tally` is what is named."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(value: str) -> None:
        install(tmp_path, "tally", "forge.backends", f"tally = {value}", BACKEND)
        entry_points_of.cache_clear()

    yield make
    entry_points_of.cache_clear()
    sys.modules.pop("tally", None)


def test_it_compiles_and_runs(plugin: Callable[[str], None], tmp_path: Path) -> None:
    plugin("tally:Backend")
    program = forge.compile(nn.ReLU(), ARGS, device="Tally")
    assert torch.equal(program(*ARGS), torch.full((2, 3), 6.0))
    assert (program.report.device, program.report.execution_devices) == ("tally", ["tally"])
    assert program.report.instructions == 1
    assert "tally" in str(program.report)
    assert forge.default_pipeline("tally").endswith(",convert-to-reg{device=cpu}")
    with pytest.raises(ForgeError, match="programs of the backend tally cannot be saved"):
        program.save(tmp_path / "out")


def test_another_device_does_not_import_it(plugin: Callable[[str], None]) -> None:
    plugin("tally:Backend")
    forge.compile(nn.ReLU(), ARGS, device="host")
    assert "tally" not in sys.modules


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"shape": (3, 2)}, r"the backend tally gave float32\[3, 2\] for float32\[2, 3\]"),
        ({"dtype": "float64"}, r"the backend tally gave float64\[2, 3\] for float32\[2, 3\]"),
        ({"broken": 1}, "the backend tally, .*failed: AssertionError: so it was asked"),
    ],
)
def test_what_it_does_wrong_names_it(
    plugin: Callable[[str], None], config: dict[str, object], message: str
) -> None:
    plugin("tally:Backend")
    with pytest.raises(ForgeError, match=message):
        forge.compile(nn.ReLU(), ARGS, device="tally", config=config)(*ARGS)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("tally:Gone", "forge.backends: tally of tally 1.0 .*broken: AttributeError"),
        ("gone:Backend", "forge.backends: tally of tally 1.0 .*broken: ModuleNotFoundError"),
        ("tally:Program", "broken: TypeError"),
        ("tally:np.ndindex", "it is no forge.backends.extension.Backend"),
        ("tally:Mute", "compiled it to something that cannot run"),
    ],
)
def test_a_broken_one_names_its_package(
    plugin: Callable[[str], None], value: str, message: str
) -> None:
    plugin(value)
    with pytest.raises(ForgeError, match=message):
        forge.compile(nn.ReLU(), ARGS, device="tally")


def test_arrays_come_back_for_arrays(plugin: Callable[[str], None]) -> None:
    plugin("tally:Backend")
    program = forge.compile(nn.ReLU(), ARGS, device="tally")
    assert isinstance(program(np.ones((2, 3), np.float32)), np.ndarray)
