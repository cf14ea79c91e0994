"""Placing instructions on devices: where they go, what is copied, and that the numbers stay."""

from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.traits import ConstantLike

import forge
from forge.analysis.transitions import count_transitions
from forge.backends.ports import main_function
from forge.dialects import reg
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.interpreters import random_inputs, run
from forge.ir.text import parse_module, print_module
from forge.passes import DEFAULT_PIPELINE
from forge.targets import load_target
from forge.weights import RandomWeights
from forge.zoo import build
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ["gpt2", "granite-350m", "qwen2-0.5b", "llama-3.2-1b", "lfm2-2.6b", "llama-3.1-8b"]
NPUS = ["npu3720", "npu4000", "npu5010", "npu5020"]
TARGETS = ["forge-ugc", *NPUS]
PAPER = "assign-devices{target=forge-ugc}"


@cache
def on_npu(name: str) -> ModuleOp:
    module, inputs = tiny_model(name, layers=3 if name == "lfm2-2.6b" else 2)
    program = import_program(capture(module, inputs)).module
    apply(program, f"{DEFAULT_PIPELINE},convert-to-reg{{device=npu}}")
    return program


def lowered(name: str) -> ModuleOp:
    return on_npu(name).clone()


def copies(module: ModuleOp) -> list[reg.CopyOp]:
    return [op for op in module.walk() if isinstance(op, reg.CopyOp)]


@pytest.mark.parametrize("name", FAMILIES)
def test_models_compute_the_same_wherever_their_instructions_are(name: str) -> None:
    program = lowered(name)
    weights, inputs = RandomWeights(program), random_inputs(program)
    expected = run(program, weights, inputs)
    for target in TARGETS:
        for join in ("false", "true"):
            assigned = program.clone()
            apply(assigned, f"assign-devices{{target={target} join={join}}}")
            for before, after in zip(expected, run(assigned, weights, inputs), strict=True):
                # The same instructions in the same order.
                assert torch.equal(before, after)


@pytest.mark.parametrize("name", FAMILIES)
def test_joined_neighbours_save_transitions(name: str) -> None:
    transitions: list[int] = []
    for join in ("false", "true"):
        assigned = lowered(name)
        placement = f"assign-devices{{target=forge-ugc join={join}}}"
        apply(assigned, placement)
        placed = print_module(assigned)
        apply(assigned, placement)
        assert print_module(assigned) == placed
        apply(assigned, "schedule-instructions")
        transitions.append(count_transitions(main_function(assigned).body.block).count)
    # A layer norm is one instruction and a scale, which leaves little to join.
    assert transitions[1] <= transitions[0] * (0.98 if name == "gpt2" else 0.8)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_instruction_is_where_the_target_takes_it(name: str) -> None:
    program = lowered(name)
    apply(program, PAPER)
    target = load_target("forge-ugc")
    devices = {op.device for op in program.walk() if isinstance(op, reg.RegOp)}
    assert devices == {"npu", "cpu"}
    for op in program.walk():
        if isinstance(op, reg.RegOp) and "forge.reason" in op.attributes:
            assert op.device == "cpu"
            assert str(target.refusal(op)) == op.attributes["forge.reason"].data
        elif isinstance(op, reg.MatMulOp):
            assert op.device == "npu"


@pytest.mark.parametrize("name", FAMILIES)
def test_a_value_is_copied_once_a_device_right_behind_its_definition(name: str) -> None:
    program = lowered(name)
    apply(program, PAPER)
    found = copies(program)
    assert found
    assert len({(copy.input, copy.device) for copy in found}) == len(found)
    for copy in found:
        before: Operation | None = copy.prev_op
        while isinstance(before, reg.CopyOp):
            before = before.prev_op
        owner = copy.input.owner
        assert before is (owner if isinstance(owner, Operation) else None)
        # What is known before the program runs is there on every device.
        assert not isinstance(owner, Operation) or not owner.has_trait(ConstantLike)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("target", TARGETS)
def test_a_second_run_changes_nothing(name: str, target: str) -> None:
    program = lowered(name)
    apply(program, f"assign-devices{{target={target}}}")
    text = print_module(program)
    report = apply(program, f"assign-devices{{target={target}}}")
    assert not report.refused
    assert print_module(program) == text


def test_one_target_after_another() -> None:
    program = lowered("llama-3.2-1b")
    weights, inputs = RandomWeights(program), random_inputs(program)
    (expected,) = run(program, weights, inputs)
    apply(program, f"assign-devices{{target=npu3720}},{PAPER}")
    assert torch.equal(run(program, weights, inputs)[0], expected)


def test_the_signature_stays() -> None:
    program = lowered("gpt2")
    before = [function.function_type for function in program.ops]
    apply(program, PAPER)
    assert [function.function_type for function in program.ops] == before


def test_the_report_says_what_moved_and_why() -> None:
    program = lowered("gpt2")
    report = apply(program, PAPER)
    moved = [op for op in program.walk() if "forge.reason" in op.attributes]
    assert len(report.refused) == len(moved) == report.figures["instructions on cpu"]
    assert {refused.reason for refused in report.refused} >= {
        f"{kind} run on the CPU (the paper's device map, arXiv 2604.16498)"
        for kind in ("norms", "embeddings and other gathers", "shape operations")
    }
    reasons = {name: n for name, n in report.figures.items() if name.startswith("moved, ")}
    assert sum(reasons.values()) == len(moved)
    placed = report.figures["instructions on npu"]
    # Neither copies nor what is known before the program runs.
    assert 0 < placed < sum(isinstance(op, reg.RegOp) for op in program.walk()) - len(moved)


