"""Equations read from `aten`, however they were written."""

from math import pi, sqrt

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp, bf16, f32, i64
from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue

from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense
from forge.ir.text import parse_module
from forge.rewriting import is_close, scalar_constant
from forge.rewriting.arithmetic import (
    plus_scalar,
    polynomial,
    product,
    same_polynomial,
    squared,
    times_scalar,
)


def parse(lines: str) -> tuple[SSAValue, SSAValue]:
    """%x and %y of a few lines over f32 tensors of four elements."""
    one, two = "(tensor<4xf32>) -> tensor<4xf32>", "(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>"
    mixed = "(tensor<4xf32>, tensor<f32>) -> tensor<4xf32>"
    text = lines.replace(": 1", f": {one}").replace(": 2", f": {two}").replace(": c", f": {mixed}")
    module: ModuleOp = parse_module(
        f"""
        func.func @main(%x: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {{
          %half = forge.constant dense<0.5> : tensor<f32>
          %two = forge.constant dense<2.0> : tensor<f32>
          {text}
          func.return %y : tensor<4xf32>
        }}
        """
    )
    last = next(op for op in module.walk() if isinstance(op, ReturnOp))
    function = last.parent
    assert function is not None
    return function.args[0], last.operands[0]


@pytest.mark.parametrize(
    ("lines", "scalar"),
    [
        ("%y = aten.mul.Scalar %x {other = 3} : 1", 3.0),
        ("%y = aten.mul.Tensor %x, %half : c", 0.5),
        ("%y = aten.div.Scalar %x {other = 4.0} : 1", 0.25),
        ("%y = aten.div.Tensor %x, %two : c", 0.5),
        ("%y = aten.mul.Tensor %x, %z : 2", None),
        ("%y = aten.div.Scalar %x {other = 0.0} : 1", None),
        ("%y = aten.neg %x : 1", None),
    ],
)
def test_a_multiple(lines: str, scalar: float | None) -> None:
    x, y = parse(lines)
    assert times_scalar(y) == (None if scalar is None else (x, scalar))


@pytest.mark.parametrize(
    ("lines", "scalar"),
    [
        ("%y = aten.add.Scalar %x {other = 1} : 1", 1.0),
        ("%y = aten.add.Scalar %x {other = 3.0, alpha = 2} : 1", 6.0),
        ("%y = aten.add.Tensor %x, %half : c", 0.5),
        ("%y = aten.add.Tensor %x, %half {alpha = 2} : c", None),
        ("%y = aten.add.Tensor %x, %z : 2", None),
    ],
)
def test_a_shift(lines: str, scalar: float | None) -> None:
    x, y = parse(lines)
    assert plus_scalar(y) == (None if scalar is None else (x, scalar))


def test_a_constant_that_broadcasts_its_operand_is_no_scalar() -> None:
    module = parse_module(
        """
        func.func @main(%x: tensor<1xf32>) -> tensor<4xf32> {
          %c = forge.constant dense<0.5> : tensor<4xf32>
          %y = aten.mul.Tensor %x, %c : (tensor<1xf32>, tensor<4xf32>) -> tensor<4xf32>
          func.return %y : tensor<4xf32>
        }
        """
    )
    last = next(op for op in module.walk() if isinstance(op, ReturnOp))
    assert times_scalar(last.operands[0]) is None


def test_a_product_is_taken_apart() -> None:
    x, y = parse(
        """
        %0 = aten.mul.Scalar %x {other = 3.0} : 1
        %1 = aten.mul.Tensor %0, %z : 2
        %y = aten.div.Scalar %1 {other = 2.0} : 1
        """
    )
    found = product(y)
    assert found.coefficient == 1.5
    assert set(found.factors) == {x, x.owner.args[1]}


def test_a_product_used_elsewhere_is_one_factor() -> None:
    _, y = parse(
        """
        %0 = aten.mul.Scalar %x {other = 3.0} : 1
        %1 = aten.mul.Tensor %0, %z : 2
        %y = aten.mul.Tensor %1, %0 : 2
        """
    )
    assert product(y).coefficient == 1.0
    assert len(product(y).factors) == 3


