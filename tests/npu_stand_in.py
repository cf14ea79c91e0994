"""A stand-in for the NPU and for Intel's compiler: the CPU plugin, whose exported models are blobs.

It makes no prediction of its own: every model takes 10 µs, 4 of them for the embedding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import pytest

from forge.backends.npu import CompiledBlob, LayerTime, NpuCompilationError, Schedule, Toolchain
from forge.backends.openvino import bindings
from forge.targets.strategies_table import StrategyTable

EXACT = {"INFERENCE_PRECISION_HINT": "f32"}
TRACE = b"\x1f\x8b compressed"


def schedule(platform: str, blob_bytes: int = 0) -> Schedule:
    """What the stand-in predicts."""
    layer = LayerTime("fc/MatMul", "MatMul", 3.0, 2.0, 1.0, 1.0, 0.0, 6.0, "linear in fc (m.py:7)")
    return Schedule(
        platform=platform,
        optimization_level=2,
        predicted_latency_us=10.0,
        predicted_latency_without_embedding_us=6.0,
        dma_us=5.0,
        dpu_us=3.0,
        shave_us=2.0,
        dma_dpu_overlap_us=1.0,
        dma_shave_overlap_us=1.0,
        shave_dpu_overlap_us=1.0,
        idle_us=0.5,
        layers=(layer,),
        uncharged={"RMS": 1},
        uncharged_products=("fc/MatMul",),
        blob_bytes=blob_bytes,
        compile_seconds=1.5,
        trace=TRACE,
    )


class StandInCompiler:
    """Takes the place of `NpuCompiler`.

    Attributes:
        refused: the platforms for which it compiles nothing.
        asked: the platforms that it was asked for, one a model.
        tables: the strategies that it was given, one a model.
    """

    def __init__(self, refused: Collection[str] = ()) -> None:
        self.refused = refused
        self.asked: list[str] = []
        self.tables: list[StrategyTable | None] = []

    def __enter__(self) -> StandInCompiler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def submit(
        self,
        model: Any,
        platform: str,
        level: int | None = None,
        keep_blob: bool = False,
        strategies: StrategyTable | None = None,
        charged: bool = False,
    ) -> Future[CompiledBlob]:
        self.tables.append(strategies)
        self.asked.append(platform)
        result: Future[CompiledBlob] = Future()
        if platform in self.refused:
            error = NpuCompilationError(platform, 2, "no room", (), "linear in fc (m.py:7)")
            result.set_exception(error)
            return result
        blob = bindings.core().compile_model(model, "CPU", EXACT).export_model().getvalue()
        kept = blob if keep_blob else None
        result.set_result(CompiledBlob(platform, 2, kept, schedule(platform, len(blob))))
        return result


@dataclass
class StandInNpu:
    """An NPU on this machine.

    Attributes:
        architecture: what it says it is.
        imported: the blobs that were brought to it.
        compiled: how many models its driver compiled.
    """

    architecture: str = "4000"
    imported: list[bytes] = field(default_factory=list[bytes])
    compiled: int = 0

    def plug_in(self, monkeypatch: pytest.MonkeyPatch) -> StandInNpu:
        """Let OpenVINO find it."""
        compile_model, properties = bindings.compile_model, bindings.supported_properties

        def on_cpu(model: Any, device: str, settings: Mapping[str, object]) -> Any:
            self.compiled += device == "NPU"
            return compile_model(model, device.replace("NPU", "CPU"), {**settings, **EXACT})

        def import_on_cpu(blob: bytes, device: str, settings: Mapping[str, object]) -> Any:
            assert device == "NPU"
            self.imported.append(blob)
            return bindings.core().import_model(blob, "CPU", {**settings, **EXACT})

        monkeypatch.setattr(bindings, "available_devices", lambda: ["CPU", "NPU"])
        monkeypatch.setattr(bindings, "device_architecture", lambda _: self.architecture)
        monkeypatch.setattr(bindings, "compile_model", on_cpu)
        monkeypatch.setattr(bindings, "import_model", import_on_cpu)
        monkeypatch.setattr(
            bindings, "supported_properties", lambda d: properties(d.replace("NPU", "CPU"))
        )
        return self


def install(monkeypatch: pytest.MonkeyPatch, refused: Collection[str] = ()) -> StandInCompiler:
    """Let every compilation use a stand-in for Intel's compiler."""
    compiler = StandInCompiler(refused)
    toolchain = Toolchain("a stand-in", "1.0", ())
    monkeypatch.setattr("forge.backends.npu.NpuCompiler", lambda: compiler)
    monkeypatch.setattr("forge.compiler.find_toolchain", lambda: toolchain)
    monkeypatch.setattr("forge.compiler.require_toolchain", lambda: toolchain)
    return compiler
