"""Products of batches of matrices, however they were written, and what their operands come from."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import aten
from forge.ir.tensors import bit_width, is_float, shaped
from forge.rewriting.arithmetic import times_scalar
from forge.rewriting.pattern import Rewriter
from forge.rewriting.views import Regrouping

Shape = tuple[int, ...]
Dims = tuple[int, ...]


@dataclass(frozen=True)
class Arranged:
    """A tensor times a number, its dimensions in another order.

    Attributes:
        value: the tensor.
        dims: `value`'s dimension `dims[i]` is dimension i.
        factor: the number.
    """

    value: SSAValue
    dims: Dims
    factor: float = 1.0

    @property
    def shape(self) -> Shape:
        shape = shaped(self.value.type).shape
        return tuple(shape[dim] for dim in self.dims)

    @property
    def in_order(self) -> bool:
        """Whether the dimensions are in the order that they have."""
        return self.dims == tuple(range(len(self.dims)))

    def with_last_two_swapped(self) -> Arranged:
        *batch, rows, columns = self.dims
        return Arranged(self.value, (*batch, columns, rows), self.factor)


@dataclass(frozen=True)
class BatchedProduct:
    """y[…, i, j] = alpha · Σₙ left[…, i, n] · right[…, n, j] + beta · addend[…, i, j].

    Attributes:
        op: the operation that computes y.
        left: `[…, rows, inner]`.
        right: `[…, inner, columns]`.
        dims: dimension `dims[i]` of y is dimension i of the operation's result.
    """

    op: Operation
    left: Arranged
    right: Arranged
    dims: Dims
    alpha: float = 1.0
    addend: SSAValue | None = None
    beta: float = 0.0

    @property
    def in_order(self) -> bool:
        """Whether y is the operation's result as it is."""
        return self.dims == tuple(range(len(self.dims)))


def as_it_is(value: SSAValue) -> Arranged:
    """A tensor, its dimensions in their order."""
    return Arranged(value, tuple(range(shaped(value.type).rank)))


def batched_product(op: Operation, left: SSAValue | None = None) -> BatchedProduct | None:
    """The product of matrices that an operation computes; `None` if it computes something else.

    Args:
        op: the operation.
        left: which operand is on the left; if absent, that with the rows of the result.
    """
    if isinstance(op, aten.EinsumOp):
        return _einsum(op, left)
    addend: SSAValue | None = None
    alpha, beta = 1.0, 0.0
    match op:
        case aten.MatmulOp():
            operands = (op.input, op.other)
        case aten.BmmOp() | aten.MmOp():
            operands = (op.input, op.mat2)
        case aten.BaddbmmOp():
            operands, alpha, beta = (op.batch1, op.batch2), op.get("alpha"), op.get("beta")
            addend = op.input if beta else None
        case _:
            return None
    if left is not None and operands[0] is not left:
        return None
    if any(shaped(operand.type).rank < 2 for operand in operands):
        return None
    first, second = map(as_it_is, operands)
    dims = as_it_is(op.results[0]).dims
    return BatchedProduct(op, first, second, dims, float(alpha), addend, float(beta))


def permutation(op: object) -> Dims | None:
    """The dimension of the operand that each dimension of the result is, for a permutation."""
    match op:
        case aten.PermuteOp():
            dims, rank = op.get("dims"), shaped(op.input.type).rank
            return tuple(dim % rank for dim in dims)
        case aten.TransposeIntOp():
            return _swapped(op.input, op.get("dim0"), op.get("dim1"))
        case aten.SwapaxesOp():
            return _swapped(op.input, op.get("axis0"), op.get("axis1"))
        case aten.SwapdimsOp():
            return _swapped(op.input, op.get("dim0"), op.get("dim1"))
        case aten.MTOp() | aten.AdjointOp():
            return _swapped(op.input, -2, -1)
        case aten.TOp():
            return tuple(reversed(range(shaped(op.input.type).rank)))
        case _:
            return None


def sources(operand: Arranged, dtype: Attribute, *, scaled: bool) -> list[Arranged]:
    """What equals an operand of a product up to the grouping of its batch, nearest first.

    Looked through are permutations, other groupings of what is in front of the last two dimensions,
    conversions from `dtype`, and, where `scaled`, products with a number.
    """
    found = [operand]
    while (deeper := _source(found[-1], dtype, scaled)) is not None:
        found.append(deeper)
    return found


