"""A process that compiles one model after the other, started anew whenever a model ends it."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import IO

from forge.backends.npu.toolchain import NpuToolchainError, Toolchain

TRACE = "compileTimeScheduleTrace.json"
"""What the compiler calls its trace, in the directory it works in; no option changes that."""

_POLL = 0.2
_GRACE = 10.0


class Verdict(Enum):
    """How a job ended."""

    COMPILED = "compiled"
    REFUSED = "refused"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"


@dataclass(frozen=True)
class Answer:
    """What came of a job.

    Attributes:
        verdict: how it ended.
        message: what the compiler says to a refusal, or how its process ended.
        log: what the compiler printed meanwhile.
        seconds: how long it took.
        exit_status: of a process that has crashed; negative for a signal.
    """

    verdict: Verdict
    message: str
    log: Sequence[str]
    seconds: float
    exit_status: int | None = None


class Worker:
    """A compiler's process, in a folder of its own that goes with it.

    Args:
        toolchain: what starts the process.
        timeout: after so many seconds a job counts as failed, and the process is ended.
        parent: where its folder is made; among the system's temporary ones by default.
    """

    def __init__(self, toolchain: Toolchain, timeout: float, parent: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="worker-", dir=parent))
        self._toolchain = toolchain
        self._timeout = timeout
        self._process: _Process | None = None
        self._closed = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def trace(self) -> Path:
        """The trace of the last job, if that asked for one."""
        return self.folder / TRACE

    def compile(
        self, model: Path, properties: Mapping[str, str], blob: Path | None = None
    ) -> Answer:
        """Compile a model for the NPU.

        Args:
            model: its `.xml` file, the weights beside it.
            properties: of OpenVINO's NPU plugin.
            blob: where to write what the NPU loads.

        Raises:
            NpuToolchainError: the compiler cannot be started.
            CancelledError: the worker has been closed.
        """
        self.trace.unlink(missing_ok=True)
        place = "-" if blob is None else self._toolchain.path(blob)
        fields = [self._toolchain.path(model), place, *(f"{k}={v}" for k, v in properties.items())]
        if any(mark in field for field in fields for mark in "\t\r\n"):
            raise NpuToolchainError(f"a path or property has a tab or line end in it: {fields}")
        start = time.monotonic()
        process = self._running()
        verdict, message, log = self._ask(process, "\t".join(fields), start + self._timeout)
        status = None
        if verdict in (Verdict.CRASHED, Verdict.TIMED_OUT):
            status = self._stop()
        if verdict is Verdict.CRASHED:
            message = f"its process ended with status {status}"
        return Answer(verdict, message, log, time.monotonic() - start, status)

    def close(self) -> None:
        """End the process and remove its folder, also while it works."""
        with self._lock:
            self._closed.set()
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _running(self) -> _Process:
        with self._lock:
            if self._closed.is_set():
                raise CancelledError
            if self._process is None:
                self._process = _Process(self._toolchain, self.folder)
            return self._process

    def _ask(self, process: _Process, job: str, deadline: float) -> tuple[Verdict, str, list[str]]:
        log: list[str] = []
        process.send(job)
        while not self._closed.is_set():
            try:
                line = process.lines.get(timeout=_POLL)
            except queue.Empty:
                if time.monotonic() > deadline:
                    limit = f"it did not come to an end within {self._timeout:g} s"
                    return Verdict.TIMED_OUT, limit, log
                continue
            if line is None:
                return Verdict.CRASHED, "", log
            if line == "ok":
                return Verdict.COMPILED, "", log
            if line.startswith("failed "):
                return Verdict.REFUSED, line.removeprefix("failed ").strip(), log
            # The compiler itself prints, too.
            log.append(line)
        raise CancelledError

    def _stop(self) -> int | None:
        with self._lock:
            process, self._process = self._process, None
        return None if process is None else process.end()


class _Process:
    """The process, and what it prints, line by line; `None` is the end of it."""

    def __init__(self, toolchain: Toolchain, folder: Path) -> None:
        try:
            self._popen = subprocess.Popen(
                toolchain.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={**os.environ, **toolchain.environment},
                # A group of its own: Ctrl-C is ours to handle, and it ends with all its children.
                start_new_session=True,
            )
        except OSError as error:
            reason = error.strerror or error
            raise NpuToolchainError(
                f"{toolchain.command[0]} cannot be started: {reason}",
                hint="`make npu-toolchain` sets the NPU compiler up",
            ) from error
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        assert self._popen.stdout is not None
        # Reading in a thread, since pipes have no time limits everywhere.
        threading.Thread(target=self._read, args=(self._popen.stdout,), daemon=True).start()

    def send(self, line: str) -> None:
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(f"{line}\n".encode())
            self._popen.stdin.flush()
        except OSError:
            # It has ended; the end of its output says so, too.
            return

    def end(self) -> int:
        """End it with all its children; the status that it has ended with by itself, if so."""
        try:
            # Who has closed its output is about to end by itself.
            return self._popen.wait(timeout=_GRACE if self._ended.is_set() else 0)
        except subprocess.TimeoutExpired:
            self._kill()
            return self._popen.wait()

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._popen.kill()
            return
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.lines.put(line.decode(errors="replace").rstrip("\r\n"))
        self._ended.set()
        self.lines.put(None)
