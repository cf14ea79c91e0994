"""Norms and softmaxes as matrix products and as additions and multiplications of whole tensors.

An NPU has a matrix engine, which multiplies, adds, and on the newer ones applies exponentials on
the way; all else is left to vector processors. Intel's NPU compiler predicts 58 µs for a norm of
128×768 on NPU5020, and 2 for a product of two such tensors.

So a sum over a row is a product with a column of ones, and a number for each row comes to all
elements of the row by a product with a row. x to a power is the exponential of a logarithm, of few
elements. In f16 that rounds more often than one instruction does: the error of a norm is twice, and
that of attention 1.5 times as large.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from xdsl.ir import SSAValue

from forge.dialects import reg
from forge.lowering.aten_to_reg.linear_algebra import matrix_product
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, size_of

_TILE = 16
"""The channels, and the columns, that the matrix engine works on at a time."""

_LARGEST_EXPONENT = 11.0
"""e to this power is less than the largest number of f16."""


def normalized_rows(
    x: SSAValue,
    dims: int,
    weight: SSAValue | None,
    bias: SSAValue | None,
    eps: float,
    b: RegBuilder,
    *,
    centered: bool,
) -> SSAValue:
    """(x − mean(x)) / √(var(x) + eps) ⊙ w + c over the last dimensions, which are a row.

    Rows of a variance below 3·10⁻¹⁰ are multiplied by 60 thousand and not by more, lest a row of
    equal numbers becomes NaN where eps is rounded to zero.

    Args:
        x: a tensor of f32 or wider.
        dims: how many dimensions a row has.
        weight: w, of the shape of a row; `None` for 1.
        bias: c, of the shape of a row; `None` for 0.
        eps: what keeps the root from zero.
        b: emits the instructions.
        centered: whether the mean is subtracted; if not, it counts as zero.
    """
    shape = shape_of(x)
    size = prod(shape[len(shape) - dims :])
    x = b.reshape(x, [1, size_of(x) // size, size])
    if centered:
        mean = b.matmul(x, _column(1.0 / size, size, x, b))
        x = _together(b.add, x, b.matmul(mean, _row(-1.0, size, x, b)), b)
    exponent = b.multiply(_logarithm(b.add(_mean_squares(x, b), eps), b), -0.5)
    factors = b.emit(reg.ExpOp(b.minimum(exponent, _LARGEST_EXPONENT)))
    y = _scaled_rows(x, factors, weight, b)
    if bias is not None:
        y = _together(b.add, y, b.broadcast(b.reshape(bias, [1, 1, size]), shape_of(y)), b)
    return b.reshape(y, shape)


def attended(scores: SSAValue, values: SSAValue, b: RegBuilder) -> SSAValue:
    """softmax(s)·v over the last dimension of s, where no row of s is −∞ everywhere.

    The sums are divided by when the product is known, which has fewer elements.

    Args:
        scores: s, `[…, queries, keys]`.
        values: v, `[…, keys, size]`.
        b: emits the instructions.
    """
    keys, last = shape_of(scores)[-1], rank_of(scores) - 1
    largest = b.emit(reg.ReduceMaxOp(scores, b.ints([last]), keep_dims=True))
    subtracted = b.matmul(largest, _row(-1.0, keys, scores, b))
    weights = _together(lambda s, m: b.emit(reg.ExpOp(b.add(s, m))), scores, subtracted, b)
    sums = b.matmul(weights, _column(1.0, keys, scores, b))
    factors = b.emit(reg.ExpOp(b.multiply(_logarithm(sums, b), -1.0)))
    return _scaled_rows(matrix_product(weights, values, b), factors, None, b)


def masked(scores: SSAValue, mask: SSAValue, b: RegBuilder) -> SSAValue:
    """Scores plus a mask of numbers, which may have extents of 1."""
    return _together(b.add, scores, b.once(_spread, mask, shape_of(scores)), b)


def _spread(mask: SSAValue, shape: tuple[int, ...], b: RegBuilder) -> SSAValue:
    return b.broadcast(mask, shape)


def _mean_squares(x: SSAValue, b: RegBuilder) -> SSAValue:
    """The mean of the squares of each row: `[1, rows, 1]`.

    It is the diagonal of x·xᵀ/size. The matrix engine sums in f32, so that no square must fit into
    f16: only the mean, up to 65504.
    """
    _, rows, size = shape_of(x)
    products = b.matmul(b.multiply(x, 1.0 / size), x, transpose_b=True)
    diagonal = b.slice(b.reshape(products, [1, rows * rows]), 1, 0, rows * rows, rows + 1)
    return b.reshape(diagonal, [1, rows, 1])


def _scaled_rows(
    x: SSAValue, factors: SSAValue, weight: SSAValue | None, b: RegBuilder
) -> SSAValue:
    """Each row of x times its factor, and element by element times a weight.

    It is twice x times half a factor: only where x comes from the matrix engine does Intel's NPU
    compiler (2026.4.1) let that multiply, too.
    """
    size = shape_of(x)[-1]
    half = _row(0.5, size, x, b)
    if weight is not None:
        half = b.multiply(b.reshape(weight, [1, size]), 0.5)
    return _together(lambda v, f: b.multiply(b.multiply(v, 2.0), f), x, b.matmul(factors, half), b)


def _together(
    combine: Callable[[SSAValue, SSAValue], SSAValue], x: SSAValue, y: SSAValue, b: RegBuilder
) -> SSAValue:
    """Two tensors of one shape, combined element by element.

    They are laid out as images of 16 channels and 16 columns, which moves no data: an image is in
    memory pixel by pixel. Of rows as they are, the matrix engine would only fill a part of itself.
    """
    shape, rows = shape_of(x), size_of(x) // (_TILE * _TILE)
    if size_of(x) % (_TILE * _TILE):
        return combine(x, y)
    x, y = (b.transpose(b.reshape(v, [1, rows, _TILE, _TILE]), [0, 3, 1, 2]) for v in (x, y))
    return b.reshape(b.transpose(combine(x, y), [0, 2, 3, 1]), shape)


def _logarithm(x: SSAValue, b: RegBuilder) -> SSAValue:
    return b.emit(reg.LogOp(x))


def _column(value: float, size: int, like: SSAValue, b: RegBuilder) -> SSAValue:
    return b.splat(value, [size, 1], dtype_of(like))


def _row(value: float, size: int, like: SSAValue, b: RegBuilder) -> SSAValue:
    return b.splat(value, [1, size], dtype_of(like))
