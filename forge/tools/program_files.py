"""Programs as files: text, or bytecode."""

from __future__ import annotations

from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from forge.backends.vm.wire import MAGIC
from forge.errors import ForgeError
from forge.ir.text import parse_module

SUFFIXES = (".mlir", ".forge")


def read_program(path: Path) -> ModuleOp:
    """Read and verify a program, whichever of the two it is.

    Raises:
        ForgeError: the file cannot be read, or holds no valid program.
    """
    content = read_content(path)
    if path.suffix == ".forge" or content.startswith(MAGIC):
        from forge.backends.vm.bytecode import disassemble

        return disassemble(content, str(path))
    try:
        return parse_module(content.decode(), str(path))
    except UnicodeDecodeError as error:
        raise ForgeError(f"cannot read {path}: it is not text") from error


def read_content(path: Path) -> bytes:
    """What is in a file.

    Raises:
        ForgeError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ForgeError(f"cannot read {path}: {error.strerror}") from error
