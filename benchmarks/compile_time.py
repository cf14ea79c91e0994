"""Time from a PyTorch model to a program that is ready to run, Forge against others.

    python benchmarks/compile_time.py                 # GPT-2 124M and MiniLM, 5 rounds
    python benchmarks/compile_time.py gpt2 --rounds 9 --json figures.json

Two starts are measured: an `nn.Module` (capture included) and a `torch.export.ExportedProgram`.
All contenders run in one process, one after the other in each round, and the medians of the rounds
are compared, so that a change in the machine's speed hits all of them. Every contender is warmed
up once. Ready means that the first inference can start; each contender's first output is checked
against eager PyTorch, outside of the measured time. In each round the compiled programs then run
in turn, for their latency and for the Compilation Efficiency Index of contender B,

    CEI_B = (latency of B / latency of Forge) / seconds that Forge took to compile

The contenders: Forge; OpenVINO's own `convert_model` of the same exported program, made static in
its shapes, and `compile_model`; ONNX Runtime through `torch.onnx.export`. OpenVINO's other way
in, through TorchScript, has no conversion for `aten::diff` and so fails on GPT-2.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import logging
import statistics
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import openvino as ov
import torch
from rich.console import Console
from rich.table import Table

import forge
from forge import zoo

Run = Callable[..., Any]
CPU_CONFIG = {"INFERENCE_PRECISION_HINT": "f32"}


def export(model: zoo.ZooModel) -> torch.export.ExportedProgram:
    with torch.no_grad():
        return torch.export.export(model.module, model.example_args)


def forge_from(source: Any, args: Sequence[torch.Tensor]) -> Run:
    return forge.compile(source, tuple(args), device="CPU")


def openvino_ready(model: ov.Model, args: Sequence[torch.Tensor]) -> Run:
    model.reshape({port: list(arg.shape) for port, arg in zip(model.inputs, args, strict=True)})
    compiled = ov.Core().compile_model(model, "CPU", CPU_CONFIG)
    return lambda *inputs: torch.from_numpy(compiled([value.numpy() for value in inputs])[0])


def openvino_from_program(
    program: torch.export.ExportedProgram, args: Sequence[torch.Tensor]
) -> Run:
    return openvino_ready(ov.convert_model(program), args)


def onnxruntime_from(source: Any, args: Sequence[torch.Tensor], folder: Path) -> Run:
    path = folder / "model.onnx"
    exported = torch.onnx.export(source, tuple(args), dynamo=True, verbose=False)
    assert exported is not None
    exported.save(path, external_data=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]

    def run(*inputs: torch.Tensor) -> torch.Tensor:
        feed = {name: value.numpy() for name, value in zip(names, inputs, strict=True)}
        return torch.from_numpy(session.run(None, feed)[0])

    return run


def contenders(model: zoo.ZooModel, folder: Path) -> dict[tuple[str, str], Callable[[], Run]]:
    """What is measured: (start, contender) -> a function that makes a runnable program."""
    args = model.example_args
    program = export(model)
    return {
        ("nn.Module", "Forge"): lambda: forge_from(model.module, args),
        ("nn.Module", "OpenVINO"): lambda: openvino_from_program(export(model), args),
        ("nn.Module", "ONNX Runtime"): lambda: onnxruntime_from(model.module, args, folder),
        ("ExportedProgram", "Forge"): lambda: forge_from(program, args),
        ("ExportedProgram", "OpenVINO"): lambda: openvino_from_program(program, args),
        ("ExportedProgram", "ONNX Runtime"): lambda: onnxruntime_from(program, args, folder),
    }


@contextlib.contextmanager
def quiet() -> Any:
    """Keep the exporters' progress and warnings off the terminal."""
    logging.disable(logging.WARNING)
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)


