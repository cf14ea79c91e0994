"""`forge.compile`: from a PyTorch model, or from text, to a program that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from xdsl.passes import ModulePass

from forge.backends.extension import ExtensionProgram, NoSaver, find_extension
from forge.backends.npu.toolchain import find_toolchain, require_toolchain
from forge.backends.openvino import bindings
from forge.backends.openvino.backend import (
    CompiledProgram,
    TranslatedProgram,
    compile_program,
    translate_program,
    untranslated_program,
)
from forge.backends.openvino.blobs import absent_program, compile_blobs
from forge.backends.openvino.destination import Destination, find_destination
from forge.backends.openvino.devices import (
    HOST,
    NPU,
    compile_properties,
    default_precision,
    register_device,
)
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.passes import ALLOCATION, LOWERING, npu_passes, pipeline_at
from forge.pipeline import build_pipeline, check_rounds, no_garbage_collection, run_pipeline
from forge.program import Program
from forge.recording import LevelKeeper, Recorder, level_of
from forge.report import NPU_COMPILE, CompilationReport
from forge.saved_program import Saver
from forge.source import LoadedProgram, load_source
from forge.structure import CallStructure, Kind, Structure
from forge.targets.strategies_table import StrategyTable, load_strategies
from forge.weights import weight_uses

if TYPE_CHECKING:
    from forge.backends.npu import CompiledBlob, NpuCompiler
    from forge.numeric_check import NumericCheck
    from forge.source import Model, Weights

_NO_STRATEGIES = "none"


def compile(
    model: Model,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    device: str | None = None,
    platform: str | None = None,
    precision: str | None = None,
    pipeline: str | None = None,
    aggressiveness: float | None = None,
    rounds: int = 1,
    check_numerics: bool = False,
    keep_ir: bool = False,
    config: Mapping[str, Any] | None = None,
    weights: Weights = None,
    npu_compiler: NpuCompiler | None = None,
    strategies: str | None = None,
) -> Program:
    """Compile a model for a device.

    Args:
        model: a module in evaluation mode; an exported program; a Forge program at any level; or a
            file, `.pt2` (an exported program), `.mlir` or `.forge` (a Forge program).
        args: example positional arguments of a module; the program is for their shapes.
        kwargs: example keyword arguments of a module.
        device: OpenVINO's name: `CPU`, `GPU`, `NPU`, `AUTO`, `HETERO:GPU,CPU`, …; or `host`, which
            runs the program on kernels of PyTorch and needs no OpenVINO; or a backend that another
            package brings by the entry point `forge.backends`. By default the NPU where OpenVINO
            finds one, else the CPU; the report says which. An NPU's platform, such as `npu4000`, is
            short for both.
        platform: the generation of the NPU to compile for, `NPU3720`, `NPU4000`, `NPU5010` or
            `NPU5020`; by default that of the NPU which is here. Intel's NPU compiler makes a blob
            for it and predicts its schedule on any machine; the program runs where such an NPU is.
        precision: `f32` computes as f32 does; `f16` and `bf16` allow the device that precision;
            `auto` leaves the choice to the device. The host computes as the program says, the NPU
            in f16; f32 is the default for all others.
        pipeline: the passes to run, as `forge-opt -p` takes them; `default_pipeline` of the device
            and platform by default, and none for a program that is at level `reg` already.
        aggressiveness: how much of `default_pipeline` to run: from 0, which fuses nothing, to 1,
            which is the default. A pipeline of your own is run as it is.
        rounds: how often at most to run the passes before the lowering. They stop earlier when a
            round has changed nothing.
        check_numerics: run the program with the reference interpreter before and after each pass,
            on random inputs, and refuse one that changes its numbers; this takes long.
        keep_ir: keep the program at each level in `program.ir`.
        config: properties of OpenVINO by name, such as `{"NUM_STREAMS": 2}`; another package's
            backend has its own.
        weights: the weights of a Forge program: a store, a module, tensors by name, or a
            safetensors file.
        npu_compiler: Intel's NPU compiler, if it is to stay up for several programs; each starts
            one of its own by default.
        strategies: how Intel's NPU compiler is to split its layers: the path of a table, as
            `forge tune --strategies` writes it, a platform's name for Forge's own table, or `none`
            to let it decide; the platform's own table by default.

    Raises:
        ForgeError: the model, an option or a file is wrong; the message says which and why.
    """
    # What a user may have misspelt comes first: capturing a big model takes a while.
    destination = find_destination(device, platform)
    precision = check_options(destination, precision, config)
    if npu_compiler is None:
        check_compiler(destination)
    table = _strategies(strategies, destination)
    passes = build_pipeline(chosen_pipeline(destination, pipeline, aggressiveness))
    check_rounds(rounds)
    recorder = Recorder(keep_ir)
    with no_garbage_collection():
        loaded = load_source(model, args, kwargs, weights, recorder)
        if pipeline is None and level_of(loaded.module) == "reg":
            passes = []
        _run_passes(loaded, passes, recorder, rounds, check_numerics)
        translated = _translate(loaded, destination, recorder)
    compiled, blobs = _compile(
        loaded, translated, destination, precision, config, npu_compiler, table, recorder
    )
    report = _report(recorder, translated, compiled, loaded, precision, destination, blobs)
    return _program(loaded, translated, compiled, report, recorder, config or {}, blobs)


def default_pipeline(device: str, aggressiveness: float = 1.0, platform: str | None = None) -> str:
    """The passes that `compile` runs for a device, as `forge-opt -p` takes them.

    Args:
        device: OpenVINO's name of it, `host`, or a backend of another package.
        aggressiveness: the share of the fusions that run; see `forge.passes.pipeline_at`.
        platform: the generation of an NPU, such as `NPU4000`.

    Raises:
        ForgeError: the aggressiveness is not between 0 and 1.
    """
    if platform is not None:
        return f"{pipeline_at(aggressiveness)},{npu_passes(platform)}"
    if (extension := find_extension(device)) is not None:
        return f"{pipeline_at(aggressiveness)},{extension.backend.lowering}"
    name = register_device(device)
    # A pipeline's bare words have letters only; gpu.0 is a string.
    option = name if name.isalpha() else f'"{name}"'
    passes = f"{pipeline_at(aggressiveness)},{LOWERING}{{device={option}}}"
    return f"{passes},{ALLOCATION}" if name == reg.HOST else passes


def translated_for(
    platform: str,
    model: Model,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    pipeline: str | None = None,
) -> TranslatedProgram:
    """A program as `compile` gives it to Intel's NPU compiler, not compiled.

    Args:
        platform: the generation of the NPU.
        model, args, kwargs: as of `compile`.
        pipeline: the passes to run; the platform's `default_pipeline` by default.

    Raises:
        ForgeError: it cannot be exported, imported or lowered.
    """
    passes = build_pipeline(pipeline or default_pipeline(NPU, platform=platform))
    with no_garbage_collection():
        loaded = load_source(model, args, kwargs, None, Recorder(False))
        run_pipeline(loaded.module, passes, make_context())
        return translate_program(loaded.module, loaded.weights)


def chosen_pipeline(
    destination: Destination, pipeline: str | None, aggressiveness: float | None
) -> str:
    """A user's own passes, or the default ones.

    Raises:
        ForgeError: both a pipeline and an aggressiveness are given, or the latter is not in [0, 1].
    """
    if pipeline is None:
        share = 1.0 if aggressiveness is None else aggressiveness
        return default_pipeline(destination.device, share, destination.platform)
    if aggressiveness is not None:
        raise ForgeError(
            "aggressiveness chooses the passes, and so does the pipeline",
            hint="leave one of the two out",
        )
    return pipeline


def check_options(
    destination: Destination, precision: str | None, config: Mapping[str, Any] | None
) -> str:
    """Check what a program is compiled with.

    Returns:
        The precision: the one that is given, or the device's own.

    Raises:
        ForgeError: there is no such precision or property on that device, or the NPU that has the
            properties is not here. What another package's backend takes it says when it compiles.
    """
    if precision is None:
        precision = default_precision(destination.device)
    if destination.extension is not None:
        return precision
    if config and not destination.is_here:
        raise ForgeError(
            f"properties are for a device that is here, and {destination} is not",
            hint="leave config out",
        )
    compile_properties(destination.device, precision, config)
    return precision


def check_compiler(destination: Destination) -> None:
    """Check that this machine can compile for an NPU that it does not have.

    Raises:
        NpuToolchainError: Intel's NPU compiler is not here.
    """
    if not destination.is_here:
        require_toolchain()


def _run_passes(
    loaded: LoadedProgram,
    passes: Sequence[ModulePass],
    recorder: Recorder,
    rounds: int,
    check_numerics: bool,
) -> None:
    module = loaded.module

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
        instrumentations=[
            LevelKeeper(recorder),
            *([_numeric_check(loaded)] if check_numerics else []),
        ],
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


def _translate(
    loaded: LoadedProgram, destination: Destination, recorder: Recorder
) -> TranslatedProgram:
    with recorder.phase("translation"):
        if destination.extension is None:
            return translate_program(loaded.module, loaded.weights)
        return untranslated_program(loaded.module)


def _compile(
    loaded: LoadedProgram,
    translated: TranslatedProgram,
    destination: Destination,
    precision: str,
    config: Mapping[str, Any] | None,
    npu_compiler: NpuCompiler | None,
    strategies: StrategyTable | None,
    recorder: Recorder,
) -> tuple[CompiledProgram, Mapping[int, CompiledBlob]]:
    """What runs a program, and what it has for the NPU, by the position among its models."""
    device = destination.device
    if (extension := destination.extension) is not None:
        with recorder.phase("device compile"):
            program = extension.compile(loaded.module, loaded.weights, precision, config or {})
        return CompiledProgram(program, device, [device], "", 0), {}
    blobs: Mapping[int, CompiledBlob] = {}
    if destination.platform is not None and (
        npu_compiler is not None or _has_compiler(destination)
    ):
        with recorder.phase(NPU_COMPILE), _npu_compiler(npu_compiler) as compiler:
            blobs = compile_blobs(translated, destination.platform, compiler, strategies)
        if not destination.is_here:
            return absent_program(destination.platform), blobs
    imported = {
        index: compiled.blob for index, compiled in blobs.items() if compiled.blob is not None
    }
    with recorder.phase("linking" if device == HOST else "device compile"):
        compiled = compile_program(translated, device, precision, config, imported)
    return compiled, blobs


def _has_compiler(destination: Destination) -> bool:
    """Whether there is more than the compiler in an NPU's driver, which needs no blob."""
    return not destination.is_here or find_toolchain() is not None


