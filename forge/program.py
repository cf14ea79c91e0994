"""A compiled program: called like the model, on torch tensors or numpy arrays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from xdsl.dialects.builtin import bf16
from xdsl.ir import Attribute

from forge.backends.memory import Array, array_to_tensor, is_tensor, tensor_to_array
from forge.backends.ports import Port
from forge.errors import ForgeError
from forge.ir.tensors import ELEMENT_TYPES, numpy_dtype, ui16
from forge.report import CompilationReport
from forge.structure import CallStructure, Structure

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp

    from forge.backends.extension import NoSaver
    from forge.backends.npu.schedule import Schedule
    from forge.backends.openvino.backend import Executable
    from forge.backends.vm.kernels import PackedWeights
    from forge.saved_program import Saver

Unflatten = Callable[[Sequence[Any]], Any]


class Program:
    """A model compiled for a device.

    Call it like the model. Given torch tensors it returns torch tensors, given numpy arrays numpy
    arrays (bf16, which numpy lacks, as its bits in uint16), in the structure of the model's own
    output. Every call returns memory of its own.

    Programs may be called from several threads at once: each call has memory and infer requests of
    its own. One that keeps state (`buffers`) runs its calls one after the other.

    Attributes:
        inputs: name, shape and element type of each tensor that it takes, in order.
        outputs: the same for each tensor that it gives.
    """

    def __init__(
        self,
        executable: Executable,
        inputs: Sequence[Port],
        outputs: Sequence[Port],
        call: CallStructure,
        result: Structure,
        report: CompilationReport,
        *,
        buffers: Mapping[str, Array],
        unflatten: Unflatten | None = None,
        torch_outputs: bool = False,
        ir: Mapping[str, ModuleOp] | None = None,
        saver: Saver | NoSaver | None = None,
        packed: PackedWeights | None = None,
        blobs: Sequence[bytes | Path] = (),
    ) -> None:
        self.inputs = [port for port in inputs if port.buffer is None]
        self.outputs = [port for port in outputs if port.buffer is None]
        self._blobs = tuple(blobs)
        self._report = report
        self._packed = packed
        self._executable = executable
        self._call = call
        self._unflatten: Unflatten = unflatten or result.unflatten
        self._state = [buffers[port.buffer].copy() for port in inputs if port.buffer is not None]
        self._state_ports = [port for port in inputs if port.buffer is not None]
        self._lock: AbstractContextManager[Any] = threading.Lock() if self._state else nullcontext()
        self._torch_outputs = torch_outputs
        self._ir = ir
        self._saver = saver

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program on the arguments that the model would take.

        Raises:
            ForgeError: an argument is missing, unknown, or of another shape or element type.
        """
        values = self._call.flatten(args, kwargs)
        outputs: Sequence[Any] = self.run_flat(values)
        if any(map(is_tensor, values)) or (not values and self._torch_outputs):
            outputs = [
                array_to_tensor(array, port.type.dtype)
                for array, port in zip(outputs, self.outputs, strict=True)
            ]
        return self._unflatten(outputs)

    def run_flat(self, values: Sequence[Any]) -> list[Array]:
        """Run the program on tensors or arrays in the order of `inputs`, whatever their structure.

        Returns:
            The arrays in the order of `outputs`.

        Raises:
            ForgeError: there are more or fewer, or one has another shape or element type.
        """
        if len(values) != len(self.inputs):
            raise ForgeError(f"the program takes {len(self.inputs)} inputs, got {len(values)}")
        arrays = [_checked(value, port) for value, port in zip(values, self.inputs, strict=True)]
        with self._lock:
            results = self._executable.run([*arrays, *self._state])
            self._state = results[len(self.outputs) :]
        return list(results[: len(self.outputs)])

    @property
    def report(self) -> CompilationReport:
        """How it was compiled, and what its first run prepared."""
        if (packed := self._packed) is None:
            return self._report
        return replace(
            self._report,
            prepared_weights=packed.count,
            prepared_bytes=packed.nbytes,
            prepared_seconds=packed.seconds,
        )

    @property
    def schedule(self) -> Schedule | None:
        """What Intel's NPU compiler predicts; `None` for a program that it has no part in.

        Parts that follow each other on the NPU add up; what runs on other devices between them, and
        the way there and back, is not predicted. `report.schedules` has each part's own.
        """
        schedules = self._report.schedules
        if not schedules:
            return None
        from forge.backends.npu.sequence import in_sequence

        return in_sequence(schedules)

    @property
    def blobs(self) -> list[bytes]:
        """What an NPU runs of it, for `core.import_model`: one a part, in order.

        Those of a loaded program are read from its directory.
        """
        return [blob.read_bytes() if isinstance(blob, Path) else blob for blob in self._blobs]

    @property
    def blob(self) -> bytes | None:
        """The one blob that an NPU runs; `None` for a program without any.

        Raises:
            ForgeError: it has several.
        """
        if len(self._blobs) > 1:
            raise ForgeError(
                f"the program has {len(self._blobs)} blobs, since parts of it run elsewhere",
                hint="program.blobs has all of them, program.report says what runs where",
            )
        return self.blobs[0] if self._blobs else None

    @property
    def buffers(self) -> dict[str, Array]:
        """The state that it keeps between calls, by the buffer's name in the model.

        It starts as what the model had; the model's own buffers are not touched.
        """
        with self._lock:
            state = zip(self._state_ports, self._state, strict=True)
            return {str(port.buffer): array.copy() for port, array in state}

    @property
    def ir(self) -> Mapping[str, ModuleOp]:
        """The program at each level: `aten`, `transformer`, `reg`.

        Raises:
            ForgeError: it was compiled without `keep_ir=True`.
        """
        if self._ir is None:
            raise ForgeError(
                "this program did not keep its IR", hint="forge.compile(…, keep_ir=True) does"
            )
        return self._ir

    def save(self, directory: str | Path) -> None:
        """Write the program, which `forge.load` reads: OpenVINO's IR, or bytecode and weights.

        A program without kernels of PyTorch is loaded without torch, one of such kernels alone
        without OpenVINO.

        The directory appears when it is complete; one that holds a saved program is replaced.

        Raises:
            ForgeError: the directory cannot be written.
        """
        if self._saver is None:
            raise ForgeError("a loaded program is saved already: copy its directory")
        self._saver.save(Path(directory), self.buffers)

    def __repr__(self) -> str:
        inputs, outputs = (", ".join(map(str, ports)) for ports in (self.inputs, self.outputs))
        return f"Program(({inputs}) -> ({outputs}) on {self.report.platform or self.report.device})"


