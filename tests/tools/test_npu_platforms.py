"""`forge compile --platform`, `forge report`: NPUs that are elsewhere, one or several at once."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from forge.backends.npu import PLATFORMS, NpuToolchainError
from forge.tools import timed_progress
from tests import npu_stand_in
from tests.npu_stand_in import StandInCompiler, StandInNpu
from tests.tools.conftest import Tool
from tests.tools.programs import LINEAR

FACTORIES = Path(__file__).with_name("factories.py")
PERCEPTRON = f"{FACTORIES}:perceptron"


@pytest.fixture(autouse=True)
def compiler(monkeypatch: pytest.MonkeyPatch) -> StandInCompiler:
    return npu_stand_in.install(monkeypatch)


def words(text: str) -> str:
    return " ".join(text.split())


# -- several platforms -------------------------------------------------------------------------


def test_all_platforms_have_a_row_and_a_folder(cli: Tool, tmp_path: Path) -> None:
    outcome = cli("compile", PERCEPTRON, "--device", "NPU", "--platform", "all", "-o", tmp_path)
    assert outcome.code == 0, outcome.err
    assert "predicted by Intel's NPU compiler, in µs; not measured" in outcome.out
    assert "NPU4000: only transfers are charged for linear in fc (m.py:7)" in outcome.out
    rows = [line.split("│")[1:-1] for line in outcome.out.splitlines() if "│ NPU" in line]
    assert [row[0].strip() for row in rows] == list(PLATFORMS)
    assert [cell.strip() for cell in rows[0][1:8]] == ["yes", "10", "6", "5", "3", "2", "1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PLATFORMS)
    assert all((tmp_path / name / "model_0.blob").is_file() for name in PLATFORMS)
    assert words(outcome.out).endswith(f"saved to {tmp_path}: forge report {tmp_path}")
    assert outcome.out.startswith(cli("report", tmp_path).out)
    # A file or pipe gets lines instead of a spinner.
    lines = [line for line in outcome.err.splitlines() if "NPU" in line]
    assert lines[0] == f"compiling {PERCEPTRON} for NPU3720: Intel's NPU compiler …"
    done = lines[1::2]
    assert [line.partition(":")[0] for line in done] == list(PLATFORMS)
    assert all(line.endswith("s, 10 µs predicted") for line in done)


def test_the_model_is_exported_once(
    cli: Tool, compiler: StandInCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forge import importer

    capture, captured = importer.capture, []

    def counted(*args: Any) -> Any:
        captured.append(args)
        return capture(*args)

    monkeypatch.setattr(importer, "capture", counted)
    assert cli("compile", PERCEPTRON, "--platform", "npu5010,NPU3720,NPU5010").code == 0
    assert (len(captured), compiler.asked) == (1, ["NPU5010", "NPU3720"])


def test_a_platform_that_fails_leaves_the_others(
    cli: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npu_stand_in.install(monkeypatch, refused=["NPU3720"])
    outcome = cli("compile", PERCEPTRON, "--platform", "all", "-o", tmp_path)
    assert outcome.code == 1
    assert "NPU3720: Intel's NPU compiler does not compile this for NPU3720: no room" in outcome.out
    assert "at linear in fc (m.py:7)" in outcome.out
    assert "NPU3720: does not compile" in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["NPU4000", "NPU5010", "NPU5020"]


def test_the_outcomes_for_machines(
    cli: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npu_stand_in.install(monkeypatch, refused=["NPU3720"])
    outcome = cli("compile", PERCEPTRON, "--platform", "all", "--json", "-o", tmp_path)
    assert outcome.code == 1
    failed, compiled, *_ = json.loads(outcome.out)["platforms"]
    assert (failed["platform"], failed["compiles"], failed["report"]) == ("NPU3720", False, None)
    assert "no room" in failed["error"]
    assert (compiled["saved"], compiled["error"]) == (str(tmp_path / "NPU4000"), None)
    assert compiled["report"]["schedules"][0]["predicted_latency_us"] == 10
    again = json.loads(cli("report", tmp_path, "--json").out)
    assert again["directory"] == str(tmp_path)
    assert [found["platform"] for found in again["platforms"]] == ["NPU4000", "NPU5010", "NPU5020"]


def test_what_cannot_be_saved_is_an_error(
    cli: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forge.saved_program.write_blobs", full)
    outcome = cli("compile", PERCEPTRON, "--platform", "all", "-o", tmp_path)
    assert outcome.code == 1
    assert outcome.out.count("No space left on device") == 4
    assert outcome.out.count("yes") == 4
    assert not list(tmp_path.iterdir())


def test_a_text_compiles_for_several(cli: Tool, tmp_path: Path) -> None:
    (tmp_path / "linear.mlir").write_text(LINEAR)
    outcome = cli("compile", tmp_path / "linear.mlir", "--platform", "all", "-o", tmp_path / "out")
    assert outcome.code == 0, outcome.err
    assert len(list((tmp_path / "out").iterdir())) == 4


# -- one platform ------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [("--platform", "npu4000"), ("--device", "npu4000")])
def test_one_platform_has_a_report(cli: Tool, tmp_path: Path, named: tuple[str, str]) -> None:
    folder = tmp_path / "out"
    outcome = cli("compile", PERCEPTRON, *named, "-o", folder)
    assert outcome.code == 0, outcome.err
    assert "NPU, platform NPU4000, which is not on this machine" in words(outcome.out)
    assert words(outcome.out).endswith(f"saved to {folder}: forge report {folder}")
    report = cli("report", folder)
    assert (report.code, report.err) == (0, "")
    assert words(report.out) in words(outcome.out)
    assert "linear in fc (m.py:7)" in report.out
    assert json.loads(cli("report", folder, "--json").out)["platform"] == "NPU4000"


def test_it_runs_on_the_cpu_where_it_is_told_to(cli: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert cli("compile", PERCEPTRON, "--platform", "NPU4000", "-o", folder).code == 0
    outcome = cli("run", folder)
    assert outcome.code == 1
    assert "compiled for NPU4000, and OpenVINO finds no NPU here" in outcome.err
    assert cli("run", folder, "--device", "CPU").code == 0


def test_where_the_npu_is_it_is_checked_and_run(
    cli: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandInNpu().plug_in(monkeypatch)
    folder = tmp_path / "out"
    outcome = cli("compile", PERCEPTRON, "--platform", "NPU4000", "--check", "-o", folder)
    assert outcome.code == 0, outcome.err
    assert "the numbers are the same up to rounding" in outcome.out
    assert words(outcome.out).endswith(f"forge run {folder}")
    assert cli("run", folder).code == 0


def test_the_text_for_a_platform(cli: Tool) -> None:
    outcome = cli("compile", PERCEPTRON, "--platform", "NPU4000", "--emit", "reg")
    assert outcome.code == 0, outcome.err
    assert "npu>" in outcome.out


def test_a_report_is_of_any_saved_program(cli: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert cli("compile", PERCEPTRON, "--device", "CPU", "-o", folder).code == 0
    assert "device compile" in cli("report", folder).out
    (folder / "manifest.json").write_text('{"format": 3}')
    assert "manifest.json is damaged: KeyError 'report'" in cli("report", folder).err
    assert "is not a saved program" in cli("report", tmp_path).err


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--platform", "NPU1"], "there is no NPU platform 'NPU1'"),
        (["--platform", "NPU4000,"], "there is no NPU platform ''"),
        (["--platform", "all", "--device", "CPU"], "CPU has no platforms"),
        (["--platform", "all", "--check"], "--check is about one program, and 4 platforms"),
        (["--platform", "all", "--emit", "reg"], "--emit is about one program"),
        (["--platform", "all", "--explain"], "--explain is about one program"),
        (["--platform", "all", "--report", "r.json"], "--report is about one program"),
        (["--platform", "NPU4000", "--check"], "there is no NPU4000 on this machine"),
        (["--platform", "NPU4000", "--precision", "bf16"], "the NPU computes in f16"),
        (["--platform", "all", "--precision", "bf16"], "the NPU computes in f16"),
        (["--device", "NPU"], "name the platform to compile for"),
    ],
)
def test_what_does_not_go_together_is_refused(
    cli: Tool, options: list[str], message: str, compiler: StandInCompiler
) -> None:
    outcome = cli("compile", PERCEPTRON, *options)
    assert (outcome.code, outcome.out) == (1, "")
    assert message in outcome.err
    assert not compiler.asked


@pytest.mark.parametrize("platform", ["all", "NPU4000"])
def test_without_a_compiler_no_model_is_loaded(
    cli: Tool, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise NpuToolchainError("Intel's NPU compiler is not on this machine")

    monkeypatch.setattr("forge.compiler.require_toolchain", missing)
    monkeypatch.setattr("forge.zoo.resolve", None)
    outcome = cli("compile", PERCEPTRON, "--platform", platform)
    assert outcome.err == "error: Intel's NPU compiler is not on this machine\n"
    assert (outcome.code, outcome.out) == (1, "")


def test_folders_are_looked_at_first(cli: Tool, tmp_path: Path, compiler: StandInCompiler) -> None:
    (tmp_path / "NPU5010").mkdir()
    (tmp_path / "NPU5010" / "notes.txt").touch()
    outcome = cli("compile", PERCEPTRON, "--platform", "all", "-o", tmp_path)
    assert outcome.code == 1
    assert "NPU5010 holds something else than a saved program" in outcome.err
    assert not compiler.asked


@pytest.mark.parametrize("device", ["npu4000", "NPU5020"])
def test_what_cannot_run_here_is_not_compiled_to_run(
    cli: Tool, device: str, tmp_path: Path, compiler: StandInCompiler
) -> None:
    (tmp_path / "linear.mlir").write_text(LINEAR)
    for what in (PERCEPTRON, tmp_path / "linear.mlir"):
        outcome = cli("run", what, "--device", device)
        assert outcome.code == 1
        assert f"there is no {device.upper()} on this machine to run it on" in outcome.err
    assert not compiler.asked


# -- progress ----------------------------------------------------------------------------------


def test_a_terminal_shows_phases_behind_a_spinner(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(timed_progress, "stderr_console", lambda: console)
    with timed_progress.timed_progress("compiling x") as show:
        show("translation")
    assert "compiling x: translation …" in screen.getvalue()
    assert "0:00:0" in screen.getvalue()
