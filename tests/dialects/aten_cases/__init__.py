"""Random arguments, good and bad ones, for every operator of the `aten` dialect.

Each module has `CASES`: from an operation's name to a strategy of keyword arguments for its shape
function, tensors as `Shaped`. They are mostly good, so that shapes are compared, and now and then
bad, so that refusals are.
"""

from __future__ import annotations

from tests.dialects.aten_cases import (
    creation,
    indexing,
    linear_algebra,
    normalization,
    pointwise,
    reductions,
    spatial,
    views,
)
from tests.dialects.aten_cases.drawing import Arguments

FAMILIES = (
    creation,
    indexing,
    linear_algebra,
    normalization,
    pointwise,
    reductions,
    spatial,
    views,
)
CASES: dict[str, Arguments] = {
    name: strategy for family in FAMILIES for name, strategy in family.CASES.items()
}

__all__ = ["CASES", "FAMILIES"]
