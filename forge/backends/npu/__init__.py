"""Intel's NPU compiler, on machines with and without an NPU: blobs, and predicted schedules."""

from __future__ import annotations

from forge.backends.npu.compiler import CompiledBlob, NpuCompiler
from forge.backends.npu.errors import NpuCompilationError
from forge.backends.npu.platforms import LEVELS, PLATFORMS, check_platform
from forge.backends.npu.schedule import LayerTime, Schedule
from forge.backends.npu.toolchain import (
    NpuToolchainError,
    Toolchain,
    find_toolchain,
    require_toolchain,
)

__all__ = [
    "LEVELS",
    "PLATFORMS",
    "CompiledBlob",
    "LayerTime",
    "NpuCompilationError",
    "NpuCompiler",
    "NpuToolchainError",
    "Schedule",
    "Toolchain",
    "check_platform",
    "find_toolchain",
    "require_toolchain",
]
