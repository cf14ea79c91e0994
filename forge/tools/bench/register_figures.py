"""Measure a model's program at level `reg`: memory, transitions, bytecode, and how long each takes.

No weight is in memory for any of it.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from torch.export import ExportedProgram
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, SSAValue

from forge.allocation import ALIGNMENT, Request, assign_buffers, plan_arenas
from forge.analysis.allocation import check_allocation
from forge.analysis.liveness import LiveInterval, live_intervals, peak
from forge.analysis.load_time import is_constant, load_time_ops
from forge.analysis.transitions import count_transitions
from forge.backends.vm.bytecode import assemble, disassemble
from forge.dialects.reg import RegisterType, RegOp
from forge.dialects.reg.memory import brings_own_memory, viewed
from forge.dialects.reg.placement import CopyOp
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.ir.text import make_context, print_module
from forge.passes import pipeline_at
from forge.pipeline import build_pipeline, no_garbage_collection, run_pipeline
from forge.scheduling import SCHEDULERS, find_turns, read_instructions
from forge.targets import load_target, target_names
from forge.tools.bench.program_size import main_block
from forge.tools.bench.register_results import (
    Allocation,
    BytecodeSize,
    Order,
    Placement,
    RegisterFigures,
    Scale,
    Scaling,
)
from forge.tools.bench.results import Job
from forge.tools.bench.synthetic_program import synthetic_program
from forge.zoo import build

T = TypeVar("T")

DEVICES = ("cpu", "host")
"""What can run a whole program by itself: OpenVINO's CPU plugin, and kernels of PyTorch."""


def measure_registers(job: Job) -> RegisterFigures:
    """Take a model without weights to registers, for each device and target."""
    model = build(job.model, job.layers, job.tokens, job.attention, weights="fake")
    exported = capture(model.module, model.example_args)
    fused, unfused = (_after_passes(exported, share) for share in (1.0, 0.0))
    allocations: list[Allocation] = []
    for device in DEVICES:
        program = _after(fused, f"convert-to-reg{{device={device}}}")
        allocations.append(_allocation(program, device, job.repetitions))
    # On a device without a fallback there is nothing to change to.
    targets = [name for name in target_names() if load_target(name).fallback is not None]
    placements = [_placement(fused, unfused, target, job.repetitions) for target in targets]
    program = _after(fused, "convert-to-reg{device=host},allocate-buffers")
    bytecode = _bytecode(program, job.repetitions)
    return RegisterFigures(job.model, model.layers or 0, allocations, placements, bytecode)


def measure_scaling(job: Job) -> Scaling:
    """Time the analyses on synthetic programs of several sizes."""
    return Scaling([_scale(size, job.repetitions) for size in job.depths])


def _after_passes(exported: ExportedProgram, aggressiveness: float) -> ModuleOp:
    with no_garbage_collection():
        module = import_program(exported).module
        _run(module, pipeline_at(aggressiveness))
    return module


def _after(module: ModuleOp, passes: str) -> ModuleOp:
    with no_garbage_collection():
        lowered = module.clone()
        _run(lowered, passes)
    return lowered


def _run(module: ModuleOp, passes: str) -> None:
    run_pipeline(module, build_pipeline(passes), make_context())


# -- memory ----------------------------------------------------------------------------------------


def _allocation(module: ModuleOp, device: str, repetitions: int) -> Allocation:
    block = main_block(module)
    liveness, _ = _timed(lambda: live_intervals(block), repetitions)
    planning, arenas = _timed(lambda: plan_arenas(block), repetitions)
    own = _own_memory(block)
    requests = [request for arena in arenas for request in arena.requests] + own
    planners = {arena.plan.algorithm for arena in arenas}
    _run(module, "allocate-buffers")
    proof, _ = _timed(lambda: check_allocation(block), repetitions)
    return Allocation(
        device=device,
        registers=_registers(block),
        buffers=max(assign_buffers(requests), default=-1) + 1,
        arena=sum(arena.plan.size for arena in arenas),
        lower_bound=sum(arena.lower_bound for arena in arenas),
        own_memory=peak((request.interval, request.size) for request in own),
        planner=", ".join(sorted(planners)),
        liveness_seconds=liveness,
        planning_seconds=planning,
        proof_seconds=proof,
    )


def _registers(block: Block) -> int:
    returned = _returned(block)
    return sum(result not in returned for op in _running(block) for result in op.results)


