"""Finding and setting up the NPU compiler, on machines that have this and that."""

import io
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from forge.backends.npu import NpuToolchainError, find_toolchain, require_toolchain
from forge.backends.npu import install as installing
from forge.backends.npu import toolchain as toolchains
from forge.backends.npu.host import serve
from forge.backends.npu.install import Installer
from forge.backends.npu.toolchain import CACHE_VARIABLE, npu_cache, wine_folder


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with OpenVINO's package as Linux has it, without Wine; its cache."""
    package = tmp_path / "site" / "openvino"
    (package / "libs").mkdir(parents=True)
    spec = ModuleSpec("openvino", None, origin=str(package / "__init__.py"))
    monkeypatch.setattr(toolchains, "find_spec", lambda _: spec)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


PYTHON = sys.executable


def add_program(folder: Path, name: str, text: str = "") -> None:
    path = folder / name
    path.write_text(f"#!{PYTHON}\n{text}\n")
    path.chmod(0o755)


@pytest.mark.usefixtures("bare")
def test_a_bare_machine_has_none_and_says_what_to_do() -> None:
    assert find_toolchain() is None
    with pytest.raises(NpuToolchainError, match="make npu-toolchain"):
        require_toolchain()


@pytest.mark.parametrize(
    "library",
    [
        "openvino/libs/libopenvino_intel_npu_compiler.so",
        "openvino/libs/openvino_intel_npu_compiler.dll",
        "../runtime/lib/intel64/libopenvino_intel_npu_compiler.so",
    ],
)
def test_a_compiler_beside_the_plugin_comes_first(bare: Path, library: str) -> None:
    path = bare.parent / "site" / library
    if library.startswith(".."):
        # Intel's archive: python/openvino/__init__.py, runtime/lib/intel64.
        path = bare.parent / library.removeprefix("../")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    found = find_toolchain()
    assert found is not None
    assert found.name == "OpenVINO"
    assert found.command == (sys.executable, "-m", "forge.backends.npu.host")
    assert found.path(Path("model.xml")) == str(Path("model.xml").absolute())


def test_wine_counts_when_its_folder_is_there(bare: Path) -> None:
    add_program(bare.parent, "wine")
    assert find_toolchain() is None
    wine_folder().mkdir(parents=True)
    found = find_toolchain()
    assert found is not None
    assert found.name == "Wine"
    assert found.environment["WINEPREFIX"].startswith(str(bare))
    assert found.path(Path(bare.anchor) / "a" / "b.xml") == "Z:\\a\\b.xml"


def test_the_folder_is_where_users_want_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert npu_cache() == tmp_path / "forge" / "npu"


@pytest.mark.skipif(sys.platform == "win32", reason="rights")
def test_without_rights_nothing_is_installed(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_program(bare.parent, "apt-get", "raise SystemExit('must not be called')")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert installing.main([]) == 1
    assert "Wine is missing, and only root may install it" in capsys.readouterr().err
    assert installing.main(["--unattended"]) == 0
    assert "tests that need it will be skipped" in capsys.readouterr().err
    assert not bare.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="rights")
def test_a_command_that_fails_is_quoted_and_leaves_nothing(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_program(bare.parent, "apt-get", "print('no network'); raise SystemExit(100)")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(NpuToolchainError, match=r"apt-get install wine .* failed:\n  no network"):
        Installer(False, lambda _: None).install()
    add_program(bare.parent, "wine")
    monkeypatch.setattr(sys, "executable", str(bare.parent / "python"))
    add_program(bare.parent, "python", "print('no index'); raise SystemExit(1)")
    with pytest.raises(NpuToolchainError, match=r"pip download openvino==.* failed:\n  no index"):
        Installer(False, lambda _: None).install()
    assert list(bare.iterdir()) == []


def test_what_is_there_is_left_alone(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_program(bare.parent, "wine")
    wine_folder().mkdir(parents=True)
    assert installing.main([]) == 0
    assert "by Wine" in capsys.readouterr().err


def test_the_host_in_python_answers_in_a_line() -> None:
    answers = io.StringIO()
    serve(io.StringIO("missing.xml\t-\tNPU_PLATFORM=NPU4000\nno job\n"), answers)
    first, second = answers.getvalue().splitlines()
    assert first.startswith("failed ")
    assert "missing.xml" in first
    assert second.startswith("failed ")
