"""OpenVINO's IR as a target of `forge-opt` and `xdsl-opt`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from forge.errors import ForgeError
from forge.weights import ModuleWeights, SafetensorsWeights, WeightStore, weight_uses


@dataclass(frozen=True)
class OpenVINOTarget(Target):
    """Write a program at level `reg` as OpenVINO's IR: a `.xml` file, and a `.bin` beside it.

    `forge-opt -t openvino -o model.xml --weights model.safetensors`, or in any tool of xDSL
    `-t 'openvino{file="model.xml" weights="model.safetensors"}'`. Nothing goes to stdout.

    Attributes:
        file: the `.xml` file.
        weights: the safetensors file with the program's weights, if it has some.
    """

    name = "openvino"

    file: str = ""
    weights: str = ""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        """Write the files.

        Raises:
            ForgeError: the program is not one OpenVINO model, a weight is missing, or a file
                cannot be read or written.
        """
        self.write(module, SafetensorsWeights(self.weights) if self.weights else None)

    def write(self, module: ModuleOp, weights: WeightStore | None) -> None:
        """Write the files, with weights from a store."""
        if not self.file:
            raise ForgeError("OpenVINO's IR is two files, so it needs a name", hint="-o model.xml")
        path = Path(self.file)
        if path.suffix != ".xml":
            raise ForgeError(f"OpenVINO's IR is a .xml file and a .bin beside it, not {path.name}")
        store = weights if weights is not None else _no_weights(module)

        from forge.backends.openvino.backend import write_openvino_ir

        write_openvino_ir(module, store, path)


def _no_weights(module: ModuleOp) -> WeightStore:
    for op, name, _ in weight_uses(module):
        raise ForgeError(
            f"the program uses weight {name!r}, and no weights are given",
            op=op,
            hint="--weights model.safetensors",
        )
    return ModuleWeights({})
