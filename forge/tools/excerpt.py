"""The part of a program's text that came from one module of the model."""

from __future__ import annotations

import re

from xdsl.dialects.builtin import ModuleOp

from forge.backends.ports import main_function
from forge.ir.locations import module_paths
from forge.ir.text import print_module


def excerpt(module: ModuleOp, path: str, most: int, width: int) -> str:
    """The lines of operations with a part in a module whose path contains `path`.

    Args:
        module: the program; operations have the locations that the importer gave them.
        path: some parts of a module path, such as `h.0.mlp`.
        most: how many lines to show; the rest is counted.
        width: longer lines go without the types of operands, and are cut.
    """
    ops = list(main_function(module).body.block.ops)
    # An operation without regions is one line, so they are the lines before the closing braces.
    lines = print_module(module).rstrip().splitlines()[-2 - len(ops) : -2]
    wanted = re.compile(rf"(^|\.){re.escape(path)}(\.|$)")
    shown = [
        line.strip()
        for op, line in zip(ops, lines, strict=True)
        if any(wanted.search(name) for name in module_paths(op.location))
    ]
    rest = len(shown) - most
    fitting = [_fit(line, width) for line in shown[:most]]
    return "\n".join(fitting + ([f"… {rest} more lines"] if rest > 0 else []))


def _fit(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    # The types of operands stand where these are defined.
    shorter = re.sub(r" : \(.*\) -> ", " : (…) -> ", line)
    return shorter if len(shorter) <= width else f"{shorter[: width - 1]}…"
