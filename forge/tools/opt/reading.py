"""What `forge-opt` reads: text, bytecode, or an exported program with its weights."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from forge.backends.vm.wire import MAGIC
from forge.errors import ForgeError
from forge.ir.source_text import SourceText
from forge.ir.text import parse_source

if TYPE_CHECKING:
    from forge.weights import WeightStore


@dataclass(frozen=True)
class Chunk:
    """A program that was read.

    Attributes:
        parse: makes a module of it; raises `ForgeError` for what is none.
        source: its text; `None` if it is none.
    """

    parse: Callable[[], ModuleOp]
    source: SourceText | None = None


class Reader:
    """Makes modules of what the command line names.

    Attributes:
        weights: the tensors that the programs name; `None` if there are none.
    """

    def __init__(self, args: Namespace, context: Context, name: str) -> None:
        """Open the file of `--weights`, if there is one; `name` is what messages call the input.

        Raises:
            ForgeError: it cannot be read.
        """
        self._args = args
        self._context = context
        self._name = name
        self.weights: WeightStore | None = None
        if args.weights is not None:
            from forge.weights import SafetensorsWeights

            self.weights = SafetensorsWeights(args.weights)

    def chunk(self, stream: IO[bytes], kind: str, line_offset: int = 0) -> Chunk:
        """Read a stream to its end, and close it; bytecode is known by how it starts.

        Args:
            stream: a program.
            kind: what the file's name, or the user, says that it is.
            line_offset: how many lines of the file come before it.

        Raises:
            ForgeError: it cannot be read, or is no text.
        """
        name = self._name
        with stream:
            if kind == "pt2":
                return Chunk(self._exported_program)
            try:
                content = stream.read()
            except OSError as error:
                raise ForgeError(f"cannot read {name}: {error.strerror}") from error
        # A pipe has no name to tell it by.
        if kind == "forge" or content.startswith(MAGIC):
            from forge.backends.vm.bytecode import disassemble

            return Chunk(lambda: disassemble(content, name))
        source = SourceText(_decoded(content, name), name, line_offset)
        implicit = not self._args.no_implicit_module
        return Chunk(lambda: parse_source(source, self._context, implicit_module=implicit), source)

    def _exported_program(self) -> ModuleOp:
        args = self._args
        if args.input_file is None or args.split_input_file:
            raise ForgeError("an exported program is read whole, from a file with a name")
        if args.weights is not None:
            raise ForgeError("an exported program has its own weights", hint="leave --weights out")

        from forge.importer import import_program
        from forge.zoo.exported_file import load_exported_file

        exported = load_exported_file(Path(args.input_file)).exported
        assert exported is not None, "a .pt2 file holds an exported program"
        imported = import_program(exported)
        self.weights = imported.weights
        return imported.module


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ForgeError(f"{name} is not text: {error}") from error
