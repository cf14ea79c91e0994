"""Products of matrices and vectors."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from forge.dialects import aten, reg
from forge.lowering.aten_to_reg.reductions import norm_over
from forge.lowering.aten_to_reg.views import split_at
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, rank_of, shape_of, wrap

PATTERNS = ConversionPatterns()


def linear(
    x: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    b: RegBuilder,
    *,
    transpose_weight: bool = True,
) -> SSAValue:
    """x·Wᵀ + b, or x·W + b. The weight is read as it is stored."""
    y = b.matmul(x, weight, transpose_b=transpose_weight and rank_of(weight) == 2)
    return y if bias is None else b.add(y, bias)


@PATTERNS.convert(aten.LinearOp)
def linear_op(op: aten.LinearOp, b: RegBuilder) -> SSAValue:
    return linear(b[op.input], b[op.weight], b.optional(op.bias), b)


@PATTERNS.convert(aten.MatmulOp, aten.MmOp, aten.BmmOp, aten.MvOp, aten.DotOp, aten.VdotOp)
def matmul(op: Any, b: RegBuilder) -> SSAValue:
    a, c = (b[operand] for operand in op.operands)
    return matrix_product(a, c, b)


def matrix_product(a: SSAValue, c: SSAValue, b: RegBuilder) -> SSAValue:
    """a·c; a transposition right before it becomes part of it."""
    a, transpose_a = _untransposed(a)
    c, transpose_b = _untransposed(c)
    return b.matmul(a, c, transpose_a=transpose_a, transpose_b=transpose_b)


def _untransposed(x: SSAValue) -> tuple[SSAValue, bool]:
    """What a swap of the last two dimensions swaps, and whether `x` is one."""
    owner = x.owner
    if not isinstance(owner, reg.TransposeOp) or rank_of(x) < 2:
        return x, False
    order = owner.input_order.owner
    assert isinstance(order, reg.ConstantOp)
    rank = rank_of(x)
    swapped = [*range(rank - 2), rank - 1, rank - 2]
    return (owner.arg, True) if order.array().tolist() == swapped else (x, False)


@PATTERNS.convert(aten.OuterOp)
def outer(op: aten.OuterOp, b: RegBuilder) -> SSAValue:
    return b.multiply(b.unsqueeze(b.input(op.input), 1), b.input(op.vec2))


@PATTERNS.convert(aten.InnerOp)
def inner(op: aten.InnerOp, b: RegBuilder) -> SSAValue:
    # The last dimensions are summed over; the others stand side by side.
    x, y = b[op.input], b[op.other]
    if rank_of(x) == 0 or rank_of(y) == 0:
        return b.multiply(x, y)
    return _contracted(x, y, [rank_of(x) - 1], [rank_of(y) - 1], b)


@PATTERNS.convert(aten.TensordotOp)
def tensordot(op: aten.TensordotOp, b: RegBuilder) -> SSAValue:
    x, y = b[op.input], b[op.other]
    axes = [wrap(axis, rank_of(x)) for axis in op.get("dims_self")]
    others = [wrap(axis, rank_of(y)) for axis in op.get("dims_other")]
    return _contracted(x, y, axes, others, b)


def _contracted(
    x: SSAValue, y: SSAValue, axes: Sequence[int], others: Sequence[int], b: RegBuilder
) -> SSAValue:
    """The sum over pairs of axes: two matrices whose columns are the summed axes, multiplied."""
    for axis, other in zip(axes, others, strict=True):
        if shape_of(x)[axis] != shape_of(y)[other]:
            b.reject("an axis of extent 1 is broadcast over the sum")
    kept = [[a for a in range(rank_of(v)) if a not in used] for v, used in ((x, axes), (y, others))]
    shape = [shape_of(v)[a] for v, free in zip((x, y), kept, strict=True) for a in free]
    left = b.transpose(x, [*kept[0], *axes])
    right = b.transpose(y, [*kept[1], *others])
    length = prod(shape_of(x)[axis] for axis in axes)
    rows, columns = (prod(shape_of(v)[a] for a in free) for v, free in ((x, kept[0]), (y, kept[1])))
    product = b.matmul(
        b.reshape(left, [rows, length]), b.reshape(right, [columns, length]), transpose_b=True
    )
    return b.reshape(product, shape)


# -- products that are added to something ----------------------------------------------------------


@PATTERNS.convert(aten.AddmmOp, aten.AddmvOp, aten.BaddbmmOp, aten.AddrOp, aten.AddbmmOp)
def added_product(op: Any, b: RegBuilder) -> SSAValue:
    # β·input + α·(a·c); with β = 0 PyTorch ignores the input, even its NaN.
    first, a, c = (b.input(operand) for operand in op.operands)
    if isinstance(op, aten.AddrOp):
        product = b.multiply(b.unsqueeze(a, 1), c)
    elif isinstance(op, aten.AddbmmOp):
        # The sum over the batch is part of the product.
        rows, columns = shape_of(a)[1], shape_of(c)[2]
        length = shape_of(a)[0] * shape_of(a)[2]
        left = b.reshape(b.swap(a, 0, 1), [rows, length])
        product = b.matmul(left, b.reshape(c, [length, columns]))
    else:
        product = matrix_product(a, c, b)
    product = b.scaled(product, op.get("alpha"))
    if op.get("beta") == 0:
        return b.broadcast(product, b.result().shape)
    return b.add(product, b.scaled(first, op.get("beta")))


@PATTERNS.convert(aten.BilinearOp)
def bilinear(op: aten.BilinearOp, b: RegBuilder) -> SSAValue:
    # y[…, o] = Σᵢⱼ x₁[…, i]·W[o, i, j]·x₂[…, j]
    x1, x2, weight = b[op.input1], b[op.input2], b[op.weight]
    outputs, size1, size2 = shape_of(weight)
    rows = b.reshape(b.transpose(weight, [1, 0, 2]), [size1, outputs * size2])
    batch = shape_of(x1)[:-1]
    halfway = b.reshape(b.matmul(x1, rows), [*batch, outputs, size2])
    y = b.reshape(b.matmul(halfway, b.unsqueeze(x2, -1)), [*batch, outputs])
    bias = b.optional(op.bias)
    return y if bias is None else b.add(y, bias)


@PATTERNS.convert(aten.EinsumOp)
def einsum(op: aten.EinsumOp, b: RegBuilder) -> SSAValue:
    equation = explicit_equation(op.get("equation"), [rank_of(b[x]) for x in op.tensors])
    if equation is None:
        b.reject(f"the equation {op.get('equation')!r} repeats an index within an operand")
    return b.emit(reg.EinsumOp([b[x] for x in op.tensors], equation=equation))


def explicit_equation(equation: str, ranks: Sequence[int]) -> str | None:
    """An equation that names its output and every dimension; `None` if an operand repeats one."""
    inputs, _, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    spare = [letter for letter in string.ascii_letters if letter not in equation]
    ellipsis: list[str] = []
    for term, rank in zip(terms, ranks, strict=True):
        if "..." in term and rank - len(term) + 3 > len(ellipsis):
            ellipsis = spare[: rank - len(term) + 3]
    expanded = [
        term.replace("...", "".join(ellipsis[len(ellipsis) - (rank - len(term) + 3) :]))
        if "..." in term
        else term
        for term, rank in zip(terms, ranks, strict=True)
    ]
    if any(len(set(term)) != len(term) for term in expanded):
        return None
    if "->" in equation:
        result = output.replace("...", "".join(ellipsis))
    else:
        letters = re.sub(r"[^A-Za-z]", "", inputs)
        once = sorted(letter for letter in set(letters) if letters.count(letter) == 1)
        result = "".join([*(ellipsis if "..." in inputs else []), *once])
    return f"{','.join(expanded)}->{result}"


# -- geometry --------------------------------------------------------------------------------------


@PATTERNS.convert(aten.CrossOp, aten.LinalgCrossOp)
def cross(op: Any, b: RegBuilder) -> SSAValue:
    shape = b.result().shape
    dim = op.get("dim")
    # Without a dimension, aten.cross takes the first of extent 3.
    axis = shape.index(3) if dim is None else wrap(dim, len(shape))
    x = split_at(b.broadcast(b.input(op.input), shape), axis, [1, 1, 1], b)
    y = split_at(b.broadcast(b.input(op.other), shape), axis, [1, 1, 1], b)
    parts = [
        b.subtract(b.multiply(x[i], y[j]), b.multiply(x[j], y[i]))
        for i, j in ((1, 2), (2, 0), (0, 1))
    ]
    return b.concat(parts, axis)


@PATTERNS.convert(aten.CdistOp, aten.InternalCdistForwardOp)
def cdist(op: Any, b: RegBuilder) -> SSAValue:
    x, y = b.unsqueeze(b[op.x1], -2), b.unsqueeze(b[op.x2], -3)
    difference = b.subtract(x, y)
    return norm_over(difference, op.get("p"), [rank_of(difference) - 1], False, b)


@PATTERNS.convert(aten.InternalPdistForwardOp)
def pdist(op: aten.InternalPdistForwardOp, b: RegBuilder) -> SSAValue:
    x = b[op.input]
    first, second = np.triu_indices(shape_of(x)[0], 1)
    pairs = (b.gather(x, b.constant(indices, i64)) for indices in (first, second))
    return norm_over(b.subtract(*pairs), op.get("p"), [1], False, b)
