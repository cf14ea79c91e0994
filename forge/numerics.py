"""Whether two tensors are the same up to rounding."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import torch
from torch import Tensor

_ROUNDING = {
    torch.float64: 1e-12,
    torch.float32: 1e-5,
    # A rewrite may keep in f32 what was rounded to 16 bits at every step.
    torch.float16: 2.0**-6,
    torch.bfloat16: 2.0**-3,
}
"""What rounding may change, as a share of a number's own size plus the usual size around it."""
ROUNDING_WHEN_WIDENED = {torch.float16: 2.0**-9, torch.bfloat16: 2.0**-6}
"""The same for a program with 16-bit floats that is computed in f32: a few of its constants may
still have been rounded."""
_SMALL = 0.01
"""The usual size of numbers that are all next to zero."""


@dataclass(frozen=True)
class Mismatch:
    """Two tensors that differ by more than rounding.

    Attributes:
        difference: the absolute difference where they differ most; infinite if one of the two is
            not finite, or they cannot be compared.
        allowed: how much rounding may change there.
        problem: both, in words.
    """

    difference: float
    allowed: float
    problem: str


def find_mismatch(
    expected: Tensor, actual: Tensor, rounding: float | None = None
) -> Mismatch | None:
    """Where two tensors differ most, if that is by more than rounding.

    Integers and booleans must be equal, NaN and the infinities must be at the same positions.
    Floats may differ by `r·(|x| + s)`: x is the expected number, s the root of the mean square of
    all of them (of those that do not stand for infinity, such as the smallest number in a mask),
    and r is `rounding`, by default 1e-12 for f64, 1e-5 for f32, 2⁻⁶ for f16 and 2⁻³ for bf16.
    """
    if expected.shape != actual.shape or expected.dtype != actual.dtype:
        kinds = [f"{list(tensor.shape)} of {tensor.dtype}" for tensor in (actual, expected)]
        return Mismatch(inf, 0.0, f"is {kinds[0]} instead of {kinds[1]}")
    if expected.is_complex():
        expected, actual = torch.view_as_real(expected), torch.view_as_real(actual)
    if expected.is_floating_point():
        return _find_in_floats(expected, actual, rounding or _ROUNDING[expected.dtype])
    return _worst((expected.double() - actual.double()).abs(), torch.zeros(()))


def relative_difference(expected: Tensor, actual: Tensor) -> float:
    """The largest difference of two tensors of one shape, as a share of the largest number."""
    if not expected.is_floating_point() or not expected.numel():
        return 0.0
    expected, actual = expected.double(), actual.double()
    # Where one of them is not finite, the other is not either.
    largest = float(expected.nan_to_num(0.0, 0.0, 0.0).abs().max())
    difference = float((expected - actual).nan_to_num(0.0, 0.0, 0.0).abs().max())
    return difference / largest if largest else 0.0


def _find_in_floats(expected: Tensor, actual: Tensor, rounding: float) -> Mismatch | None:
    largest = sqrt(torch.finfo(expected.dtype).max)
    expected, actual = expected.double(), actual.double()
    finite = expected.isfinite()
    equal = (expected == actual) | (expected.isnan() & actual.isnan())
    if not torch.equal(finite, actual.isfinite()) or not bool(equal[~finite].all()):
        count = int(((finite != actual.isfinite()) | ~(finite | equal)).sum())
        return Mismatch(inf, 0.0, f"is NaN or infinite where it was not, or was, {count} times")
    expected, actual = expected[finite], actual[finite]
    size = _usual_size(expected, largest)
    return _worst((expected - actual).abs(), rounding * (expected.abs() + size))


def _usual_size(values: Tensor, largest: float) -> float:
    usual = values[values.abs() <= largest]
    return max(_SMALL, float(usual.square().mean().sqrt())) if usual.numel() else _SMALL


def _worst(differences: Tensor, allowed: Tensor) -> Mismatch | None:
    excess = (differences - allowed).flatten()
    if not excess.numel() or float(excess.max()) <= 0.0:
        return None
    worst = int(excess.argmax())
    difference = float(differences.flatten()[worst])
    limit = float(allowed.expand(differences.shape).flatten()[worst])
    return Mismatch(difference, limit, f"differs by {difference:.2g} where {limit:.2g} is allowed")
