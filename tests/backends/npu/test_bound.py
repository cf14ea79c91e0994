"""What a model's file says of the data that a run moves."""

from pathlib import Path

import numpy as np
import openvino
import pytest
from openvino import opset13

from forge.backends.npu.bound import Traffic, read_traffic
from forge.backends.npu.model_files import table_lookups
from forge.errors import ForgeError


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A head on an embedding, with a table of 100 rows of 16 in f16, and another of 10 rows."""
    ids = opset13.parameter([8], np.int64, name="ids")
    table = opset13.convert(opset13.constant(np.ones((100, 16), np.float16)), "f32")
    places = opset13.constant(np.ones((10, 16), np.float32))
    rows = opset13.gather(table, ids, 0)
    rows.set_friendly_name("tokens")
    places = opset13.gather(places, ids, 0)
    places.set_friendly_name("places")
    states = opset13.add(rows, places)
    # No table, but a tensor that is computed.
    again = opset13.gather(states, opset13.constant([0, 0, 1]), 0)
    again.set_friendly_name("again")
    logits = opset13.matmul(again, table, False, True)
    path = tmp_path / "model.xml"
    openvino.save_model(openvino.Model([logits], [ids]), path, compress_to_fp16=False)
    return path


def test_embeddings_are_what_reads_a_constant_table(model: Path) -> None:
    assert table_lookups(model) == ["tokens", "places"]


def test_a_table_counts_where_all_of_it_is_read(model: Path) -> None:
    traffic = read_traffic(model)
    # The head reads the table of tokens; nothing reads all places. Indices and axes are small.
    assert 100 * 16 * 2 <= traffic.weights < 100 * 16 * 2 + 64
    assert traffic.ports == 8 * 8 + 3 * 100 * 4


def test_the_bound_is_of_bytes_or_of_work() -> None:
    traffic = Traffic(weights=33_000_000, ports=6_600_000)
    assert traffic.bound_us("NPU4000", 500.0) == pytest.approx(600.0)
    assert traffic.bound_us("NPU4000", 700.0) == 700.0


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"cannot read .*model\.xml"):
        read_traffic(tmp_path / "model.xml")
