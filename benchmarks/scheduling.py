"""Transitions between devices: in the order of the program, by greedy choice, and by Forge.

    python benchmarks/scheduling.py                      # the six models of the paper, all targets
    python benchmarks/scheduling.py gpt2 --targets forge-ugc
    python benchmarks/scheduling.py --no-models          # how schedulers scale, alone

Models are built at full depth without their weights, their attention in products and a softmax.
`captured` is the program without any fusion, in its own order; all other columns have the default
passes. `joined` has moved cheap instructions to the CPU where that saves transitions. No order of
any such placement has fewer transitions than `bound`. A star says that the order found is proved to
be the best one, percentages compare with `captured`.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from torch.export import ExportedProgram
from xdsl.dialects.builtin import ModuleOp, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region

from forge import zoo
from forge.allocation import plan_arenas
from forge.analysis.transitions import count_transitions
from forge.dialects import reg
from forge.importer import capture, import_program
from forge.ir.text import make_context
from forge.passes import pipeline_at
from forge.passes.schedule_instructions import ScheduleInstructionsPass
from forge.pipeline import build_pipeline, no_garbage_collection, run_pipeline
from forge.scheduling import (
    Graph,
    Value,
    convex_segments,
    device_affinity,
    find_turns,
    fx_order,
    instructions_to_move,
    is_cheap,
    read_instructions,
    transitions,
)
from forge.scheduling.placement import fewest_transitions
from forge.targets import load_target, target_names

MODELS = ("gpt2", "granite-350m", "qwen2-0.5b", "llama-3.2-1b", "lfm2-2.6b", "llama-3.1-8b")
SIZES = (1_000, 10_000, 100_000)


# -- models ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A model on a target: transitions in several orders, and bytes."""

    instructions: int
    captured: int
    program: int
    greedy: int
    scheduled: int
    proved: bool
    joined: int
    bound: int
    copied_bytes: int
    arena_before: int
    arena_after: int


def lowered(exported: ExportedProgram, target: str, aggressiveness: float = 1.0) -> ModuleOp:
    """A model on the devices of a target."""
    device = load_target(target).device
    module = import_program(exported).module
    passes = (
        f"{pipeline_at(aggressiveness)},convert-to-reg{{device={device}}},"
        f'assign-devices{{target="{target}"}}'
    )
    run_pipeline(module, build_pipeline(passes), make_context())
    return module


def body(module: ModuleOp) -> Block:
    return next(op for op in module.ops if isinstance(op, FuncOp)).body.block


def arena_bytes(block: Block) -> int:
    return sum(arena.plan.size for arena in plan_arenas(block))


def measure_model(exported: ExportedProgram, target: str) -> Row:
    """Count transitions in each order."""
    captured = count_transitions(body(lowered(exported, target, 0.0))).count
    module = lowered(exported, target)
    block = body(module)
    program, arena_before = count_transitions(block), arena_bytes(block)
    graph = read_instructions(block).graph()
    joined, bound = joined_transitions(block, graph, target)
    greedy = transitions(graph, device_affinity(graph))
    turns = find_turns(graph)
    ScheduleInstructionsPass().apply(make_context(), module)
    return Row(
        instructions=len(graph),
        captured=captured,
        program=program.count,
        greedy=greedy,
        scheduled=count_transitions(block).count,
        proved=turns.optimal,
        joined=joined,
        bound=bound,
        copied_bytes=program.num_bytes,
        arena_before=arena_before,
        arena_after=arena_bytes(block),
    )


def joined_transitions(block: Block, graph: Graph, target: str) -> tuple[int, int]:
    """With cheap instructions where their neighbours are, and the least that there can be."""
    description = load_target(target)
    running = read_instructions(block).running
    devices = {op: op.device for op in running if isinstance(op, reg.RegOp)}
    cheap = {
        node
        for node, op in enumerate(running)
        if devices[op] == description.device and is_cheap(op)
    }
    moved: set[Operation] = set()
    if description.fallback is not None:
        moved |= set(instructions_to_move(block, devices, description.device, description.fallback))
    names = [description.fallback if op in moved else devices[op] for op in running]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    joined = Graph([numbers[name] for name in names], graph.values)
    return transitions(joined, convex_segments(joined)), fewest_transitions(graph, cheap)


