"""Scheduled programs: the same numbers, the same instructions, and a report of what it was for."""

import random

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.rewriter import Rewriter

from forge.allocation import plan_arenas
from forge.analysis.load_time import is_constant
from forge.analysis.transitions import Transitions, count_transitions
from forge.dialects import reg
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.passes import DEFAULT_PIPELINE
from forge.pipeline import build_pipeline, run_pipeline
from forge.scheduling import SCHEDULERS
from tests.lowering.random_programs import Program, programs
from tests.passes.checking import apply, assert_same_numbers, functions, lit_program
from tests.passes.tiny_models import tiny_model

NOISE = StringAttr("mine.noise.default")
MODELS = ("gpt2", "llama-3.2-1b", "t5-small-decoder")


def body(module: ModuleOp) -> Block:
    return next(op for op in module.ops if isinstance(op, FuncOp)).body.block


def place_at_random(block: Block, seed: int, devices: tuple[str, ...] = ("npu", "cpu")) -> None:
    """Put instructions on random devices, with a copy before each operand from elsewhere."""
    generator = random.Random(seed)
    for op in list(block.ops):
        if not isinstance(op, reg.RegOp) or is_constant(type(op)) or isinstance(op, reg.CopyOp):
            continue
        if isinstance(op, reg.HostOp) or any(map(_is_constant, op.operands)):
            continue
        device = generator.choice(devices)
        copies = [_copied(value, device, op) for value in op.operands]
        results = [_copied_back(op, index) for index in range(len(op.results))]
        op.operands = copies
        for result in results:
            assert isinstance(result.type, reg.RegisterType)
            Rewriter.replace_value_with_new_type(result, result.type.on(device))


def _is_constant(value: SSAValue) -> bool:
    # Shapes are read from constants, not from their copies.
    return isinstance(value.owner, reg.ConstantOp)


def _copied(value: SSAValue, device: str, op: Operation) -> SSAValue:
    copy = reg.CopyOp(value, device=device)
    op.parent_block().insert_op_before(copy, op)  # pyright: ignore[reportOptionalMemberAccess]
    return copy.result


def _copied_back(op: Operation, index: int) -> SSAValue:
    result = op.results[index]
    copy = reg.CopyOp(result, device=reg.device_of(result.type))
    op.parent_block().insert_op_after(copy, op)  # pyright: ignore[reportOptionalMemberAccess]
    result.replace_uses_with_if(copy.result, lambda use: use.operation is not copy)
    return result


