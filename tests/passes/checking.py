"""Apply passes and compare what the program computes before and after."""

from pathlib import Path

import torch
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import PassPipeline
from xdsl.universe import Universe

from forge.interpreters import random_inputs, run
from forge.ir.attributes import to_attribute
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.rewriting import RewriteReport, collect_rewrites
from forge.weights import RandomWeights

NO_DROPOUT = to_attribute(0.0)
LIT_TESTS = Path(__file__).resolve().parents[2] / "lit_tests"
# They have no patterns, options that have no default, and tests of their own.
PASSES_ON_REGISTERS = frozenset(
    {
        "allocate_buffers",
        "assign_devices",
        "compress_weights",
        "legalize_bfloat16",
        "legalize_masks",
        "schedule_instructions",
    }
)


_INPUTS = LIT_TESTS / "passes" / "Inputs"
_OPTIONS = {
    "apply-pdl-patterns": f'{{file="{_INPUTS / "linear_relu.pdl"}"}}',
    "select-forms": f'{{platform="{_INPUTS / "forms.toml"}"}}',
}
"""What passes do not run without."""


def pass_of(stem: str) -> str:
    """The pass whose lit test has this name, with the options that it needs."""
    name = stem.replace("_", "-")
    return name + _OPTIONS.get(name, "")


def apply(module: ModuleOp, pipeline: str) -> RewriteReport:
    """Apply a pipeline and verify what it leaves."""
    passes = PassPipeline.parse_spec(Universe.get_multiverse().all_passes, pipeline)
    with collect_rewrites() as report:
        passes.apply(make_context(), module)
    verify_module(module)
    return report


def functions(module: ModuleOp) -> dict[str, FuncOp]:
    return {op.sym_name.data: op for op in module.ops if isinstance(op, FuncOp)}


def is_deterministic(function: FuncOp) -> bool:
    """Whether a function computes by itself, and the same at every call: without random numbers."""
    return not any(
        op.name in ("func.call", "aten.operator")
        or op.properties.get("dropout_p", NO_DROPOUT) != NO_DROPOUT
        for op in function.walk()
    )


def lit_program(path: str) -> ModuleOp:
    """The program of a lit test."""
    file = LIT_TESTS / path
    return parse_module(file.read_text(), file.name)


def assert_same_numbers(module: ModuleOp, pipeline: str, tolerance: float = 1e-6) -> None:
    """Each function of the module computes the same after the pipeline as before."""
    weights = RandomWeights(module)
    names = [name for name, function in functions(module).items() if is_deterministic(function)]
    inputs = {name: random_inputs(module, entry=name) for name in names}
    before = {name: run(module, weights, inputs[name], entry=name) for name in names}
    apply(module, pipeline)
    for name in names:
        after = run(module, weights, inputs[name], entry=name)
        for expected, actual in zip(before[name], after, strict=True):
            limit = 2.0**-7 if expected.dtype == torch.bfloat16 else tolerance
            torch.testing.assert_close(
                actual, expected, rtol=limit, atol=limit, equal_nan=True, msg=f"@{name}"
            )
