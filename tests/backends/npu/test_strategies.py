"""Strategies of the compiler's layers: what it writes, what it is told, what it makes of that."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import openvino
import pytest
from openvino import opset13 as opset

from forge.backends.npu import NpuCompiler
from forge.backends.npu.model_files import Node, read_nodes
from forge.backends.npu.strategies import (
    Layer,
    better_strategies,
    followed,
    layer_shape,
    read_layers,
    strategies_text,
)
from forge.errors import ForgeError
from forge.targets.strategies_table import Strategy, StrategyEntry, StrategyTable
from tests.backends.npu.test_compiler import FAKE, jobs

ADD = Layer("add in h.0/Add?t_Add/as_add", "NCE.Eltwise", Strategy("HKSwitch"))
NODES = {"add in h.0/Add": Node("Add", (1, 128, 768), (1, 128, 64), ("Add", "MVN"))}
SHAPE = {"node": "Add", "rows": 128, "size": 768, "then": "Add MVN"}


def table(*strategies: Strategy) -> StrategyTable:
    return StrategyTable([StrategyEntry("NCE.Eltwise", SHAPE, each) for each in strategies])


def written(**fields: object) -> bytes:
    layer = {"layerType": "VPU.Gelu", "multiClusterStrategy": "NONE", "tilingStrategy": "NONE"}
    return json.dumps({"gelu?t_Gelu": {**layer, **fields}}).encode()


def test_layers_are_read_as_the_compiler_writes_them() -> None:
    pieces = {"N": 1, "C": 4, "H": 1, "W": 1}
    (layer,) = read_layers(written(multiClusterStrategy="SplitOverKernel", tilingStrategy=pieces))
    assert layer == Layer("gelu?t_Gelu", "Gelu", Strategy("SplitOverKernel", {"C": 4}))
    assert layer.node == "gelu"
    assert read_layers(written())[0].strategy == Strategy()


def test_a_compiler_that_writes_nothing_has_no_layers() -> None:
    assert read_layers(b"") == []


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"gelu": {}}', b'{"gelu": 1}'])
def test_what_the_compiler_would_not_write_is_refused(text: bytes) -> None:
    with pytest.raises(ForgeError, match="not as expected"):
        read_layers(text)


def test_a_shape_is_that_of_the_node() -> None:
    assert layer_shape(ADD, NODES) == SHAPE
    product = Layer(ADD.name, "NCE.Convolution", Strategy())
    assert layer_shape(product, NODES) == {**SHAPE, "in": 64}


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(Layer("other?t_Add", "NCE.Eltwise", Strategy()), id="no node of the model"),
        pytest.param(Layer(ADD.name, "SoftMax", Strategy()), id="no kind that has strategies"),
    ],
)
def test_some_layers_have_no_shape(layer: Layer) -> None:
    assert layer_shape(layer, NODES) is None
    assert better_strategies([layer], NODES, table(Strategy("SplitOverHeight"))) == {}


def test_the_compiler_is_told_only_what_it_would_not_do() -> None:
    better = better_strategies([ADD], NODES, table(Strategy("SplitOverHeight")))
    assert better == {ADD.name: Strategy("SplitOverHeight")}
    assert better_strategies([ADD], NODES, table(Strategy("HKSwitch"))) == {}
    assert better_strategies([ADD], NODES, table(Strategy())) == {}
    assert better_strategies([ADD], NODES, table()) == {}


def test_one_piece_is_none() -> None:
    assert better_strategies([ADD], NODES, table(Strategy(None, {"C": 1}))) == {}
    pieces = Layer(ADD.name, ADD.kind, Strategy("HKSwitch", {"C": 2}))
    assert ADD.name in better_strategies([pieces], NODES, table(Strategy(None, {"C": 1})))


def test_a_layer_that_was_split_otherwise_does_not_count() -> None:
    wanted = {ADD.name: Strategy("SplitOverHeight"), "gone": Strategy("Clustering")}
    assert followed(wanted, [ADD]) == 0
    assert followed(wanted, [Layer(ADD.name, ADD.kind, Strategy("SplitOverHeight"))]) == 1


def test_the_file_for_the_compiler_has_only_what_is_wanted() -> None:
    text = strategies_text({"b": Strategy("Clustering"), "a": Strategy(None, {"H": 2})})
    assert json.loads(text) == {
        "a": {"tilingStrategy": {"N": 1, "C": 1, "H": 2, "W": 1}},
        "b": {"multiClusterStrategy": "Clustering"},
    }
    assert text == strategies_text({"a": Strategy(None, {"H": 2}), "b": Strategy("Clustering")})


# -- the compiler ----------------------------------------------------------------------------------

NEAR = {"node": "Acos", "rows": 3, "size": 8, "then": "Result"}
HEIGHT = StrategyTable([StrategyEntry("NCE.Eltwise", NEAR, Strategy("SplitOverHeight"))])


@pytest.fixture
def compiler(tmp_path: Path) -> Iterator[NpuCompiler]:
    with NpuCompiler(FAKE, workers=1, timeout=30, cache=tmp_path / "results") as compiler:
        yield compiler


@pytest.fixture
def model(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a model of one node, which the fake treats as a word says."""
    ports = "<port id='{}'><dim>3</dim><dim>8</dim></port>"

    def make(word: str) -> Path:
        path = tmp_path / "model.xml"
        path.write_text(
            f"<net><!-- {word} --><layers>"
            "<layer id='0' name='x' type='Parameter'/>"
            "<layer id='1' name='acos in h.0/Acos' type='Acos'>"
            f"<input>{ports.format(0)}</input><output>{ports.format(1)}</output></layer>"
            "<layer id='2' name='y' type='Result'/></layers>"
            "<edges><edge from-layer='0' from-port='0' to-layer='1' to-port='0'/>"
            "<edge from-layer='1' from-port='1' to-layer='2' to-port='0'/></edges></net>"
        )
        path.with_suffix(".bin").write_bytes(b"weights")
        return path

    return make