@pytest.mark.parametrize("algorithm", SCHEDULERS)
def test_numbers_stay(algorithm: str) -> None:
    module = lit_program("passes/schedule_instructions.mlir")
    for function in list(module.ops):
        if any(op.properties.get("kernel") == NOISE for op in function.walk()):
            function.detach()
    assert_same_numbers(module, f'schedule-instructions{{algorithm="{algorithm}"}}')


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.integers(0, 2**16), st.sampled_from(sorted(SCHEDULERS)))
def test_random_programs_compute_the_same(program: Program, seed: int, algorithm: str) -> None:
    assume(program.steps)
    imported = import_program(capture(program, tuple(program.inputs)))
    module = imported.module
    apply(module, "convert-to-reg{device=npu}")
    block = body(module)
    place_at_random(block, seed)
    verify_module(module)
    expected = run(module, imported.weights, program.inputs)
    before, operations = count_transitions(block), set(block.ops)
    apply(module, f'schedule-instructions{{algorithm="{algorithm}"}}')
    after = count_transitions(block)
    assert set(block.ops) == operations
    if algorithm == "convex-segments":
        assert after.count <= before.count
    assert (after.values, after.num_bytes) == (before.values, before.num_bytes)
    for mine, theirs in zip(run(module, imported.weights, program.inputs), expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", MODELS)
def test_models_change_the_device_less_and_compute_the_same(name: str) -> None:
    model, args = tiny_model(name)
    imported = import_program(capture(model, args))
    module = imported.module
    apply(module, f"{DEFAULT_PIPELINE},convert-to-reg{{device=npu}}")
    apply(module, 'assign-devices{target="forge-ugc"}')
    expected = run(module, imported.weights, args)
    greedy = module.clone()
    apply(greedy, 'schedule-instructions{algorithm="device-affinity"}')
    before = count_transitions(body(module))
    apply(module, "schedule-instructions")
    assert count_transitions(body(module)).count <= count_transitions(body(greedy)).count
    assert count_transitions(body(module)).count <= before.count
    assert arena_bytes(module) <= arena_bytes(greedy)
    text = str(module)
    apply(module, "schedule-instructions")
    assert str(module) == text
    for mine, theirs in zip(run(module, imported.weights, args), expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0)
    apply(module, "allocate-buffers")


def arena_bytes(module: ModuleOp) -> int:
    return sum(arena.plan.size for arena in plan_arenas(body(module)))


def test_names_and_locations_stay() -> None:
    module = lit_program("passes/schedule_instructions.mlir")

    def labels() -> set[tuple[str | None, str]]:
        return {
            (result.name_hint, str(op.location)) for op in module.walk() for result in op.results
        }

    before = labels()
    apply(module, "schedule-instructions")
    assert labels() == before


def test_the_report_has_transitions_before_and_after() -> None:
    module = lit_program("passes/schedule_instructions.mlir")
    (run,) = run_pipeline(module, build_pipeline("schedule-instructions"), make_context())
    figures = run.report().figures
    assert figures == {
        "transitions before": 12,
        "transitions after": 8,
        "values copied": 11,
        "bytes copied": 11 * 64,
    }


def test_only_instructions_are_scheduled() -> None:
    module = parse_module("""
      func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
        %0 = aten.relu %x : (tensor<4xf32>) -> tensor<4xf32>
        func.return %0 : tensor<4xf32>
      }""")
    with pytest.raises(ForgeError, match="is not an instruction") as error:
        apply(module, "schedule-instructions")
    assert error.value.hint == "lower the program first: convert-to-reg"


def test_calls_stay_in_order() -> None:
    n, c = "!reg.reg<4xf32, npu>", "!reg.reg<4xf32, cpu>"
    declared = "\n".join(
        f"func.func @{name}(%x: {n}) -> {n} {{ func.return %x : {n} }}" for name in ("f", "g")
    )
    module = parse_module(f"""
      {declared}
      func.func @main(%x: {n}, %y: {c}) -> ({n}, {c}, {n}) {{
        %0 = func.call @g(%x) : ({n}) -> {n}
        %1 = reg.Relu %y : ({c}) -> {c}
        %2 = func.call @f(%x) : ({n}) -> {n}
        func.return %0, %1, %2 : {n}, {c}, {n}
      }}""")
    apply(module, "schedule-instructions")
    (function,) = (op for op in functions(module).values() if op.sym_name.data == "main")
    names = [
        op.callee.string_value() if isinstance(op, CallOp) else op.name
        for op in function.body.block.ops
    ]
    assert names in (["g", "f", "reg.Relu", "func.return"], ["reg.Relu", "g", "f", "func.return"])


def test_what_is_counted() -> None:
    module = parse_module("""
      func.func @main(%x: !reg.reg<4xf32, npu>) -> !reg.reg<4xf32, npu> {
        %w = reg.weight "w" : !reg.reg<4xf32, npu>
        %v = reg.copy %w : (!reg.reg<4xf32, npu>) -> !reg.reg<4xf32, cpu>
        %0 = reg.copy %x : (!reg.reg<4xf32, npu>) -> !reg.reg<4xf32, cpu>
        %1 = reg.Add %0, %v : (!reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu>
        %2 = reg.copy %1 : (!reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, npu>
        %3 = reg.Exp %w : (!reg.reg<4xf32, npu>) -> !reg.reg<4xf32, npu>
        %4 = reg.Add %2, %3 : (!reg.reg<4xf32, npu>, !reg.reg<4xf32, npu>) -> !reg.reg<4xf32, npu>
        func.return %4 : !reg.reg<4xf32, npu>
      }""")
    assert count_transitions(body(module)) == Transitions(count=1, values=2, num_bytes=32)
