"""What `forge-opt` reads: text, bytecode, or an exported program with its weights."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.tools.program_files import Chunk, chunk_of, import_exported

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

    def chunk(self, stream: IO[bytes], kind: str, line_offset: int = 0) -> Chunk:
        """Read a stream to its end, and close it; bytecode is known by how it starts.

        Args:
            stream: a program.
            kind: what the file's name, or the user, says that it is.
            line_offset: how many lines of the file come before it.

        Raises:
            ForgeError: it cannot be read, or is no text.
        """
        with stream:
            if kind == "pt2":
                return Chunk(self._exported_program)
            try:
                content = stream.read()
            except OSError as error:
                raise ForgeError(f"cannot read {self._name}: {error.strerror}") from error
        return chunk_of(
            content,
            self._name,
            self._context,
            bytecode=kind == "forge",
            line_offset=line_offset,
            implicit_module=not self._args.no_implicit_module,
        )

    def _exported_program(self) -> ModuleOp:
        args = self._args
        if args.input_file is None or args.split_input_file:
            raise ForgeError("an exported program is read whole, from a file with a name")
        if args.weights is not None:
            raise ForgeError("an exported program has its own weights", hint="leave --weights out")

        imported = import_exported(Path(args.input_file))
        self.weights = imported.weights
        return imported.module
