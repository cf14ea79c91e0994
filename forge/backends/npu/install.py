"""Set Intel's NPU compiler up: `make npu-toolchain`, or `python -m forge.backends.npu.install`.

Where OpenVINO itself has the compiler there is nothing to do. Elsewhere it takes Wine, of Debian's
packages; OpenVINO's wheel for Windows, from the same package index as all else; and the program of
`host.c`, built by MinGW where it is there or comes with Wine, else by the package `ziglang`, which
takes minutes but no rights. What is not Debian's goes into one folder of the user's cache, which
appears when it is complete.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

from forge.backends.npu.toolchain import (
    CACHE_VARIABLE,
    HOST_SOURCE,
    NpuToolchainError,
    find_toolchain,
    openvino_version,
    wine_command,
    wine_environment,
    wine_folder,
)
from forge.errors import ForgeError

_PACKAGES = ("wine", "wine64", "gcc-mingw-w64-x86-64-win32")
_MINGW = "x86_64-w64-mingw32-gcc"
_ZIG = "ziglang==0.15.2"
# What compiling for the NPU takes of the wheel; the CPU's and GPU's plugins are as large again.
_WHEEL_PARTS = (
    "openvino/include/*",
    "openvino/libs/openvino.dll",
    "openvino/libs/openvino_c.*",
    "openvino/libs/openvino_ir_frontend.dll",
    "openvino/libs/openvino_intel_npu_*.dll",
    "openvino/libs/tbb*.dll",
)
_QUOTED_LINES = 4
_SECONDS = 900

Report = Callable[[str], None]


@dataclass(frozen=True)
class Installer:
    """Sets the compiler up for Wine.

    Attributes:
        ask_for_rights: whether Wine may be installed with `sudo`; else only by root.
        report: is told what is going on.
    """

    ask_for_rights: bool
    report: Report

    def install(self) -> None:
        """Install what is missing.

        Raises:
            NpuToolchainError: the machine does not allow it; nothing half-made stays.
        """
        wine = wine_command() or self._install_wine()
        folder = wine_folder()
        if folder.is_dir():
            return
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as name:
                staging = Path(name)
                self._unpack_wheel(staging)
                self._build_host(staging)
                self._make_prefix(wine, staging / "prefix")
                _put_in_place(staging, folder)
        except OSError as error:
            raise NpuToolchainError(
                f"cannot write {folder}: {error.strerror or error}",
                hint=f"{CACHE_VARIABLE} names another folder for it",
            ) from error

    def _install_wine(self) -> str:
        packages = " ".join(_PACKAGES)
        if shutil.which("apt-get") is None:
            raise NpuToolchainError("Wine is missing: install it, then try again")
        become_root = self._become_root()
        environment = {"DEBIAN_FRONTEND": "noninteractive"}
        self.report(f"installing {packages}")
        try:
            _run("apt-get update", [*become_root, "apt-get", "update"], environment)
        except NpuToolchainError as error:
            # One archive of several may be out of reach, and what is wanted still known.
            self.report(str(error))
        options = ["--yes", "--no-install-recommends"]
        command = [*become_root, "apt-get", "install", *options, *_PACKAGES]
        _run(f"apt-get install {packages}", command, environment)
        if (wine := wine_command()) is None:
            raise NpuToolchainError(f"the packages {packages} have brought no program `wine`")
        return wine

    def _become_root(self) -> list[str]:
        if sys.platform != "win32" and os.geteuid() == 0:
            return []
        if self.ask_for_rights and shutil.which("sudo") is not None:
            return ["sudo"]
        raise NpuToolchainError(
            "Wine is missing, and only root may install it",
            hint=f"apt-get install --no-install-recommends {' '.join(_PACKAGES)}",
        )

    def _unpack_wheel(self, staging: Path) -> None:
        wanted = f"openvino=={openvino_version()}"
        self.report(f"fetching {wanted} for Windows")
        target = ["--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"]
        command = ["download", "--no-deps", "--only-binary=:all:", *target, "--dest", str(staging)]
        _pip(f"pip download {wanted}", [*command, wanted])
        wheel = next(staging.glob("*.whl"))
        with ZipFile(wheel) as archive:
            names = archive.namelist()
            parts = [name for name in names if any(fnmatch(name, part) for part in _WHEEL_PARTS)]
            archive.extractall(staging, parts)
        wheel.unlink()
        (staging / "openvino" / "libs").rename(staging / "libs")
        (staging / "openvino" / "include").rename(staging / "include")
        (staging / "openvino").rmdir()

    def _build_host(self, staging: Path) -> None:
        self.report(f"building {HOST_SOURCE.name}")
        libs = staging / "libs"
        arguments = ["-O1", "-I", str(staging / "include"), "-o", str(libs / "host.exe")]
        arguments += [str(HOST_SOURCE), str(libs / "openvino_c.lib")]
        if shutil.which(_MINGW) is not None:
            _run(_MINGW, [_MINGW, *arguments])
            return
        compiler = staging / "zig"
        _pip(f"pip install {_ZIG}", ["install", "--no-deps", "--target", str(compiler), _ZIG])
        zig = [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu"]
        environment = {"PYTHONPATH": str(compiler), "ZIG_LOCAL_CACHE_DIR": str(compiler / "cache")}
        environment["ZIG_GLOBAL_CACHE_DIR"] = environment["ZIG_LOCAL_CACHE_DIR"]
        _run("ziglang", [*zig, *arguments], environment)
        shutil.rmtree(compiler)

    def _make_prefix(self, wine: str, prefix: Path) -> None:
        self.report("starting Wine for the first time")
        prefix.mkdir()
        _run("wineboot", [wine, "wineboot", "--init"], wine_environment(prefix))
        _link_to_originals(prefix)


def _link_to_originals(prefix: Path) -> None:
    """Put links in the place of Wine's copies of its own libraries, which take 680 MB."""
    folders = Path("/usr/lib").glob("*/wine/x86_64-windows")
    originals = {file.name: file for folder in folders for file in folder.iterdir()}
    for copy in [path for path in (prefix / "drive_c").rglob("*") if path.is_file()]:
        original = originals.get(copy.name)
        if original is not None and filecmp.cmp(copy, original, shallow=False):
            copy.unlink()
            copy.symlink_to(original)


