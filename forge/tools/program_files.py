"""Programs as files: text, bytecode, or exported by PyTorch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from forge.backends.vm.wire import MAGIC
from forge.files import decoded, read_bytes
from forge.ir.source_text import SourceText
from forge.ir.text import make_context, parse_source
from forge.ir.verifier import verify_module

if TYPE_CHECKING:
    from forge.importer import ImportedProgram

TEXT, BYTECODE, EXPORTED = ".mlir", ".forge", ".pt2"
SUFFIXES = (TEXT, BYTECODE)


@dataclass(frozen=True)
class Chunk:
    """A program that was read.

    Attributes:
        parse: makes a module of it, which is not verified yet; raises `ForgeError` for what is
            none.
        source: its text; `None` if it is none.
    """

    parse: Callable[[], ModuleOp]
    source: SourceText | None = None

    def module(self) -> ModuleOp:
        """The program, parsed and verified.

        Raises:
            ForgeError: it is not valid.
        """
        module = self.parse()
        verify_module(module, self.source)
        return module


def chunk_of(
    content: bytes,
    name: str,
    context: Context,
    *,
    bytecode: bool = False,
    line_offset: int = 0,
    implicit_module: bool = True,
) -> Chunk:
    """The program that bytes are: text, or bytecode, which is known by how it starts.

    Args:
        name: what messages call it.
        context: the dialects to know.
        bytecode: whether it is said to be bytecode, and text is a mistake.
        line_offset: how many lines of the file come before it.
        implicit_module: whether operations outside a module get one around them.

    Raises:
        ForgeError: it is neither.
    """
    if bytecode or content.startswith(MAGIC):
        from forge.backends.vm.bytecode import disassemble

        return Chunk(lambda: disassemble(content, name))
    source = SourceText(decoded(content, name), name, line_offset)
    return Chunk(lambda: parse_source(source, context, implicit_module=implicit_module), source)


def read_chunk(file: str, context: Context) -> Chunk:
    """The program in a file; `-` is stdin.

    Raises:
        ForgeError: the file cannot be read, or holds neither text nor bytecode.
    """
    return chunk_of(read_input(file), file, context, bytecode=Path(file).suffix == BYTECODE)


def read_program(path: Path) -> ModuleOp:
    """Read and verify a program, text or bytecode.

    Raises:
        ForgeError: the file cannot be read, or holds no valid program.
    """
    return read_chunk(str(path), make_context()).module()


def read_input(file: str) -> bytes:
    """What is in a file that the command line names; `-` is stdin.

    Raises:
        ForgeError: it cannot be read.
    """
    return sys.stdin.buffer.read() if file == "-" else read_bytes(Path(file))


def import_exported(path: Path) -> ImportedProgram:
    """The program in a `.pt2` file, and its weights.

    Raises:
        ForgeError: there is no such file, it holds no exported program, or one that Forge cannot
            import.
    """
    from forge.importer import import_program
    from forge.zoo.exported_file import load_exported_file

    exported = load_exported_file(path).exported
    assert exported is not None, "a .pt2 file holds an exported program"
    return import_program(exported)