def test_nodes_are_read_with_their_readers(model: Callable[[str], Path]) -> None:
    nodes = read_nodes(model(""))
    assert nodes["acos in h.0/Acos"] == Node("Acos", (3, 8), (3, 8), ["Result"])
    assert nodes["y"] == Node("Result", (), (), [])


def test_a_model_is_split_as_the_table_says(
    compiler: NpuCompiler, model: Callable[[str], Path], tmp_path: Path
) -> None:
    schedule = compiler.compile(model(""), "NPU5010", strategies=HEIGHT).schedule
    assert (schedule.strategies, schedule.predicted_latency_us) == (1, 10)
    assert ["read-strategy" in job for job in jobs(tmp_path)] == [False, True]
    own = compiler.compile(model(""), "NPU5010").schedule
    assert (own.strategies, own.predicted_latency_us) == (0, 20)


def test_what_was_split_as_the_table_says_is_kept(
    compiler: NpuCompiler, model: Callable[[str], Path], tmp_path: Path
) -> None:
    first = compiler.compile(model(""), "NPU5010", strategies=HEIGHT)
    assert compiler.compile(model(""), "NPU5010", strategies=HEIGHT) == first
    assert len(jobs(tmp_path)) == 2
    alone = StrategyTable([StrategyEntry("NCE.Eltwise", NEAR, Strategy("Clustering"))])
    compiler.compile(model(""), "NPU5010", strategies=alone)
    assert len(jobs(tmp_path)) == 3


def test_a_table_that_has_nothing_for_a_model_costs_nothing(
    compiler: NpuCompiler, model: Callable[[str], Path], tmp_path: Path
) -> None:
    schedule = compiler.compile(model(""), "NPU5010", strategies=StrategyTable()).schedule
    assert (schedule.strategies, schedule.predicted_latency_us) == (0, 20)
    assert len(jobs(tmp_path)) == 1


def test_what_is_slower_is_not_taken(compiler: NpuCompiler, model: Callable[[str], Path]) -> None:
    schedule = compiler.compile(model("slower"), "NPU5010", strategies=HEIGHT).schedule
    assert (schedule.strategies, schedule.predicted_latency_us) == (0, 20)
    assert not schedule.strategies_refused


def test_what_is_refused_is_said(compiler: NpuCompiler, model: Callable[[str], Path]) -> None:
    schedule = compiler.compile(model("picky"), "NPU5010", strategies=HEIGHT).schedule
    assert (schedule.strategies, schedule.predicted_latency_us) == (0, 20)
    assert "Failed Pass TilingStrategyAssignment" in schedule.strategies_refused


def acos(folder: Path, words: str) -> Path:
    """A model of OpenVINO's own, with a result in f32, that the fake treats as it says."""
    x = opset.parameter([3, 8], openvino.Type.f32, name="q")
    y = opset.acos(x)
    y.set_friendly_name("acos in h.0/Acos")
    path = folder / "model.xml"
    openvino.save_model(openvino.Model([y], [x], words), path, compress_to_fp16=False)
    return path


@pytest.mark.parametrize(
    ("words", "told", "charged", "expected"),
    [
        ("free", False, False, 20),
        ("free", False, True, 60),
        ("free", True, True, 30),
        ("free slower", True, True, 60),
        ("free deceptive", True, False, 40),
        ("free deceptive", True, True, 40),
        ("free rigid", True, True, 60),
        ("another", False, True, 20),
        ("another", True, True, 10),
    ],
)
def test_results_in_f16_are_charged_for_products_that_cost_nothing(
    compiler: NpuCompiler, tmp_path: Path, words: str, told: bool, charged: bool, expected: float
) -> None:
    table = HEIGHT if told else None
    path = acos(tmp_path, words)
    compiled = compiler.compile(path, "NPU5010", strategies=table, charged=charged)
    assert compiled.schedule.predicted_latency_us == expected
    followed = told and "slower" not in words and "rigid" not in words
    assert compiled.schedule.strategies == followed
    assert bool(compiled.schedule.strategies_refused) == ("rigid" in words)
    free = "free" in words and expected in (20, 40)
    assert compiled.schedule.uncharged_products == (("acos in h.0/Acos",) if free else ())


def test_a_compiler_that_writes_no_strategies_splits_all_by_itself(
    compiler: NpuCompiler, model: Callable[[str], Path], tmp_path: Path
) -> None:
    schedule = compiler.compile(model("old"), "NPU5010", strategies=HEIGHT).schedule
    assert (schedule.strategies, schedule.predicted_latency_us) == (0, 20)
    assert len(jobs(tmp_path)) == 1


def test_every_level_is_split(
    compiler: NpuCompiler, model: Callable[[str], Path], tmp_path: Path
) -> None:
    assert compiler.compile(model(""), "NPU4000", strategies=HEIGHT).schedule.strategies == 1
    assert len(jobs(tmp_path)) == 4