def _returned(block: Block) -> set[SSAValue]:
    last = block.last_op
    return set(last.operands) if last is not None else set()


def _running(block: Block) -> list[RegOp]:
    """The instructions that run at every call."""
    known = load_time_ops(block)
    return [
        op
        for op in block.ops
        if isinstance(op, RegOp) and op not in known and not is_constant(type(op))
    ]


def _own_memory(block: Block) -> list[Request]:
    """What kernels allocate themselves, and how long its views need it."""
    intervals = live_intervals(block)
    roots: dict[SSAValue, SSAValue] = {}
    ends: dict[SSAValue, int] = {}
    for op in block.ops:
        operand = viewed(op)
        for result in op.results:
            root = result if brings_own_memory(op) else roots.get(operand) if operand else None
            if root is not None:
                roots[result] = root
                ends[root] = max(ends.get(root, 0), intervals[result].end)
    for value in _returned(block):
        ends.pop(roots.get(value, value), None)  # the caller's
    return [
        Request(_aligned(root), LiveInterval(intervals[root].start, end))
        for root, end in ends.items()
    ]


def _aligned(value: SSAValue) -> int:
    assert isinstance(value.type, RegisterType)
    return -(-value.type.num_bytes // ALIGNMENT) * ALIGNMENT


# -- devices ---------------------------------------------------------------------------------------


def _placement(fused: ModuleOp, unfused: ModuleOp, target: str, repetitions: int) -> Placement:
    device = load_target(target).device
    passes = f'convert-to-reg{{device={device}}},assign-devices{{target="{target}"'
    placed, before = (_after(each, f"{passes}}}") for each in (fused, unfused))
    joined = _after(fused, f"{passes} join=true}}")
    block = main_block(placed)
    running = (op for op in _running(block) if not isinstance(op, CopyOp))
    devices = Counter(op.device for op in running)
    orders = {name: _order(placed, name, repetitions) for name in SCHEDULERS}
    return Placement(
        target=target,
        devices=dict(devices.most_common()),
        unfused=count_transitions(main_block(before)).count,
        orders=orders,
        joined=_order(joined, "convex-segments", 1),
        optimal=find_turns(read_instructions(block).graph()).optimal,
    )


def _order(placed: ModuleOp, scheduler: str, repetitions: int) -> Order:
    seconds = float("inf")
    module = placed
    for _ in range(repetitions):
        module = placed.clone()
        seconds = min(seconds, _timed(lambda m=module: _schedule(m, scheduler), 1)[0])
    block = main_block(module)
    found = count_transitions(block)
    arena = sum(arena.plan.size for arena in plan_arenas(block))
    return Order(found.count, found.num_bytes, arena, seconds)


def _schedule(module: ModuleOp, scheduler: str) -> None:
    _run(module, f'schedule-instructions{{algorithm="{scheduler}"}}')


# -- bytecode and scale ----------------------------------------------------------------------------


def _bytecode(module: ModuleOp, repetitions: int) -> BytecodeSize:
    writing, content = _timed(lambda: assemble(module), repetitions)
    reading, again = _timed(lambda: disassemble(content), repetitions)
    text = print_module(module, debuginfo=True)
    if print_module(again, debuginfo=True) != text:
        raise ForgeError("bytecode does not read back as the text that it was")
    instructions = len(main_block(module).ops)
    return BytecodeSize(instructions, len(text), len(content), writing, reading)


def _scale(instructions: int, repetitions: int) -> Scale:
    module = synthetic_program(instructions)
    block = main_block(module)
    scheduling, _ = _timed(lambda: _schedule(module, "convex-segments"), 1)
    liveness, _ = _timed(lambda: live_intervals(block), repetitions)
    planning, _ = _timed(lambda: plan_arenas(block), repetitions)
    _run(module, "allocate-buffers")
    proof, _ = _timed(lambda: check_allocation(block), repetitions)
    return Scale(instructions, liveness, planning, proof, scheduling)


def _timed(work: Callable[[], T], repetitions: int) -> tuple[float, T]:
    """The fastest of the repetitions, in seconds, and what the work gives."""
    times: list[float] = []
    while True:
        gc.collect()
        with no_garbage_collection():
            start = perf_counter()
            result = work()
            times.append(perf_counter() - start)
        if len(times) >= repetitions:
            return min(times), result
