"""The messages of Forge's errors, read from the code that raises them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from scripts.docs_site.lit_programs import ROOT
from scripts.docs_site.markdown import code, table

_RAISED = ("ForgeError", "Rejection", "ShapeError", "VerifyException")
"""What reaches a person: the last two become a `ForgeError` that names the operation."""
_AREAS = {
    "importer": "Importing a model",
    "ir": "Reading and verifying text",
    "dialects": "Operations and their types",
    "rewriting": "Passes",
    "passes": "Passes",
    "lowering": "Lowering to registers",
    "targets": "Targets",
    "scheduling": "Devices, order and memory",
    "allocation": "Devices, order and memory",
    "analysis": "Devices, order and memory",
    "weights": "Weights",
    "interpreters": "Running text",
    "backends": "Backends",
    "tuning": "Tuning",
    "zoo": "Finding a model",
    "reducing": "The command line",
    "tools": "The command line",
}


class Message(NamedTuple):
    """An error that the code may raise; `…` stands for what differs."""

    area: str
    text: str
    hint: str


def messages() -> list[Message]:
    """All messages, without the same one twice."""
    found: dict[Message, None] = {}
    for file in sorted((ROOT / "forge").rglob("*.py")):
        package = file.relative_to(ROOT / "forge").parts[0]
        area = _AREAS.get(package, "Compiling, saving and loading")
        found.update(dict.fromkeys(_messages_of(file, area)))
    return list(found)


def _messages_of(file: Path, area: str) -> Iterator[Message]:
    tree = ast.parse(file.read_text())
    own = [node for node in tree.body if isinstance(node, ast.ClassDef) and _is_error(node)]
    calls = list(_calls(tree, {*_RAISED, *(node.name for node in own)}))
    # What an error of its own says before what it is given.
    calls += [call for node in own for call in _calls(node, {"__init__"})]
    for call in calls:
        hints = [keyword.value for keyword in call.keywords if keyword.arg == "hint"]
        text = _template(call.args[0])
        if text.strip("… :\n"):
            yield Message(area, text, _template(hints[0]).strip("…") if hints else "")


def _is_error(node: ast.ClassDef) -> bool:
    return any(_name(base) in _RAISED for base in node.bases)


def _calls(tree: ast.AST, names: Collection[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in names:
            yield node


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _template(node: ast.expr) -> str:
    """The text of a string, with `…` for what is put into it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_template(value) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _template(node.left) + _template(node.right)
    return "…"


def message_tables() -> str:
    """The messages as Markdown, by where they come from."""
    by_area: Mapping[str, list[Message]] = defaultdict(list)
    for message in messages():
        by_area[message.area].append(message)
    parts: list[str] = []
    for area, found in by_area.items():
        rows = sorted((_cell(message.text), _cell(message.hint)) for message in found)
        parts += [f"### {area}", table(["message", "hint"], rows)]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return code(" ".join(text.split())) if text.strip() else ""