def model_table(models: Sequence[str], targets: Sequence[str], console: Console) -> Table:
    table = Table(title="transitions of whole models, 128 tokens")
    columns = ("target", "model", "instructions", "captured", "program", "greedy", "scheduled")
    for column in (*columns, "joined", "bound", "copied MB", "arena MB, before → after"):
        table.add_column(column, justify="left" if column in ("target", "model") else "right")
    for model in models:
        with console.status(f"capturing {model}"):
            built = zoo.build(model, attn_implementation="eager", weights="fake")
            exported = capture(built.module, built.example_args)
        for target in targets:
            with console.status(f"{model} on {target}"), no_garbage_collection():
                row = measure_model(exported, target)
            table.add_row(
                target,
                model,
                str(row.instructions),
                str(row.captured),
                str(row.program),
                str(row.greedy),
                f"{row.scheduled}{'*' if row.proved else ''} {change(row.captured, row.scheduled)}",
                f"{row.joined}{'*' if row.joined == row.bound else ''} "
                f"{change(row.captured, row.joined)}",
                str(row.bound),
                f"{row.copied_bytes / 1e6:.1f}",
                f"{row.arena_before / 1e6:.2f} → {row.arena_after / 1e6:.2f}",
            )
        gc.collect()
    return table


def change(before: int, after: int) -> str:
    return f"(−{1 - after / before:.1%})" if before else ""


# -- size ------------------------------------------------------------------------------------


def random_network(nodes: int, devices: int, seed: int = 0) -> Graph:
    """Nodes on random devices that read one or two of the twenty nodes before them."""
    generator = random.Random(seed)
    readers: list[list[int]] = [[] for _ in range(nodes)]
    for node in range(1, nodes):
        for source in {max(0, node - generator.randint(1, 20)) for _ in range(2)}:
            readers[source].append(node)
    values = [Value(source, found, 64) for source, found in enumerate(readers)]
    return Graph([generator.randrange(devices) for _ in range(nodes)], values)


def random_program(graph: Graph) -> ModuleOp:
    """A program that computes on its devices what a graph says."""
    type = reg.register_type((16,), f32, "d0")
    block = Block(arg_types=[type])
    homes: dict[tuple[int, int], Any] = {}

    def on(node: int, device: int) -> Any:
        if (node, device) not in homes:
            source = block.args[0] if node < 0 else homes[node, graph.devices[node]]
            copy = reg.CopyOp(source, device=f"d{device}")
            block.add_op(copy)
            homes[node, device] = copy.result
        return homes[node, device]

    homes[-1, 0] = block.args[0]
    for node, device in enumerate(graph.devices):
        operands = [on(other, device) for other in graph.predecessors[node][:2]] or [on(-1, device)]
        op = reg.AddOp(*operands) if len(operands) == 2 else reg.ReluOp(operands[0])
        block.add_op(op)
        homes[node, device] = op.results[0]
    last = on(len(graph) - 1, 0)
    block.add_op(ReturnOp(last))
    return ModuleOp([FuncOp("main", ([type], [type]), Region(block))])


def timed(call: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    """What a call gives, and the seconds of processor time that it takes; it has one thread."""
    gc.collect()
    with no_garbage_collection():
        start = time.process_time()
        result = call(*args)
        return result, time.process_time() - start


def size_table(sizes: Sequence[int], console: Console) -> Table:
    table = Table(title="random networks: transitions, and seconds")
    columns = ("instructions", "devices", "program", "greedy", "scheduled", "greedy s")
    for column in (*columns, "scheduled s", "whole pass s"):
        table.add_column(column, justify="right")
    for devices in (2, 3, 4):
        for size in sizes:
            with console.status(f"{size} instructions on {devices} devices"):
                graph = random_network(size, devices)
                module = random_program(graph)
                greedy, greedy_seconds = timed(device_affinity, graph)
                found, seconds = timed(convex_segments, graph)
                schedule = ScheduleInstructionsPass()
                _, pass_seconds = timed(schedule.apply, make_context(), module)
            table.add_row(
                f"{size:,}",
                str(devices),
                str(transitions(graph, fx_order(graph))),
                str(transitions(graph, greedy)),
                f"{transitions(graph, found)}{'*' if find_turns(graph).optimal else ''}",
                f"{greedy_seconds:.2f}",
                f"{seconds:.2f}",
                f"{pass_seconds:.2f}",
            )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Transitions between devices, and what they cost.")
    parser.add_argument("models", nargs="*", default=MODELS, help="names of the zoo")
    known = [name for name in target_names() if name != "cpu"]
    parser.add_argument("--targets", nargs="+", default=known, choices=known, help="all by default")
    parser.add_argument("--no-models", action="store_true", help="only how schedulers scale")
    parser.add_argument("--no-sizes", action="store_true", help="only models")
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=150)
    if not options.no_models:
        console.print(model_table(options.models, options.targets, console))
    if not options.no_sizes:
        console.print(size_table(SIZES, console))


if __name__ == "__main__":
    main()
