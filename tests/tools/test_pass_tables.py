"""The tables of time and statistics: what adds up in them; and which remarks are emitted."""

from __future__ import annotations

import re

import pytest

from forge.tools.opt.remarks import category
from forge.tools.opt.timing import Timer, timing_report
from tests.tools.conftest import Tool
from tests.tools.programs import LINEAR, RELU

PASSES = "convert-aten-to-transformer,fuse-linear-activation"


def rows(report: str) -> dict[str, tuple[float, float]]:
    """Seconds and percent by name, with its indentation."""
    found = re.findall(r"^ +([\d.]+) \( *([\d.]+)%\)  (.+)$", report, re.M)
    return {name: (float(seconds), float(share)) for seconds, share, name in found}


def timer() -> Timer:
    total = Timer("all", 8.0)
    total.part("Parser", 1.0)
    total.part("Parser", 1.0)
    total.part("Pipeline", 4.0).part("fuse", 3.0).part("Pattern", 1.0)
    return total


def test_the_parts_of_a_tree_add_up() -> None:
    assert rows(timing_report(timer(), "tree")) == {
        "Parser": (2.0, 25.0),
        "Pipeline": (4.0, 50.0),
        "  fuse": (3.0, 37.5),
        "    Pattern": (1.0, 12.5),
        "    Rest": (2.0, 25.0),
        "Rest": (2.0, 25.0),
        "Total": (8.0, 100.0),
    }


def test_a_list_counts_everything_once_and_starts_with_the_longest() -> None:
    listed = rows(timing_report(timer(), "list"))
    total = listed.pop("Total")
    assert sum(seconds for seconds, _ in listed.values()) == total[0]
    assert listed["fuse"] == (2.0, 25.0)
    times = [seconds for seconds, _ in listed.values()]
    assert times == sorted(times, reverse=True)


def test_nothing_takes_no_share() -> None:
    assert rows(timing_report(Timer("nothing"), "tree")) == {"Total": (0.0, 0.0)}


def test_a_run_is_timed_even_if_it_fails(opt: Tool) -> None:
    outcome = opt("-p", f"{PASSES},allocate-buffers", "--mlir-timing", text=LINEAR)
    assert outcome.code == 1
    table = rows(outcome.err)
    assert "  fuse-linear-activation" in table
    assert "Output" not in table
    assert table["Total"][1] == 100.0


def test_parts_of_a_file_are_timed_together(opt: Tool) -> None:
    text = f"{RELU}// -----\n{RELU}"
    outcome = opt("--split-input-file", "-p", "simplify", "--mlir-timing", text=text)
    assert outcome.err.count("Execution time report") == 1
    assert list(rows(outcome.err)).count("Parser") == 1
    assert outcome.err.count("  simplify\n") == 2


def test_statistics_of_all_runs_of_a_pass_add_up(opt: Tool) -> None:
    def counts(display: str) -> list[int]:
        options = ("--mlir-pass-statistics", f"--mlir-pass-statistics-display={display}")
        err = opt("-p", ",".join(["fuse-linear-activation"] * 2), *options, text=LINEAR).err
        return [int(n) for n in re.findall(r"\(S\) +(-?\d+) FuseLinearActivation\.tried", err)]

    assert counts("list") == [sum(counts("pipeline"))]
    assert len(counts("pipeline")) == 2


def test_programs_are_printed_as_the_result_is(opt: Tool) -> None:
    printing = ("--mlir-print-ir-after-all", "--mlir-print-op-generic", "--mlir-print-debuginfo")
    outcome = opt("-p", PASSES, *printing, text=LINEAR)
    dumps = outcome.err.split("// -----// IR Dump")[1:]
    assert [dump.partition("\n")[2].rstrip("\n") for dump in dumps][-1] == outcome.out.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "purpose"),
    [("fuse-mlp", "fusion"), ("convert-to-reg", "conversion"), ("mine", "mine")],
)
def test_a_pass_s_name_says_what_it_is_for(name: str, purpose: str) -> None:
    assert category(name) == purpose


def test_remarks_are_chosen_by_pattern_pass_and_category(opt: Tool) -> None:
    def remarks(*options: str) -> int:
        return opt("-p", PASSES, *options, text=LINEAR).err.count("remark: ")

    everything = remarks("--remarks")
    assert remarks() == 0
    assert remarks("--remarks=^fusion:") + remarks("--remarks=^conversion:") == everything
    assert remarks("--remarks=fuselinear") == remarks("--remarks=fuse-linear-activation") > 0
    assert remarks("--remarks=nothing like it") == 0
