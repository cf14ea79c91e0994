"""`forge-reduce` on files: what goes where, and what is refused."""

import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from forge.tools.forge_bisect import forge_bisect
from forge.tools.forge_opt import forge_opt
from forge.tools.forge_reduce import forge_reduce
from tests.tools.conftest import Outcome, outcome

FORGE_OPT = Path(sys.executable).with_name("forge-opt")
PLUGIN = Path(__file__).parent.parent / "planted_passes.py"
PLANTED = ("--load-pass-plugin", PLUGIN, "-p", "wrong-activation")
PROGRAM = """
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %0 = aten.mul.Tensor %x, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %1 = aten.silu %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.silu %1 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %2 : tensor<2x4xf32>
}
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.mlir"
    path.write_text(PROGRAM)
    return path


def script(folder: Path, text: str, mode: int = 0o755) -> Path:
    path = folder / "test.sh"
    path.write_text(text)
    path.chmod(mode)
    return path


def reduce(capsys: pytest.CaptureFixture[str], *args: object) -> Outcome:
    return outcome(forge_reduce, args, capsys)


def bisect(capsys: pytest.CaptureFixture[str], *args: object) -> Outcome:
    return outcome(forge_bisect, args, capsys)


def test_progress_goes_to_stderr_and_the_program_to_stdout(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = script(tmp_path, '#!/bin/sh\ngrep -q aten.silu "$1"\n')
    runs = [reduce(capsys, program, "--test", test) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].code == 0
    assert runs[0].out.count("aten.silu") == 1
    assert "reduced: 4 → 1 operations" in runs[0].err.splitlines()[-1]


def test_the_whole_program_and_each_candidate_are_files_that_can_be_read(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    text = f'#!/bin/sh\ncat "$1" >> {log}\n{FORGE_OPT} "$1" -o /dev/null && grep -q "weight" "$1"\n'
    reduced = reduce(capsys, program, "--test", script(tmp_path, text))
    assert reduced.code == 0
    assert "reduced: 4 → 1 operations" in reduced.err
    assert log.read_text().count("builtin.module") == int(reduced.err.split()[-2]) + 1


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        ("#!/bin/sh\nexit 0\n", 0o644, "Permission denied"),
        ("exit 0\n", 0o755, "Exec format error"),
        ("#!/bin/sh\nno-such-command\n", 0o755, "does not make"),
        ("#!/bin/sh\nexit 1\n", 0o755, "does not make"),
    ],
)
def test_a_script_that_says_nothing_is_refused(
    program: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    mode: int,
    message: str,
) -> None:
    reduced = reduce(capsys, program, "--test", script(tmp_path, text, mode))
    assert (reduced.code, reduced.out) == (1, "")
    assert message in reduced.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--crashes",), "a script runs passes itself"),
        (("--test", "x.sh", "-p", "simplify"), "a script runs passes itself"),
        (("--crashes", "-p", "no-such"), "there is no pass 'no-such'"),
        (("--crashes", "-p", "simplify"), "no pass fails on the whole program"),
        (("--changes-numbers", "-p", "simplify"), "no pass changes what the whole program"),
        (("--fails-with", "(", "-p", "simplify"), "'(' is no regular expression"),
        (("--fails-with", "x", "-p", "simplify"), "does not fail with a message like 'x'"),
        (("--crashes", "--test", "x.sh"), "not allowed with argument"),
        (("--crashes", "-p", "simplify", "--weights", "w"), "--weights belongs to --changes"),
        (("--test", "gone.sh"), "cannot run gone.sh: No such file"),
    ],
)
def test_what_means_nothing_is_refused(
    program: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], message: str
) -> None:
    reduced = reduce(capsys, program, *args)
    assert (reduced.code, reduced.out) == (1, "")
    assert message in reduced.err.partition("error: ")[2]


def test_an_invalid_program_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "program.mlir"
    path.write_text(PROGRAM.replace("%2 : tensor<2x4xf32>", "%2 : tensor<4x2xf32>"))
    for tool in (reduce, bisect):
        assert tool(capsys, path, "--crashes", "-p", "simplify").code == 1


@pytest.mark.parametrize("tool", [reduce, bisect])
def test_what_is_wrong_may_depend_on_the_weights(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], tool: Any
) -> None:
    weights = tmp_path / "weights.safetensors"
    options = ("--changes-numbers", *PLANTED)
    wrong = tool(capsys, program, *options)
    assert wrong.code == 0
    assert "note: 1 weight is random (seed 0); --weights names a file" in wrong.err
    # Both functions are 0 at 0.
    save_file({"w": torch.zeros(4)}, weights)
    right = tool(capsys, program, *options, "--weights", weights)
    assert right.code == 1
    assert "no pass changes what" in right.err
    assert tool(capsys, program, *options, "--seed", "5").code == 0


@pytest.mark.parametrize("tool", [reduce, bisect])
def test_an_exported_program_brings_its_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tool: Any
) -> None:
    layer = torch.nn.Sequential(torch.nn.Linear(4, 4, bias=False), torch.nn.SiLU(), torch.nn.SiLU())
    path = tmp_path / "model.pt2"
    options = ("--changes-numbers", *PLANTED)
    torch.export.save(torch.export.export(layer, (torch.ones(1, 4),)), path)
    assert tool(capsys, path, *options).code == 0
    assert "has its own weights" in tool(capsys, path, *options, "--weights", "w").err
    torch.nn.init.zeros_(layer[0].weight)
    torch.export.save(torch.export.export(layer, (torch.ones(1, 4),)), path)
    assert "no pass changes what" in tool(capsys, path, *options).err


def test_bytecode_is_read(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "program.forge"
    options = ("-p", "convert-to-reg{device=host}", "-t", "bytecode", "-o", path)
    assert outcome(forge_opt, (program, *options), capsys).code == 0
    reduced = reduce(capsys, path, "--test", script(tmp_path, '#!/bin/sh\ngrep -q silu "$1"\n'))
    assert "reduced: 4 → 1 operations" in reduced.err
    refused = bisect(capsys, path, "--crashes", "--run-reproducer")
    assert "this program is no reproducer" in refused.err


def test_an_output_that_cannot_be_written_is_refused_first(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reduced = reduce(capsys, program, "--test", "gone.sh", "-o", tmp_path / "no" / "out.mlir")
    assert "cannot write" in reduced.err
