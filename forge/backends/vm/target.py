"""Bytecode as a target of `forge-opt` and `xdsl-opt`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from forge.backends.vm.bytecode import assemble
from forge.errors import ForgeError
from forge.files import write_bytes


@dataclass(frozen=True)
class BytecodeTarget(Target):
    """Write a program at level `reg` as bytecode.

    `forge-opt -t bytecode -o program.forge`, or in any tool of xDSL
    `-t 'bytecode{file="program.forge"}'`: their stdout is for text.

    Attributes:
        file: where to write it.
    """

    name = "bytecode"

    file: str = ""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        """Write the file.

        Raises:
            ForgeError: the program is not at level `reg`, or the file cannot be written.
        """
        if not self.file:
            raise ForgeError(
                "bytecode is no text, so it needs a file", hint="-t 'bytecode{file=\"x.forge\"}'"
            )
        write_bytes(Path(self.file), assemble(module))
