"""Tables of strategies: what they may hold, and which entry is for a layer."""

from dataclasses import replace
from pathlib import Path

import pytest

from forge.backends.npu import PLATFORMS
from forge.errors import ForgeError
from forge.targets.strategies_table import (
    SPLITS,
    Strategy,
    StrategyEntry,
    StrategyTable,
    load_strategies,
    read_strategies,
    strategy_platforms,
)

SHAPE = {"node": "Add", "rows": 128, "size": 768, "then": "MVN"}
ENTRY = """\
[["NCE.Eltwise"]]
shape = { node = "Add", rows = 128, size = 768, then = "MVN" }
strategy = { split = "SplitOverHeight" }
found = "a guess"
"""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_has_a_table(platform: str) -> None:
    entries = load_strategies(platform).entries
    assert entries
    for entry in entries:
        assert entry.strategy.values()
        assert "instead of" in entry.found
        assert load_strategies(platform).find(entry.kind, entry.shape) == entry.strategy


def test_there_are_no_other_tables() -> None:
    assert strategy_platforms() == tuple(sorted(name.lower() for name in PLATFORMS))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_table_is_what_it_writes(platform: str, tmp_path: Path) -> None:
    path = tmp_path / "again.toml"
    table = load_strategies(platform)
    path.write_text(table.text())
    assert load_strategies(str(path)) == table


def test_an_entry_is_for_a_kind_and_a_shape(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(ENTRY)
    table = load_strategies(str(path))
    assert table.find("NCE.Eltwise", SHAPE) == Strategy("SplitOverHeight")
    assert table.find("NCE.Eltwise", dict(reversed(SHAPE.items()))) == Strategy("SplitOverHeight")
    assert table.find("NCE.Eltwise", {**SHAPE, "rows": 160}) is None
    assert table.find("NCE.Eltwise", {**SHAPE, "then": "Add MVN"}) is None
    assert table.find("NCE.MaxPool", SHAPE) is None


def test_new_entries_replace_those_of_the_same_shape() -> None:
    old = StrategyEntry("NCE.Eltwise", SHAPE, Strategy("Clustering"))
    new = StrategyEntry("NCE.Eltwise", SHAPE, Strategy("HKSwitch"))
    other = StrategyEntry("Gelu", SHAPE, Strategy("Clustering"))
    assert StrategyTable([old]).with_entries([new, other]).entries == [other, new]
    # What it depends on may stand in another order.
    turned = replace(new, shape=dict(reversed(SHAPE.items())))
    assert StrategyTable([old]).with_entries([turned, other]).entries == [other, turned]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"NCE.Eltwise"', '"SoftMax"', "entry 1 of SoftMax: only NCE.Convolution, .* have"),
        ("SplitOverHeight", "SplitOverKernel", "can be split as Clustering, .*, not as 'SplitOv"),
        ("SplitOverHeight", "height", "not as 'height'"),
        ('split = "SplitOverHeight"', "W = 2", "a strategy has no W; it has split, C and H"),
        ('split = "SplitOverHeight"', "C = 0", "C is 0, not a number from 1 to 4096"),
        ('split = "SplitOverHeight"', "H = 4097", "H is 4097, not a number"),
        ('split = "SplitOverHeight"', "H = true", "H is True, not a number"),
        ("strategy = ", "form = ", "an entry has no form; it has shape, strategy and found"),
        ("rows = 128", "rows = 1.5", "rows is 1.5, which is no whole number"),
        ("[[", "[", "NCE.Eltwise is a list of entries"),
        ("shape", "", "is no table of strategies"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "wrong.toml"
    text = ENTRY.replace(old, new)
    path.write_text(text.replace("]]", "]") if new == "[" else text)
    with pytest.raises(ForgeError, match=message) as caught:
        read_strategies(path)
    assert str(path) in caught.value.message


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(ForgeError, match="no strategies for a platform 'npu4001'") as caught:
        load_strategies("NPU4001")
    assert "npu4000" in str(caught.value)


@pytest.mark.parametrize("kind", ["SoftMax", "MVN", "NCE.MatMul"])
def test_what_depends_on_whole_rows_has_no_strategies(kind: str) -> None:
    # The compiler does not check what it reads: a softmax in pieces of its own axis is wrong.
    assert kind not in SPLITS
