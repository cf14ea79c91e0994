"""A backend: `forge.compile(model, args, device="reference")`.

It runs a program instruction by instruction with Forge's reference interpreter, which is slow and
right. A backend for a device has the same two methods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from forge import ForgeError
from forge.backends.memory import Array, array_to_tensor, tensor_to_array
from forge.backends.ports import input_ports, main_function
from forge.interpreters import run
from forge.weights import WeightStore


class ReferenceBackend:
    """Compiles nothing: it keeps the program."""

    lowering = "fuse-soft-cap,convert-to-reg{device=cpu}"
    """Our own operation is recognised before it is lowered."""

    def compile(
        self, module: ModuleOp, weights: WeightStore, precision: str, config: Mapping[str, Any]
    ) -> ReferenceProgram:
        if precision != "f32":
            raise ForgeError(f"the reference has no precision {precision!r}")
        if config:
            raise ForgeError(f"the reference has no property {next(iter(config))!r}")
        return ReferenceProgram(module, weights)


@dataclass(frozen=True)
class ReferenceProgram:
    """A program, and its weights."""

    module: ModuleOp
    weights: WeightStore

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        ports = input_ports(main_function(self.module))
        tensors = [
            array_to_tensor(array, port.type.dtype)
            for array, port in zip(inputs, ports, strict=True)
        ]
        return [tensor_to_array(tensor) for tensor in run(self.module, self.weights, tensors)]
