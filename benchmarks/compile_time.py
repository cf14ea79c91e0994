"""Time from a PyTorch model to a program that is ready to run, Forge against others.

    python benchmarks/compile_time.py                 # GPT-2 124M and MiniLM, 5 rounds
    python benchmarks/compile_time.py gpt2 --rounds 9 --json figures.json

Two starts are measured: an `nn.Module` (capture included) and a `torch.export.ExportedProgram`.
All contenders run in one process, one after the other in each round, and the medians of the rounds
are compared, so that a change in the machine's speed hits all of them. Every contender is warmed
up once. Ready means that the first inference can start; the first result is there one run later,
in which some prepare their weights. Each contender's first output is checked against eager PyTorch.
In each round the compiled programs then run in turns, for the Compilation Efficiency Index of
contender B against Forge on one of its devices,

    CEI_B = (latency of B / latency of Forge) / seconds that Forge took to compile

The contenders: Forge for OpenVINO's CPU plugin, and for kernels of PyTorch on the host; OpenVINO's
own `convert_model` of the same exported program, made static in its shapes, and `compile_model`;
ONNX Runtime through `torch.onnx.export`. OpenVINO's other way in, through TorchScript, has no
conversion for `aten::diff` and so fails on GPT-2. `latency.py` compares latencies with more care.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from contenders import (
    FORGE,
    FORGE_HOST,
    ONNX_RUNTIME,
    OPENVINO,
    Run,
    export,
    forge_from,
    onnxruntime_from,
    openvino_from,
    quiet,
    versions,
)
from rich.console import Console
from rich.table import Table
from turns import take_turns

from forge import zoo

OURS = (FORGE, FORGE_HOST)
Contender = tuple[str, str]
"""Where it starts from, and who it is."""


def contenders(model: zoo.ZooModel, folder: Path) -> dict[tuple[str, str], Callable[[], Run]]:
    """What is measured: (start, contender) -> a function that makes a runnable program."""
    args, module = model.example_args, model.module
    program = export(model)
    return {
        ("nn.Module", FORGE): lambda: forge_from(module, args, "CPU"),
        ("nn.Module", FORGE_HOST): lambda: forge_from(module, args, "host"),
        ("nn.Module", OPENVINO): lambda: openvino_from(export(model), args),
        ("nn.Module", ONNX_RUNTIME): lambda: onnxruntime_from(module, args, folder),
        ("ExportedProgram", FORGE): lambda: forge_from(program, args, "CPU"),
        ("ExportedProgram", FORGE_HOST): lambda: forge_from(program, args, "host"),
        ("ExportedProgram", OPENVINO): lambda: openvino_from(program, args),
        ("ExportedProgram", ONNX_RUNTIME): lambda: onnxruntime_from(program, args, folder),
    }


def measure(name: str, rounds: int, console: Console) -> dict[str, Any]:
    """All contenders on one model: seconds of each round, and Forge's phases."""
    model = zoo.build(name)
    args = model.example_args
    with torch.no_grad():
        expected = model.module(*args)
    ready: dict[Contender, list[float]] = defaultdict(list)
    first: dict[Contender, list[float]] = defaultdict(list)
    phases: dict[str, dict[str, list[float]]] = {who: defaultdict(list) for who in OURS}
    latencies: dict[str, list[float]] = defaultdict(list)
    errors: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        with quiet():
            table = contenders(model, Path(folder))
        for number in range(rounds + 1):
            programs: dict[str, Run] = {}
            with console.status(f"{name}: round {number} of {rounds}"):
                for key, make in table.items():
                    gc.collect()
                    with quiet():
                        start = time.perf_counter()
                        run = make()
                        seconds = time.perf_counter() - start
                        output = run(*args)
                        first_seconds = time.perf_counter() - start
                    errors[key[1]] = float((output - expected).abs().max())
                    # The program is the same from both starts.
                    programs[key[1]] = run
                    if number == 0:
                        continue
                    ready[key].append(seconds)
                    first[key].append(first_seconds)
                    if key[0] == "ExportedProgram" and key[1] in OURS:
                        for phase, value in run.report.phase_seconds().items():
                            phases[key[1]][phase].append(value)
                if number:
                    for who, values in take_turns(programs, args, turns=2).items():
                        latencies[who] += values
            del programs, run
    return {
        "model": name,
        "rounds": rounds,
        "seconds": named(ready),
        "first_result": named(first),
        "forge_phases": {who: medians(phases[who]) for who in OURS},
        "latency": latencies,
        "cei": {who: efficiency_indices(who, ready, latencies) for who in OURS},
        "max_abs_difference": errors,
    }


