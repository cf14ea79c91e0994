"""What the NPU compiler has said before, on disk: the same model always gets the same answer."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from forge.backends.npu.schedule import Schedule

_FORMAT = 5
MAX_BYTES = 8 << 30
"""What results may take on disk; those that have not been asked for longest go first."""


@dataclass(frozen=True)
class Refusal:
    """What the compiler says against a model, and what it printed meanwhile."""

    message: str
    log: Sequence[str]


@dataclass(frozen=True)
class Compiled:
    """A model that the compiler took; the blob where it was kept.

    Attributes:
        strategies: how it splits its layers, as it writes that; empty if nobody asked.
    """

    schedule: Schedule
    blob: bytes | None
    strategies: bytes = b""


class ResultCache:
    """Results by key, each in files that appear when they are complete.

    Args:
        folder: where they are; any number of processes may share it.
        max_bytes: what they may take.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    @staticmethod
    def key(
        model: str, properties: Mapping[str, str], openvino_version: str, strategies: str = ""
    ) -> str:
        """What identifies a result: the model's digest, and all else that it depends on."""
        parts = [_FORMAT, model, sorted(properties.items()), openvino_version]
        if strategies:
            parts.append(strategies)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def find(self, key: str, with_blob: bool) -> Compiled | Refusal | None:
        """What is known; `None` if that is nothing, or lacks the blob that is wanted."""
        files = {suffix: self._folder / f"{key}{suffix}" for suffix in (".json", ".trace.gz")}
        try:
            content = json.loads(files[".json"].read_bytes())
            if "message" in content:
                return Refusal(content["message"], tuple(content["log"]))
            blob_file = self._folder / f"{key}.blob"
            blob = blob_file.read_bytes() if with_blob else None
            strategies_file = self._folder / f"{key}.strategies"
            strategies = strategies_file.read_bytes() if strategies_file.exists() else b""
            schedule = Schedule.from_json(content, files[".trace.gz"].read_bytes())
            os.utime(files[".json"])
        except (OSError, ValueError, KeyError, TypeError):
            # Missing, or of another time: it is computed again.
            return None
        return Compiled(schedule, blob, strategies)

    def store(self, key: str, result: Compiled | Refusal) -> None:
        """Keep a result; a disk that is full or read-only keeps nothing."""
        if isinstance(result, Refusal):
            content: dict[str, Any] = asdict(result)
        else:
            content = result.schedule.to_json()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if isinstance(result, Compiled):
                if result.blob is not None:
                    self._write(f"{key}.blob", result.blob)
                if result.strategies:
                    self._write(f"{key}.strategies", result.strategies)
                self._write(f"{key}.trace.gz", result.schedule.trace)
            # Last, since it says that the result is there.
            self._write(f"{key}.json", json.dumps(content).encode())
            self._make_room()
        except OSError:
            return

    def _write(self, name: str, content: bytes) -> None:
        partial = self._folder / f".{uuid4().hex}.partial"
        try:
            partial.write_bytes(content)
            partial.replace(self._folder / name)
        finally:
            partial.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Remove whole results, the oldest first, until the rest is small enough."""
        files = {path: path.stat() for path in self._folder.iterdir() if path.suffix != ".partial"}
        excess = sum(status.st_size for status in files.values()) - self._max_bytes
        if excess <= 0:
            return
        newest: dict[str, float] = {}
        for path, status in files.items():
            key = path.name.partition(".")[0]
            newest[key] = max(newest.get(key, 0.0), status.st_mtime)
        for path in sorted(files, key=lambda path: (newest[path.name.partition(".")[0]], path)):
            if excess <= 0:
                return
            excess -= files[path].st_size
            path.unlink(missing_ok=True)
