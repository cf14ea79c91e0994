"""What a value is a part or another arrangement of, however that was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from forge.dialects import aten
from forge.ir.tensors import Shaped, shaped
from forge.rewriting.matching import single_user

# Of these, the elements of the result are those of the first operand, in their order.
Regrouping = (
    aten.FlattenUsingIntsOp
    | aten.InternalUnsafeViewOp
    | aten.ReshapeOp
    | aten.SqueezeDimOp
    | aten.SqueezeDimsOp
    | aten.SqueezeOp
    | aten.UnflattenIntOp
    | aten.UnsqueezeOp
    | aten.ViewOp
)
_Split = (
    aten.ChunkOp
    | aten.SplitSizesOp
    | aten.SplitTensorOp
    | aten.SplitWithSizesOp
    | aten.TensorSplitIndicesOp
    | aten.TensorSplitSectionsOp
)


@dataclass(frozen=True)
class Section:
    """Consecutive elements of one dimension: those from `start` to before `stop`.

    Attributes:
        source: the whole tensor.
        axis: the dimension, counted from the front.
    """

    source: SSAValue
    axis: int
    start: int
    stop: int


def section(value: SSAValue) -> Section | None:
    """What `value` is a section of: the result of a chunk, a split or a slice without gaps."""
    op = value.owner
    if not isinstance(op, _Split | aten.SliceTensorOp | aten.NarrowOp):
        return None
    whole = _shaped(op.input)
    axis: int = op.get("dim") % whole.rank
    if isinstance(op, _Split):
        sizes = [_shaped(result).shape[axis] for result in op.results]
        index = op.results.index(value)
        start = sum(sizes[:index])
        return Section(op.input, axis, start, start + sizes[index])
    extent = whole.shape[axis]
    if isinstance(op, aten.NarrowOp):
        start: int = op.get("start") % (extent or 1)
        return Section(op.input, axis, start, start + op.get("length"))
    if op.get("step") != 1:
        return None
    start, stop, _ = slice(op.get("start"), op.get("end")).indices(extent)
    return Section(op.input, axis, start, stop)


def rows_of(value: SSAValue) -> SSAValue:
    """x, where `value` has the rows of x (its last dimension) in other leading dimensions.

    Looks through reshapes that have one use. `value` itself, if it is none.
    """
    while isinstance(op := value.owner, Regrouping) and value.has_one_use():
        before = _shaped(op.input).shape
        if not before or before[-1:] != _shaped(value).shape[-1:]:
            break
        value = op.input
    return value


def without_round_trip(value: SSAValue) -> SSAValue:
    """x, where `value` is x in another shape and back again. `value` itself, if it is not."""
    source = value
    while isinstance(op := source.owner, Regrouping):
        source = op.input
        if source.type == value.type:
            return source
    return value


def is_closed(ops: Iterable[Operation], root: Operation) -> bool:
    """Whether nothing but themselves and `root` uses what these operations compute.

    What is reshaped for one user counts as used by that one.
    """
    inside = {*ops, root}
    return all(
        _user_behind_reshapes(use.operation) in inside
        for op in inside
        if op is not root
        for result in op.results
        for use in result.uses
    )


def _user_behind_reshapes(user: Operation) -> Operation:
    while isinstance(user, Regrouping) and (next := single_user(user.result)) is not None:
        user = next
    return user


def _shaped(value: SSAValue) -> Shaped:
    return shaped(value.type)
