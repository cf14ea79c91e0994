"""The tutorial is true: its files are written, its commands run, and what they print compared."""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).resolve().parents[1] / "docs" / "tutorial.md"
# A file has its name in the line above it.
BLOCK = re.compile(r"(?:^`(?P<file>[\w.]+)`:\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Command:
    line: str
    expected: str


def commands(text: str) -> Iterator[Command]:
    for command in re.split(r"^\$ ", text, flags=re.M)[1:]:
        line, _, expected = command.partition("\n")
        yield Command(line, expected)


def run(command: str, folder: Path) -> str:
    """What a command prints, on stdout and stderr."""
    tools = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join([tools, os.environ["PATH"]]),
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    ).stdout


def test_the_tutorial_is_true(tmp_path: Path) -> None:
    checker = doctest.OutputChecker()
    ran = 0
    for block in BLOCK.finditer(TUTORIAL.read_text()):
        if block["file"] is not None:
            (tmp_path / block["file"]).write_text(block["text"])
        elif block["kind"] == "console":
            for command in commands(block["text"]):
                printed = run(command.line, tmp_path)
                same = checker.check_output(command.expected, printed, doctest.ELLIPSIS)
                assert same, (
                    f"$ {command.line}\n{printed}\nbut the tutorial says\n{command.expected}"
                )
                ran += 1
    assert ran > 5


def test_every_block_is_a_file_or_commands() -> None:
    blocks = list(BLOCK.finditer(TUTORIAL.read_text()))
    assert {block["kind"] for block in blocks if block["file"] is None} <= {"console", "toml"}
    assert len(blocks) == TUTORIAL.read_text().count("\n```") / 2


@pytest.mark.parametrize("wrong", ["10 operations → 9", "no such line"])
def test_a_wrong_line_would_be_found(wrong: str) -> None:
    assert not doctest.OutputChecker().check_output(
        f"fuse-mish: {wrong}\n", "fuse-mish: 10 operations → 8\n", doctest.ELLIPSIS
    )