GELU_ARGUMENTS = [
    """
    %0 = aten.pow.Tensor_Scalar %x {exponent = 3.0} : 1
    %1 = aten.mul.Scalar %0 {other = 0.044715} : 1
    %2 = aten.add.Tensor %x, %1 : 2
    %y = aten.mul.Scalar %2 {other = 0.7978845608028654} : 1
    """,
    """
    %0 = aten.mul.Tensor %x, %x : 2
    %1 = aten.mul.Scalar %0 {other = 0.044715} : 1
    %2 = aten.add.Scalar %1 {other = 1} : 1
    %3 = aten.mul.Scalar %x {other = 0.79788456} : 1
    %y = aten.mul.Tensor %3, %2 : 2
    """,
]


@pytest.mark.parametrize("lines", GELU_ARGUMENTS)
def test_a_polynomial_is_one_however_it_is_written(lines: str) -> None:
    x, y = parse(lines)
    expected = {1: sqrt(2 / pi), 3: sqrt(2 / pi) * 0.044715}
    assert same_polynomial(polynomial(y, x), expected)
    assert not same_polynomial(polynomial(y, x), {1: sqrt(2 / pi)})
    assert not same_polynomial(polynomial(y, x), {1: sqrt(2 / pi), 3: 0.044715})


@pytest.mark.parametrize(
    "lines",
    [
        "%y = aten.mul.Tensor %x, %z : 2",
        "%0 = aten.tanh %x : 1\n%y = aten.mul.Tensor %x, %0 : 2",
        "%y = aten.pow.Tensor_Scalar %x {exponent = 0.5} : 1",
        "%y = aten.pow.Tensor_Scalar %x {exponent = 9} : 1",
        "%y = aten.add.Tensor %x, %x {alpha = 2} : 2",
        # The square is used twice, so replacing the polynomial would compute it again.
        "%0 = aten.mul.Tensor %x, %x : 2\n%1 = aten.add.Tensor %0, %x : 2\n"
        "%y = aten.mul.Tensor %0, %1 : 2",
    ],
)
def test_what_is_no_polynomial(lines: str) -> None:
    x, y = parse(lines)
    assert polynomial(y, x) is None


def test_a_deep_tree_is_no_polynomial() -> None:
    lines = ["%0 = aten.add.Scalar %x {other = 1.0} : 1"]
    lines += [f"%{i} = aten.add.Scalar %{i - 1} {{other = 1.0}} : 1" for i in range(1, 2000)]
    x, y = parse("\n".join([*lines, "%y = aten.add.Scalar %1999 {other = 1.0} : 1"]))
    assert polynomial(y, x) is None


@pytest.mark.parametrize(
    ("lines", "is_square"),
    [
        ("%y = aten.pow.Tensor_Scalar %x {exponent = 2} : 1", True),
        ("%y = aten.mul.Tensor %x, %x : 2", True),
        ("%y = aten.mul.Tensor %x, %z : 2", False),
        ("%y = aten.pow.Tensor_Scalar %x {exponent = 3} : 1", False),
    ],
)
def test_a_square(lines: str, is_square: bool) -> None:
    x, y = parse(lines)
    assert (squared(y) is x) is is_square


def test_the_scalar_that_a_constant_holds() -> None:
    def held(values: list[float], dtype: object = f32) -> float | None:
        kind = np.int64 if dtype == i64 else np.float32
        return scalar_constant(ConstantOp(dense(np.array(values, kind), dtype)).result)

    assert held([0.5]) == 0.5
    assert held([7], i64) == 7
    assert held([1.0, 2.0]) is None
    # The bits of 1.5 in bfloat16.
    bits = np.array([0x3FC0], np.uint16)
    assert scalar_constant(ConstantOp(dense(bits, bf16)).result) == 1.5


def test_closeness_is_relative() -> None:
    assert is_close(0.0447150007, 0.044715)
    assert not is_close(0.0448, 0.044715)
    assert not is_close(1e-9, 0.0)
    assert not is_close(None, 1.0)
