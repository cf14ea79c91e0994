"""Backends of other packages: what `forge.compile(…, device="name")` finds by its entry point.

    [project.entry-points."forge.backends"]
    tally = "tally.backend:TallyBackend"

`TallyBackend()` is a `Backend`. It is imported when its name is asked for, and never otherwise;
OpenVINO's own names (`CPU`, `NPU`, `AUTO:…`) and `host` are not looked up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol, runtime_checkable

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from forge.backends.memory import Array
from forge.backends.ports import Port, input_ports, main_function, output_ports
from forge.backends.vm.frame import FrameLayout
from forge.entry_points import broken, entry_points_of, use
from forge.errors import ForgeError
from forge.foreign_failures import reporting_foreign_failures
from forge.ir.tensors import numpy_dtype
from forge.weights import WeightStore

GROUP = "forge.backends"
"""The group of entry points."""
_OPENVINOS = ("AUTO", "BATCH", "CPU", "GPU", "HETERO", "HOST", "MULTI", "NPU")


class RunnableProgram(Protocol):
    """A program that a backend has compiled; threads may call it at the same time."""

    def run(self, inputs: Sequence[Array]) -> Sequence[Array]:
        """Compute an array for each output; bf16 is its bits in uint16."""
        ...


@runtime_checkable
class Backend(Protocol):
    """What compiles programs for a device.

    Attributes:
        lowering: the passes that follow the fusions, as `forge-opt -p` takes them. They leave a
            program at level `reg`, in whatever instructions the backend knows.
    """

    @property
    def lowering(self) -> str: ...

    def compile(
        self, module: ModuleOp, weights: WeightStore, precision: str, config: Mapping[str, Any]
    ) -> RunnableProgram:
        """Compile a program.

        Args:
            module: the program, verified; its function `@main` is what runs. It stays as it is.
            weights: the tensors that it names; they may be used in place.
            precision: what the user asked for; `f32` if nothing.
            config: what else the user asked for, by name.

        Raises:
            ForgeError: the program, the precision or the configuration is not what it takes.
        """
        ...


@dataclass(frozen=True)
class Extension:
    """A backend, and the name that users call it by."""

    name: str
    backend: Backend

    def compile(
        self, module: ModuleOp, weights: WeightStore, precision: str, config: Mapping[str, Any]
    ) -> ExtensionProgram:
        """Compile a program, whose outputs are checked whenever it runs.

        Raises:
            ForgeError: the backend refuses it, or fails.
        """
        function = main_function(module)
        inputs, outputs = input_ports(function), output_ports(function)
        with reporting_foreign_failures("backend", self.name):
            program = self.backend.compile(module, weights, precision, config)
        if not callable(getattr(program, "run", None)):
            raise ForgeError(f"the backend {self.name} compiled it to something that cannot run")
        return ExtensionProgram(self.name, program, inputs, outputs)


@dataclass(frozen=True)
class ExtensionProgram:
    """A program of another package's, as Forge runs programs."""

    name: str
    program: RunnableProgram
    inputs: Sequence[Port]
    outputs: Sequence[Port]

    @property
    def layout(self) -> FrameLayout:
        """The memory that it has of Forge: none."""
        return FrameLayout()

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """Run it.

        Raises:
            ForgeError: it fails, or gives something else than it should.
        """
        with reporting_foreign_failures("backend", self.name):
            results = [np.asarray(result) for result in self.program.run(inputs)]
        actual = [(result.shape, result.dtype) for result in results]
        expected = [(port.type.shape, numpy_dtype(port.type.dtype)) for port in self.outputs]
        if actual != expected:
            shown = "; ".join(f"{dtype}{list(shape)}" for shape, dtype in actual)
            wanted = "; ".join(f"{dtype}{list(shape)}" for shape, dtype in expected)
            raise ForgeError(f"the backend {self.name} gave {shown or 'nothing'} for {wanted}")
        return results


@dataclass(frozen=True)
class NoSaver:
    """In the place of what saves a program, where nothing can."""

    name: str

    def save(self, directory: Path, buffers: Mapping[str, Array]) -> NoReturn:
        """Refuse.

        Raises:
            ForgeError: always.
        """
        raise ForgeError(
            f"programs of the backend {self.name} cannot be saved",
            hint="save the program's text, and compile it again: forge.compile(path, device=…)",
        )


def find_extension(device: str) -> Extension | None:
    """The backend of another package that a device's name means; `None` if it means none.

    Raises:
        ForgeError: the backend is broken; the message names the package.
    """
    name = device.strip().lower()
    if name.partition(":")[0].partition(".")[0].upper() in _OPENVINOS:
        return None
    found = [point for point in entry_points_of(GROUP) if point.name.lower() == name]
    if not found:
        return None
    if len(found) > 1:
        raise broken(found[1], f"{found[0].value} has the same name")
    backend = use(found[0], lambda: found[0].load()())
    if not isinstance(backend, Backend):
        raise broken(found[0], "it is no forge.backends.extension.Backend")
    return Extension(name, backend)
