"""`torch.compile(model, backend="forge")` against Inductor, in one process and in turns.

    python benchmarks/torch_compile.py                      # GPT-2 124M and MiniLM, 128 tokens, f32
    python benchmarks/torch_compile.py gpt2 --layers 2 --rounds 1 --turns 2   # to see that it works

Time to the first result: Dynamo forgets all, then each contender in turn gets a model that nobody
has compiled, and is called once. That has the capture by Dynamo, the compilation and one run in it.
Inductor's caches on disk are off, as Forge has none. Then latencies, in turns. Medians, and how
many times those of Forge on the host.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from contenders import (
    EAGER,
    FORGE,
    FORGE_HOST,
    INDUCTOR,
    Run,
    cpp_compiler,
    eager_from,
    first_tensor,
    quiet,
    versions,
)
from rich.console import Console
from rich.table import Table
from turns import take_turns

from forge import zoo

FROZEN = "Inductor, freezing"
CONTENDERS: dict[str, dict[str, Any]] = {
    FORGE_HOST: {"backend": "forge", "options": {"device": "host"}},
    FORGE: {"backend": "forge", "options": {"device": "CPU"}},
    INDUCTOR: {"backend": "inductor"},
    FROZEN: {"backend": "inductor", "options": {"freezing": True}},
}


def compiled(model: zoo.ZooModel, settings: dict[str, Any]) -> Run:
    fast: Callable[..., Any] = torch.compile(model.module, **settings)

    def run(*inputs: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return first_tensor(fast(*inputs))

    return run


def first_results(model: zoo.ZooModel, names: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Seconds to the first result, of each round but the first, which imports what each needs."""
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name in names:
            torch.compiler.reset()
            run = compiled(model, CONTENDERS[name])
            start = time.perf_counter()
            run(*model.example_args)
            if number:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def latencies(
    model: zoo.ZooModel, names: Sequence[str], turns: int
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Milliseconds of each run, and the largest difference to eager."""
    torch.compiler.reset()
    runs = {name: compiled(model, CONTENDERS[name]) for name in names}
    runs[EAGER] = eager_from(model.module)
    expected = runs[EAGER](*model.example_args).double()
    differences = {
        name: float((run(*model.example_args).double() - expected).abs().max())
        for name, run in runs.items()
    }
    return take_turns(runs, model.example_args, turns), differences


def measure(name: str, options: argparse.Namespace, names: Sequence[str]) -> dict[str, Any]:
    model = zoo.build(name, tokens=options.tokens, layers=options.layers)
    with quiet(), torch._inductor.config.patch(force_disable_caches=True):
        seconds = first_results(model, names, options.rounds)
        milliseconds, differences = latencies(model, names, options.turns)
    return {
        "model": name,
        "seconds": seconds,
        "milliseconds": milliseconds,
        "differences": differences,
    }


def show(figures: dict[str, Any], console: Console) -> None:
    first = {who: statistics.median(values) for who, values in figures["seconds"].items()}
    later = {who: statistics.median(values) for who, values in figures["milliseconds"].items()}
    table = Table(title=f"{figures['model']}: torch.compile, medians, in turns")
    table.add_column("backend")
    for column in ("first result s", "× Forge host", "later ms", "× Forge host", "max |Δ|"):
        table.add_column(column, justify="right")
    for who in later:
        table.add_row(
            who,
            f"{first[who]:.2f}" if who in first else "",
            f"{first[who] / first[FORGE_HOST]:.2f}" if who in first else "",
            f"{later[who]:.2f}",
            f"{later[who] / later[FORGE_HOST]:.2f}",
            f"{figures['differences'][who]:.1e}",
        )
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="torch.compile: Forge against Inductor.")
    parser.add_argument("models", nargs="*", default=["gpt2", "minilm"], help="names of the zoo")
    parser.add_argument("--rounds", type=int, default=3, help="of first results, after one more")
    parser.add_argument("--turns", type=int, default=10, help="of later runs, after one more")
    parser.add_argument("--layers", type=int, help="keep only the first layers")
    parser.add_argument("--tokens", type=int, help="length of the input (default: 128)")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=110)
    console.print(versions())
    names = list(CONTENDERS)
    if cpp_compiler() is None:
        console.print("Inductor is left out: it needs a C++ compiler, and there is no g++, clang++")
        names = [FORGE_HOST, FORGE]
    results = [measure(name, options, names) for name in options.models]
    for figures in results:
        show(figures, console)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