def full_depth(name: str) -> ModuleOp:
    model = build(name, weights="fake")
    program = import_program(capture(model.module, model.example_args)).module
    apply(program, f"{DEFAULT_PIPELINE},convert-to-reg{{device=npu}}")
    return program


@pytest.mark.parametrize("name", FAMILIES)
def test_the_table_of_the_documentation(name: str) -> None:
    page = (ROOT / "docs" / "targets.md").read_text()
    (line,) = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
    instructions, *expected = [int(cell) for cell in line.strip("|").split("|")[1:]]
    program = full_depth(name)
    for target in map(load_target, NPUS):
        assert not [op for op in program.walk() if target.refusal(op) is not None]
    figures = apply(program, PAPER).figures
    moved = [count for reason, count in sorted(figures.items()) if reason.startswith("moved")]
    embeddings, norms, shapes = moved
    counted = [figures["instructions on npu"], figures["instructions on cpu"]]
    assert sum(counted) == instructions
    assert expected == [*counted, norms, embeddings, shapes]


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Programs on npu, cpu and the host, with copies wherever an operand is elsewhere."""
    register = reg.register_type((4, 4), f32, "npu")
    block = Block(arg_types=[register, register.on("cpu")])
    values: list[SSAValue] = list(block.args)

    def add(op: Operation) -> SSAValue:
        block.add_op(op)
        values.append(op.results[0])
        return op.results[0]

    def operand(device: str) -> SSAValue:
        value = draw(st.sampled_from(values))
        if reg.device_of(value.type) == device:
            return value
        return add(reg.CopyOp(value, device=device))

    for _ in range(draw(st.integers(1, 12))):
        device = draw(st.sampled_from(["npu", "npu", "cpu"]))
        match draw(st.integers(0, 5)):
            case 0:
                add(reg.SoftmaxOp(operand(device), axis=1))
            case 1:
                add(reg.MatMulOp(operand(device), operand(device)))
            case 2:
                add(reg.HostOp("aten.erf", {"input": operand("host")}))
            case 3:
                add(reg.WeightOp("w", (4, 4), f32, device=device))
            case 4:
                add(reg.SoftmaxOp(add(reg.WeightOp("w", (4, 4), f32, device=device)), axis=0))
            case _:
                add(reg.ReluOp(operand(device)))
    returned = draw(st.lists(st.sampled_from(values), min_size=1, max_size=4))
    block.add_op(ReturnOp(*returned))
    types = ([arg.type for arg in block.args], [value.type for value in returned])
    return print_module(ModuleOp([FuncOp("main", types, Region(block))]))


@given(programs())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_program_keeps_its_numbers(text: str) -> None:
    program = parse_module(text)
    weights, inputs = RandomWeights(program), random_inputs(program)
    expected = run(program, weights, inputs)
    apply(program, PAPER)
    for before, after in zip(expected, run(program, weights, inputs), strict=True):
        assert torch.equal(before, after)
    for copy in copies(program):
        assert copy.result.first_use is not None
        assert not isinstance(copy.input.owner, reg.CopyOp | reg.WeightOp)
    text = print_module(program)
    apply(program, PAPER)
    assert print_module(program) == text


def description(folder: Path, device: str) -> Path:
    """The paper's map, with another device for the NPU."""
    text = Path(forge.__file__).with_name("targets").joinpath("forge-ugc.toml").read_text()
    path = folder / "map.toml"
    path.write_text(text.replace('device = "npu"', f'device = "{device}"'))
    return path


@pytest.mark.parametrize("name", ["gpt2", "llama-3.2-1b"])
def test_two_devices_compute_what_one_does(name: str, tmp_path: Path) -> None:
    # AUTO stands for the accelerator: here it is the CPU, too.
    module, inputs = tiny_model(name)
    path = description(tmp_path, "auto")
    program = forge.compile(
        module,
        inputs,
        device="AUTO",
        pipeline=f"{DEFAULT_PIPELINE},convert-to-reg{{device=auto}},"
        f'assign-devices{{target="{path}"}}',
    )
    expected = module(*inputs)
    assert torch.allclose(program(*inputs), expected, atol=1e-5)
    assert program.report.crossings > 0
    text = " ".join(str(program.report).split())
    assert "assign-devices instructions on auto: " in text
    assert "moved, embeddings and other gathers run on the CPU" in text


def test_an_instruction_that_no_device_takes(tmp_path: Path) -> None:
    text = description(tmp_path, "npu").read_text().replace('fallback = "cpu"\n', "")
    path = tmp_path / "alone.toml"
    path.write_text(text)
    register = "!reg.reg<2x3xf32, npu>"
    module = parse_module(
        f"func.func @main(%x: {register}) -> {register} {{\n"
        f"  %0 = reg.Softmax %x {{axis = 1}} : ({register}) -> {register}\n"
        f"  func.return %0 : {register}\n}}"
    )
    with pytest.raises(ForgeError, match=r"reg\.Softmax: alone does not take it: softmax runs"):
        apply(module, f'assign-devices{{target="{path}"}}')
