"""The two products of attention that is written out: with the keys, and with the values."""

from __future__ import annotations

import numpy as np
from xdsl.ir import SSAValue

from forge.dialects.transformer.forms import AttentionForm
from forge.lowering.aten_to_reg.linear_algebra import matrix_product
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of


def scored(query: SSAValue, key: SSAValue, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """q·kᵀ: `[…, H, L, S]` of `[…, H, L, E]` and `[…, H, S, E]`."""
    if form.kv != "blocks":
        return b.matmul(query, key, transpose_b=True)
    scores = b.matmul(_stacked(query, b), _stacked(key, b), transpose_b=True)
    return _diagonal(scores, shape_of(query)[-3], b)


def weighted(weights: SSAValue, value: SSAValue, form: AttentionForm, b: RegBuilder) -> SSAValue:
    """w·v: `[…, H, L, E]` of `[…, H, L, S]` and `[…, H, S, E]`."""
    shape = [*shape_of(weights)[:-1], shape_of(value)[-1]]
    if form.kv == "blocks":
        weights, value = _on_diagonal(weights, b), _stacked(value, b)
    if form.value == "product":
        means = b.matmul(weights, b.once(_transposed, value), transpose_b=True)
    else:
        means = matrix_product(weights, value, b)
    return b.reshape(means, shape)


def _transposed(x: SSAValue, b: RegBuilder) -> SSAValue:
    """xᵀ as the product I·xᵀ, of operands as a matrix engine reads them."""
    size = shape_of(x)[-1]
    identity = np.eye(size).reshape([*[1] * (rank_of(x) - 2), size, size])
    return b.matmul(b.constant(identity, dtype_of(x)), x, transpose_b=True)


# -- blocks of heads -------------------------------------------------------------------------------


def _stacked(x: SSAValue, b: RegBuilder) -> SSAValue:
    """The rows of all heads, one head behind the other: `[…, H·n, E]` of `[…, H, n, E]`."""
    *batch, heads, rows, size = shape_of(x)
    return b.reshape(x, [*batch, heads * rows, size])


def _diagonal(x: SSAValue, count: int, b: RegBuilder) -> SSAValue:
    """The blocks on the diagonal: `[…, count, r, c]` of `[…, count·r, count·c]`."""
    *batch, height, width = shape_of(x)
    axis, rows, columns = len(batch), height // count, width // count
    if rows == 1:
        # Of all blocks in a row, every one that is count + 1 further: a single transfer.
        blocks = b.reshape(x, [*batch, count * count, columns])
        own = b.slice(blocks, axis, 0, count * count, count + 1)
    else:
        strips = [b.slice(x, axis, i * rows, (i + 1) * rows) for i in range(count)]
        own = b.concat(
            [
                b.slice(strip, axis + 1, i * columns, (i + 1) * columns)
                for i, strip in enumerate(strips)
            ],
            axis,
        )
    return b.reshape(own, [*batch, count, rows, columns])


def _on_diagonal(x: SSAValue, b: RegBuilder) -> SSAValue:
    """Blocks between zeros: `[…, count·r, count·c]` of `[…, count, r, c]`."""
    *batch, count, rows, columns = shape_of(x)
    axis = len(batch)
    if rows == 1:
        # Behind each as many blocks of zeros as there are blocks, in rows that are one shorter.
        zeros = b.splat(0.0, [*batch, count, count * columns], dtype_of(x))
        wide = b.concat([b.reshape(x, [*batch, count, columns]), zeros], axis + 1)
        blocks = b.reshape(wide, [*batch, count * (count + 1), columns])
        own = b.slice(blocks, axis, 0, count * count)
        return b.reshape(own, [*batch, count, count * columns])
    flat, nothing = _stacked(x, b), b.splat(0.0, [*batch, rows, columns], dtype_of(x))
    strips = list[SSAValue]()
    for i in range(count):
        strip = [nothing] * count
        strip[i] = b.slice(flat, axis, i * rows, (i + 1) * rows)
        strips.append(b.concat(strip, axis + 1))
    return b.concat(strips, axis)
