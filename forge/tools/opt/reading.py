"""What `forge-opt` reads: text, bytecode, or an exported program with its weights."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from forge.backends.vm.wire import MAGIC
from forge.errors import ForgeError
from forge.ir.text import parse_unverified

if TYPE_CHECKING:
    from forge.weights import WeightStore


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

    def program(
        self, stream: IO[bytes], line_offset: int = 0, *, bytecode: bool = False
    ) -> ModuleOp:
        """Read text, or bytecode, which is known by how it starts.

        Args:
            stream: read to its end, and closed.
            line_offset: how many lines of the file come before it.
            bytecode: it must be bytecode.

        Raises:
            ForgeError: it cannot be read, or means nothing.
        """
        name = self._name
        with stream:
            try:
                content = stream.read()
            except OSError as error:
                raise ForgeError(f"cannot read {name}: {error.strerror}") from error
        # A pipe has no name to tell it by.
        if bytecode or content.startswith(MAGIC):
            from forge.backends.vm.bytecode import disassemble

            return disassemble(content, name)
        return parse_unverified(
            _decoded(content, name),
            name,
            self._context,
            implicit_module=not self._args.no_implicit_module,
            line_offset=line_offset,
        )

    def exported_program(self, stream: IO[bytes]) -> ModuleOp:
        """Import a `.pt2` file; its weights become those of the run.

        Raises:
            ForgeError: it cannot be imported, or options contradict it.
        """
        stream.close()
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