def _put_in_place(staging: Path, folder: Path) -> None:
    # Another process may have been quicker, with the same content.
    if not folder.is_dir():
        content = staging / "content"
        content.mkdir()
        for part in ("libs", "prefix"):
            (staging / part).rename(content / part)
        content.rename(folder)


def _pip(what: str, arguments: Sequence[str]) -> None:
    quiet = ["--quiet", "--disable-pip-version-check"]
    _run(what, [sys.executable, "-m", "pip", arguments[0], *quiet, *arguments[1:]])


def _run(what: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a command, quietly.

    Raises:
        NpuToolchainError: it failed, or took too long; quotes what it printed last.
    """
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NpuToolchainError(f"{what} did not come to an end in {_SECONDS} s") from error
    if result.returncode:
        lines = [line for line in result.stdout.splitlines() if line.strip()][-_QUOTED_LINES:]
        raise NpuToolchainError("\n  ".join([f"{what} failed:", *lines]))


def main(arguments: Sequence[str] | None = None) -> int:
    """The process; its exit code."""
    parser = argparse.ArgumentParser("python -m forge.backends.npu.install", description=__doc__)
    parser.add_argument(
        "--unattended",
        action="store_true",
        help="ask for no rights, and take it that a machine may have no NPU compiler",
    )
    unattended: bool = parser.parse_args(arguments).unattended

    def report(text: str) -> None:
        sys.stderr.write(f"NPU compiler: {text}\n")
        sys.stderr.flush()

    try:
        if find_toolchain() is None:
            Installer(not unattended, report).install()
        found = find_toolchain()
    except ForgeError as error:
        report(f"{error}\nThe tests that need it will be skipped." if unattended else str(error))
        return 0 if unattended else 1
    if found is not None:
        report(f"OpenVINO {found.openvino_version}'s, by {found.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
