"""Norms and softmaxes as matrix products and as additions and multiplications of whole tensors.

An NPU has a matrix engine, which multiplies, adds, and on the newer ones applies exponentials on
the way; all else is left to vector processors. Intel's NPU compiler predicts 58 µs for a norm of
128×768 on NPU5020, and 2 for a product of two such tensors.

So a sum over a row is a product with a column of ones, and a number for each row comes to all
elements of the row by a product with a row. x to a power is the exponential of a logarithm, of few
elements. In f16 that rounds more often than one instruction does: the error of a norm is up to 1.5
times as large, and that of attention up to twice, where all its weights are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2, prod

from xdsl.dialects.builtin import BFloat16Type, Float16Type, f32
from xdsl.ir import SSAValue

from forge.dialects import reg
from forge.lowering.aten_to_reg.reductions import reduce
from forge.lowering.reg_builder import RegBuilder, dtype_of, shape_of, size_of

_CHANNELS = 16
"""How many channels of an image the matrix engine works on at a time."""

_COLUMNS = 16
"""How many columns an image has that is made of anything."""

_SHORTEST_ROW = _CHANNELS * _COLUMNS // 2
"""A row of fewer numbers is not a row of an image by itself."""

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
        x: a tensor; of 16 bits it is normalized in f32, and rounded once.
        dims: how many dimensions a row has.
        weight: w, of the shape of a row; `None` for 1.
        bias: c, of the shape of a row; `None` for 0.
        eps: what keeps the root from zero.
        b: emits the instructions.
        centered: whether the mean is subtracted; if not, it counts as zero.
    """
    dtype, shape = dtype_of(x), shape_of(x)
    size = prod(shape[len(shape) - dims :])
    if isinstance(dtype, Float16Type | BFloat16Type):
        x = b.convert(x, f32)
        weight, bias = (None if v is None else b.convert(v, f32) for v in (weight, bias))
    x = b.reshape(x, [1, size_of(x) // size, size])
    if centered:
        mean = b.matmul(x, _column(1.0 / size, size, x, b))
        x = _together(b.add, x, b.matmul(mean, _row(-1.0, size, x, b)), b)
    exponent = b.multiply(b.emit(reg.LogOp(b.add(_mean_squares(x, b), eps))), -0.5)
    factors = b.emit(reg.ExpOp(b.minimum(exponent, _LARGEST_EXPONENT)))
    half = _row(0.5, size, x, b)
    if weight is not None:
        half = b.multiply(b.reshape(weight, [1, size]), 0.5)
    y = _scaled_rows(x, factors, half, b)
    if bias is not None:
        y = _together(b.add, y, b.broadcast(b.reshape(bias, [1, 1, size]), shape_of(y)), b)
    return b.convert(b.reshape(y, shape), dtype)


def repeated_keys(keys: int) -> int:
    """How many of the first keys are to be repeated behind the last, for rows of scores as images.

    The maximum of a row is the same with some of its scores twice. `attended` does not count them.
    """
    return 0 if keys < _SHORTEST_ROW else -keys % _CHANNELS


def attended(
    scores: SSAValue, weigh: Callable[[SSAValue], SSAValue], keys: int, b: RegBuilder
) -> SSAValue:
    """softmax(s)·v over the last dimension of s, where no row of s is −∞ everywhere.

    The sums are divided by when the product is known, which has fewer elements.

    Args:
        scores: s, `[…, queries, all]`.
        weigh: w ↦ w·v, `[…, queries, size]`; v is zero behind the keys that count.
        keys: how many keys count.
        b: emits the instructions.
    """
    width, dtype = shape_of(scores)[-1], dtype_of(scores)
    largest = _largest(scores, b)
    subtracted = b.matmul(largest, _row(-1.0, width, scores, b))
    weights = _together(lambda s, m: b.emit(reg.ExpOp(b.add(s, m))), scores, subtracted, b)
    # The sums are from 1 to the number of keys. Around 1 their logarithms are rounded least.
    scale = 2.0 ** -round(log2(keys) / 2)
    column = _column(scale, keys, scores, b)
    if keys < width:
        column = b.concat([column, b.splat(0.0, [width - keys, 1], dtype)], 0)
    sums = b.matmul(weights, column)
    factors = b.emit(reg.ExpOp(b.multiply(b.emit(reg.LogOp(sums)), -1.0)))
    product = weigh(weights)
    half = _row(scale / 2, shape_of(product)[-1], product, b)
    return _scaled_rows(product, factors, half, b)


def masked(scores: SSAValue, mask: SSAValue, b: RegBuilder) -> SSAValue:
    """Scores plus a mask of numbers, which may have extents of 1."""
    shape = shape_of(scores)
    image = _image(shape)
    if image is None:
        return b.add(scores, mask)
    # Layers share the image of their mask.
    added = b.add(_to_image(scores, image, b), b.once(_mask_image, mask, shape, image))
    return _from_image(added, shape, b)


def _mask_image(
    mask: SSAValue, shape: Sequence[int], image: Sequence[int], b: RegBuilder
) -> SSAValue:
    return _to_image(b.broadcast(mask, shape), image, b)


def _largest(x: SSAValue, b: RegBuilder) -> SSAValue:
    """The maximum of each row: `[…, 1]`.

    First of numbers 16 apart, which are of one channel: as a pooling, with nothing to transpose.
    """
    *batch, _ = shape_of(x)
    image = _image_of_rows(shape_of(x))
    if image is not None:
        pooled = reduce(reg.ReduceMaxOp, _to_image(x, image, b), [3], True, b)
        x = _from_image(pooled, [1, image[0], _CHANNELS], b)
        return b.reshape(reduce(reg.ReduceMaxOp, x, [2], True, b), [*batch, 1])
    return reduce(reg.ReduceMaxOp, x, [len(batch)], True, b)


def _mean_squares(x: SSAValue, b: RegBuilder) -> SSAValue:
    """The mean of the squares of each row: `[1, rows, 1]`.

    It is the diagonal of x·xᵀ/size. The matrix engine sums in f32, so that no square must fit into
    f16: only the mean, up to 65504.
    """
    _, rows, size = shape_of(x)
    products = b.matmul(b.multiply(x, 1.0 / size), x, transpose_b=True)
    diagonal = b.slice(b.reshape(products, [1, rows * rows]), 1, 0, rows * rows, rows + 1)
    return b.reshape(diagonal, [1, rows, 1])


def _scaled_rows(x: SSAValue, factors: SSAValue, half: SSAValue, b: RegBuilder) -> SSAValue:
    """Each row of x times its factor, and element by element times twice a row.

    It is twice x times half a factor: only where x comes from the matrix engine does Intel's NPU
    compiler (2026.4.1) let that multiply, too.
    """
    return _together(lambda v, f: b.multiply(b.multiply(v, 2.0), f), x, b.matmul(factors, half), b)


def _together(
    combine: Callable[[SSAValue, SSAValue], SSAValue], x: SSAValue, y: SSAValue, b: RegBuilder
) -> SSAValue:
    """Two tensors of one shape, combined element by element: as images, if they can be."""
    image = _image(shape_of(x))
    if image is None:
        return combine(x, y)
    return _from_image(combine(_to_image(x, image, b), _to_image(y, image, b)), shape_of(x), b)


def _image(shape: Sequence[int]) -> tuple[int, int, int] | None:
    """The rows, columns and channels of an image that has a tensor's numbers in their order.

    A row of the tensor is a row of pixels of 16 channels; short rows go together. As it is, a row
    would be one pixel, and fill a part of the matrix engine only.
    """
    rows, rest = divmod(prod(shape), _COLUMNS * _CHANNELS)
    return _image_of_rows(shape) or (None if rest else (rows, _COLUMNS, _CHANNELS))


def _image_of_rows(shape: Sequence[int]) -> tuple[int, int, int] | None:
    """The image whose rows are those of the tensor, if they are long enough and divide."""
    size = shape[-1]
    if size < _SHORTEST_ROW or size % _CHANNELS:
        return None
    return prod(shape) // size, size // _CHANNELS, _CHANNELS


def _to_image(x: SSAValue, image: Sequence[int], b: RegBuilder) -> SSAValue:
    """As OpenVINO has images, channels first. In memory they are last, so that nothing moves."""
    return b.transpose(b.reshape(x, [1, *image]), [0, 3, 1, 2])


def _from_image(x: SSAValue, shape: Sequence[int], b: RegBuilder) -> SSAValue:
    return b.reshape(b.transpose(x, [0, 2, 3, 1]), shape)


def _column(value: float, size: int, like: SSAValue, b: RegBuilder) -> SSAValue:
    return b.splat(value, [size, 1], dtype_of(like))


def _row(value: float, size: int, like: SSAValue, b: RegBuilder) -> SSAValue:
    return b.splat(value, [1, size], dtype_of(like))
