"""Where Intel's NPU compiler is: in the OpenVINO of this Python, or in the Windows wheel on Wine.

OpenVINO's wheel for Windows and Intel's archives have the compiler; the wheel for Linux has the NPU
plugin without it. There, `make npu-toolchain` sets up the wheel for Windows, Wine to run it, and a
small program that reads jobs (`host.c`); see `forge.backends.npu.install`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from forge.errors import ForgeError

CACHE_VARIABLE = "FORGE_NPU_CACHE"
"""Names the folder of the toolchain and of results, in place of the user's cache."""

HOST_SOURCE = Path(__file__).with_name("host.c")
_LIBRARIES = ("libopenvino_intel_npu_compiler.so", "openvino_intel_npu_compiler.dll")


class NpuToolchainError(ForgeError):
    """There is no NPU compiler on this machine, or it cannot be set up."""


@dataclass(frozen=True)
class Toolchain:
    """What starts a process that compiles models for the NPU.

    Attributes:
        name: how the compiler is reached: `OpenVINO`, or `Wine`.
        openvino_version: the compiler's.
        command: starts the process, which reads a job a line and answers with a line.
        environment: variables of its own.
        windows_paths: whether it wants paths as Wine spells them.
    """

    name: str
    openvino_version: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    windows_paths: bool = False

    def path(self, path: Path) -> str:
        """A path as the process wants it."""
        text = str(path.absolute())
        return "Z:" + text.replace("/", "\\") if self.windows_paths else text


def find_toolchain() -> Toolchain | None:
    """The way to the NPU compiler on this machine; `None` if there is none.

    The compiler that OpenVINO itself has comes first.
    """
    return _own_compiler() or _wine_toolchain()


def require_toolchain() -> Toolchain:
    """The way to the NPU compiler on this machine.

    Raises:
        NpuToolchainError: there is none.
    """
    if (found := find_toolchain()) is not None:
        return found
    raise NpuToolchainError(
        "Intel's NPU compiler is not on this machine: OpenVINO's package for this system has none",
        hint="`make npu-toolchain` (or `python -m forge.backends.npu.install`) sets it up",
    )


def openvino_version() -> str:
    """The version of the OpenVINO package of this Python.

    Raises:
        NpuToolchainError: it is not installed.
    """
    try:
        return version("openvino")
    except PackageNotFoundError as error:
        raise NpuToolchainError("the package openvino is not installed") from error


def npu_cache() -> Path:
    """The folder of the toolchain and of results."""
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen).absolute()
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches).absolute() / "forge" / "npu"


def wine_folder() -> Path:
    """Where the toolchain for Wine is, or belongs: one folder for each version of what is in it."""
    host = hashlib.sha256(HOST_SOURCE.read_bytes()).hexdigest()[:12]
    return npu_cache() / f"wine-{openvino_version()}-{host}"


def wine_command() -> str | None:
    """The program that runs programs for Windows."""
    return shutil.which("wine") or shutil.which("wine64")


def wine_environment(prefix: Path) -> dict[str, str]:
    """Variables for Wine: quiet, with a folder of its own, and with no window to ask questions."""
    return {
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
        "DISPLAY": "",
    }


def _own_compiler() -> Toolchain | None:
    if not any((folder / name).is_file() for folder in _openvino_folders() for name in _LIBRARIES):
        return None
    command = (sys.executable, "-m", "forge.backends.npu.host")
    return Toolchain("OpenVINO", openvino_version(), command)


def _openvino_folders() -> Iterator[Path]:
    """Where a wheel, and where Intel's archive, has the libraries beside the NPU plugin."""
    spec = find_spec("openvino")
    if spec is None or spec.origin is None:
        return
    package = Path(spec.origin).parent
    yield package / "libs"
    runtime = package.parent.parent / "runtime"
    yield from (runtime / "lib" / "intel64", runtime / "bin" / "intel64" / "Release")


def _wine_toolchain() -> Toolchain | None:
    wine = wine_command()
    folder = wine_folder()
    if wine is None or not folder.is_dir():
        return None
    command = (wine, str(folder / "libs" / "host.exe"))
    return Toolchain(
        "Wine", openvino_version(), command, wine_environment(folder / "prefix"), windows_paths=True
    )
