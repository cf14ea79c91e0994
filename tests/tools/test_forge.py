"""forge: compile, run, models, demo."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.tools.conftest import Tool
from tests.tools.programs import LINEAR

FACTORIES = Path(__file__).with_name("factories.py")
PERCEPTRON = f"{FACTORIES}:perceptron"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "linear.mlir"
    path.write_text(LINEAR)
    return path


# -- models ----------------------------------------------------------------------------------


def test_the_zoo_is_a_table(cli: Tool) -> None:
    outcome = cli("models")
    assert outcome.code == 0
    assert "gpt2" in outcome.out and "124M" in outcome.out


def test_the_zoo_for_machines(cli: Tool) -> None:
    models = json.loads(cli("models", "--json").out)
    assert {"name", "parameters", "layers", "hidden"} <= models[0].keys()
    assert "llama-3.1-8b" in [model["name"] for model in models]


def test_listing_and_help_import_neither_torch_nor_openvino() -> None:
    script = (
        "import sys; from forge.tools.cli import forge\n"
        "for args in (['models'], ['compile', '--help'], ['--help'], ['--version']):\n"
        "    try: forge(args)\n"
        "    except SystemExit as end: assert not end.code\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'openvino')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


# -- compile ---------------------------------------------------------------------------------


def test_compiling_reports_phases_and_checks_numbers(cli: Tool) -> None:
    outcome = cli("compile", PERCEPTRON, "--check")
    assert outcome.code == 0, outcome.err
    assert "device compile" in outcome.out
    assert "the numbers are the same up to rounding" in outcome.out
    assert outcome.err == ""


def test_the_host_needs_no_openvino(cli: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "perceptron"
    outcome = cli("compile", PERCEPTRON, "--device", "host", "--check", "-o", folder)
    assert outcome.code == 0, outcome.err
    assert "linking" in outcome.out and "device compile" not in outcome.out
    assert "the numbers are the same up to rounding" in outcome.out
    script = (
        "import sys; from forge.tools.cli import forge\n"
        "sys.exit(forge(sys.argv[1:]) or 'openvino' in sys.modules)"
    )
    for arguments in (("run", folder), ("run", PERCEPTRON, "--device", "host")):
        command = [sys.executable, "-c", script, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    disassembled = cli("disasm", folder / "program.forge").out
    assert 'reg.host "transformer.linear"' in disassembled
    options = ("--device", "host", "--emit", "reg")
    assert cli("compile", PERCEPTRON, *options).out == disassembled


def test_the_report_for_machines(cli: Tool) -> None:
    outcome = cli("compile", PERCEPTRON, "--check", "--json")
    report = json.loads(outcome.out)
    assert [port["name"] for port in report["inputs"]] == ["x", "shift"]
    assert report["outputs"][0] == {"name": "y", "shape": [2, 3], "dtype": "f32"}
    assert report["check"]["passed"] and report["check"]["against"] == "PyTorch"
    assert "capture" in [phase["name"] for phase in report["report"]["phases"]]


def test_wrong_numbers_are_an_error(cli: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    from forge.program import Program

    run_flat = Program.run_flat
    monkeypatch.setattr(Program, "run_flat", lambda s, v: [a * 0 for a in run_flat(s, v)])
    outcome = cli("compile", PERCEPTRON, "--check")
    assert outcome.code == 1
    assert "the numbers are WRONG" in outcome.out


def test_a_saved_program_runs_without_torch(cli: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "perceptron"
    assert cli("compile", PERCEPTRON, "-o", folder).code == 0
    x, shift = np.full((2, 4), 0.5, np.float32), np.zeros(3, np.float32)
    np.savez(tmp_path / "in.npz", x=x, shift=shift)
    files = ("--inputs", tmp_path / "in.npz", "--outputs", tmp_path / "out.npz")
    script = (
        "import sys; from forge.tools.cli import forge\n"
        "sys.exit(forge(sys.argv[1:]) or 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", script, "run", str(folder), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    direct = cli("run", PERCEPTRON, *files[:3], tmp_path / "direct.npz")
    assert direct.code == 0
    loaded, compiled = (np.load(tmp_path / name)["y"] for name in ("out.npz", "direct.npz"))
    np.testing.assert_allclose(loaded, compiled, atol=1e-6)


@pytest.mark.parametrize(
    ("level", "op"), [("aten", "aten.linear"), ("transformer", "relu"), ("reg", "reg.MatMul")]
)
def test_the_text_at_each_level_runs(cli: Tool, tmp_path: Path, level: str, op: str) -> None:
    path, weights = tmp_path / "p.mlir", tmp_path / "w.safetensors"
    options = ("--emit", level, "-o", path, "--weights-output", weights)
    outcome = cli("compile", PERCEPTRON, *options)
    assert (outcome.code, outcome.out) == (0, ""), outcome.err
    assert op in path.read_text()
    compared = ("--compare", "reference")
    for device in ((), ("--device", "CPU", *compared), ("--device", "host", *compared)):
        run = cli("run", path, "--weights", weights, *device)
        assert run.code == 0, run.err
        assert run.err == ""


def test_emitted_text_goes_to_stdout_alone(cli: Tool) -> None:
    outcome = cli("compile", PERCEPTRON, "--emit", "aten", "--print-debuginfo")
    assert outcome.out.startswith("builtin.module")
    assert "factories.py" in outcome.out
    assert outcome.err == ""


def test_text_compiles(cli: Tool, text: Path) -> None:
    outcome = cli("compile", text, "--check")
    assert outcome.code == 0, outcome.err
    assert "compared with the reference" in outcome.out


def test_the_pipeline_is_the_user_s(cli: Tool) -> None:
    outcome = cli("compile", PERCEPTRON, "-p", "convert-to-reg{device=cpu}", "--check", "--json")
    names = [phase["name"] for phase in json.loads(outcome.out)["report"]["phases"]]
    assert "fuse-mlp" not in names


# -- run -------------------------------------------------------------------------------------


def test_a_model_runs_and_compares(cli: Tool) -> None:
    options = ("--repeat", "3", "--compare", "eager", "--json")
    result = json.loads(cli("run", PERCEPTRON, *options).out)
    assert [output["name"] for output in result["outputs"]] == ["y", "positive"]
    assert result["compare"]["outputs"][0]["max_abs"] < 1e-5
    assert result["latency"]["runs"] == 3
    tables = cli("run", PERCEPTRON, "--compare", "reference", "--repeat", "1")
    assert "compared with reference" in tables.out
    assert "latency of 1 run, in ms" in tables.out


def test_a_model_with_state_starts_from_its_own(cli: Tool) -> None:
    for against in ("eager", "reference"):
        outcome = cli("run", f"{FACTORIES}:counter", "--compare", against, "--json")
        assert outcome.code == 0, outcome.err
        assert json.loads(outcome.out)["compare"]["outputs"][0]["max_abs"] == 0


def test_text_runs_as_in_forge_opt(cli: Tool, opt: Tool, text: Path) -> None:
    outcome = cli("run", text, "--seed", "3")
    assert outcome.out == opt(text, "--run", "--seed", "3").out
    assert "2 weights are random (seed 3)" in outcome.err
    assert outcome.out != cli("run", text).out


def test_sentences_of_like_meaning_are_near(cli: Tool) -> None:
    sentences = ("A cat sat on a mat.", "A kitten lay on the rug.", "Taxes [will/] rise [/again].")
    options = ("--tokens", "16", "--layers", "2", "--json", "--text", *sentences)
    similarities = np.array(json.loads(cli("run", "minilm", *options).out)["similarities"])
    assert similarities[0, 1] > similarities[0, 2]
    assert np.allclose(np.diag(similarities), 1)
    table = cli("run", "minilm", *options[:4], "--text", *sentences)
    assert "Taxes [will/] rise [/again]." in table.out


# -- demo ------------------------------------------------------------------------------------


def test_the_demo_s_commands_work(
    cli: Tool, opt: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = cli("demo", "--layers", "1", "--tokens", "16")
    assert outcome.code == 0, outcome.err
    assert "✗" not in outcome.out and outcome.out.count("✓") == 5
    assert "transformer.mlp" in outcome.out
    commands = [line for line in outcome.out.splitlines() if line.startswith(("  forge", "  (f"))]
    assert len(commands) >= 4
    for command in commands:
        pipeline = opt("--dump-pipeline").out.strip()
        tool, *arguments = shlex.split(command.replace("$(forge-opt --dump-pipeline)", pipeline))
        result = (opt if tool == "forge-opt" else cli)(*arguments)
        assert result.code == 0, (command, result.err)
