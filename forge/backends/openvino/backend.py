"""From a `reg` program to something that runs: cut, translate, compile for a device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Block, SSAValue

from forge.backends.memory import Array
from forge.backends.openvino import bindings
from forge.backends.openvino.bindings import Model
from forge.backends.openvino.devices import (
    compile_properties,
    default_precision,
    is_npu,
    register_device,
    resolve_device,
)
from forge.backends.openvino.executable import OpenVINOStep
from forge.backends.openvino.translate import translate
from forge.backends.ports import Port, input_ports, main_function, output_ports
from forge.backends.segments import Plan, Segment, cut, host_ops
from forge.backends.vm.frame import FrameLayout
from forge.backends.vm.linking import link
from forge.backends.vm.steps import KernelStep
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.tensors import Shaped
from forge.report import HostKernel
from forge.weights import WeightStore

if TYPE_CHECKING:
    import torch

    from forge.backends.vm.kernel_steps import HostTranslation
    from forge.backends.vm.kernels import PackedWeights

REASON = "forge.reason"
"""The attribute in which lowering says why a kernel runs on the host."""


@dataclass(frozen=True)
class ModelStep:
    """A segment as a model, before a device has compiled it; it uses the memory of the weights."""

    model: Model
    memory: Sequence[Array] = field(repr=False)
    device: str
    inputs: Sequence[int]
    outputs: Sequence[int]
    input_types: Sequence[Shaped]
    output_types: Sequence[Shaped]


@dataclass(frozen=True)
class TranslatedProgram:
    """A program as models of OpenVINO and kernels of the host, in the order in which they run.

    Attributes:
        steps: each reads and writes numbered registers; the inputs are the first ones.
        slots: how many there are.
        results: the registers that the program returns.
        host_kernels: what runs on the host, and why.
        instructions: how many instructions run.
        computed_at_load: how many more were computed, from constants and weights alone.
        computed_bytes: what their results take besides the weights' own memory.
        constants: the registers of the host that are the same at every run.
        packed: the weights that kernels of the host pack at the first run.
        crossings: how many values are computed on one device and read on another.
        crossing_bytes: their size.
    """

    inputs: Sequence[Port]
    outputs: Sequence[Port]
    steps: Sequence[ModelStep | KernelStep]
    slots: int
    results: Sequence[int]
    host_kernels: Sequence[HostKernel]
    instructions: int
    computed_at_load: int = 0
    computed_bytes: int = 0
    constants: Mapping[int, torch.Tensor] = field(default_factory=dict[int, "torch.Tensor"])
    packed: PackedWeights | None = None
    crossings: int = 0
    crossing_bytes: int = 0

    @property
    def models(self) -> list[ModelStep]:
        """The steps that OpenVINO runs."""
        return [step for step in self.steps if isinstance(step, ModelStep)]

    @property
    def is_openvinos(self) -> bool:
        """Whether OpenVINO runs all of it."""
        return bool(self.steps) and len(self.models) == len(self.steps) and not self.constants

    def single_model(self) -> Model:
        """The one model that the whole program is.

        Raises:
            ForgeError: parts of the program run on the host or on several devices.
        """
        if self.host_kernels:
            kernels = ", ".join(f"{kernel.name} ({kernel.count})" for kernel in self.host_kernels)
            raise ForgeError(f"the program is not one OpenVINO model: on the host run {kernels}")
        if len(self.steps) != 1:
            raise ForgeError(f"the program is not one OpenVINO model but {len(self.steps)}")
        return self.models[0].model


def translate_program(module: ModuleOp, weights: WeightStore) -> TranslatedProgram:
    """OpenVINO's models for a program at level `reg`.

    Args:
        module: the program; its function `@main` is what runs.
        weights: where the weights are; the models use their memory.

    Raises:
        ForgeError: the program is not at level `reg`, a weight is missing or of another type, or
            OpenVINO refuses an instruction.
    """
    function = main_function(module)
    inputs, outputs = input_ports(function), output_ports(function)
    plan = cut(function, weights)
    arguments = function.body.block.args
    registers, names = _Registers(arguments), _Names(plan, arguments, inputs, outputs)
    host = _host_translation(function.body.block, plan, weights, registers)
    register = registers.number if host is None else host.register
    steps: list[ModelStep | KernelStep] = []
    for segment in plan.segments:
        if not segment.on_host:
            steps.append(_model_step(plan, segment, names, registers, register))
        elif host is not None:
            steps += host.steps(segment)
    passed, crossings = registers.passed, _crossings(plan)
    return TranslatedProgram(
        inputs=inputs,
        outputs=outputs,
        steps=steps,
        results=[passed[v] if v in passed else register(v) for v in plan.returned],
        slots=registers.count,
        host_kernels=_host_kernels(plan),
        instructions=sum(len(segment.ops) for segment in plan.segments)
        - (0 if host is None else host.computed),
        computed_at_load=plan.known.computed + (0 if host is None else host.computed),
        computed_bytes=plan.known.computed_bytes + (0 if host is None else host.computed_bytes),
        constants={} if host is None else host.constants,
        packed=None if host is None else host.packed,
        crossings=len(crossings),
        crossing_bytes=sum(cast(reg.RegisterType, value.type).num_bytes for value in crossings),
    )


def untranslated_program(module: ModuleOp) -> TranslatedProgram:
    """A program at level `reg` that a backend of another package compiles as it is."""
    function = main_function(module)
    return TranslatedProgram(
        inputs=input_ports(function),
        outputs=output_ports(function),
        steps=(),
        slots=0,
        results=(),
        host_kernels=(),
        instructions=sum(bool(op.results) for op in function.body.block.ops),
    )


def _host_translation(
    block: Block, plan: Plan, weights: WeightStore, registers: _Registers
) -> HostTranslation | None:
    """What makes kernels; `None` for a program without any, which needs no torch."""
    if plan.segments and not any(segment.on_host for segment in plan.segments):
        return None
    from forge.backends.vm.kernel_steps import HostTranslation

    return HostTranslation(block, plan, weights, registers.number)


def _host_kernels(plan: Plan) -> list[HostKernel]:
    uses = Counter((op.kernel.data, _reason(op)) for op in host_ops(plan.segments))
    return [HostKernel(name, count, reason) for (name, reason), count in uses.items()]


def _reason(op: reg.HostOp) -> str:
    reason = op.attributes.get(REASON)
    return reason.data if isinstance(reason, StringAttr) else ""


class _Registers:
    """A number for each value that is in a register while the program runs, the arguments first."""

    def __init__(self, arguments: Sequence[SSAValue]) -> None:
        self._numbers: dict[SSAValue, int] = {}
        self.passed: dict[SSAValue, int] = {}
        for argument in arguments:
            self.number(argument)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._numbers) + len(self.passed)

    def number(self, value: SSAValue) -> int:
        """The number of a value; a new one comes behind all others."""
        return self._numbers.setdefault(value, self.count)

    def copy(self, value: SSAValue) -> int:
        """The number of the copy of a value that a model only passes."""
        return self.passed.setdefault(value, self.count)


class _Names:
    """What inputs and outputs of segments are called: as the user does, where the user does."""

    def __init__(
        self,
        plan: Plan,
        arguments: Sequence[SSAValue],
        inputs: Sequence[Port],
        outputs: Sequence[Port],
    ) -> None:
        self._given = {value: port.name for value, port in zip(arguments, inputs, strict=True)}
        self._returned: dict[SSAValue, str] = {}
        for value, port in zip(plan.returned, outputs, strict=True):
            self._returned.setdefault(value, port.name)
        for segment in plan.segments:
            for value in segment.outputs:
                name = self._returned.setdefault(value, f"value_{len(self._returned)}")
                self._given.setdefault(value, name)

    def inputs(self, segment: Segment) -> list[str]:
        return [self._given[value] for value in segment.inputs]

    def outputs(self, segment: Segment) -> list[str]:
        return [self._returned[value] for value in segment.results]


def _model_step(
    plan: Plan,
    segment: Segment,
    names: _Names,
    registers: _Registers,
    register: Callable[[SSAValue], int],
) -> ModelStep:
    translated = translate(plan, segment, names.inputs(segment), names.outputs(segment))
    computed = [registers.number(value) for value in segment.outputs]
    return ModelStep(
        translated.model,
        translated.memory,
        segment.device,
        [register(value) for value in segment.inputs],
        computed + [registers.copy(value) for value in segment.passed],
        [reg.register_shaped(value.type) for value in segment.inputs],
        [reg.register_shaped(value.type) for value in segment.results],
    )


def _crossings(plan: Plan) -> list[SSAValue]:
    """What is computed on one device and read on another, once for each that reads it."""
    homes: dict[SSAValue, str] = {
        result: segment.device
        for segment in plan.segments
        for op in segment.ops
        for result in op.results
    }
    readers = dict.fromkeys(
        (value, segment.device) for segment in plan.segments for value in segment.inputs
    )
    return [value for value, device in readers if homes.get(value, device) != device]


class Executable(Protocol):
    """What runs a program: an `Executor`, or what says why nothing can.

    Attributes:
        layout: the memory of one run at a time.
    """

    @property
    def layout(self) -> FrameLayout: ...
    def run(self, inputs: Sequence[Array]) -> list[Array]: ...


@dataclass(frozen=True)
class CompiledProgram:
    """A program that is ready to run.

    Attributes:
        executable: runs it.
        device: OpenVINO's name of the device.
        execution_devices: where the device says it runs; AUTO chooses one.
        execution_precision: what it says it computes in; empty if it does not.
        copied_bytes: what each run copies for a device that reads it from strided memory.
    """

    executable: Executable
    device: str
    execution_devices: Sequence[str]
    execution_precision: str
    copied_bytes: int


def compile_program(
    program: TranslatedProgram,
    device: str,
    precision: str = "f32",
    config: Mapping[str, Any] | None = None,
    blobs: Mapping[int, bytes] | None = None,
) -> CompiledProgram:
    """Compile a program's models.

    Args:
        program: what to compile.
        device: what OpenVINO calls the device; registers of another one go to that one.
        precision: `f32` (exact), `f16`, `bf16` or `auto` (the device's own choice).
        config: further properties of OpenVINO, by name.
        blobs: models that are compiled already, by their positions in `program.models`.

    Raises:
        ForgeError: there is no such device, precision or property, or the device refuses a model.
    """
    device = resolve_device(device)
    models = 0
    devices: dict[str, None] = {}
    precisions: dict[str, None] = {}
    steps: list[KernelStep | OpenVINOStep] = []
    for step in program.steps:
        if not isinstance(step, ModelStep):
            steps.append(step)
            continue
        target = device if step.device == register_device(device) else resolve_device(step.device)
        properties = _properties(target, device, precision, config)
        blob = None if blobs is None else blobs.get(models)
        compiled = _compile_step(step, target, properties, blob)
        models += 1
        devices.update(dict.fromkeys(compiled.compiled.get_property("EXECUTION_DEVICES")))
        precisions[bindings.execution_precision(compiled.compiled)] = None
        steps.append(compiled)
    linked = link(steps, program.inputs, program.results, program.slots, program.constants)
    return CompiledProgram(
        linked.executor,
        device,
        list(devices),
        ", ".join(filter(None, precisions)),
        linked.copied_bytes,
    )


def _properties(
    target: str, device: str, precision: str, config: Mapping[str, Any] | None
) -> dict[str, object]:
    if is_npu(device) and target != device:
        # What the NPU does not take is computed exactly, whatever the NPU computes in.
        return compile_properties(target, default_precision(target), None)
    return compile_properties(target, precision, config)


def _compile_step(
    step: ModelStep, device: str, properties: Mapping[str, object], blob: bytes | None
) -> OpenVINOStep:
    try:
        if blob is None:
            compiled = bindings.compile_model(step.model, device, properties)
        else:
            compiled = bindings.import_model(blob, device, properties)
    except RuntimeError as error:
        reason = bindings.reason(error)
        what = "compile it for" if blob is None else "import its blob on"
        raise ForgeError(f"OpenVINO cannot {what} {device}: {reason}") from error
    # Where one of OpenVINO's own passes goes wrong, a shape is what shows it.
    shapes = [tuple(port.get_shape()) for port in compiled.outputs]
    expected = [type.shape for type in step.output_types]
    if shapes != expected:
        raise ForgeError(f"OpenVINO compiled it to outputs of {shapes} instead of {expected}")
    return OpenVINOStep(
        compiled, step.memory, step.inputs, step.outputs, step.input_types, step.output_types
    )


def write_openvino_ir(module: ModuleOp, weights: WeightStore, path: Path) -> None:
    """Write a program at level `reg` as OpenVINO's IR: `path` (.xml) and a .bin beside it.

    Raises:
        ForgeError: the program is not one model, or the files cannot be written.
    """
    from forge.backends.openvino.files import write_ir

    # The model uses the program's memory until it is written.
    program = translate_program(module, weights)
    write_ir(program.single_model(), path)
