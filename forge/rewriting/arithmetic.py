"""Arithmetic in `aten` as equations, however it was written.

PyTorch spells `x/2` as `mul.Tensor` with a constant on either side, as `mul.Scalar`, or as `div`.
These functions read all of them as the same thing. They look at operations whose result has the
type of their tensor operand, so that nothing is broadcast or promoted on the way.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten
from forge.ir.attributes import from_attribute
from forge.rewriting.matching import commuted, is_close, scalar_constant

Polynomial = dict[int, float]
"""The coefficients of a polynomial, by the power of its variable."""

MAX_DEGREE = 8
MAX_DEPTH = 16
"""How deep a polynomial's tree may be; those of activations are less than half of that."""


@dataclass(frozen=True)
class Product:
    """A scalar times some tensors."""

    coefficient: float
    factors: tuple[SSAValue, ...]


def plus_scalar(value: SSAValue) -> tuple[SSAValue, float] | None:
    """x and c, where `value` is x + c."""
    op = value.owner
    if isinstance(op, aten.AddScalarOp):
        return _same_type(value, op.input, _number(op.other) * _number(op.alpha))
    if isinstance(op, aten.AddTensorOp) and _number(op.alpha) == 1:
        return _with_constant(value, op.input, op.other)
    return None


def times_scalar(value: SSAValue) -> tuple[SSAValue, float] | None:
    """x and c, where `value` is c·x; division by a constant is multiplication, too."""
    op = value.owner
    if isinstance(op, aten.MulScalarOp):
        return _same_type(value, op.input, _number(op.other))
    if isinstance(op, aten.MulTensorOp):
        return _with_constant(value, op.input, op.other)
    if isinstance(op, aten.DivScalarOp):
        return _reciprocal(_same_type(value, op.input, _number(op.other)))
    if isinstance(op, aten.DivTensorOp) and (divisor := scalar_constant(op.other)) is not None:
        return _reciprocal(_same_type(value, op.input, float(divisor)))
    return None


def product(value: SSAValue) -> Product:
    """`value` as a product; multiplications inside it that have other users are not taken apart."""
    coefficient = 1.0
    factors: list[SSAValue] = []
    pending = [value]
    while pending:
        factor = pending.pop()
        op = factor.owner
        if factor is not value and not factor.has_one_use():
            factors.append(factor)
        elif (scaled := times_scalar(factor)) is not None:
            pending.append(scaled[0])
            coefficient *= scaled[1]
        elif isinstance(op, aten.MulTensorOp):
            pending += [op.other, op.input]
        else:
            factors.append(factor)
    return Product(coefficient, tuple(factors))


def polynomial(value: SSAValue, variable: SSAValue, depth: int = MAX_DEPTH) -> Polynomial | None:
    """`value` as a polynomial in `variable`; `None` if it is none, or a big one.

    Everything between the two is used inside the polynomial only.
    """
    if value is variable:
        return {1: 1.0}
    if not depth or value.type != variable.type or not _used_once(value):
        return None
    op = value.owner
    if (shifted := plus_scalar(value)) is not None:
        return _sum(polynomial(shifted[0], variable, depth - 1), {0: shifted[1]})
    if (scaled := times_scalar(value)) is not None:
        return _product(polynomial(scaled[0], variable, depth - 1), {0: scaled[1]})
    if isinstance(op, aten.PowTensorScalarOp):
        return _power(polynomial(op.input, variable, depth - 1), _number(op.exponent))
    if isinstance(op, aten.MulTensorOp):
        combine = _product
    elif isinstance(op, aten.AddTensorOp) and _number(op.alpha) == 1:
        combine = _sum
    else:
        return None
    return combine(
        polynomial(op.input, variable, depth - 1), polynomial(op.other, variable, depth - 1)
    )


def same_polynomial(first: Polynomial | None, second: Polynomial) -> bool:
    """Whether two polynomials have the same coefficients, up to rounding."""
    return (
        first is not None
        and first.keys() == second.keys()
        and all(is_close(first[power], coefficient) for power, coefficient in second.items())
    )


def squared(value: SSAValue) -> SSAValue | None:
    """x, where `value` is x²."""
    op = value.owner
    if isinstance(op, aten.SquareOp):
        return op.input
    if isinstance(op, aten.PowTensorScalarOp) and _number(op.exponent) == 2:
        return op.input
    if isinstance(op, aten.MulTensorOp) and op.input is op.other:
        return op.input
    return None


def _number(attribute: Attribute) -> float:
    return float(from_attribute(attribute))


def _same_type(value: SSAValue, operand: SSAValue, scalar: float) -> tuple[SSAValue, float] | None:
    return (operand, scalar) if value.type == operand.type else None


def _with_constant(
    value: SSAValue, first: SSAValue, second: SSAValue
) -> tuple[SSAValue, float] | None:
    for operand, constant in commuted(first, second):
        if (scalar := scalar_constant(constant)) is not None:
            return _same_type(value, operand, float(scalar))
    return None


def _reciprocal(scaled: tuple[SSAValue, float] | None) -> tuple[SSAValue, float] | None:
    return (scaled[0], 1.0 / scaled[1]) if scaled is not None and scaled[1] != 0.0 else None


def _used_once(value: SSAValue) -> bool:
    # x·x uses x twice, but only there.
    return len({use.operation for use in value.uses}) == 1


def _sum(first: Polynomial | None, second: Polynomial | None) -> Polynomial | None:
    if first is None or second is None:
        return None
    powers = first.keys() | second.keys()
    return {power: first.get(power, 0.0) + second.get(power, 0.0) for power in powers}


def _product(first: Polynomial | None, second: Polynomial | None) -> Polynomial | None:
    if first is None or second is None or max(first) + max(second) > MAX_DEGREE:
        return None
    result: Polynomial = {}
    for power, coefficient in first.items():
        for other_power, other in second.items():
            total = power + other_power
            result[total] = result.get(total, 0.0) + coefficient * other
    return result


def _power(base: Polynomial | None, exponent: float) -> Polynomial | None:
    if base is None or exponent not in range(1, MAX_DEGREE + 1):
        return None
    result: Polynomial | None = base
    for _ in range(int(exponent) - 1):
        result = _product(result, base)
    return result
