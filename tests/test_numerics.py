"""What counts as rounding, and what does not."""

import pytest
import torch
from torch import Tensor

from forge.numerics import find_mismatch

INF, NAN = float("inf"), float("nan")
SMALLEST = torch.finfo(torch.float32).min


def tensor(*values: float, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.tensor(values, dtype=dtype)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (tensor(1, 2), tensor(1 + 1e-6, 2 - 1e-6)),
        # Next to large numbers a small one has an absolute error.
        (tensor(0, 100), tensor(1e-4, 100)),
        (tensor(0, 0), tensor(1e-8, 0)),
        (tensor(NAN, INF, -INF, 1), tensor(NAN, INF, -INF, 1)),
        (tensor(1, 1, dtype=torch.bfloat16), tensor(1.03, 1, dtype=torch.bfloat16)),
        (tensor(1, dtype=torch.complex64), tensor(1 + 1e-6, dtype=torch.complex64)),
        (tensor(), tensor()),
        (torch.tensor(3), torch.tensor(3)),
    ],
)
def test_rounding_is_no_difference(expected: Tensor, actual: Tensor) -> None:
    assert find_mismatch(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual", "problem"),
    [
        (tensor(1, 2), tensor(1, 2.001), "differs by 0.001 where"),
        # What stands for infinity is no measure for the rest.
        (tensor(1, SMALLEST), tensor(1.01, SMALLEST), "differs by 0.01 where"),
        (tensor(1, 1, dtype=torch.float64), tensor(1, 1 + 1e-9, dtype=torch.float64), "1e-09"),
        (tensor(1, dtype=torch.complex64), tensor(1j, dtype=torch.complex64), "differs by 1 where"),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "differs by 1 where 0 is allowed"),
        (torch.tensor([True]), torch.tensor([False]), "differs by 1 where 0 is allowed"),
        (tensor(NAN, 1), tensor(1, NAN), "NaN or infinite where it was not, or was, 2 times"),
        (tensor(INF), tensor(-INF), "NaN or infinite"),
        (tensor(INF), tensor(NAN), "NaN or infinite"),
        (tensor(1), tensor(1, 1), "is [2] of torch.float32 instead of [1] of torch.float32"),
        (tensor(1), tensor(1, dtype=torch.float64), "is [1] of torch.float64 instead of [1]"),
    ],
)
def test_everything_else_is(expected: Tensor, actual: Tensor, problem: str) -> None:
    mismatch = find_mismatch(expected, actual)
    assert mismatch is not None
    assert problem in mismatch.problem
    assert mismatch.difference > mismatch.allowed
