"""The tools inside the test's process, where that is the same; a process costs its start-up."""

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from forge.tools.cli import forge
from forge.tools.forge_opt import forge_opt


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Tool = Callable[..., Outcome]


@pytest.fixture
def opt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tool:
    """`opt("-p", "simplify", text="func.func …")` runs forge-opt; `text` is its stdin."""

    def run(*args: str | Path, text: str | bytes = "") -> Outcome:
        content = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return outcome(forge_opt, args, capsys)

    return run


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tool:
    """`cli("run", "model.mlir")` runs forge, with tables as wide as in a file."""
    # pytest-xdist sets it.
    monkeypatch.delenv("COLUMNS", raising=False)
    return lambda *args: outcome(forge, args, capsys)


def outcome(
    tool: Callable[[list[str]], int], args: Sequence[object], capsys: pytest.CaptureFixture[str]
) -> Outcome:
    capsys.readouterr()
    code = tool([str(arg) for arg in args])
    captured = capsys.readouterr()
    return Outcome(code, captured.out, captured.err)
