"""Examples for the site, taken from the lit tests."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from forge.ir.text import make_context, parse_module, print_module
from forge.pipeline import build_pipeline, run_pipeline

ROOT = Path(__file__).resolve().parents[2]
LIT_TESTS = ROOT / "lit_tests"
_PIPELINE = re.compile(
    r"// RUN: forge-opt %s (?:-p|--pipeline) (?P<pipeline>'[^']*'|\"[^\"]*\"|\S+)"
)
_OPERATION = re.compile(r"^\s*(?:%[\w.$-]+(?:, %[\w.$-]+)* = )?(?P<name>\w+\.[\w.]+)[ (\"{]")


class Example(NamedTuple):
    """A function of a lit test, and what it becomes."""

    file: str
    pipeline: str
    before: str
    after: str


@cache
def operation_examples() -> dict[str, str]:
    """For each operation a line of a lit test that has it."""
    examples: dict[str, str] = {}
    for file in sorted((LIT_TESTS / "dialects").rglob("*.mlir")):
        if "diagnostics" in file.stem:
            continue
        for line in file.read_text().splitlines():
            if (match := _OPERATION.match(line)) and not line.lstrip().startswith("//"):
                examples.setdefault(match["name"], line.strip())
    return examples


def pass_example(path: str) -> Example | None:
    """The first function that the lit test of a pass changes; `None` if it changes none.

    Args:
        path: the pass's module, as in `passes/fuse_mlp`.
    """
    file = LIT_TESTS / f"{path}.mlir"
    text = file.read_text()
    run = _PIPELINE.search(text)
    if run is None:
        return None
    substituted = run["pipeline"].replace("%S", str(file.parent))
    (pipeline,) = shlex.split(substituted)
    (shown,) = shlex.split(run["pipeline"])
    for before, after in zip(_functions(text, None), _functions(text, pipeline), strict=False):
        if before != after:
            return Example(str(file.relative_to(ROOT)), shown, before, after)
    return None


def chunks(text: str) -> list[str]:
    """The programs of a lit test."""
    return re.split(r"^// -----.*$", text, flags=re.MULTILINE)


def _functions(text: str, pipeline: str | None) -> Iterator[str]:
    """The functions of a test as text, after a pipeline if there is one."""
    for chunk in chunks(text):
        module = parse_module(chunk)
        if pipeline is not None:
            run_pipeline(module, build_pipeline(pipeline), make_context())
        yield from (print_module(op) for op in _function_ops(module))


def _function_ops(module: ModuleOp) -> Iterator[FuncOp]:
    return (op for op in module.ops if isinstance(op, FuncOp))
