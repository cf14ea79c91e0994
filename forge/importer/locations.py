"""Where a graph node comes from: its name, its module, the line of the model's source."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from torch.fx import Node
from xdsl.dialects.builtin import NameLoc

from forge.errors import ForgeError
from forge.ir.locations import make_location

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_PACKAGES = "site-packages/"
_TRACERS = str(Path(__file__).parent)
"""Where those of our own files are that a trace goes through."""
_DYNAMOS_ROOT = re.compile(r"[LG]\['\w+'\]\.?")
"""How Dynamo writes the outermost module: the variable that holds it."""
ORIGIN = "forge_origin"
"""The metadata entry of a decomposition's nodes: the node that was decomposed."""


def origin_of(node: Node) -> Node:
    """The node of the exported program that a node comes from: mostly itself."""
    return node.meta.get(ORIGIN, node)


def node_location(node: Node) -> NameLoc:
    """The location of what a node computes."""
    node = origin_of(node)
    file, line = source_line(node.meta.get("stack_trace") or "")
    return make_location(node.name, module_path(node), file, line)


def module_path(node: Node) -> str:
    """The path of the module whose `forward` made the node; empty for the outermost one."""
    stack: dict[str, Any] = node.meta.get("nn_module_stack") or {}
    for path, _ in reversed(stack.values()):
        return _DYNAMOS_ROOT.sub("", path, count=1)
    return ""


@lru_cache(maxsize=4096)
def source_line(stack_trace: str) -> tuple[str | None, int]:
    """The innermost line of a stack trace that is not PyTorch's own; `None, 0` if there is none."""
    frames = [f for f in _FRAME.findall(stack_trace) if not f[0].startswith(_TRACERS)]
    for file, line in reversed(frames):
        if not is_torch(file):
            return short_path(file), int(line)
    return (short_path(frames[-1][0]), int(frames[-1][1])) if frames else (None, 0)


def is_torch(file: str) -> bool:
    """Whether a source file belongs to PyTorch itself, or to what traces with it."""
    if file.startswith(_TRACERS):
        return True
    return file.rpartition(_PACKAGES)[2].startswith("torch/") or file.startswith("<")


def short_path(file: str) -> str:
    """A file's path without what differs between machines."""
    if _PACKAGES in file:
        return file.rpartition(_PACKAGES)[2]
    path = Path(file)
    if path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return path.name if path.is_absolute() else file


def refuse(node: Node, message: str, hint: str | None = None) -> NoReturn:
    """Raise a `ForgeError` that points at the source of a node."""
    raise ForgeError(message, location=node_location(node), hint=hint)
