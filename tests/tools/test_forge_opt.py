"""forge-opt: programs in, programs out, and what it prints besides."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from forge.compiler import default_pipeline
from forge.weights import SafetensorsWeights
from tests.tools.conftest import Tool
from tests.tools.programs import LINEAR, RELU

REG = "convert-to-reg"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    from safetensors.numpy import save_file

    path = tmp_path / "model.safetensors"
    random = np.random.default_rng(0)
    save_file(
        {
            "fc.weight": random.standard_normal((3, 4), np.float32),
            "fc.bias": random.standard_normal(3, np.float32),
        },
        path,
    )
    return path


# -- text in, text out -----------------------------------------------------------------------


@pytest.mark.parametrize("passes", ["", default_pipeline("CPU").rpartition(",")[0], REG])
@pytest.mark.parametrize("form", [(), ("--print-op-generic",), ("--print-debuginfo",)])
def test_what_it_prints_it_reads_and_prints_again(
    opt: Tool, passes: str, form: tuple[str, ...]
) -> None:
    first = opt("-p", passes, *form, text=LINEAR)
    assert first.code == 0
    assert opt(*form, text=first.out).out == first.out


def test_generic_text_means_the_same(opt: Tool) -> None:
    assert opt(text=opt("--print-op-generic", text=LINEAR).out).out == opt(text=LINEAR).out


def test_a_file_is_written_whole_and_stdout_stays_empty(opt: Tool, tmp_path: Path) -> None:
    source, target = tmp_path / "in.mlir", tmp_path / "out.mlir"
    source.write_text(LINEAR)
    outcome = opt(source, "-o", target)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert target.read_text() == opt(source).out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mlir", "out.mlir"]


def test_dash_is_stdin_and_stdout(opt: Tool) -> None:
    assert opt("-", "-o", "-", text=LINEAR).out == opt(text=LINEAR).out


def test_split_input_keeps_the_parts_apart(opt: Tool) -> None:
    outcome = opt("--split-input-file", text=f"{RELU}// -----\n{RELU}")
    assert outcome.out == opt(text=RELU).out + "// -----\n" + opt(text=RELU).out


def test_a_part_s_errors_have_the_line_of_the_file(opt: Tool) -> None:
    outcome = opt("--split-input-file", text=f"{RELU}// -----\nnonsense\n")
    assert "stdin:8:1" in outcome.err


# -- passes ----------------------------------------------------------------------------------


def test_the_default_pipeline_is_a_pipeline(opt: Tool) -> None:
    text = opt("--dump-pipeline").out.strip()
    assert text == default_pipeline("CPU")
    again = opt("--dump-pipeline", "-p", text).out.strip()
    assert opt("--dump-pipeline", "-p", again).out.strip() == again
    assert opt("-p", again, text=LINEAR).out == opt("-p", text, text=LINEAR).out


def test_passes_are_listed_with_what_they_do(opt: Tool) -> None:
    from forge.universe import FORGE_UNIVERSE

    listing = opt("--list-passes").out
    for name in FORGE_UNIVERSE.all_passes:
        assert f"│ {name} " in listing
    assert "device=cpu" in listing


def test_reasons_timings_and_steps_go_to_stderr(opt: Tool) -> None:
    passes = "convert-aten-to-transformer,fuse-activation,fuse-linear-activation"
    options = ("--explain", "--time-passes", "--print-between-passes")
    outcome = opt("-p", passes, *options, text=LINEAR)
    assert outcome.out == opt("-p", passes, text=LINEAR).out
    assert "fired    FuseLinearActivation at stdin:5:5; stdin:6:5" in outcome.err
    assert "%)  fuse-activation\n" in outcome.err
    assert "IR Dump After ConvertAtenToTransformerPass" in outcome.err


def test_passes_of_xdsl_run_too(opt: Tool) -> None:
    text = "func.func @f() { %0 = arith.constant 1 : i32 func.return }"
    assert "arith.constant" not in opt("-p", "dce", text=text).out


# -- OpenVINO's IR ---------------------------------------------------------------------------


def test_openvino_runs_what_it_writes(opt: Tool, tmp_path: Path, weights: Path) -> None:
    import openvino as ov

    model = tmp_path / "model.xml"
    outcome = opt("-p", REG, "-t", "openvino", "-o", model, "--weights", weights, text=LINEAR)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    x = np.ones((2, 4), np.float32)
    store = SafetensorsWeights(weights)
    expected = np.maximum(x @ store.array("fc.weight").T + store.array("fc.bias"), 0)
    compiled = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    np.testing.assert_allclose(compiled([x])[0], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "-o model.xml"),
        (("-o", "model.bin"), "not model.bin"),
        (("-o", "model.xml"), "weight 'fc.weight', and no weights are given"),
    ],
)
def test_openvino_needs_a_name_and_weights(
    opt: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = opt("-p", REG, "-t", "openvino", *options, text=LINEAR)
    assert outcome.code == 1
    assert message in outcome.err
    assert not list(tmp_path.iterdir())


# -- running ---------------------------------------------------------------------------------


def test_a_run_is_repeatable_at_every_level(opt: Tool, tmp_path: Path) -> None:
    results = []
    for number, passes in enumerate(["", default_pipeline("CPU").rpartition(",")[0], REG]):
        outputs = tmp_path / f"{number}.npz"
        outcome = opt("-p", passes, "--run", "--outputs", outputs, text=LINEAR)
        assert "2 weights are random (seed 0)" in outcome.err
        assert "tensor<2x3xf32>" in outcome.out
        results.append(np.load(outputs)["y"])
    for result in results[1:]:
        np.testing.assert_allclose(result, results[0], atol=1e-6)
    again = opt("--run", "--outputs", tmp_path / "again.npz", text=LINEAR)
    assert again.out == opt("--run", text=LINEAR).out
    assert again.out != opt("--run", "--seed", "1", text=LINEAR).out


def test_given_inputs_and_weights_are_used(opt: Tool, tmp_path: Path, weights: Path) -> None:
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    np.savez(tmp_path / "in.npz", x=x)
    arguments = ("--inputs", tmp_path / "in.npz", "--outputs", tmp_path / "out.npz")
    outcome = opt("--run", "--weights", weights, *arguments, text=LINEAR)
    assert (outcome.code, outcome.err) == (0, "")
    store = SafetensorsWeights(weights)
    expected = np.maximum(x @ store.array("fc.weight").T + store.array("fc.bias"), 0)
    np.testing.assert_allclose(np.load(tmp_path / "out.npz")["y"], expected, atol=1e-5)


# -- exported programs -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    path = tmp_path_factory.mktemp("exported") / "model.pt2"
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU()).eval()
    torch.export.save(torch.export.export(model, (torch.ones(2, 4),)), path)
    return path


def test_an_exported_program_becomes_text_and_weights(
    opt: Tool, exported: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.safetensors"
    outcome = opt(exported, "--weights-output", weights)
    assert outcome.code == 0, outcome.err
    assert 'forge.weight "0.weight" : tensor<3x4xf32>' in outcome.out
    assert set(SafetensorsWeights(weights).names()) == {"0.weight", "0.bias"}
    direct = opt(exported, "--run")
    assert direct.err == ""
    assert opt("--run", "--weights", weights, text=outcome.out).out == direct.out


def test_an_exported_program_becomes_openvino(opt: Tool, exported: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.xml"
    outcome = opt(exported, "-p", default_pipeline("CPU"), "-t", "openvino", "-o", model)
    assert outcome.code == 0, outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.bin", "model.xml"]


# -- the process -----------------------------------------------------------------------------

_IMPORTED = """
import json, sys
from forge.tools.forge_opt import forge_opt
code = forge_opt(sys.argv[1:])
print(json.dumps([code, [n for n in ("torch", "openvino", "numpy", "rich") if n in sys.modules]]))
"""


def imported_by(*args: str | Path) -> tuple[int, list[str]]:
    command = [sys.executable, "-c", _IMPORTED, *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    return code, modules


def test_text_is_read_without_anything_heavy(tmp_path: Path) -> None:
    source = tmp_path / "in.mlir"
    source.write_text(LINEAR)
    assert imported_by(source) == (0, [])


def test_all_passes_run_without_torch_and_openvino(tmp_path: Path) -> None:
    from forge.universe import FORGE_UNIVERSE

    source = tmp_path / "in.mlir"
    source.write_text(LINEAR)
    # These need registers that nothing has allocated yet.
    placing = "assign-devices{target=cpu},schedule-instructions,allocate-buffers"
    passes = f"{default_pipeline('CPU')},{placing}"
    npu_passes = default_pipeline("NPU", platform="NPU3720")
    # It needs a file of patterns.
    others = FORGE_UNIVERSE.all_passes.keys() - {"apply-pdl-patterns"}
    assert all(name in f"{passes},{npu_passes}" for name in others)
    for arguments in (
        (source, "-p", passes, "--explain"),
        (source, "-p", npu_passes, "--explain"),
        ("--dump-pipeline",),
        ("--list-passes",),
    ):
        code, modules = imported_by(*arguments)
        assert code == 0
        assert not {"torch", "openvino"} & set(modules)


def test_all_dialects_load_without_torch_and_openvino() -> None:
    script = (
        "import sys; from forge.universe import FORGE_UNIVERSE as u\n"
        "loaded = [d() for d in (*u.all_dialects.values(), *u.all_targets.values())]\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'openvino')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_reader_that_leaves_is_no_error() -> None:
    lines = "\n".join(
        f"%{n + 1} = aten.relu %{n} : (tensor<4xf32>) -> tensor<4xf32>" for n in range(5000)
    )
    text = f"func.func @f(%0: tensor<4xf32>) {{\n{lines}\nfunc.return\n}}"
    command = Path(sys.executable).with_name("forge-opt")
    # Without its buffer, Python takes a part of the text for the whole, and sees no error.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [command], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=buffered
    ) as tool:
        assert tool.stdin and tool.stdout and tool.stderr
        tool.stdin.write(text)
        tool.stdin.close()
        tool.stdout.readline()
        tool.stdout.close()
        assert tool.stderr.read() == ""
    assert tool.returncode == 141


def test_a_bug_says_that_it_is_one(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(
        "import forge.pipeline\n"
        "def fail(text): raise KeyError('what nobody thought of')\n"
        "forge.pipeline.build_pipeline = fail\n"
        "from forge.tools.forge_opt import main\n"
        "raise SystemExit(main(['-p', 'simplify']))\n"
    )
    command = [sys.executable, str(tmp_path / "broken.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, input=RELU)
    assert done.returncode == 70
    assert "This is a bug in Forge" in done.stderr
    assert "Traceback" not in done.stderr
    debug = {"FORGE_DEBUG": "1", "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=debug)
    assert done.returncode == 70
    assert "Traceback" in done.stderr
