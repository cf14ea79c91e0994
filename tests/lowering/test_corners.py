"""Where PyTorch and OpenVINO mean different things by one word: signs, ends, infinities, types."""

from typing import Any

import pytest
import torch
from torch import Tensor
from xdsl.dialects.builtin import bf16, f32, i1, i32

from forge.dialects import aten
from tests.lowering.building import Program

SIGNED = torch.tensor([7, -7, 7, -7, 0, 6])
BY = torch.tensor([2, 2, -2, -2, 3, -3])
INF = float("inf")


def check(op_class: Any, *arguments: Any, **static: Any) -> None:
    """An operator on tensors and static arguments, lowered, computes what eager does."""
    program = Program()

    def value(argument: Any) -> Any:
        if isinstance(argument, Tensor):
            return program.input(argument)
        return [value(a) for a in argument] if isinstance(argument, list) else argument

    program.check(op_class(*(value(argument) for argument in arguments), **static))


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.float32])
@pytest.mark.parametrize("mode", [None, "floor", "trunc"])
def test_division(dtype: torch.dtype, mode: str | None) -> None:
    check(aten.DivTensorModeOp, SIGNED.to(dtype), BY.to(dtype), rounding_mode=mode)


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32])
def test_the_sign_of_a_remainder(dtype: torch.dtype) -> None:
    check(aten.RemainderTensorOp, SIGNED.to(dtype), BY.to(dtype))
    check(aten.FmodTensorOp, SIGNED.to(dtype), BY.to(dtype))
    check(aten.FloorDivideScalarOp, SIGNED.to(dtype), -2)


def test_powers_of_integers_are_exact() -> None:
    base = torch.tensor([3, -3, 2, 7, 10])
    check(aten.PowTensorTensorOp, base, torch.tensor([5, 7, 23, 0, 6]))
    check(aten.PowTensorScalarOp, base, 5)
    check(aten.PowScalarOp, 3, torch.tensor([0, 1, 9]))


def test_indices_count_from_the_end() -> None:
    x = torch.arange(20.0).reshape(4, 5)
    check(aten.IndexTensorOp, x, [None, torch.tensor([[0, -1], [-5, 4]])])
    check(aten.IndexTensorOp, x, [torch.tensor([-1, 2]), torch.tensor([0, -2])])
    check(aten.IndexPutOp, x, [torch.tensor([-1, 2])], torch.ones(2, 5))


def test_indices_apart_put_their_dimensions_first() -> None:
    x = torch.randn(3, 4, 5)
    places = [torch.tensor([[0, 2]]), None, torch.tensor([[1], [-1]])]
    check(aten.IndexTensorOp, x, places)
    check(aten.IndexPutOp, x, places, torch.randn(2, 2, 4), accumulate=True)


@pytest.mark.parametrize("value", [-INF, INF])
def test_rows_of_infinities(value: float) -> None:
    x = torch.randn(2, 40)
    x[0] = value
    check(aten.LogsumexpOp, x, [1])
    check(aten.LogsumexpOp, x, [0, 1])
    if value < 0:
        check(aten.InternalSafeSoftmaxOp, x, 1)
    for op_class in (aten.AmaxOp, aten.AminOp):
        check(op_class, x, [1])
        check(op_class, x, [0, 1], keepdim=True)
        check(op_class, x[0], [])
    check(aten.AminmaxOp, x, dim=0)
    check(aten.AminmaxOp, x, dim=1)
    check(aten.MaxOp, x[:1])
    check(aten.MinOp, x[:1])
    check(aten.LinalgVectorNormOp, x, -INF, [1])


def test_nan_is_a_number_to_nobody() -> None:
    x = torch.tensor([1.0, float("nan"), -INF, INF])
    for op_class in (aten.IsnanOp, aten.IsfiniteOp, aten.IsinfOp, aten.NanToNumOp):
        check(op_class, x)
    check(aten.NansumOp, x[:3], [0])
    check(aten.FmaxOp, x, torch.tensor([float("nan"), 2.0, 3.0, float("nan")]))


def test_booleans_are_numbers_when_they_are_added_up() -> None:
    mask = torch.tensor([[True, False, True], [True, True, True]])
    check(aten.SumDimIntListOp, mask, [1])
    check(aten.CumsumOp, mask, 1)
    check(aten.MeanDimOp, mask, [1], dtype=f32)
    check(aten.AddTensorOp, mask, torch.tensor([1, 2, 3]))
    check(aten.GtTensorOp, mask, mask[:1])


def test_conversions_lose_what_pytorch_loses() -> None:
    x = torch.tensor([1.9, -1.9, 0.5, -0.0, 300.0])
    for dtype in (i32, i1, bf16):
        check(aten.ToDtypeOp, x, dtype)


def test_numbers_take_part_in_promotion() -> None:
    ids = torch.tensor([1, 2, 3])
    check(aten.AddScalarOp, ids, 0.5)
    check(aten.AddScalarOp, ids, True)
    check(aten.GeScalarOp, ids, 1.5)
    check(aten.MulScalarOp, torch.randn(3, dtype=torch.bfloat16), 2)
    check(aten.WhereScalarOp, torch.tensor([True, False]), 1, 0.5)


def test_equal_elements_keep_their_order() -> None:
    x = torch.tensor([2.0, 1.0, 2.0, 1.0, 3.0, 3.0])
    check(aten.ArgmaxOp, x)
    check(aten.ArgminOp, x)
    check(aten.SortStableOp, x, stable=True, descending=True)
    check(aten.SortOp, torch.tensor([True, False, True]))
    check(aten.MaxDimOp, x, 0)


def test_halves_round_to_even() -> None:
    check(aten.RoundOp, torch.tensor([0.5, 1.5, 2.5, -0.5, -1.5]))
    check(aten.RoundDecimalsOp, torch.tensor([0.125, 1.375, -2.346]), decimals=2)


def test_small_differences_survive() -> None:
    # Relative to their argument: 1 + x has forgotten the digits of a small x.
    x = torch.tensor([1e-7, -1e-7, 1e-3, 0.3, -0.3, 5.0])
    for op_class in (aten.Expm1Op, aten.Log1pOp):
        program = Program()
        small = program.input(x)
        program.check(aten.DivTensorOp(program.add(op_class(small)), small), 1e-6)


def test_padding_that_cuts_off() -> None:
    x = torch.randn(1, 2, 4, 5)
    check(aten.ConstantPadNdOp, x, [1, -2, -1, 3], 0.5)
    check(aten.PadOp, x, [1, 2, 2, 1], "reflect")
    check(aten.ReplicationPad1dOp, x[0], [3, 2])
    check(aten.PadOp, x[0], [3, 2], "circular")


def test_windows_of_odd_padding() -> None:
    x, weight = torch.randn(1, 2, 7), torch.randn(3, 2, 4)
    check(aten.Conv1dPaddingOp, x, weight, padding="same")
    check(aten.AvgPool1dOp, x, [3], [2], [1], True, False)


def test_grouped_and_strided_transposed_convolution() -> None:
    x, weight = torch.randn(1, 4, 5, 5), torch.randn(4, 3, 3, 3)
    check(
        aten.ConvTranspose2dInputOp,
        x,
        weight,
        torch.randn(6),
        [2, 2],
        [1, 0],
        [1, 1],
        2,
        [1, 2],
    )
