"""The two halves of a tensor's last dimension, or its even and its odd elements."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from forge.dialects import aten
from forge.ir.tensors import shaped
from forge.rewriting.matching import single_user
from forge.rewriting.views import section

_Reshape = aten.FlattenUsingIntsOp | aten.ReshapeOp | aten.UnflattenIntOp | aten.ViewOp


@dataclass(frozen=True)
class Elements:
    """Elements of the last dimension of a tensor: `count` of them from `start`, `step` apart."""

    whole: SSAValue
    start: int
    step: int
    count: int


@dataclass(frozen=True)
class Halves:
    """What two values of the same shape are two halves of.

    Attributes:
        whole: the tensor, its last dimension twice as long as theirs.
        interleaved: whether the first has its even and the second its odd elements, instead of the
            lower and the upper half.
    """

    whole: SSAValue
    interleaved: bool


@dataclass(frozen=True)
class Join:
    """Two values that are put together along the last dimension.

    Attributes:
        first: the lower half of the result, or its even elements.
        second: the upper half, or the odd elements.
        op: the operation that has the result, of twice their size.
        interleaved: whether neighbours in the result come from the one and the other.
    """

    first: SSAValue
    second: SSAValue
    op: Operation
    interleaved: bool

    @property
    def result(self) -> SSAValue:
        """Both, along the last dimension."""
        return self.op.results[0]


def elements(value: SSAValue) -> Elements | None:
    """What elements of another tensor `value` has, in its last dimension; `None` if it has all."""
    op, shape = value.owner, _shape(value)
    if not shape:
        return None
    if (part := section(value)) is not None and part.axis == len(shape) - 1:
        return Elements(part.source, part.start, 1, part.stop - part.start)
    if isinstance(op, aten.SliceTensorOp) and op.get("dim") % len(shape) == len(shape) - 1:
        start, _, step = slice(op.get("start"), None, op.get("step")).indices(_shape(op.input)[-1])
        return Elements(op.input, start, step, shape[-1])
    if isinstance(op, aten.SelectIntOp):
        return _selected(op.input, op.get("dim"), op.get("index"))
    if isinstance(op, aten.UnbindIntOp):
        return _selected(op.input, op.get("dim"), op.results.index(value))
    return None


def halves(first: SSAValue, second: SSAValue) -> Halves | None:
    """What two values are the first and the second half of; `None` if there is no such thing.

    They may be results of slices, chunks and splits, or of a selection from a reshaped tensor.
    """
    lower, upper = elements(first), elements(second)
    if lower is None or upper is None or lower.whole is not upper.whole:
        return None
    size = _shape(lower.whole)[-1]
    places = [(part.start, part.step, part.count) for part in (lower, upper)]
    if size % 2:
        return None
    if places == [(0, 1, size // 2), (size // 2, 1, size // 2)]:
        return Halves(lower.whole, interleaved=False)
    if places == [(0, 2, size // 2), (1, 2, size // 2)]:
        return Halves(lower.whole, interleaved=True)
    return None


def join(op: aten.CatOp | aten.StackOp) -> Join | None:
    """What an operation puts together along the last dimension, if it does that with two tensors.

    Neighbours are put together as the rows of a matrix of pairs, which is then made flat.
    """
    if len(op.tensors) != 2:
        return None
    first, second = op.tensors
    rank, dim = len(_shape(op.result)), op.get("dim")
    if isinstance(op, aten.StackOp):
        # As the last dimension but one, they are rows: halves, once they are flat.
        interleaved, flat = dim % rank == rank - 1, flattened(op.result)
        if dim % rank < rank - 2 or flat is None:
            return None
        return Join(first, second, flat, interleaved)
    if dim % rank != rank - 1:
        return None
    columns = [_column(first), _column(second)]
    if columns[0] is not None and columns[1] is not None:
        flat = flattened(op.result)
        return None if flat is None else Join(columns[0], columns[1], flat, interleaved=True)
    return Join(first, second, op, interleaved=False)


def flattened(pairs: SSAValue) -> Operation | None:
    """What makes the last two dimensions of `pairs` one, if it is used by that only."""
    *batch, rows, columns = _shape(pairs)
    user = single_user(pairs)
    if isinstance(user, _Reshape) and _shape(user.result) == (*batch, rows * columns):
        return user
    return None


def _selected(matrices: SSAValue, dim: int, index: int) -> Elements | None:
    """A row or a column of what was one dimension."""
    reshape = matrices.owner
    if not isinstance(reshape, _Reshape):
        return None
    *batch, rows, columns = _shape(matrices)
    whole = reshape.input
    if _shape(whole) != (*batch, rows * columns):
        return None
    rank = len(batch) + 2
    if dim % rank == rank - 1:
        return Elements(whole, index % columns, columns, rows)
    if dim % rank == rank - 2:
        return Elements(whole, index % rows * columns, 1, columns)
    return None


def _column(value: SSAValue) -> SSAValue | None:
    """x, where `value` is x with a last dimension of one element."""
    op = value.owner
    if not isinstance(op, aten.UnsqueezeOp | _Reshape) or not value.has_one_use():
        return None
    return op.input if _shape(value) == (*_shape(op.input), 1) else None


def _shape(value: SSAValue) -> tuple[int, ...]:
    return shaped(value.type).shape
