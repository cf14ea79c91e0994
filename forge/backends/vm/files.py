"""Bytecode as files."""

from __future__ import annotations

import os
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from forge.backends.vm.bytecode import disassemble
from forge.errors import ForgeError

SUFFIX = ".forge"


def write_bytecode(content: bytes, path: Path) -> None:
    """Write bytecode to a file, which appears under its name when it is complete.

    Raises:
        ForgeError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe, such as /dev/null, stays what it is.
            path.write_bytes(content)
            return
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise ForgeError(f"cannot write {path}: {error.strerror}") from error


def read_bytecode(path: Path) -> ModuleOp:
    """Read and verify the program in a file.

    Raises:
        ForgeError: the file cannot be read, or `disassemble` refuses what it holds.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ForgeError(f"cannot read {path}: {error.strerror}") from error
    return disassemble(content, str(path))
