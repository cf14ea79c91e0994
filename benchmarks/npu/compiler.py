"""Intel's NPU compiler in a process of its own, which compiles one model after the other."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PLATFORMS = {
    "npu3720": "NPU3720",
    "npu4000": "NPU4000",
    "npu5010": "NPU5010",
    "npu5020": "NPU5020",
}
"""OpenVINO's name of each platform that Forge describes."""

CRASHED = "the compiler crashed"
TIMED_OUT = "the compiler did not come to an end"


class Compiler:
    """The host program of `host.c`, started anew whenever a model has crashed it.

    Args:
        command: what starts it, such as `["wine", "host.exe"]`.
        windows_paths: whether it wants paths as Wine spells them.
        timeout: after so many seconds a model counts as failed.
    """

    def __init__(self, command: Sequence[str], windows_paths: bool, timeout: float = 120) -> None:
        self._command = list(command)
        self._windows_paths = windows_paths
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None

    def compile(
        self,
        model: Path,
        platform: str,
        properties: Mapping[str, str] | None = None,
        blob: Path | None = None,
    ) -> str | None:
        """Compile a model.

        Args:
            model: its `.xml` file.
            platform: a key of `PLATFORMS`.
            properties: of OpenVINO's NPU plugin.
            blob: where to write what comes out.

        Returns:
            `None` if that worked, else the compiler's message.
        """
        settings = {
            "NPU_COMPILER_TYPE": "PLUGIN",
            "NPU_PLATFORM": PLATFORMS[platform],
            **(properties or {}),
        }
        place = "-" if blob is None else self._path(blob)
        fields = [self._path(model), place, *(f"{k}={v}" for k, v in settings.items())]
        answer = self._ask("\t".join(fields))
        return None if answer == "ok" else answer.removeprefix("failed ").strip()

    def _path(self, path: Path) -> str:
        text = str(path.resolve())
        return "Z:" + text.replace("/", "\\") if self._windows_paths else text

    def _ask(self, job: str) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=os.environ | {"WINEDEBUG": "-all"},
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{job}\n".encode())
        except BrokenPipeError:
            return self._stop(CRASHED)
        # The compiler itself prints, too: its lines are skipped.
        while True:
            ready, _, _ = select.select([self._process.stdout], [], [], self._timeout)
            if not ready:
                return self._stop(TIMED_OUT)
            line = self._process.stdout.readline().decode(errors="replace")
            if not line:
                return self._stop(CRASHED)
            if line.startswith(("ok", "failed ")):
                return line.rstrip()

    def _stop(self, reason: str) -> str:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None
        return reason

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._stop("")
