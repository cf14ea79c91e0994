"""`forge.compile`: from a PyTorch model, or from text, to a program that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.backends.openvino import bindings
from forge.backends.openvino.backend import (
    CompiledProgram,
    TranslatedProgram,
    compile_program,
    translate_program,
)
from forge.backends.openvino.devices import (
    HOST,
    compile_properties,
    default_device,
    register_device,
    resolve_device,
)
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.passes import ALLOCATION, LOWERING, pipeline_at
from forge.pipeline import build_pipeline, check_rounds, no_garbage_collection, run_pipeline
from forge.program import Program
from forge.recording import Recorder, level_of
from forge.report import CompilationReport
from forge.saved_program import Saver
from forge.source import LoadedProgram, load_source
from forge.structure import CallStructure, Kind, Structure
from forge.weights import weight_uses

if TYPE_CHECKING:
    from forge.numeric_check import NumericCheck
    from forge.source import Model, Weights


def compile(
    model: Model,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    device: str | None = None,
    precision: str = "f32",
    pipeline: str | None = None,
    aggressiveness: float | None = None,
    rounds: int = 1,
    check_numerics: bool = False,
    keep_ir: bool = False,
    config: Mapping[str, Any] | None = None,
    weights: Weights = None,
) -> Program:
    """Compile a model for a device.

    Args:
        model: a module in evaluation mode; an exported program; a Forge program at any level; or a
            file, `.pt2` (an exported program), `.mlir` or `.forge` (a Forge program).
        args: example positional arguments of a module; the program is for their shapes.
        kwargs: example keyword arguments of a module.
        device: OpenVINO's name: `CPU`, `GPU`, `NPU`, `AUTO`, `HETERO:GPU,CPU`, …; or `host`, which
            runs the program on kernels of PyTorch and needs no OpenVINO. By default the NPU where
            OpenVINO finds one, else the CPU; the report says which.
        precision: `f32` computes as f32 does; `f16` and `bf16` allow the device that precision;
            `auto` leaves the choice to the device. The host computes as the program says.
        pipeline: the passes to run, as `forge-opt -p` takes them; `default_pipeline(device)` by
            default, and none for a program that is at level `reg` already.
        aggressiveness: how much of `default_pipeline(device)` to run: from 0, which fuses nothing,
            to 1, which is the default. A pipeline of your own is run as it is.
        rounds: how often at most to run the passes before the lowering. They stop earlier when a
            round has changed nothing.
        check_numerics: run the program with the reference interpreter before and after each pass,
            on random inputs, and refuse one that changes its numbers; this takes long.
        keep_ir: keep the program at each level in `program.ir`.
        config: properties of OpenVINO by name, such as `{"NUM_STREAMS": 2}`.
        weights: the weights of a Forge program: a store, a module, tensors by name, or a
            safetensors file.

    Raises:
        ForgeError: the model, an option or a file is wrong; the message says which and why.
    """
    # What a user may have misspelt comes first: capturing a big model takes a while.
    device, reason = default_device() if device is None else (device, "")
    target = resolve_device(device)
    compile_properties(target, precision, config)
    passes = build_pipeline(chosen_pipeline(target, pipeline, aggressiveness))
    check_rounds(rounds)
    recorder = Recorder(keep_ir)
    with no_garbage_collection():
        loaded = load_source(model, args, kwargs, weights, recorder)
        if pipeline is None and level_of(loaded.module) == "reg":
            passes = []
        _run_passes(loaded, passes, recorder, rounds, check_numerics)
        with recorder.phase("translation"):
            translated = translate_program(loaded.module, loaded.weights)
        with recorder.phase("linking" if target == HOST else "device compile"):
            compiled = compile_program(translated, target, precision, config)
    report = _report(recorder, translated, compiled, loaded, precision, reason)
    return _program(loaded, translated, compiled, report, recorder, config or {})


def default_pipeline(device: str, aggressiveness: float = 1.0) -> str:
    """The passes that `compile` runs for a device, as `forge-opt -p` takes them.

    Args:
        device: OpenVINO's name of it, or `host`.
        aggressiveness: the share of the fusions that run; see `forge.passes.pipeline_at`.

    Raises:
        ForgeError: the aggressiveness is not between 0 and 1.
    """
    name = register_device(device)
    # A pipeline's bare words have letters only; gpu.0 is a string.
    option = name if name.isalpha() else f'"{name}"'
    passes = f"{pipeline_at(aggressiveness)},{LOWERING}{{device={option}}}"
    return f"{passes},{ALLOCATION}" if name == reg.HOST else passes


def chosen_pipeline(device: str, pipeline: str | None, aggressiveness: float | None) -> str:
    """A user's own passes, or the default ones.

    Raises:
        ForgeError: both a pipeline and an aggressiveness are given, or the latter is not in [0, 1].
    """
    if pipeline is None:
        return default_pipeline(device, 1.0 if aggressiveness is None else aggressiveness)
    if aggressiveness is not None:
        raise ForgeError(
            "aggressiveness chooses the passes, and so does the pipeline",
            hint="leave one of the two out",
        )
    return pipeline


def _run_passes(
    loaded: LoadedProgram,
    passes: Sequence[ModulePass],
    recorder: Recorder,
    rounds: int,
    check_numerics: bool,
) -> None:
    module = loaded.module

    def keep_lowered(module_pass: ModulePass, module: ModuleOp) -> None:
        if module_pass.name == LOWERING:
            recorder.keep("transformer", module)

    # Verified at the ends: every pass has tests of its own that verify what it leaves.
    level = level_of(module)
    with recorder.phase(f"verify {level}"):
        verify_module(module)
    recorder.keep(level, module)
    runs = run_pipeline(
        module,
        passes,
        make_context(),
        rounds=rounds,
        before_pass=keep_lowered,
        numeric_check=_numeric_check(loaded) if check_numerics else None,
    )
    recorder.add_passes(runs)
    if passes:
        level = level_of(module)
        with recorder.phase(f"verify {level}"):
            verify_module(module)
        recorder.keep(level, module)


def _numeric_check(loaded: LoadedProgram) -> NumericCheck:
    # It needs torch, which a compilation of text does not.
    from forge.numeric_check import NumericCheck

    return NumericCheck(loaded.module, loaded.weights)


def _report(
    recorder: Recorder,
    translated: TranslatedProgram,
    compiled: CompiledProgram,
    loaded: LoadedProgram,
    precision: str,
    device_reason: str,
) -> CompilationReport:
    sizes = {
        loaded.weights.canonical(name): loaded.weights.array(name).nbytes
        for _, name, _ in weight_uses(loaded.module)
    }
    return CompilationReport(
        phases=recorder.phases,
        passes=recorder.passes,
        device=compiled.device,
        device_reason=device_reason,
        precision=precision,
        execution_precision=compiled.execution_precision,
        execution_devices=compiled.execution_devices,
        instructions=translated.instructions,
        computed_at_load=translated.computed_at_load,
        computed_bytes=translated.computed_bytes,
        host_kernels=translated.host_kernels,
        arena_bytes=compiled.executable.layout.size,
        crossings=translated.crossings,
        crossing_bytes=translated.crossing_bytes,
        copied_bytes=compiled.copied_bytes,
        prepared_weights=0,
        prepared_bytes=0,
        prepared_seconds=0.0,
        weights=len(sizes),
        weight_bytes=sum(sizes.values()),
        versions=_versions(translated),
    )


def _versions(translated: TranslatedProgram) -> dict[str, str]:
    versions = {"forge": version("forge-ugc")}
    if translated.models:
        versions["openvino"] = bindings.version()
    if translated.host_kernels:
        versions["torch"] = version("torch")
    return versions


def _program(
    loaded: LoadedProgram,
    translated: TranslatedProgram,
    compiled: CompiledProgram,
    report: CompilationReport,
    recorder: Recorder,
    config: Mapping[str, Any],
) -> Program:
    call = loaded.call or _flat_call(translated)
    result = loaded.result or _flat_result(translated)
    buffers = [port.buffer for port in translated.inputs if port.buffer is not None]
    return Program(
        compiled.executable,
        translated.inputs,
        translated.outputs,
        call,
        result,
        report,
        buffers={name: loaded.weights.array(name) for name in buffers},
        unflatten=loaded.unflatten,
        torch_outputs=True,
        ir=recorder.levels if recorder.keep_ir else None,
        saver=Saver(
            None if translated.is_openvinos else loaded.module,
            loaded.weights,
            translated,
            call,
            result,
            compiled.device,
            report.precision,
            config,
            report,
        ),
        packed=translated.packed,
    )


def _flat_call(program: TranslatedProgram) -> CallStructure:
    """Text does not say how its arguments nest: they are tensors, by position or name."""
    names = tuple(port.name for port in program.inputs if port.buffer is None)
    tensors = (Structure(Kind.TENSOR),) * len(names)
    return CallStructure(Structure(Kind.TUPLE, tensors), Structure(Kind.DICT), names)


def _flat_result(program: TranslatedProgram) -> Structure:
    """One output is a tensor, several are a tuple."""
    count = sum(port.buffer is None for port in program.outputs)
    tensors = (Structure(Kind.TENSOR),) * count
    return tensors[0] if count == 1 else Structure(Kind.TUPLE, tensors)
