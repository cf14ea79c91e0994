"""One measurement in a process of its own: `python -m forge.tools.bench.worker JOB`.

A job is a `Job` as JSON; the answer on stdout is JSON, too. A process of its own has a peak memory
of its own, and its failure is nobody else's.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from time import perf_counter

import torch
from torch.export import ExportedProgram
from torch.fx import GraphModule
from xdsl.dialects.builtin import ModuleOp

import forge
from forge.importer import capture, import_program
from forge.ir.text import make_context
from forge.ir.verifier import verify_module
from forge.passes import LOWERING, pipeline_at
from forge.pipeline import build_pipeline, no_garbage_collection, run_pipeline
from forge.tools.bench.depth import numeric_depth
from forge.tools.bench.memory import peak_memory
from forge.tools.bench.module_tree import present_blocks
from forge.tools.bench.npu_models import write_sources
from forge.tools.bench.npu_results import Sources
from forge.tools.bench.program_size import operations, program_size, recognised_blocks
from forge.tools.bench.register_figures import measure_registers, measure_scaling
from forge.tools.bench.register_results import RegisterFigures, Scaling
from forge.tools.bench.results import DepthTimes, Job, Numerics, PassTime, Recognition, Size
from forge.tools.running import run_tool
from forge.zoo import ZooModel, build
from forge.zoo.catalogue import find_entry


def measure_recognition(job: Job) -> Recognition:
    """Take a model without weights through the passes."""
    base = peak_memory()
    model = _build(job, job.layers)
    exported = capture(model.module, model.example_args)
    first = _run(exported)
    peak = peak_memory()
    verify_module(first.module)
    repetitions = [_run(exported) for _ in range(job.repetitions)]
    unfused = _run(exported, aggressiveness=0.0)
    fastest = _fastest(repetitions)
    return Recognition(
        model=job.model,
        attention=job.attention,
        layers=model.layers or 0,
        calls=_calls(exported),
        before=first.before,
        after=program_size(first.module),
        unfused=program_size(unfused.module),
        present=present_blocks(model.module),
        recognised=recognised_blocks(first.module),
        operations=operations(first.module),
        passes=fastest.passes,
        first_seconds=first.seconds,
        lowering_seconds=_lower(fastest.module),
        peak_memory=peak,
        base_memory=base,
    )


def measure_numerics(job: Job) -> Numerics:
    """Compile a model, or the first layers of a large one, and compare it with eager PyTorch."""
    entry = find_entry(job.model)
    depth = job.layers or numeric_depth(entry)
    model = build(job.model, depth, job.tokens, job.attention)
    expected = model.run()
    program = forge.compile(model.module, model.example_args)
    actual: torch.Tensor = program(*model.example_args)
    return Numerics(
        model=job.model,
        attention=job.attention,
        layers=depth,
        all_layers=entry.layers,
        max_difference=float((actual.double() - expected.double()).abs().max()),
        largest=float(expected.abs().max()),
        host_kernels=len(program.report.host_kernels),
    )


def measure_depths(job: Job) -> DepthTimes:
    """Time the passes on a model without weights, cut to several depths."""
    seconds: list[float] = []
    for depth in job.depths:
        model = _build(job, depth)
        exported = capture(model.module, model.example_args)
        if not seconds:
            _run(exported)  # what only the first run takes is no matter of the depth
        seconds.append(_fastest([_run(exported) for _ in range(job.repetitions)]).seconds)
    return DepthTimes(job.model, job.attention, list(job.depths), seconds)


@dataclass(frozen=True)
class _Run:
    """A program that went through the passes."""

    module: ModuleOp
    before: Size
    passes: list[PassTime]

    @property
    def seconds(self) -> float:
        return sum(run.seconds for run in self.passes)


def _build(job: Job, layers: int | None) -> ZooModel:
    return build(job.model, layers, job.tokens, job.attention, weights="fake")


def _run(exported: ExportedProgram, aggressiveness: float = 1.0) -> _Run:
    # Cycles that the run before left would be collected at some time of this one.
    gc.collect()
    with no_garbage_collection():
        module = import_program(exported).module
        before = program_size(module)
        passes = build_pipeline(pipeline_at(aggressiveness))
        runs = run_pipeline(module, passes, make_context())
    return _Run(module, before, [PassTime(run.name, run.seconds) for run in runs])


def _fastest(runs: list[_Run]) -> _Run:
    # The work is the same each time; whatever else the machine does only adds to it.
    return min(runs, key=lambda run: run.seconds)


def _lower(module: ModuleOp) -> float:
    lowering = build_pipeline(LOWERING)
    with no_garbage_collection():
        start = perf_counter()
        run_pipeline(module, lowering, make_context())
        return perf_counter() - start


def _calls(exported: ExportedProgram) -> int:
    graphs = [m for m in exported.graph_module.modules() if isinstance(m, GraphModule)]
    return sum(node.op == "call_function" for graph in graphs for node in graph.graph.nodes)


Found = Recognition | Numerics | DepthTimes | RegisterFigures | Scaling | Sources

TASKS: Mapping[str, Callable[[Job], Found]] = {
    "npu-models": write_sources,
    "registers": measure_registers,
    "scaling": measure_scaling,
    "recognition": measure_recognition,
    "numerics": measure_numerics,
    "depths": measure_depths,
}


def _main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    # Libraries may print; stdout is for the answer.
    with redirect_stdout(sys.stderr):
        result = TASKS[job.task](job)
    print(json.dumps(asdict(result)))


if __name__ == "__main__":
    sys.exit(run_tool(_main))
