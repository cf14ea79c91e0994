"""Forge takes PyTorch transformers to OpenVINO through dialects that are readable as text.

    program = forge.compile(model, (ids,))
    logits = program(ids)
    print(program.report)
    program.save("out"); forge.load("out")

Importing `forge` imports neither torch nor OpenVINO: each name below is loaded when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forge.compiler import compile, default_pipeline
    from forge.errors import ForgeError
    from forge.importer import capture
    from forge.program import Program
    from forge.report import CompilationReport
    from forge.saved_program import load

__all__ = [
    "CompilationReport",
    "ForgeError",
    "Program",
    "capture",
    "compile",
    "default_pipeline",
    "load",
]

_HOMES = {
    "CompilationReport": "forge.report",
    "ForgeError": "forge.errors",
    "Program": "forge.program",
    "capture": "forge.importer",
    "compile": "forge.compiler",
    "default_pipeline": "forge.compiler",
    "load": "forge.saved_program",
}


def __getattr__(name: str) -> Any:
    if (home := _HOMES.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