def _checked(value: Any, port: Port) -> Array:
    """The memory of an input, which must be what the program was compiled for.

    Raises:
        ForgeError: it is not; the message names the input.
    """
    if not (is_tensor(value) or _is_array(value)):
        raise ForgeError(
            f"input {port.name!r} is a {type(value).__name__}; expected a torch tensor or an array"
        )
    shape = tuple(value.shape)
    if shape != port.type.shape:
        raise ForgeError(
            f"input {port.name!r} has shape {shape}; "
            f"the program was compiled for {port.type.shape}",
            hint="compile the model again for this shape",
        )
    given, expected = _element_type(value), port.type.dtype
    # bf16 may come as its bits.
    if given != expected and (given != ui16 or expected != bf16):
        raise ForgeError(
            f"input {port.name!r} holds {given or value.dtype}; "
            f"the program was compiled for {expected}",
            hint="convert it, or compile the model again for this type",
        )
    if is_tensor(value):
        return tensor_to_array(value)
    array = np.asarray(value)
    # np.ascontiguousarray would make one dimension out of none.
    array = array if array.flags.c_contiguous else array.copy()
    return array.view(np.uint16) if expected == bf16 else array


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray | np.generic)


def _element_type(value: Any) -> Attribute | None:
    """The element type of a tensor or array; `None` if Forge has none for it."""
    if is_tensor(value):
        from forge.ir.torch_types import TO_ELEMENT_TYPE

        return TO_ELEMENT_TYPE.get(value.dtype)
    # numpy's own extensions (ml_dtypes) have a bfloat16.
    return bf16 if value.dtype.name == "bfloat16" else _FROM_NUMPY.get(value.dtype)


_FROM_NUMPY: dict[np.dtype[Any], Attribute] = {
    numpy_dtype(element_type): element_type
    for element_type in ELEMENT_TYPES.values()
    if element_type != bf16
}