def placed(source: Arranged, shape: Shape, rewriter: Rewriter, before: Operation) -> SSAValue:
    """The value of a source, without its factor, in a shape of as many elements."""
    value = source.value
    if not source.in_order:
        value = rewriter.insert(aten.PermuteOp(value, source.dims), before=before).result
    if shaped(value.type).shape == shape:
        return value
    return rewriter.insert(aten.ReshapeOp(value, shape), before=before).result


def nearest(found: list[Arranged], shape: Shape, dtype: Attribute) -> Arranged | None:
    """The source that needs least to have this shape: the farthest that needs nothing, if any."""
    typed = [source for source in found if shaped(source.value.type).dtype == dtype]
    ordered = [source for source in typed if source.in_order]
    fitting = [source for source in ordered if source.shape == shape]
    for candidates in (fitting, ordered, typed):
        if candidates:
            return candidates[-1]
    return None


def holds(wide: Attribute, dtype: Attribute) -> bool:
    """Whether every number of one floating-point type is one of another."""
    if not is_float(wide):
        return False
    return wide == dtype or bit_width(wide) > bit_width(dtype)


def keeps_matrices(op: Operation) -> bool:
    """Whether an operation only groups what is in front of the last two dimensions."""
    if not isinstance(op, Regrouping):
        return False
    before, after = (shaped(value.type).shape for value in (op.operands[0], op.results[0]))
    return min(len(before), len(after)) >= 2 and before[-2:] == after[-2:]


def _source(operand: Arranged, dtype: Attribute, scaled: bool) -> Arranged | None:
    op = operand.value.owner
    if (dims := permutation(op)) is not None and isinstance(op, Operation):
        inner = tuple(dims[dim] for dim in operand.dims)
        return Arranged(op.operands[0], inner, operand.factor)
    if isinstance(op, aten.ToDtypeOp | aten.InternalToCopyOp | aten.TypeAsOp):
        converted = shaped(op.input.type).dtype == dtype and holds(
            shaped(op.result.type).dtype, dtype
        )
        return Arranged(op.input, operand.dims, operand.factor) if converted else None
    if scaled and (product := times_scalar(operand.value)) is not None and isfinite(product[1]):
        return Arranged(product[0], operand.dims, operand.factor * product[1])
    *batch, rows, columns = operand.dims
    if not isinstance(op, Operation) or batch != list(range(len(batch))) or not keeps_matrices(op):
        return None
    rank = shaped(op.operands[0].type).rank
    moved = rank - len(operand.dims)
    dims = (*range(rank - 2), rows + moved, columns + moved)
    return Arranged(op.operands[0], dims, operand.factor)


def _swapped(value: SSAValue, first: int, second: int) -> Dims:
    dims = list(as_it_is(value).dims)
    dims[first], dims[second] = dims[second], dims[first]
    return tuple(dims)


def _einsum(op: aten.EinsumOp, left: SSAValue | None) -> BatchedProduct | None:
    """ "bhqd,bhkd->bhqk" and the like: two operands, no letter twice in one of them."""
    equation = op.get("equation").replace(" ", "")
    inputs, arrow, output = equation.partition("->")
    terms = inputs.split(",")
    letters = [*terms, output]
    if not arrow or len(terms) != 2 or any(len(set(term)) != len(term) for term in letters):
        return None
    if not all(term.isalpha() for term in letters):
        return None
    operands = list(zip(terms, op.tensors, strict=True))
    if left is not op.tensors[0] if left is not None else output[-2:-1] not in terms[0]:
        operands.reverse()
    (first, left_value), (second, right_value) = operands
    if left is not None and left_value is not left:
        return None
    batch = [letter for letter in output if letter in first and letter in second]
    inner = [letter for letter in first if letter in second and letter not in output]
    rows, columns = (
        [letter for letter in term if letter not in other]
        for term, other in ((first, second), (second, first))
    )
    if not len(inner) == len(rows) == len(columns) == 1 or set(rows + columns) - set(output):
        return None
    return BatchedProduct(
        op,
        Arranged(left_value, tuple(first.index(x) for x in (*batch, *rows, *inner))),
        Arranged(right_value, tuple(second.index(x) for x in (*batch, *inner, *columns))),
        tuple((*batch, *rows, *columns).index(x) for x in output),
    )
