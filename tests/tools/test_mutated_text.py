"""Nearly right programs: each is read, or refused in one message, and soon.

`FORGE_FUZZ_SECONDS=3600 pytest tests/tools/test_mutated_text.py` tries for longer, from a new seed
each time; a failure shows the seed and the text.
"""

import os
import random
from functools import cache
from pathlib import Path
from time import monotonic, perf_counter

import pytest
from xdsl.context import Context

from forge.compiler import default_pipeline
from forge.errors import ForgeError
from forge.ir.text import make_context, parse_module, print_module
from forge.pipeline import build_pipeline, run_pipeline
from tests.tools.mutations import mutate
from tests.tools.programs import LINEAR, RELU

SECONDS = float(os.environ.get("FORGE_FUZZ_SECONDS", "0"))
LIT_TESTS = Path(__file__).parents[2] / "lit_tests"
SLOWEST = 10.0

# What made xDSL or Forge stumble once.
REGRESSIONS = (
    '"' + "a\\09" * 20_000,
    "func.func @f() {\n  cf.br ^bb1\n^bb1:\n  func.return\n}",
    "func.func private @f(tensor<2xf32>) -> tensor<2xf32>",
    'func.func @main() { %0 = forge.weight "é" : tensor<2xf32> func.return }',
    "%0 = forge.constant dense<0x7FC00000> : tensor<2xf32>",
    '"builtin.module"() ({}) : () -> ()',
    "#a = loc(#a)",
    "%0 = forge.constant dense<1> : tensor<99999999999x99999999999xi64>",
)


@cache
def context() -> Context:
    return make_context()


@cache
def seeds() -> tuple[str, ...]:
    """Programs at every level; in lit tests they stand in parts."""
    files = sorted(LIT_TESTS.rglob("*.mlir"))
    parts = [part for file in files for part in file.read_text().split("// -----")]
    texts = [RELU, LINEAR, *(part for part in parts if len(part) < 20_000)]
    generic = [print_module(parse_module(text), generic=True, debuginfo=True) for text in texts[:2]]
    return tuple(texts + generic)


def check(text: str) -> None:
    """The text is refused, or it is a program: it prints, reads back, and passes take it."""
    start = perf_counter()
    try:
        module = parse_module(text, "mutated.mlir", context())
        for generic in (False, True):
            printed = print_module(module, generic=generic, debuginfo=True)
            again = parse_module(printed, "printed.mlir", context())
            assert print_module(again, generic=generic, debuginfo=True) == printed
        passes = build_pipeline(default_pipeline("CPU"))
        run_pipeline(module, passes, context(), verify_each=True)
    except ForgeError as error:
        assert "printed.mlir" not in str(error), error
        assert "left an invalid program" not in str(error), error
    assert perf_counter() - start < SLOWEST


@pytest.mark.parametrize("text", REGRESSIONS, ids=range(len(REGRESSIONS)))
def test_what_made_us_stumble_once(text: str) -> None:
    check(text)


@pytest.mark.parametrize("seed", [random.randrange(1 << 32)] if SECONDS else range(8))
def test_mutated_programs(seed: int) -> None:
    rng, end = random.Random(seed), monotonic() + SECONDS
    count = 0
    while count < 50 or monotonic() < end:
        text = mutate(rng.choice(seeds()), rng)
        count += 1
        try:
            check(text)
        except BaseException as error:
            error.add_note(f"seed {seed}, text:\n{text}")
            raise
