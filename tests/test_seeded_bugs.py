"""Bugs that were planted into passes: each is found, and shown by a program of a few operations.

The models are the zoo's, small: what is wrong does not depend on sizes. `docs/debugging.md` has the
same with the models' own sizes, where nothing is computed.
"""

from functools import cache
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

from forge.bisection import Guilt, blame_failure, blame_numbers
from forge.importer import capture, import_program
from forge.ir.text import make_context, parse_module, print_module
from forge.pipeline import build_pipeline
from forge.reducing import Interest, reduce_program, same_failure, size_of, wrong_numbers
from tests.passes.tiny_models import tiny_model
from tests.seeded_cases import CASES, SeededCase

PAGE = Path(__file__).parent.parent / "docs" / "debugging.md"
MOST_OPERATIONS = 3
MOST_ELEMENTS = 12


@cache
def program_of(model: str, layers: int, attention: str) -> ModuleOp:
    module, inputs = tiny_model(model, layers, attention=attention)
    return import_program(capture(module, inputs)).module


def program(case: SeededCase) -> ModuleOp:
    return program_of(case.model, case.layers, case.attention)


def blame(case: SeededCase, module: ModuleOp) -> Guilt:
    find = blame_numbers if case.numbers else blame_failure
    return find(module, build_pipeline(case.passes), make_context())


def interest_of(case: SeededCase, module: ModuleOp) -> Interest:
    find = wrong_numbers if case.numbers else same_failure
    return find(module, build_pipeline(case.passes), make_context())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.bug)
def test_the_planted_pattern_is_found(case: SeededCase) -> None:
    guilt = blame(case, program(case))
    assert guilt.passes[-1].name == case.pass_name
    assert guilt.culprit is not None
    assert guilt.culprit.firing.pattern == case.pattern


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.bug)
def test_a_program_of_a_few_operations_shows_it(case: SeededCase) -> None:
    module = program(case)
    trials = reduce_program(module, interest_of(case, module))
    assert trials.size.operations <= MOST_OPERATIONS
    assert trials.size.elements <= MOST_ELEMENTS
    if case.numbers:
        line = next(line for line in PAGE.read_text().splitlines() if case.pass_name in line)
        sizes = f"{size_of(module).operations} → {trials.size.operations}"
        assert f"| {sizes} |" in line, "python -m scripts.debugging_table writes it"
        assert f"| {trials.made} |" in line, "python -m scripts.debugging_table writes it"
    # The text shows it, too.
    guilt = blame(case, parse_module(print_module(trials.best)))
    assert guilt.culprit is not None
    assert guilt.culprit.firing.pattern == case.pattern