def measure(name: str, rounds: int, console: Console) -> dict[str, Any]:
    """All contenders on one model: seconds of each round, and Forge's phases."""
    model = zoo.build(name)
    with torch.no_grad():
        expected = model.module(*model.example_args)
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    phases: dict[str, list[float]] = defaultdict(list)
    latencies: dict[str, list[float]] = defaultdict(list)
    errors: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        with quiet():
            table = contenders(model, Path(folder))
        for round_number in range(rounds + 1):
            with console.status(f"{name}: round {round_number} of {rounds}"):
                ready: dict[str, Run] = {}
                for key, make in table.items():
                    gc.collect()
                    with quiet():
                        start = time.perf_counter()
                        run = make()
                        elapsed = time.perf_counter() - start
                        output = run(*model.example_args)
                    errors[key[1]] = float(np.max(np.abs((output - expected).numpy())))
                    if round_number == 0:
                        continue
                    seconds[key].append(elapsed)
                    if key == ("ExportedProgram", "Forge"):
                        for phase, value in run.report.phase_seconds().items():
                            phases[phase].append(value)
                    # The program is the same from both starts.
                    ready[key[1]] = run
                if round_number:
                    for who, values in run_in_turn(ready, model.example_args).items():
                        latencies[who] += values
                del ready, run
    return {
        "model": name,
        "rounds": rounds,
        "seconds": {f"{start} / {who}": values for (start, who), values in seconds.items()},
        "forge_phases": {phase: statistics.median(values) for phase, values in phases.items()},
        "latency": latencies,
        "cei": efficiency_indices(seconds, latencies),
        "max_abs_difference": errors,
    }


def run_in_turn(
    programs: dict[str, Run], args: Sequence[torch.Tensor], runs: int = 10
) -> dict[str, list[float]]:
    """Seconds of each run, one of each program after the other; the first runs do not count."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for number in range(runs + 2):
        for who, run in programs.items():
            start = time.perf_counter()
            run(*args)
            if number >= 2:
                seconds[who].append(time.perf_counter() - start)
    return seconds


def efficiency_indices(
    seconds: dict[tuple[str, str], list[float]], latencies: dict[str, list[float]]
) -> dict[str, float]:
    """The Compilation Efficiency Index against each contender, from an nn.Module, in 1/s."""
    latency = {who: statistics.median(values) for who, values in latencies.items()}
    compile_seconds = statistics.median(seconds["nn.Module", "Forge"])
    return {
        who: value / latency["Forge"] / compile_seconds
        for who, value in latency.items()
        if who != "Forge"
    }


def show(figures: dict[str, Any], console: Console) -> None:
    """Medians and ratios as tables."""
    table = Table(title=f"{figures['model']}: seconds to ready, median of {figures['rounds']}")
    for column in ("from", "contender", "median", "min", "max", "× Forge", "max |Δ| to eager"):
        table.add_column(column, justify="left" if column in ("from", "contender") else "right")
    for key, values in figures["seconds"].items():
        start, who = key.split(" / ")
        ratios = [
            other / own
            for other, own in zip(values, figures["seconds"][f"{start} / Forge"], strict=True)
        ]
        table.add_row(
            start,
            who,
            f"{statistics.median(values):.3f}",
            f"{min(values):.3f}",
            f"{max(values):.3f}",
            f"{statistics.median(ratios):.1f}",
            f"{figures['max_abs_difference'][who]:.1e}",
        )
    console.print(table)
    runs = Table(title=f"{figures['model']}: one inference, and CEI")
    for column in ("contender", "median ms", "× Forge", "CEI 1/s"):
        runs.add_column(column, justify="left" if column == "contender" else "right")
    own_latency = statistics.median(figures["latency"]["Forge"])
    for who, values in figures["latency"].items():
        latency, index = statistics.median(values), figures["cei"].get(who)
        runs.add_row(
            who,
            f"{latency * 1e3:.1f}",
            f"{latency / own_latency:.2f}",
            "" if index is None else f"{index:.2f}",
        )
    console.print(runs)
    phases = Table(title=f"{figures['model']}: Forge's phases from an ExportedProgram")
    phases.add_column("phase")
    phases.add_column("ms", justify="right")
    for phase, value in figures["forge_phases"].items():
        phases.add_row(phase, f"{value * 1e3:.1f}")
    console.print(phases)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time to ready, Forge against others.")
    parser.add_argument("models", nargs="*", default=["gpt2", "minilm"], help="names of the zoo")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds, after one warm-up")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=110)
    console.print(
        f"torch {torch.__version__}, OpenVINO {ov.__version__.split('-')[0]}, "
        f"ONNX Runtime {onnxruntime.__version__}, {torch.get_num_threads()} threads"
    )
    results = []
    for name in options.models:
        results.append(measure(name, options.rounds, console))
        show(results[-1], console)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
