"""How much memory this process takes."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_memory() -> int | None:
    """The most bytes that were resident at once; `None` where the system does not say."""
    # Not `getrusage`, whose answer on Linux includes the process that started this one.
    if (peak := _status("VmHWM")) is not None:
        return peak
    if sys.platform == "darwin":
        from resource import RUSAGE_SELF, getrusage

        return getrusage(RUSAGE_SELF).ru_maxrss
    return None


def resident_memory() -> int | None:
    """The bytes that are resident now; `None` where the system does not say."""
    return _status("VmRSS")


def _status(name: str) -> int | None:
    if not _STATUS.exists():
        return None
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return None
