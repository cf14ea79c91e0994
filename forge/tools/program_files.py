"""Programs' texts as files."""

from __future__ import annotations

from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.ir.text import parse_module


def read_program(path: Path) -> ModuleOp:
    """Read and verify a program.

    Raises:
        ForgeError: the file cannot be read, or its text is no valid program.
    """
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ForgeError(f"cannot read {path}: {reason}") from error
    return parse_module(text, str(path))
