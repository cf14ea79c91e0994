"""Reduce and bisect the planted bugs, and write the table of docs/debugging.md.

    .venv/bin/python -m scripts.debugging_table

Programs whose numbers are computed are small ones of the zoo's architectures; those that only fail
have the sizes of the models themselves. It takes a minute or two.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from forge import zoo
from forge.bisection import Guilt, blame_failure, blame_numbers
from forge.importer import capture, import_program
from forge.ir.text import make_context
from forge.pipeline import build_pipeline
from forge.reducing import reduce_program, same_failure, size_of, wrong_numbers
from tests.passes.tiny_models import tiny_model
from tests.seeded_cases import CASES, SeededCase

PAGE = Path(__file__).resolve().parent.parent / "docs" / "debugging.md"
TABLE = re.compile(r"(?<=<!-- planted bugs -->\n).*?(?=<!-- end -->)", re.DOTALL)
COLUMNS = (
    "pass",
    "what it does",
    "program",
    "operations",
    "elements",
    "characters",
    "tests",
    "found",
)
HEADER = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n"


@cache
def program(model: str, layers: int, attention: str, small: bool) -> ModuleOp:
    """The program of a model, at level aten."""
    if small:
        module, inputs = tiny_model(model, layers, attention=attention)
        return import_program(capture(module, inputs)).module
    entry = zoo.build(model, layers=layers, attn_implementation=attention, weights="fake")
    return import_program(capture(entry.module, entry.example_args, entry.example_kwargs)).module


def row(case: SeededCase) -> str:
    """A line of the table."""
    module = program(case.model, case.layers, case.attention, case.numbers)
    passes, context = build_pipeline(case.passes), make_context()
    if case.numbers:
        guilt = blame_numbers(module, passes, context)
        interest = wrong_numbers(module, passes, context)
    else:
        guilt = blame_failure(module, passes, context)
        interest = same_failure(module, passes, context)
    before, trials = size_of(module), reduce_program(module, interest)
    after = trials.size
    plural = "layers" if case.layers > 1 else "layer"
    cells = [
        f"`{case.pass_name}`",
        guilt.passes[-1].__doc__ or "",
        f"{case.model}, {case.layers} {plural}{', small' if case.numbers else ''}",
        f"{before.operations} → {after.operations}",
        f"{before.elements:,} → {after.elements}",
        f"{before.characters} → {after.characters}",
        str(trials.made),
        found(guilt),
    ]
    return f"| {' | '.join(cells)} |\n"


def found(guilt: Guilt) -> str:
    """Which application it is."""
    assert guilt.culprit is not None, "each planted bug is one of a pattern"
    culprit = guilt.culprit
    return f"`{culprit.firing.pattern}`, application {culprit.number} of {culprit.total}"


def rows() -> Iterator[str]:
    """The lines of the table, each with a line of progress."""
    for case in CASES:
        line = row(case)
        print(line, end="")
        yield line


def main() -> None:
    """Write the page."""
    table = HEADER + "".join(rows())
    PAGE.write_text(TABLE.sub(lambda _: table, PAGE.read_text()))


if __name__ == "__main__":
    main()