def _strategies(name: str | None, destination: Destination) -> StrategyTable | None:
    """The table of that name, or of the destination's platform.

    Raises:
        ForgeError: there is none, or the program is not for an NPU.
    """
    if destination.platform is None:
        if name is not None:
            raise ForgeError(
                f"strategies are for Intel's NPU compiler, and the program is for {destination}",
                hint="name an NPU's platform, or leave the strategies out",
            )
        return None
    if name == _NO_STRATEGIES:
        return None
    return load_strategies(name or destination.platform)


def _npu_compiler(given: NpuCompiler | None) -> AbstractContextManager[NpuCompiler]:
    if given is not None:
        return nullcontext(given)
    from forge.backends.npu import NpuCompiler

    return NpuCompiler()


def _report(
    recorder: Recorder,
    translated: TranslatedProgram,
    compiled: CompiledProgram,
    loaded: LoadedProgram,
    precision: str,
    destination: Destination,
    blobs: Mapping[int, CompiledBlob],
) -> CompilationReport:
    sizes = {
        loaded.weights.canonical(name): loaded.weights.array(name).nbytes
        for _, name, _ in weight_uses(loaded.module)
    }
    return CompilationReport(
        phases=recorder.phases,
        passes=recorder.passes,
        device=compiled.device,
        device_reason=destination.reason,
        platform=destination.platform or "",
        schedules=[compiled.schedule for compiled in blobs.values()],
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
    blobs: Mapping[int, CompiledBlob],
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
        saver=NoSaver(compiled.device)
        if isinstance(compiled.executable, ExtensionProgram)
        else Saver(
            None if translated.is_openvinos else loaded.module,
            loaded.weights,
            translated,
            call,
            result,
            compiled.device,
            report.precision,
            config,
            report,
            blobs,
        ),
        packed=translated.packed,
        blobs=[compiled.blob for compiled in blobs.values() if compiled.blob is not None],
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
