"""What is read from a trace, against a small one that is worked out by hand."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from forge.backends.npu import Schedule
from forge.backends.npu.schedule_table import schedule_table
from forge.backends.npu.trace import covered, read_schedule, time_alone
from forge.errors import ForgeError

TRACE = Path(__file__).with_name("small_trace.json").read_bytes()
ROWS = ["linear in model.fc", "embedding in model.wte", "softmax in model", "fetch_dma"]


@pytest.fixture
def schedule() -> Schedule:
    embeddings = ["embedding in model.wte/Gather"]
    return read_schedule(TRACE, "NPU4000", 3, 1000, 1.5, embeddings)


def test_totals_are_the_compilers_own(schedule: Schedule) -> None:
    assert schedule.predicted_latency_us == 20
    assert (schedule.dma_us, schedule.dpu_us, schedule.shave_us) == (12, 6, 4)
    assert schedule.shave_dpu_overlap_us == 2
    assert (schedule.platform, schedule.optimization_level) == ("NPU4000", 3)
    assert (schedule.blob_bytes, schedule.compile_seconds) == (1000, 1.5)


def test_the_embedding_counts_while_nothing_else_runs(schedule: Schedule) -> None:
    # It runs from 1 to 10; until 2 something is fetched, from 8 on a layer's weights are.
    assert schedule.predicted_latency_without_embedding_us == 20 - 6


def test_what_reads_no_table_is_no_embedding() -> None:
    schedule = read_schedule(TRACE, "NPU4000", 3)
    assert schedule.predicted_latency_without_embedding_us == 20


def test_layers_know_their_engines_and_where_they_come_from(schedule: Schedule) -> None:
    linear, embedding, softmax, fetch, _, _ = schedule.layers
    assert (linear.dma_us, linear.dpu_us, linear.shave_us) == (4, 6, 0)
    assert (linear.start_us, linear.end_us, linear.alone_us) == (8, 18, 6)
    assert (linear.kind, linear.location) == ("MatMul", "linear in model.fc")
    # Its two channels work at the same time.
    assert (embedding.kind, embedding.dma_us, embedding.alone_us) == ("Gather", 9, 6)
    assert (softmax.shave_us, softmax.alone_us) == (4, 2)
    assert (fetch.name, fetch.kind, fetch.location) == ("fetch_dma", "", "")


def test_work_that_costs_nothing_is_counted(schedule: Schedule) -> None:
    assert schedule.uncharged == {"RMS": 1}


def test_matrix_products_that_cost_nothing_are_known(schedule: Schedule) -> None:
    assert schedule.uncharged_products == ()
    events = json.loads(TRACE)
    for event in events["traceEvents"]:
        if event.get("cat") == "DPU":
            event["dur"] = 0.0
    free = read_schedule(json.dumps(events).encode(), "NPU4000", 3)
    assert free.uncharged_products == ("linear in model.fc/MatMul",)


def test_locations_of_a_model_replace_those_in_names(schedule: Schedule) -> None:
    located = schedule.located({"linear in model.fc/MatMul": "linear in model.fc (model.py:3)"})
    assert located.layers[0].location == "linear in model.fc (model.py:3)"
    assert located.layers[1:] == schedule.layers[1:]


def test_json_keeps_all_but_the_trace(schedule: Schedule) -> None:
    read = Schedule.from_json(json.loads(json.dumps(schedule.to_json())), schedule.trace)
    assert read == schedule
    assert read.trace == schedule.trace


@pytest.mark.parametrize("name", ["trace.json", "trace.json.gz"])
def test_the_trace_can_be_written(schedule: Schedule, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    schedule.write_trace(path)
    content = path.read_bytes()
    assert (gzip.decompress(content) if name.endswith(".gz") else content) == TRACE


@pytest.mark.parametrize("damaged", [b"", b"[]", b"{}", TRACE[:100], TRACE.replace(b"dur", b"d")])
def test_a_trace_of_another_kind_is_refused(damaged: bytes) -> None:
    with pytest.raises(ForgeError, match="trace is not as expected"):
        read_schedule(damaged, "NPU4000", 2)


def test_the_table_has_what_costs_most_first(schedule: Schedule) -> None:
    console = Console(width=100, record=True)
    console.print(schedule_table(schedule, rows=3))
    title, _, *rows = console.export_text().splitlines()
    assert "20.0 µs, 14.0 without the embedding" in title
    assert "predicted by Intel's NPU compiler" in title
    assert [row.partition("  ")[0] for row in rows] == [*ROWS[:3], "3 others"]


def test_of_a_fused_operation_the_table_has_the_first_and_the_last_place(
    schedule: Schedule,
) -> None:
    for location, shown in (("a; b; c (m.py:3)", "a; …; c (m.py:3)"), ("a; b", "a; b")):
        console = Console(width=100, record=True)
        layer = replace(schedule.layers[0], location=location)
        console.print(schedule_table(replace(schedule, layers=[layer])))
        assert f"{shown}  " in console.export_text()


def test_the_table_has_no_row_for_no_others(schedule: Schedule) -> None:
    console = Console(width=100, record=True)
    console.print(schedule_table(replace(schedule, layers=schedule.layers[:2]), rows=2))
    assert "others" not in console.export_text()


INTERVALS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.integers(0, 5)), max_size=8
)


@given(INTERVALS)
def test_times_are_those_of_counting_ticks(intervals: list[tuple[str, int, int]]) -> None:
    owned = [(name, (float(start), float(start + length))) for name, start, length in intervals]
    ticks = [{name for name, (start, end) in owned if start <= tick < end} for tick in range(18)]
    assert covered(interval for _, interval in owned) == sum(bool(there) for there in ticks)
    alone = time_alone(owned)
    for name in "abc":
        assert alone.get(name, 0.0) == sum(there == {name} for there in ticks)
