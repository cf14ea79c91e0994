"""The classes of `reg` are those that their table gives."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reg", ROOT / "scripts/generate_reg.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_file_is_fresh() -> None:
    target = ROOT / "forge/dialects/reg/ops.py"
    assert generator().generate() == target.read_text(encoding="utf-8"), "run `make generate`"


def test_the_table_covers_what_inference_uses() -> None:
    rows = generator().read_table()
    assert len(rows) >= 150
    assert [row.name for row in rows] == sorted({row.name for row in rows})
