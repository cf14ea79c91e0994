"""Latency of compiled models, and what many runs of Forge's leave behind.

    python benchmarks/latency.py                         # GPT-2 124M at 128 tokens, f32
    python benchmarks/latency.py minilm --turns 50 --json figures.json
    python benchmarks/latency.py gpt2 --turns 2 --runs 20  # to see that it works

All contenders are ready before the first turn, in one process. Then they take turns: in each, one
runs several times in a row, after a pause in which the threads of the one before go to sleep; the
first run of a turn warms its weights up again, and does not count. So whatever the machine does
meanwhile, it does to all. p50 and p99 are those of all runs that count. The largest difference of
an output element to eager PyTorch stands beside them.

Then, alone in their steady state, Forge's programs run on: the process's resident memory before and
after (`--runs`), the spread of these runs, and, in as many runs more as take a tenth of them, what
Python's allocator still holds afterwards and held at most.

The contenders: Forge on the host (kernels of PyTorch, no vendor's compiler) and on OpenVINO's CPU
plugin; OpenVINO's own `convert_model` and `compile_model`; ONNX Runtime; PyTorch, eager and
compiled by Inductor, if there is a C++ compiler.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from contenders import (
    EAGER,
    FORGE,
    FORGE_HOST,
    INDUCTOR,
    ONNX_RUNTIME,
    OPENVINO,
    Run,
    cpp_compiler,
    eager_from,
    export,
    forge_from,
    inductor_from,
    onnxruntime_from,
    openvino_from,
    quiet,
    versions,
)
from rich.console import Console
from rich.table import Table
from turns import PAUSE, take_turns, timed

from forge import zoo
from forge.tools.bench.memory import resident_memory


def ready(model: zoo.ZooModel, folder: Path, leave_out: Sequence[str]) -> dict[str, Run]:
    args = model.example_args
    with quiet():
        program = export(model)
        makers = {
            FORGE_HOST: lambda: forge_from(program, args, "host"),
            FORGE: lambda: forge_from(program, args, "CPU"),
            OPENVINO: lambda: openvino_from(program, args),
            ONNX_RUNTIME: lambda: onnxruntime_from(program, args, folder),
            EAGER: lambda: eager_from(model.module),
            INDUCTOR: lambda: inductor_from(model.module, args),
        }
        return {who: make() for who, make in makers.items() if who not in leave_out}


def differences(
    programs: dict[str, Run], args: Sequence[torch.Tensor]
) -> dict[str, tuple[float, float]]:
    """The largest absolute difference to eager, and the largest element."""
    expected = programs[EAGER](*args).double()
    largest = float(expected.abs().max())
    return {
        who: (float((run(*args).double() - expected).abs().max()), largest)
        for who, run in programs.items()
    }


def steady_state(run: Run, args: Sequence[torch.Tensor], runs: int) -> dict[str, float]:
    """What many runs one after the other leave behind."""
    timed(run, args, 20)
    gc.collect()
    before = resident_memory()
    times = timed(run, args, runs)
    after = resident_memory()
    traced = max(1, runs // 10)
    tracemalloc.start()
    timed(run, args, 5)
    gc.collect()
    tracemalloc.reset_peak()
    held, _ = tracemalloc.get_traced_memory()
    timed(run, args, traced)
    peak = tracemalloc.get_traced_memory()[1]
    gc.collect()
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "runs": runs,
        "p50": percentile(times, 50),
        "p99": percentile(times, 99),
        "resident_growth": float("nan") if before is None or after is None else after - before,
        "traced_runs": traced,
        "python_left": left - held,
        "python_peak": peak - held,
    }


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def show(figures: dict[str, Any], console: Console) -> None:
    latencies, own = figures["milliseconds"], figures["milliseconds"][FORGE_HOST]
    runs = len(own)
    table = Table(title=f"{figures['model']}: latency in ms, {runs} runs each, in turns")
    for column in ("contender", "min", "p50", "p99", "p99/p50", "× Forge host", "max |Δ| to eager"):
        table.add_column(column, justify="left" if column == "contender" else "right")
    for who, values in latencies.items():
        p50, p99 = percentile(values, 50), percentile(values, 99)
        table.add_row(
            who,
            *(f"{value:.2f}" for value in (min(values), p50, p99, p99 / p50)),
            f"{p50 / percentile(own, 50):.3f}",
            f"{figures['differences'][who][0]:.1e}",
        )
    console.print(table)
    table = Table(title=f"{figures['model']}: steady state")
    for column in ("", "runs", "p50 ms", "p99/p50", "resident kB more"):
        table.add_column(column, justify="left" if not column else "right")
    for column in ("traced runs", "Python bytes left", "at most at once"):
        table.add_column(column, justify="right")
    for who, state in figures["steady"].items():
        table.add_row(
            who,
            f"{state['runs']:,}",
            f"{state['p50']:.2f}",
            f"{state['p99'] / state['p50']:.3f}",
            f"{state['resident_growth'] / 1024:,.0f}",
            f"{state['traced_runs']:,}",
            *(f"{state[key]:,}" for key in ("python_left", "python_peak")),
        )
    console.print(table)


def measure(name: str, options: argparse.Namespace, console: Console) -> dict[str, Any]:
    model = zoo.build(name, tokens=options.tokens, layers=options.layers)
    args = model.example_args
    with tempfile.TemporaryDirectory() as folder:
        with console.status(f"{name}: compiling for all contenders"):
            programs = ready(model, Path(folder), options.without)
        found = differences(programs, args)
        with console.status("") as status:
            milliseconds = take_turns(
                programs,
                args,
                options.turns,
                lambda turn: status.update(f"{name}: turn {turn} of {options.turns}"),
            )
    steady: dict[str, dict[str, float]] = {}
    for who in (FORGE_HOST, FORGE) if options.runs else ():
        time.sleep(PAUSE)
        with console.status(f"{name}: {options.runs} runs of {who}"):
            steady[who] = steady_state(programs[who], args, options.runs)
    return {"model": name, "milliseconds": milliseconds, "differences": found, "steady": steady}


def main() -> None:
    parser = argparse.ArgumentParser(description="Latency, Forge against others.")
    parser.add_argument("models", nargs="*", default=["gpt2"], help="names of the zoo")
    parser.add_argument("--turns", type=int, default=25, help="of each contender, after one more")
    parser.add_argument("--runs", type=int, default=1000, help="in the steady state; 0 for none")
    parser.add_argument("--layers", type=int, help="keep only the first layers")
    parser.add_argument("--tokens", type=int, help="length of the input (default: 128)")
    parser.add_argument(
        "--without",
        nargs="*",
        default=[],
        choices=(OPENVINO, ONNX_RUNTIME, INDUCTOR),
        help="leave a contender out",
    )
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=110)
    console.print(versions())
    if INDUCTOR not in options.without and cpp_compiler() is None:
        console.print("Inductor is left out: it needs a C++ compiler, and there is no g++, clang++")
        options.without = [*options.without, INDUCTOR]
    results = []
    for name in options.models:
        results.append(measure(name, options, console))
        show(results[-1], console)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
