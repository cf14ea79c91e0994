"""Nearly right programs and random options: each is taken, or refused in one message, and soon.

`scripts/fuzz.py --minutes 60` tries for longer, from a new seed each time, and says which case
failed; `scripts/fuzz.py --case KIND SEED` shows it again.
"""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from tests.tools.fuzzing import DEVICES, KINDS, check_command_line, check_text, run_case
from tests.tools.programs import RELU

FUZZ = Path(__file__).parents[2] / "scripts" / "fuzz.py"
SLOWEST = 10.0

# What made xDSL or Forge stumble once.
TEXTS = (
    '"' + "a\\09" * 20_000,
    "func.func @f() {\n  cf.br ^bb1\n^bb1:\n  func.return\n}",
    "func.func private @f(tensor<2xf32>) -> tensor<2xf32>",
    'func.func @main() { %0 = forge.weight "é" : tensor<2xf32> func.return }',
    "%0 = forge.constant dense<0x7FC00000> : tensor<2xf32>",
    '"builtin.module"() ({}) : () -> ()',
    "#a = loc(#a)",
    "%0 = forge.constant dense<1> : tensor<99999999999x99999999999xi64>",
    """
    func.func @main(%x: !reg.reg<2xf32, cpu>) -> !reg.reg<2xf32, cpu, offset = 64> {
      %0 = reg.Relu %x : (!reg.reg<2xf32, cpu>) -> !reg.reg<2xf32, cpu, offset = 64>
      func.return %0 : !reg.reg<2xf32, cpu, offset = 64>
    }
    """,
)
COMMAND_LINES = (
    ["in.mlir", "-p", "allocate-buffers"],
    ["in.mlir", "--shrink"],
)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_texts_that_made_us_stumble_once(text: str, device: str) -> None:
    start = perf_counter()
    check_text(text, device)
    assert perf_counter() - start < SLOWEST


@pytest.mark.parametrize("args", COMMAND_LINES, ids=range(len(COMMAND_LINES)))
def test_options_that_made_us_stumble_once(args: list[str]) -> None:
    check_command_line(args, RELU)


@pytest.mark.parametrize("first", range(8))
@pytest.mark.parametrize("kind", KINDS)
def test_random_cases(kind: str, first: int) -> None:
    for seed in range(first, 200, 8):
        run_case(kind, seed)


def test_the_fuzzer_runs() -> None:
    outcome = subprocess.run(
        [sys.executable, str(FUZZ), "--minutes", "0.02", "--seed", "0"],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "0 findings" in outcome.stdout
