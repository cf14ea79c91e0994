"""The package as Forge sees it: in Python, and in its tools."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from model import capped

import forge
from forge import ForgeError

MODEL = f"{Path(__file__).with_name('model.py')}:capped"
PIPELINE = "convert-aten-to-transformer,fuse-soft-cap,convert-to-reg"


def tool(*args: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(args[0])), *args[1:]]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("device", ["CPU", "reference"])
def test_numbers_are_those_of_pytorch(device: str) -> None:
    model, args = capped()
    program = forge.compile(model, args, device=device)
    with torch.no_grad():
        torch.testing.assert_close(program(*args), model(*args), atol=2.1e-5, rtol=0)
    assert program.report.device == device


def test_the_operation_comes_from_the_pattern_and_goes_to_openvino() -> None:
    model, args = capped()
    program = forge.compile(
        model, args, device="CPU", pipeline=PIPELINE, keep_ir=True, check_numerics=True
    )
    assert "example.soft_cap" in str(program.ir["transformer"])
    assert "example.soft_cap" not in str(program.ir["reg"])
    assert not program.report.host_kernels
    fired = {name: run.fired_counts() for run in program.report.passes for name in [run.name]}
    assert fired["fuse-soft-cap"] == {"FuseSoftCap": 1}


def test_the_backend_lowers_with_its_own_passes() -> None:
    assert forge.default_pipeline("reference").endswith("fuse-soft-cap,convert-to-reg{device=cpu}")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"precision": "f16"}, "no precision 'f16'"),
        ({"config": {"NUM_STREAMS": 2}}, "no property 'NUM_STREAMS'"),
    ],
)
def test_the_backend_refuses_what_it_does_not_have(options: dict, message: str) -> None:
    model, args = capped()
    with pytest.raises(ForgeError, match=message):
        forge.compile(model, args, device="reference", **options)


def test_the_tools_find_it() -> None:
    compiled = tool("forge", "compile", MODEL, "-p", PIPELINE, "--check")
    assert compiled.returncode == 0, compiled.stderr
    assert "FuseSoftCap ×1" in compiled.stdout
    ran = tool("forge", "run", MODEL, "--device", "reference", "--compare", "eager")
    assert ran.returncode == 0, ran.stderr
    assert "fuse-soft-cap" in tool("forge-opt", "--list-passes").stdout
