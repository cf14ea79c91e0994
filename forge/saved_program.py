"""Programs as directories: OpenVINO's IR or bytecode, and a manifest that says how to call it.

    out/manifest.json         inputs, outputs, their nested structure, device, precision, versions
    out/buffers.npz           the state of a program that keeps some

A program that OpenVINO runs is its IR; loading it imports no torch.

    out/model_0.xml           OpenVINO's IR of each segment
    out/model_0.bin           its weights

One with kernels of PyTorch is bytecode. Loading it maps the weights into memory, and imports no
OpenVINO if the program runs on the host alone.

    out/program.forge         the program at level `reg`
    out/weights.safetensors   the weights that it uses

Either may have blobs for an NPU beside it, which `forge.saved_blobs` describes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from forge.backends.memory import Array
from forge.backends.openvino import bindings
from forge.backends.openvino.backend import (
    CompiledProgram,
    ModelStep,
    TranslatedProgram,
    compile_program,
    translate_program,
)
from forge.backends.openvino.devices import (
    HOST,
    default_precision,
    is_npu,
    register_device,
    resolve_device,
)
from forge.backends.openvino.files import read_ir
from forge.backends.ports import Port
from forge.backends.vm.bytecode import assemble, disassemble
from forge.errors import ForgeError
from forge.files import read_bytes
from forge.ir.tensors import ELEMENT_TYPES, Shaped, numpy_dtype
from forge.program import Program
from forge.report import CompilationReport
from forge.saved_blobs import SavedBlobs, check_size, write_blobs
from forge.structure import CallStructure, Structure
from forge.weights import SafetensorsWeights, WeightStore, save_weights, weight_uses

if TYPE_CHECKING:
    from forge.backends.npu import CompiledBlob

MANIFEST = "manifest.json"
BUFFERS = "buffers.npz"
BYTECODE = "program.forge"
WEIGHTS = "weights.safetensors"
FORMAT = 3
"""The version of the manifest; a reader refuses those that it does not know."""

JSON = dict[str, Any]


@dataclass(frozen=True)
class Saver:
    """What it takes to write a compiled program.

    Attributes:
        module: the program, if it has kernels of PyTorch; `None` if OpenVINO's IR is all of it.
        blobs: what an NPU runs of it, by the positions of their models.
    """

    module: ModuleOp | None
    weights: WeightStore
    program: TranslatedProgram
    call: CallStructure
    result: Structure
    device: str
    precision: str
    config: Mapping[str, Any]
    report: CompilationReport
    blobs: Mapping[int, CompiledBlob]

    def save(self, directory: Path, buffers: Mapping[str, Array]) -> None:
        """Write the program to a directory.

        Raises:
            ForgeError: the directory cannot be written.
        """
        check_replaceable(directory)
        partial = directory.with_name(f".{directory.name}.{os.getpid()}.partial")
        try:
            partial.mkdir(parents=True)
            try:
                self._write(partial, buffers)
                _put_in_place(partial, directory)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
        except OSError as error:
            raise ForgeError(f"cannot write {directory}: {error.strerror or error}") from error
        except RuntimeError as error:
            raise ForgeError(f"cannot write {directory}: {bindings.reason(error)}") from error

    def _write(self, directory: Path, buffers: Mapping[str, Array]) -> None:
        if self.module is None:
            program = self._write_ir(directory)
        else:
            program = self._write_bytecode(directory, self.module)
        if buffers:
            np.savez(directory / BUFFERS, **cast("dict[str, Any]", dict(buffers)))
        manifest = self._manifest(program) | {"npu": write_blobs(directory, self.blobs)}
        text = json.dumps(manifest, indent=2, default=str)
        (directory / MANIFEST).write_text(text + "\n")

    def _write_ir(self, directory: Path) -> JSON:
        steps: list[JSON] = []
        for index, step in enumerate(self.program.models):
            path = directory / f"model_{index}.xml"
            bindings.write_model(step.model, path)
            steps.append(_step_to_json(step, path))
        return {
            "slots": self.program.slots,
            "results": list(self.program.results),
            "instructions": self.program.instructions,
            "steps": steps,
        }

    def _write_bytecode(self, directory: Path, module: ModuleOp) -> JSON:
        (directory / BYTECODE).write_bytes(assemble(module))
        names = [name for _, name, _ in weight_uses(module)]
        save_weights(self.weights, directory / WEIGHTS, names)
        return {"bytes": _sizes(directory, BYTECODE, WEIGHTS)}

    def _manifest(self, program: JSON) -> JSON:
        return {
            "format": FORMAT,
            "device": self.device,
            "precision": self.precision,
            "config": dict(self.config),
            "inputs": [_port_to_json(port) for port in self.program.inputs],
            "outputs": [_port_to_json(port) for port in self.program.outputs],
            "call": self.call.to_json(),
            "result": self.result.to_json(),
            "program": program,
            "report": self.report.to_json(),
        }


def check_replaceable(directory: Path) -> None:
    """Refuse a directory that is neither a saved program nor empty.

    Raises:
        ForgeError: it is not, or it is a file.
    """
    if not directory.exists():
        return
    if not directory.is_dir():
        raise ForgeError(f"cannot write {directory}: it is a file")
    if any(directory.iterdir()) and not (directory / MANIFEST).is_file():
        raise ForgeError(
            f"{directory} holds something else than a saved program", hint="name a new directory"
        )


def _put_in_place(partial: Path, directory: Path) -> None:
    if not directory.exists():
        partial.rename(directory)
        return
    old = partial.with_suffix(".old")
    directory.rename(old)
    partial.rename(directory)
    shutil.rmtree(old)


# -- loading -------------------------------------------------------------------------------


def load(directory: str | Path, device: str | None = None) -> Program:
    """Load a saved program; it takes and gives numpy arrays, or torch tensors if given some.

    Args:
        directory: what `Program.save` wrote.
        device: where to run it; where it ran before by default.

    Raises:
        ForgeError: the directory is no saved program, a file is missing or damaged, or there is
            no such device.
    """
    directory = Path(directory)
    manifest = _read_manifest(directory)
    try:
        saved = _SavedProgram.from_json(manifest, directory)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(directory / MANIFEST, f"{type(error).__name__} {error}") from error
    return saved.compile(device)


def read_report(directory: Path) -> CompilationReport:
    """How a saved program was compiled; its device need not be here.

    Raises:
        ForgeError: the directory is no saved program, or its manifest is damaged.
    """
    manifest = _read_manifest(directory)
    try:
        return CompilationReport.from_json(manifest["report"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(directory / MANIFEST, f"{type(error).__name__} {error}") from error


def _read_manifest(directory: Path) -> JSON:
    path = directory / MANIFEST
    if not path.is_file():
        raise ForgeError(
            f"{directory} is not a saved program: it has no {MANIFEST}",
            hint="program.save(directory) writes one",
        )
    content = read_bytes(path)
    try:
        manifest: object = json.loads(content)
    except ValueError as error:
        raise _damaged(path, "it is not JSON") from error
    if not isinstance(manifest, dict):
        raise _damaged(path, "it is not a table")
    fields = cast(JSON, manifest)
    if fields.get("format") != FORMAT:
        raise ForgeError(
            f"{path} has format {fields.get('format')!r}; this version of Forge reads {FORMAT}"
        )
    return fields


def _damaged(path: Path, reason: str) -> ForgeError:
    return ForgeError(f"{path} is damaged: {reason}", hint="save the program again")


@dataclass(frozen=True)
class _SavedProgram:
    program: TranslatedProgram
    call: CallStructure
    result: Structure
    device: str
    precision: str
    config: Mapping[str, Any]
    report: CompilationReport
    buffers: Mapping[str, Array]
    blobs: SavedBlobs | None

    @classmethod
    def from_json(cls, manifest: JSON, directory: Path) -> _SavedProgram:
        inputs = [_port_from_json(port) for port in manifest["inputs"]]
        outputs = [_port_from_json(port) for port in manifest["outputs"]]
        fields = manifest["program"]
        if "steps" in fields:
            program = _program_of_ir(fields, inputs, outputs, directory)
        else:
            program = _program_of_bytecode(fields, inputs, outputs, directory)
        return cls(
            program=program,
            call=CallStructure.from_json(manifest["call"]),
            result=Structure.from_json(manifest["result"]),
            device=str(manifest["device"]),
            precision=str(manifest["precision"]),
            config=dict(manifest["config"]),
            report=CompilationReport.from_json(manifest["report"]),
            buffers=_read_buffers(directory, inputs),
            blobs=SavedBlobs.from_json(manifest["npu"], directory),
        )

    def compile(self, device: str | None) -> Program:
        if self.blobs is not None and self.blobs.are_for(device):
            compiled = self.blobs.bring_to_device(self.program, self.precision, self.config)
            return self._program(self.program, compiled, self.blobs)
        if device is None:
            compiled = compile_program(self.program, self.device, self.precision, self.config)
            return self._program(self.program, compiled)
        self._check_device(device)
        # Registers that were on the saved device are on this one now.
        before, after = register_device(self.device), register_device(device)
        steps = [
            replace(step, device=after)
            if isinstance(step, ModelStep) and step.device == before
            else step
            for step in self.program.steps
        ]
        program = replace(self.program, steps=steps)
        # What the NPU computes in is its own; so is what it was configured with.
        kept = is_npu(device) == is_npu(self.device)
        precision = self.precision if kept else default_precision(device)
        compiled = compile_program(program, device, precision, self.config if kept else None)
        return self._program(program, compiled)

    def _program(
        self,
        program: TranslatedProgram,
        compiled: CompiledProgram,
        blobs: SavedBlobs | None = None,
    ) -> Program:
        return Program(
            compiled.executable,
            program.inputs,
            program.outputs,
            self.call,
            self.result,
            self._report(compiled, blobs),
            buffers=self.buffers,
            packed=program.packed,
            blobs=blobs.paths if blobs is not None else (),
        )

    def _report(self, compiled: CompiledProgram, blobs: SavedBlobs | None) -> CompilationReport:
        report = replace(
            self.report,
            execution_devices=compiled.execution_devices,
            execution_precision=compiled.execution_precision,
        )
        if compiled.device == self.report.device and (blobs is not None) == bool(report.schedules):
            return report
        return replace(report, device=compiled.device, device_reason="", platform="", schedules=[])

    def _check_device(self, device: str) -> None:
        if (resolve_device(device) == HOST) != (self.device == HOST):
            raise ForgeError(
                f"the program was compiled for {self.device} and cannot run on {device}",
                hint=f"forge.compile(model, args, device={device!r}) makes one that can",
            )


def _program_of_ir(
    fields: JSON, inputs: Sequence[Port], outputs: Sequence[Port], directory: Path
) -> TranslatedProgram:
    _check_slots(fields)
    return TranslatedProgram(
        inputs=inputs,
        outputs=outputs,
        steps=[_step_from_json(step, directory) for step in fields["steps"]],
        slots=int(fields["slots"]),
        results=[int(slot) for slot in fields["results"]],
        host_kernels=(),
        instructions=int(fields["instructions"]),
    )


def _program_of_bytecode(
    fields: JSON, inputs: Sequence[Port], outputs: Sequence[Port], directory: Path
) -> TranslatedProgram:
    _check_files(fields["bytes"], directory, (BYTECODE, WEIGHTS))
    path = directory / BYTECODE
    module = disassemble(read_bytes(path), str(path))
    program = translate_program(module, SafetensorsWeights(directory / WEIGHTS))
    if program.inputs != inputs or program.outputs != outputs:
        raise ForgeError(f"{directory / BYTECODE} belongs to another program")
    return program


def _check_slots(fields: JSON) -> None:
    used = [*fields["results"]]
    for step in fields["steps"]:
        used += [*step["inputs"], *step["outputs"]]
    if not all(0 <= slot < fields["slots"] for slot in used):
        raise ValueError("a slot is out of range")


def _read_buffers(directory: Path, inputs: Sequence[Port]) -> dict[str, Array]:
    types = {port.buffer: port.type for port in inputs if port.buffer is not None}
    if not types:
        return {}
    path = directory / BUFFERS
    try:
        with np.load(path) as arrays:
            buffers = {name: arrays[name] for name in types}
    # zipfile raises NotImplementedError for versions and compressions that it does not know.
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, NotImplementedError) as error:
        raise ForgeError(f"cannot read the program's state from {path}: {error}") from error
    for name, array in buffers.items():
        if (array.shape, array.dtype) != (types[name].shape, numpy_dtype(types[name].dtype)):
            raise ForgeError(f"{path} has {name!r} as {array.dtype}{list(array.shape)}")
    return buffers


# -- parts of the manifest -----------------------------------------------------------------


def _type_to_json(type: Shaped) -> JSON:
    return {"shape": list(type.shape), "dtype": str(type.dtype)}


def _type_from_json(fields: JSON) -> Shaped:
    return Shaped(tuple(map(int, fields["shape"])), ELEMENT_TYPES[fields["dtype"]])


def _port_to_json(port: Port) -> JSON:
    return {"name": port.name, **_type_to_json(port.type), "buffer": port.buffer}


def _port_from_json(fields: JSON) -> Port:
    return Port(str(fields["name"]), _type_from_json(fields), fields["buffer"])


def _step_to_json(step: ModelStep, path: Path) -> JSON:
    return {
        "model": path.name,
        "bytes": _sizes(path.parent, path.name, path.with_suffix(".bin").name),
        "device": step.device,
        "inputs": list(step.inputs),
        "outputs": list(step.outputs),
        "input_types": [_type_to_json(type) for type in step.input_types],
        "output_types": [_type_to_json(type) for type in step.output_types],
    }


def _sizes(directory: Path, *names: str) -> dict[str, int]:
    return {name: (directory / name).stat().st_size for name in names}


def _check_files(sizes: Mapping[str, int], directory: Path, names: Iterable[str]) -> None:
    """Check that files are there and whole.

    Raises:
        KeyError: the manifest does not say how long they are.
        ForgeError: one is missing, or longer or shorter.
    """
    for name in names:
        check_size(directory / name, sizes[name])


def _step_from_json(fields: JSON, directory: Path) -> ModelStep:
    path = directory / Path(fields["model"]).name
    _check_files(fields["bytes"], directory, (path.name, path.with_suffix(".bin").name))
    step = ModelStep(
        model=read_ir(path),
        memory=(),
        device=str(fields["device"]),
        inputs=[int(slot) for slot in fields["inputs"]],
        outputs=[int(slot) for slot in fields["outputs"]],
        input_types=[_type_from_json(type) for type in fields["input_types"]],
        output_types=[_type_from_json(type) for type in fields["output_types"]],
    )
    if len(step.model.inputs) != len(step.inputs) or len(step.model.outputs) != len(step.outputs):
        raise ForgeError(f"{path} belongs to another program")
    return step
