"""forge bench registers: what it counts, and the page that it writes."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from forge.analysis.allocation import check_allocation
from forge.analysis.transitions import count_transitions
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.pipeline import build_pipeline, run_pipeline
from forge.tools.bench.program_size import main_block
from forge.tools.bench.register_figures import measure_registers, measure_scaling
from forge.tools.bench.register_page import document, tables
from forge.tools.bench.register_results import (
    Allocation,
    BytecodeSize,
    Order,
    Placement,
    RegisterFigures,
    Scale,
    Scaling,
)
from forge.tools.bench.results import Failure, Job
from forge.tools.bench.synthetic_program import synthetic_program
from tests.tools.conftest import Tool

ORDERS = {
    "fx-order": Order(40, 2_000_000, 700, 0.001),
    "device-affinity": Order(30, 2_000_000, 700, 0.002),
    "convex-segments": Order(20, 1_500_000, 600, 0.003),
}
JOINED = Order(10, 1_000_000, 600, 0.004)
FIGURES = RegisterFigures(
    "gpt2",
    12,
    [
        Allocation("cpu", 300, 6, 1_100_000, 1_000_000, 0, "best-fit", 0.001, 0.002, 0.003),
        Allocation("host", 100, 5, 0, 0, 500_000, "best-fit", 0.001, 0.002, 0.003),
    ],
    [Placement("forge-ugc", {"npu": 200, "cpu": 80}, 80, ORDERS, JOINED, True)],
    BytecodeSize(400, 100_000, 30_000, 0.01, 0.02),
)
SCALING = Scaling([Scale(1000, 0.01, 0.02, 0.03, 0.04)])


def test_ratios() -> None:
    cpu, host = FIGURES.allocations
    assert cpu.reduction == pytest.approx(0.98)
    assert cpu.excess == pytest.approx(0.1)
    assert host.excess == 0.0


def test_the_registers_of_a_small_model() -> None:
    job = Job("registers", "gpt2", "sdpa", layers=1, tokens=8, repetitions=1)
    found = measure_registers(job)
    cpu, host = found.allocations
    assert 0 < cpu.buffers < host.registers < cpu.registers
    for each in (cpu, host):
        assert 0 < each.lower_bound <= each.arena <= 1.05 * each.lower_bound
        assert each.reduction > 0.5
    assert cpu.own_memory == 0 < host.own_memory
    (paper,) = (each for each in found.placements if each.target == "forge-ugc")
    assert set(paper.devices) == {"npu", "cpu"}
    best, greedy, fx = (
        paper.orders[name] for name in ("convex-segments", "device-affinity", "fx-order")
    )
    assert paper.joined.transitions <= best.transitions
    assert best.transitions <= greedy.transitions <= fx.transitions <= paper.unfused
    assert found.bytecode.size < found.bytecode.text / 2


def test_registers_are_counted_where_they_run() -> None:
    text = """
    func.func @main(%x: !T) -> (!T, !T) {
      %w = reg.weight "w" : !T
      %0 = reg.Exp %w : (!T) -> !T
      %1 = reg.Add %x, %0 : (!T, !T) -> !T
      %2 = reg.Relu %1 : (!T) -> !T
      %3 = reg.Exp %2 : (!T) -> !T
      func.return %2, %3 : !T, !T
    }
    """.replace("!T", "!reg.reg<4xf32, cpu>")
    from forge.tools.bench.register_figures import _allocation

    found = _allocation(parse_module(text), "cpu", 1)
    # %w and %0 are there before, %2 and %3 are the caller's.
    assert (found.registers, found.buffers, found.arena) == (1, 1, 64)


def test_synthetic_programs_are_valid_and_have_something_to_schedule() -> None:
    module = synthetic_program(300)
    verify_module(module)
    assert str(synthetic_program(300)) == str(module)
    block = main_block(module)
    before = count_transitions(block).count
    run_pipeline(module, build_pipeline("schedule-instructions,allocate-buffers"), make_context())
    check_allocation(block)
    assert count_transitions(block).count < before / 2


def test_scaling_times_each_size() -> None:
    found = measure_scaling(Job("scaling", "", "", repetitions=1, depths=[50, 100]))
    assert [size.instructions for size in found.sizes] == [50, 100]
    assert all(min(asdict(size).values()) > 0 for size in found.sizes)


def test_results_cross_processes_unchanged() -> None:
    assert RegisterFigures.from_json(json.loads(json.dumps(asdict(FIGURES)))) == FIGURES
    assert Scaling.from_json(json.loads(json.dumps(asdict(SCALING)))) == SCALING


def test_the_tables() -> None:
    memory, transitions, times, bytecode, scale = tables([FIGURES], [SCALING])
    assert memory.rows[0][:6] == ["gpt2", "cpu", "300", "6", "98.0 %", "333 → 218, 34.5 %"]
    assert memory.rows[0][6:] == ["1.10", "1.00", "10.0 %", "–", "best-fit"]
    assert memory.rows[1][9] == "0.50"
    assert transitions.rows[0][:3] == ["gpt2", "forge-ugc", "200 npu, 80 cpu"]
    assert transitions.rows[0][3:8] == ["80", "40", "30", "20*", "10"]
    assert transitions.rows[0][8:] == ["87.5 %", "1.00", "86 → 50, 41.9 %"]
    assert times.rows[1] == ["gpt2", "host", "1.0", "2.0", "3.0", "3.0"]
    assert bytecode.rows == [["gpt2", "400", "100", "30", "10.0", "20.0"]]
    assert scale.rows == [["1,000", "0.01", "0.02", "0.03", "0.04"]]


def test_targets_that_are_alike_share_a_row() -> None:
    paper, orders = FIGURES.placements[0], dict.fromkeys(ORDERS, Order(0, 0, 64, 0.1))
    npus = [
        Placement(name, {"npu": 280}, 0, orders, orders["fx-order"], True)
        for name in ("npu1", "npu2")
    ]
    transitions = tables([replace(FIGURES, placements=[npus[0], paper, npus[1]])], [])[1]
    assert [row[1] for row in transitions.rows] == ["npu1, npu2", "forge-ugc"]
    assert transitions.rows[0][3:] == ["0", "0", "0", "0*", "0", "–", "0.00", "–"]


def test_the_page_says_what_failed() -> None:
    failures = [Failure("scaling", "", "", "no memory")]
    page = document([FIGURES], [], failures, {"torch": "2"}, "forge bench registers")
    assert "- scaling of long programs: no memory" in page
    assert "## Seconds for programs" not in page
    assert "Versions: torch 2." in page


def test_the_command_writes_a_page(cli: Tool, tmp_path: Path) -> None:
    page, values = tmp_path / "page.md", tmp_path / "values.json"
    options = ["--layers", 1, "--tokens", 8, "--repetitions", 1, "--sizes", "50,100"]
    outcome = cli("bench", "registers", "gpt2", *options, "--markdown", page, "--json", values)
    assert outcome.code == 0, outcome.err
    assert "Registers and memory" in outcome.out
    text = page.read_text()
    assert "forge bench registers gpt2 --layers 1 --tokens 8 --repetitions 1 --sizes 50,1" in text
    assert "| gpt2 | host |" in text
    assert json.loads(values.read_text())["models"][0]["model"] == "gpt2"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gtp2"], "did you mean gpt2"),
        (["--sizes", "4,2"], "4,2 does not ascend"),
        (["gpt2", "--markdown", "nowhere/page.md"], "there is no directory nowhere"),
    ],
)
def test_wrong_command_lines(arguments: list[str], message: str, cli: Tool) -> None:
    outcome = cli("bench", "registers", *arguments)
    assert outcome.code == 1
    assert message in outcome.err
