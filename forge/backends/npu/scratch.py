"""A folder for what processes exchange, which does not long outlive one that is killed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO

_PREFIX = "forge-npu-"
_LOCK = "lock"


class ScratchFolder:
    """A new folder among the system's temporary ones; models in it may have gigabytes.

    A process that is killed cannot remove its own, so the next one does: the folder of a living
    process has a file that is locked.

    Attributes:
        path: the folder.
    """

    def __init__(self) -> None:
        _remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Under its name only when it is locked: nobody may take it for abandoned in between.
        unnamed = self.path / f"{_LOCK}.new"
        if (lock := _locked(unnamed, "x")) is not None:
            unnamed.rename(self.path / _LOCK)
        self._lock = lock

    def close(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # One that has no such file yet is being made.
        if (lock := _locked(folder / _LOCK, "r+")) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            lock.close()


def _locked(path: Path, mode: str) -> IO[str] | None:
    """Open and lock a file; `None` where it is not there, is locked, or locks do not exist."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        file = path.open(mode)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
