"""forge bench weights: what it compares, and the part of a page that it writes."""

import json
from pathlib import Path

import pytest

from forge.tools.bench.weights import FORMS
from forge.tools.bench.weights_page import Row, document, table
from tests.tools.conftest import Tool

ROWS = [
    Row("gpt2", 2, "f32", 400_000_000, 0.0, 0.0, 1.0, {}),
    Row("gpt2", 2, "i8", 100_000_000, 0.0123, 4.5e-3, 0.96, {"NPU4000": 123.4, "NPU3720": None}),
    Row("minilm", 6, "i8", 24_000_000, 0.03, None, None, {"NPU4000": 99.6}),
]


def test_the_table() -> None:
    grid = table(ROWS)
    assert list(grid.columns[2:]) == ["layers", "MB", "error", "KL", "top 1", "NPU4000", "NPU3720"]
    assert grid.rows[0] == ["gpt2", "f32", "2", "400.0", "0.0e+00", "0.0e+00", "100 %", "–", "–"]
    assert grid.rows[1][3:] == ["100.0", "1.2e-02", "4.5e-03", "96 %", "123", "refused"]
    assert grid.rows[2][5:] == ["–", "–", "100", "–"]


def test_a_page_keeps_what_people_wrote() -> None:
    page = document(ROWS, "forge bench weights gpt2", "# Weights\n\nBy hand.\n\n")
    again = document(ROWS[:1], "forge bench weights", page)
    assert again.startswith("# Weights\n\nBy hand.\n\n<!-- From here on")
    assert "minilm" in page and "minilm" not in again
    assert again.count("## Weights in fewer bits") == 1


def test_fewer_bits_differ_more(cli: Tool, tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    outcome = cli(
        "bench", "weights", "minilm", "--layers", "1", "--tokens", "16", "--json", str(file)
    )
    assert outcome.code == 0, outcome.err
    rows = {row["form"]: row for row in json.loads(file.read_text())}
    assert [*rows] == [*FORMS]
    errors = [rows[form]["error"] for form in ("f32", "f16", "i8", "i4")]
    assert errors == sorted(errors) and errors[0] == 0.0 and 0 < errors[1] < 2e-3
    sizes = [rows[form]["weight_bytes"] for form in ("f32", "f16", "i8", "i4")]
    assert sizes == sorted(sizes, reverse=True)
    assert rows["i8"]["weight_bytes"] < 0.3 * rows["f32"]["weight_bytes"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("nothing", "no model 'nothing' in the zoo"),
        ("minilm --layers 99", "cannot be cut to 99"),
        ("minilm --platforms NPU1", "NPU1"),
    ],
)
def test_bad_options(cli: Tool, options: str, message: str) -> None:
    outcome = cli("bench", "weights", *options.split())
    assert outcome.code == 1 and message in outcome.err