def named(values: Mapping[Contender, list[float]]) -> dict[str, list[float]]:
    return {f"{start} / {who}": seconds for (start, who), seconds in values.items()}


def medians(values: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(seconds) for name, seconds in values.items()}


def efficiency_indices(
    own: str, ready: Mapping[Contender, list[float]], latencies: Mapping[str, list[float]]
) -> dict[str, float]:
    """The Compilation Efficiency Index against each contender, from an nn.Module, in 1/s."""
    latency = medians(latencies)
    compile_seconds = statistics.median(ready["nn.Module", own])
    return {
        who: value / latency[own] / compile_seconds
        for who, value in latency.items()
        if who not in OURS
    }


def show(figures: dict[str, Any], console: Console) -> None:
    """Medians and ratios as tables."""
    console.print(ready_table(figures))
    console.print(latency_table(figures))
    for who in OURS:
        phases = Table(title=f"{figures['model']}: phases of {who} from an ExportedProgram")
        phases.add_column("phase")
        phases.add_column("ms", justify="right")
        for phase, value in figures["forge_phases"][who].items():
            phases.add_row(phase, f"{value * 1e3:.1f}")
        total = sum(figures["forge_phases"][who].values())
        phases.add_row("all", f"{total * 1e3:.1f}", style="bold")
        console.print(phases)


def ready_table(figures: dict[str, Any]) -> Table:
    table = Table(title=f"{figures['model']}: seconds to ready, median of {figures['rounds']}")
    names = ("from", "contender")
    columns = ("median", "min", "max", "× Forge", "× Forge host", "first result", "max |Δ|")
    for column in (*names, *columns):
        table.add_column(column, justify="left" if column in names else "right")
    for key, values in figures["seconds"].items():
        start, who = key.split(" / ")
        ratios = (ratio(values, figures["seconds"][f"{start} / {own}"]) for own in OURS)
        table.add_row(
            start,
            who,
            *(f"{seconds:.3f}" for seconds in (statistics.median(values), min(values))),
            f"{max(values):.3f}",
            *(f"{value:.1f}" for value in ratios),
            f"{statistics.median(figures['first_result'][key]):.3f}",
            f"{figures['max_abs_difference'][who]:.1e}",
        )
    return table


def ratio(values: list[float], own: list[float]) -> float:
    """The median over the rounds of how much longer it took."""
    return statistics.median(a / b for a, b in zip(values, own, strict=True))


def latency_table(figures: dict[str, Any]) -> Table:
    table = Table(title=f"{figures['model']}: one inference; CEI in 1/s")
    for column in ("contender", "median ms", *(f"CEI, {who}" for who in OURS)):
        table.add_column(column, justify="left" if column == "contender" else "right")
    for who, latency in medians(figures["latency"]).items():
        indices = (figures["cei"][own].get(who) for own in OURS)
        cells = ("" if index is None else f"{index:.2f}" for index in indices)
        table.add_row(who, f"{latency:.1f}", *cells)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Time to ready, Forge against others.")
    parser.add_argument("models", nargs="*", default=["gpt2", "minilm"], help="names of the zoo")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds, after one warm-up")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=110)
    console.print(versions())
    results = []
    for name in options.models:
        results.append(measure(name, options.rounds, console))
        show(results[-1], console)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
