"""Markdown from what stands in the code: docstrings, tables, programs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence

_SECTION = re.compile(r"^(Args|Options|Returns|Raises|Attributes):$")
_ENTRY = re.compile(r"^ {4}(?! )([\w*]+(?:, [\w*]+)*): (.*)$")


def fence(text: str, language: str = "mlir") -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def code(text: str) -> str:
    """Code within a line, also within a table."""
    mark = "``" if "`" in text else "`"
    return f"{mark}{text}{mark}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown of one line."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def documentation(owner: type | str | None) -> str:
    """A docstring as Markdown, with its sections (`Args:`) as lists and its programs as code."""
    text = owner if isinstance(owner, str) else (owner and owner.__doc__) or ""
    return "\n\n".join(_paragraph(part) for part in inspect.cleandoc(text).split("\n\n"))


def summary(owner: type) -> str:
    """The first sentence of a docstring, or all of its first paragraph."""
    paragraph = inspect.cleandoc(owner.__doc__ or "").partition("\n\n")[0]
    return " ".join(paragraph.split())


def _paragraph(text: str) -> str:
    first, *rest = lines = text.splitlines() or [""]
    if heading := _SECTION.match(first):
        return "\n".join([f"**{heading[1]}**\n", *map(_section_line, rest)])
    if all(line.startswith("    ") for line in lines):
        return fence(inspect.cleandoc(text), "mlir" if "%" in text else "text")
    return text


def _section_line(line: str) -> str:
    if entry := _ENTRY.match(line):
        return f"- {code(entry[1])}: {entry[2]}"
    return f"  {line.strip()}"
