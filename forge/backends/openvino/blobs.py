"""What an NPU runs, compiled before it is there: by Intel's NPU compiler, on any machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from forge.backends.memory import Array
from forge.backends.openvino.backend import CompiledProgram, TranslatedProgram
from forge.backends.openvino.devices import NPU, register_device
from forge.backends.vm.frame import FrameLayout
from forge.errors import ForgeError

if TYPE_CHECKING:
    from forge.backends.npu import CompiledBlob, NpuCompiler
    from forge.targets.strategies_table import StrategyTable


def compile_blobs(
    program: TranslatedProgram,
    platform: str,
    compiler: NpuCompiler,
    strategies: StrategyTable | None,
) -> Mapping[int, CompiledBlob]:
    """Compile the models of a program that an NPU is to run.

    Args:
        program: its other models, and its kernels, are left alone.
        platform: the generation of the NPU.
        compiler: Intel's, which works on several at once.
        strategies: how its layers are better split than it would by itself.

    Returns:
        A blob and its predicted schedule for each of them, by its position in `program.models`.

    Raises:
        ForgeError: the compiler refuses one of them, crashes or takes too long.
    """
    jobs = {
        index: compiler.submit(step.model, platform, None, True, strategies)
        for index, step in enumerate(program.models)
        if step.device == register_device(NPU)
    }
    return {index: job.result() for index, job in jobs.items()}


def absent_program(platform: str) -> CompiledProgram:
    """A program whose NPU is not on this machine: it can be saved, but not run."""
    return CompiledProgram(_Absent(platform), NPU, [], "", 0)


@dataclass(frozen=True)
class _Absent:
    """Stands where the program would run."""

    platform: str
    layout: FrameLayout = field(default_factory=FrameLayout)

    def run(self, inputs: Sequence[Array]) -> NoReturn:
        raise ForgeError(
            f"the program is compiled for {self.platform}, which is not on this machine",
            hint="program.save(directory) writes what forge.load(directory) runs on a machine that "
            'has one; forge.compile(model, args, device="CPU") makes one that runs here',
        )
