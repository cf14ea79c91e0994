"""Walk-throughs are true: their files are written, commands run, and what these print compared."""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = ("tutorial.md", "debugging.md", "extending.md")
# What may stand there without being a file: commands, and what shows something to look at.
KINDS = {"console", "text", "toml"}
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


@pytest.mark.parametrize("page", PAGES)
def test_every_command_prints_what_the_page_says(tmp_path: Path, page: str) -> None:
    checker = doctest.OutputChecker()
    ran = 0
    for block in BLOCK.finditer((DOCS / page).read_text()):
        if block["file"] is not None:
            (tmp_path / block["file"]).write_text(block["text"])
        elif block["kind"] == "console":
            for command in commands(block["text"]):
                printed = run(command.line, tmp_path)
                same = checker.check_output(command.expected, printed, doctest.ELLIPSIS)
                assert same, f"$ {command.line}\n{printed}\nbut the page says\n{command.expected}"
                ran += 1
    assert ran > 3


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_a_file_or_commands(page: str) -> None:
    text = (DOCS / page).read_text()
    blocks = list(BLOCK.finditer(text))
    assert {block["kind"] for block in blocks if block["file"] is None} <= KINDS
    assert len(blocks) == text.count("\n```") / 2


@pytest.mark.parametrize("wrong", ["10 operations → 9", "no such line"])
def test_a_wrong_line_would_be_found(wrong: str) -> None:
    assert not doctest.OutputChecker().check_output(
        f"fuse-mish: {wrong}\n", "fuse-mish: 10 operations → 8\n", doctest.ELLIPSIS
    )
