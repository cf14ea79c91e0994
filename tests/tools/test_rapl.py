"""The energy of runs, from the counters of the processor's package."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from forge.tools import latency
from forge.tools.latency import Latency, latency_table, measure
from forge.tools.rapl import Counters, read_counters


def add_zone(folder: Path, zone: str, name: str, energy: str, limit: int = 999) -> None:
    (folder / zone).mkdir()
    for file, text in (("name", name), ("energy_uj", energy), ("max_energy_range_uj", limit)):
        (folder / zone / file).write_text(f"{text}\n")


def test_packages_are_added_up_and_nothing_is_counted_twice(tmp_path: Path) -> None:
    add_zone(tmp_path, "intel-rapl:0", "package-0", "100")
    add_zone(tmp_path, "intel-rapl:0:0", "core", "60")
    add_zone(tmp_path, "intel-rapl:1", "package-1", "200")
    add_zone(tmp_path, "intel-rapl:2", "psys", "900")
    add_zone(tmp_path, "intel-rapl-mmio:0", "package-0", "100")
    counters = read_counters(tmp_path)
    assert counters is not None
    assert counters.microjoules == {"intel-rapl:0": 100, "intel-rapl:1": 200}


def test_counters_start_again() -> None:
    before, after = (Counters({"a": value, "b": 5}, {"a": 999, "b": 999}) for value in (990, 10))
    assert before.joules_until(after) == pytest.approx(20e-6)


def test_where_there_are_none(tmp_path: Path) -> None:
    assert read_counters(tmp_path / "missing") is None
    add_zone(tmp_path, "intel-rapl:0", "package-0", "none of your business")
    assert read_counters(tmp_path) is None


def test_energy_is_shown_where_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    joules = iter([10**6, 9 * 10**6])
    monkeypatch.setattr(
        latency, "read_counters", lambda: Counters({"a": next(joules)}, {"a": 10**9})
    )
    found = measure(lambda: None, 4)
    assert found.package_joules == pytest.approx(2.0)
    assert found.to_json()["package_joules"] == pytest.approx(2.0)
    assert "RAPL" in shown(found)
    assert "2.000" in shown(found)
    without = Latency([1.0])
    assert "package_joules" not in without.to_json()
    assert "RAPL" not in shown(without)


def shown(found: Latency) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(latency_table(found))
    return console.file.getvalue()
