"""The compiler's processes, with a fake in its place that crashes and hangs at will."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from forge.backends.npu import NpuCompilationError, NpuCompiler, NpuToolchainError, Toolchain
from forge.backends.npu.scratch import ScratchFolder
from forge.errors import ForgeError

HERE = Path(__file__).parent
FAKE = Toolchain(
    "a fake", "1.0", (sys.executable, str(HERE / "fake_host.py"), str(HERE / "small_trace.json"))
)


@pytest.fixture
def compiler(tmp_path: Path) -> Iterator[NpuCompiler]:
    with NpuCompiler(FAKE, workers=1, timeout=30, cache=tmp_path / "results") as compiler:
        yield compiler


def model(folder: Path, words: str = "") -> Path:
    """A model that the fake treats as it says."""
    path = folder / "model.xml"
    path.write_text(
        f"<net><!-- {words} --><layer name='acos in h.0/Acos' type='Acos'/>"
        "<layer name='q' type='Parameter'/></net>"
    )
    path.with_suffix(".bin").write_bytes(b"weights")
    return path


def jobs(folder: Path) -> list[str]:
    """What the fake was asked for beside this model, each with the process that was asked."""
    path = folder / "jobs.txt"
    return path.read_text().splitlines() if path.exists() else []


def processes(folder: Path) -> list[str]:
    return [job.partition(" ")[0] for job in jobs(folder)]


def test_a_model_is_compiled_by_a_process_that_stays(compiler: NpuCompiler, tmp_path: Path) -> None:
    compiled = compiler.compile(model(tmp_path), "npu4000", level=2, keep_blob=True)
    assert (compiled.platform, compiled.level) == ("NPU4000", 2)
    assert compiled.blob is not None
    assert compiled.blob.startswith(b"\x7fELF")
    assert compiled.schedule.blob_bytes == len(compiled.blob)
    assert compiled.schedule.predicted_latency_us == 20
    compiler.compile(model(tmp_path), "NPU3720", level=2)
    assert len(set(processes(tmp_path))) == 1
    assert "NPU_PLATFORM=NPU4000" in jobs(tmp_path)[0]
    assert "optimization-level=2" in jobs(tmp_path)[0]


def test_a_model_is_compiled_once(compiler: NpuCompiler, tmp_path: Path) -> None:
    path = model(tmp_path)
    first = compiler.compile(path, "NPU4000", level=2)
    assert compiler.compile(path, "NPU4000", level=2) == first
    assert len(jobs(tmp_path)) == 1
    assert compiler.compile(path, "NPU4000", level=2, keep_blob=True).blob is not None
    assert len(jobs(tmp_path)) == 2
    path.with_suffix(".bin").write_bytes(b"other weights")
    compiler.compile(path, "NPU4000", level=2)
    assert len(jobs(tmp_path)) == 3


@pytest.mark.parametrize(("platform", "expected"), [("NPU4000", ["2", "3"]), ("NPU5010", ["2"])])
def test_without_a_level_those_that_differ_are_tried(
    compiler: NpuCompiler, tmp_path: Path, platform: str, expected: list[str]
) -> None:
    assert compiler.compile(model(tmp_path), platform).level == 2
    levels = sorted(job.partition("optimization-level=")[2][:1] for job in jobs(tmp_path))
    assert levels == expected


def test_a_refusal_quotes_the_compiler_and_names_the_operation(
    compiler: NpuCompiler, tmp_path: Path
) -> None:
    for _ in range(2):
        with pytest.raises(NpuCompilationError) as caught:
            compiler.compile(model(tmp_path, "refuse"), "NPU4000", level=3)
        assert str(caught.value) == (
            "Intel's NPU compiler does not compile this for NPU4000: Cannot do this\n"
            "  'IE.Acos' op operand #0 must be a float\n"
            "  at acos in h.0/Acos"
        )
        assert (caught.value.platform, caught.value.level) == ("NPU4000", 3)
    # The second time it was known.
    assert len(jobs(tmp_path)) == 1


def test_after_a_crash_a_fresh_process_tries_once_more(
    compiler: NpuCompiler, tmp_path: Path
) -> None:
    compiler.compile(model(tmp_path, "stumble"), "NPU4000", level=2)
    assert len(set(processes(tmp_path))) == 2


def test_a_model_that_crashes_the_compiler_is_refused(
    compiler: NpuCompiler, tmp_path: Path
) -> None:
    for _ in range(2):
        with pytest.raises(NpuCompilationError, match="its process ended with status 5"):
            compiler.compile(model(tmp_path, "crash"), "NPU4000", level=2)
    assert len(jobs(tmp_path)) == 2
    compiler.compile(model(tmp_path), "NPU4000", level=2)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_is_killed_is_tried_again_when_asked_again(
    compiler: NpuCompiler, tmp_path: Path
) -> None:
    for _ in range(2):
        with pytest.raises(NpuCompilationError, match="status -9"):
            compiler.compile(model(tmp_path, "hoard"), "NPU4000", level=2)
    assert len(jobs(tmp_path)) == 4


def test_what_hangs_is_ended_and_tried_again_when_asked_again(tmp_path: Path) -> None:
    with NpuCompiler(FAKE, workers=1, timeout=1, cache=tmp_path / "results") as compiler:
        for _ in range(2):
            with pytest.raises(NpuCompilationError, match="did not come to an end within 1 s"):
                compiler.compile(model(tmp_path, "hang"), "NPU4000", level=2)
        assert len(set(processes(tmp_path))) == 2
        for process in processes(tmp_path):
            with pytest.raises(ProcessLookupError):
                os.kill(int(process), 0)


def test_a_compiler_that_writes_nothing_is_not_believed(
    compiler: NpuCompiler, tmp_path: Path
) -> None:
    with pytest.raises(NpuCompilationError, match="has not written compileTimeScheduleTrace"):
        compiler.compile(model(tmp_path, "silent"), "NPU4000", level=2)


def test_several_models_are_compiled_at_once(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        folder.mkdir()
    with NpuCompiler(FAKE, workers=2, cache=tmp_path / "results") as compiler:
        futures = [
            compiler.submit(model(folder, words=folder.name), "NPU4000", level=2)
            for folder in folders
        ]
        assert all(future.result().schedule.predicted_latency_us == 20 for future in futures)
    assert len({process for folder in folders for process in processes(folder)}) <= 2


def test_closing_ends_what_is_going_on(tmp_path: Path) -> None:
    with NpuCompiler(FAKE, workers=1, cache=tmp_path / "results") as compiler:
        running = compiler.submit(model(tmp_path, "hang"), "NPU4000", level=2)
        waiting = compiler.submit(model(tmp_path, "hang"), "NPU3720", level=2)
        while not jobs(tmp_path):
            time.sleep(0.01)
    for future in (running, waiting):
        with pytest.raises(CancelledError):
            future.result(timeout=0)
    with pytest.raises(ProcessLookupError):
        os.kill(int(processes(tmp_path)[0]), 0)


def test_wrong_arguments_are_refused(compiler: NpuCompiler, tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"no NPU platform 'NPU9'[\s\S]*NPU3720, NPU4000"):
        compiler.compile(model(tmp_path), "NPU9")
    with pytest.raises(ForgeError, match=r"cannot read .*missing\.xml"):
        compiler.compile(tmp_path / "missing.xml", "NPU4000", level=2)


def test_a_compiler_that_cannot_be_started_says_so(tmp_path: Path) -> None:
    toolchain = Toolchain("nothing", "1.0", (str(tmp_path / "nothing"),))
    with (
        NpuCompiler(toolchain, cache=tmp_path / "results") as compiler,
        pytest.raises(NpuToolchainError, match=r"cannot be started[\s\S]*make npu-toolchain"),
    ):
        compiler.compile(model(tmp_path), "NPU4000", level=2)


def test_an_error_has_the_reason_and_not_that_there_is_one() -> None:
    log = [
        "[ERROR] 18:25:05.015 [vpux-compiler] UnrollPermuteDMA Pass failed : The size differs",
        '[ERROR] 18:25:05.016 [vpux-compiler] Failed Pass UnrollPermuteDMA on loc("main")',
    ]
    said = "Exception from core.cpp:1: Compiler returned msg: Compilation failed"
    assert str(NpuCompilationError("NPU3720", 2, said, log)).endswith(
        "for NPU3720: UnrollPermuteDMA Pass failed : The size differs"
    )
    assert str(NpuCompilationError("NPU3720", 2, said, [])).endswith("NPU3720: Compilation failed")


@pytest.mark.skipif(sys.platform == "win32", reason="locks")
def test_what_a_killed_process_leaves_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    script = (
        "import os, time; from forge.backends.npu.scratch import ScratchFolder\n"
        "folder = ScratchFolder(); print(folder.path, flush=True); time.sleep(600)"
    )
    command, environment = [sys.executable, "-c", script], os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        ScratchFolder().close()
        assert left.is_dir(), "its process lives"
        process.kill()
        process.wait()
    (unfinished := tmp_path / "forge-npu-unfinished").mkdir()
    ScratchFolder().close()
    assert not left.exists()
    assert list(tmp_path.iterdir()) == [unfinished]
