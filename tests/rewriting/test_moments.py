"""Means and variances, however they were written."""

import pytest
from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue

from forge.ir.text import parse_module
from forge.rewriting.moments import Moment, centered, mean, mean_of_squares, variance

X, ROW = "tensor<2x4x6xf32>", "tensor<2x4x1xf32>"
TO_ROW, SAME, ROW_ROW = f"({X}) -> {ROW}", f"({X}) -> {X}", f"({ROW}) -> {ROW}"


def last(lines: str, type: str = ROW) -> SSAValue:
    """%y of a few lines over %x."""
    module = parse_module(
        f"""
        func.func @main(%x: {X}) -> {type} {{
          {lines}
          func.return %y : {type}
        }}
        """
    )
    return next(op for op in module.walk() if isinstance(op, ReturnOp)).operands[0]


def read(moment: Moment | None) -> tuple[str | None, tuple[int, ...], bool, float] | None:
    if moment is None:
        return None
    return moment.x.name_hint, moment.dims, moment.keepdim, pytest.approx(moment.factor)


MEAN = f"%y = aten.mean.dim %x {{dim = [-1], keepdim = true}} : {TO_ROW}"
SUM = f"%y = aten.sum.dim_IntList %x {{dim = [2], keepdim = true}} : {TO_ROW}"
DIVIDED_SUM = f"""
    %s = aten.sum.dim_IntList %x {{dim = [2], keepdim = true}} : {TO_ROW}
    %y = aten.div.Scalar %s {{other = 6}} : {ROW_ROW}
"""
HALF = f"""
    %m = aten.mean.dim %x {{dim = [-1], keepdim = true}} : {TO_ROW}
    %y = aten.mul.Scalar %m {{other = 0.5}} : {ROW_ROW}
"""


@pytest.mark.parametrize(
    ("lines", "factor"), [(MEAN, 1.0), (SUM, 6.0), (DIVIDED_SUM, 1.0), (HALF, 0.5)]
)
def test_means(lines: str, factor: float) -> None:
    moment = mean(last(lines))
    assert read(moment) == ("x", (2,), True, factor)
    assert moment is not None
    assert (moment.count, moment.trailing_shape) == (6, (6,))


def test_a_mean_over_all_dimensions_or_some_in_front() -> None:
    everything = mean(
        last(f"%y = aten.mean.dim %x {{dim = []}} : ({X}) -> tensor<f32>", "tensor<f32>")
    )
    assert read(everything) == ("x", (0, 1, 2), False, 1.0)
    assert everything is not None
    assert everything.trailing_shape is None
    front = "tensor<1x4x6xf32>"
    moment = mean(
        last(f"%y = aten.mean.dim %x {{dim = [0], keepdim = true}} : ({X}) -> {front}", front)
    )
    assert moment is not None
    assert moment.trailing_shape is None


def test_what_is_no_mean() -> None:
    assert mean(last(f"%y = aten.amax %x {{dim = [-1], keepdim = true}} : {TO_ROW}")) is None


SQUARES = f"%q = aten.mul.Tensor %x, %x : ({X}, {X}) -> {X}"
POWERS = f"%q = aten.pow.Tensor_Scalar %x {{exponent = 2}} : {SAME}"
CUBES = f"%q = aten.pow.Tensor_Scalar %x {{exponent = 3}} : {SAME}"
OF_Q = f"%y = aten.mean.dim %q {{dim = [-1], keepdim = true}} : {TO_ROW}"


@pytest.mark.parametrize("squares", [SQUARES, POWERS])
def test_means_of_squares(squares: str) -> None:
    assert read(mean_of_squares(last(squares + "\n" + OF_Q))) == ("x", (2,), True, 1.0)


def test_the_mean_of_cubes_is_no_mean_of_squares() -> None:
    assert mean_of_squares(last(CUBES + "\n" + OF_Q)) is None


def centered_by(dim: int, alpha: int = 1) -> str:
    row = "tensor<2x1x6xf32>" if dim == 1 else ROW
    return f"""
        %m = aten.mean.dim %x {{dim = [{dim}], keepdim = true}} : ({X}) -> {row}
        %d = aten.sub.Tensor %x, %m {{alpha = {alpha}}} : ({X}, {row}) -> {X}
        %q = aten.mul.Tensor %d, %d : ({X}, {X}) -> {X}
        {OF_Q}
    """


def test_a_variance_that_is_written_out() -> None:
    y = last(centered_by(2))
    assert read(variance(y)) == ("x", (2,), True, 1.0)
    squares = mean_of_squares(y)
    assert squares is not None
    assert read(centered(squares.x)) == ("x", (2,), True, 1.0)


@pytest.mark.parametrize("lines", [centered_by(1), centered_by(2, alpha=2)])
def test_what_looks_like_a_variance(lines: str) -> None:
    # The mean is over other dimensions, or is taken away twice.
    assert variance(last(lines)) is None


@pytest.mark.parametrize(("correction", "factor"), [(0, 1.0), (1, 6 / 5), (2, 6 / 4)])
def test_a_variance_with_a_correction(correction: int, factor: float) -> None:
    arguments = f"dim = [2], correction = {correction}, keepdim = true"
    y = last(f"%y = aten.var.correction %x {{{arguments}}} : {TO_ROW}")
    assert read(variance(y)) == ("x", (2,), True, factor)


def test_the_two_results_of_var_mean() -> None:
    arguments = "dim = [2], correction = 0, keepdim = true"
    line = f"%a, %b = aten.var_mean.correction %x {{{arguments}}} : ({X}) -> ({ROW}, {ROW})"
    spread, average = last(
        line + f"\n%y = aten.add.Tensor %a, %b : ({ROW}, {ROW}) -> {ROW}"
    ).owner.operands
    assert read(variance(spread)) == ("x", (2,), True, 1.0)
    assert read(mean(average)) == ("x", (2,), True, 1.0)
    assert variance(average) is None
    assert mean(spread) is None
