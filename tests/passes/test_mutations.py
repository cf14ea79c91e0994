"""Programs that nearly match: whatever a pass makes of them, it computes the same.

Every program of a pass's lit test, with one thing changed. Passes may fuse a
mutant or leave it; both is right as long as the numbers stay.
"""

from dataclasses import dataclass
from functools import cache

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from forge.errors import ForgeError
from forge.interpreters import random_inputs, run
from forge.passes import DEFAULT_PIPELINE
from forge.rewriting import RewriteReport
from forge.weights import RandomWeights
from tests.passes.checking import (
    LIT_TESTS,
    PASSES_ON_REGISTERS,
    apply,
    functions,
    is_deterministic,
    lit_program,
    pass_of,
)
from tests.passes.mutations import Mutation, mutations

PASSES = sorted(
    path.stem
    for path in (LIT_TESTS / "passes").glob("*.mlir")
    if path.stem not in PASSES_ON_REGISTERS
)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant.

    Attributes:
        report: what the patterns did.
        error: how the numbers differ; empty if they do not.
    """

    report: RewriteReport
    error: str

    @property
    def fired(self) -> int:
        return sum(statistics.matched for statistics in self.report.patterns.values())


@cache
def programs(stem: str) -> dict[str, FuncOp]:
    """The functions of a lit test that compute the same at every call."""
    module = lit_program(f"passes/{stem}.mlir")
    return {name: f for name, f in functions(module).items() if is_deterministic(f)}


@cache
def all_mutations(stem: str) -> list[tuple[str, Mutation]]:
    return [(name, mutation) for name, f in programs(stem).items() for mutation in mutations(f)]


def outcome(mutant: ModuleOp, pipeline: str) -> Outcome | None:
    """Run a mutant before and after a pipeline; `None` if it cannot be run at all."""
    (entry,) = functions(mutant)
    weights = RandomWeights(mutant)
    inputs = random_inputs(mutant, seed=1, entry=entry)
    try:
        before = run(mutant, weights, inputs, entry=entry)
    except ForgeError:
        return None
    report = apply(mutant, pipeline)
    after = run(mutant, weights, inputs, entry=entry)
    errors = [error for pair in zip(before, after, strict=True) if (error := difference(*pair))]
    return Outcome(report, "; ".join(errors))


def difference(expected: torch.Tensor, actual: torch.Tensor) -> str:
    """How two tensors differ by more than rounding; empty if they do not."""
    if expected.dtype != actual.dtype or expected.shape != actual.shape:
        return f"{actual.dtype}{list(actual.shape)} for {expected.dtype}{list(expected.shape)}"
    if not expected.is_floating_point():
        return "" if torch.equal(expected, actual) else "other elements"
    finite = expected[expected.isfinite()]
    size = float(finite.abs().max()) if finite.numel() else 1.0
    # Of 16-bit types, a fused operation rounds once where its parts round every time.
    limit = max(1.0, size) * (2.0**-5 if expected.element_size() == 2 else 1e-4)
    if torch.allclose(actual, expected, rtol=0, atol=limit, equal_nan=True):
        return ""
    return f"off by {float((actual - expected).abs().max()):.3g} of {size:.3g}"


def described(stem: str, name: str, mutation: Mutation, error: str) -> str:
    return f"{stem} @{name} with {mutation.what} (operation {mutation.place}): {error}"


@pytest.mark.parametrize("stem", PASSES)
@settings(deadline=None, max_examples=20, derandomize=True)
@given(data=st.data())
def test_a_mutant_keeps_its_numbers(stem: str, data: st.DataObject) -> None:
    name, mutation = data.draw(st.sampled_from(all_mutations(stem)))
    for pipeline in (pass_of(stem), DEFAULT_PIPELINE):
        if (mutant := mutation.apply(programs(stem)[name])) is None:
            return
        if (result := outcome(mutant, pipeline)) is None:
            return
        assert not result.error, described(stem, name, mutation, result.error)
