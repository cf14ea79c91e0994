"""Operations that only rearrange elements, as steps of a chain, and what such steps cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from forge.analysis.rearrangement import Permutation, Rearrangement, Reshape, Step
from forge.dialects import aten
from forge.ir.tensors import is_complex, shaped
from forge.rewriting import Rewriter

# `adjoint` conjugates complex numbers besides.
Permuting = (
    aten.AdjointOp
    | aten.MTOp
    | aten.NumpyTOp
    | aten.PermuteOp
    | aten.SwapaxesOp
    | aten.SwapdimsOp
    | aten.TOp
    | aten.TransposeIntOp
)
"""Operations that put the dimensions of their operand into another order."""

Reshaping = (
    aten.FlattenUsingIntsOp
    | aten.InternalUnsafeViewOp
    | aten.RavelOp
    | aten.ReshapeOp
    | aten.SqueezeDimOp
    | aten.SqueezeDimsOp
    | aten.SqueezeOp
    | aten.UnflattenIntOp
    | aten.UnsqueezeOp
    | aten.ViewAsOp
    | aten.ViewOp
)
"""Operations whose result has the elements of the first operand in their order."""

Rearranging = Permuting | Reshaping


@dataclass(frozen=True)
class Cost:
    """What a part of a program costs that computes nothing.

    Attributes:
        ops: how many operations it has.
        moved: how many elements they move in memory: all of a permutation, none of a reshape.
    """

    ops: int = 0
    moved: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.ops + other.ops, self.moved + other.moved)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.ops - other.ops, self.moved - other.moved)

    @property
    def is_gain(self) -> bool:
        """Whether, as a difference to what was before, nothing rises and something falls."""
        return self.ops <= 0 and self.moved <= 0 and self != Cost()


def step_of(op: Operation) -> Step | None:
    """What an operation does, if it only rearranges the elements of its first operand."""
    if isinstance(op, Reshaping):
        return Reshape(shaped(op.result.type).shape)
    if not isinstance(op, Permuting):
        return None
    operand = shaped(op.input.type)
    if isinstance(op, aten.AdjointOp) and is_complex(operand.dtype):
        return None
    return Permutation(_dims(op, operand.rank))


def is_normal(op: Operation) -> bool:
    """Whether an operation is written as `optimize-layout` writes it."""
    if isinstance(op, aten.ReshapeOp):
        return -1 not in op.get("shape")
    return isinstance(op, aten.PermuteOp) and all(dim >= 0 for dim in op.get("dims"))


def rearrangement(x: SSAValue, steps: Sequence[Step]) -> Rearrangement | None:
    """What steps do to a value; `None` if it has no elements, or they cannot be made one."""
    shape = shaped(x.type).shape
    whole = None if 0 in shape else Rearrangement.identity(shape)
    for step in steps:
        whole = None if whole is None else whole.then(step)
    return whole


def cost_of(steps: Sequence[Step], value: SSAValue) -> Cost:
    """What steps cost on the elements of a value."""
    permutations = sum(isinstance(step, Permutation) for step in steps)
    return Cost(len(steps), permutations * shaped(value.type).numel)


def emit(x: SSAValue, steps: Sequence[Step], rewriter: Rewriter, *, before: Operation) -> SSAValue:
    """The result of steps on a value, by operations that are inserted before another one."""
    for step in steps:
        if isinstance(step, Reshape):
            op = aten.ReshapeOp(x, shape=step.shape)
        else:
            op = aten.PermuteOp(x, dims=step.dims)
        x = rewriter.insert(op, before=before).result
    return x


def _dims(op: Permuting, rank: int) -> tuple[int, ...]:
    if isinstance(op, aten.PermuteOp):
        return tuple(dim % rank for dim in op.get("dims"))
    if isinstance(op, aten.NumpyTOp):
        return tuple(reversed(range(rank)))
    if isinstance(op, aten.SwapaxesOp):
        first, second = op.get("axis0"), op.get("axis1")
    elif isinstance(op, aten.SwapdimsOp | aten.TransposeIntOp):
        first, second = op.get("dim0"), op.get("dim1")
    else:
        first, second = -2, -1
    dims = list(range(rank))
    # A matrix transposition of a vector, and a swap of no dimensions, change nothing.
    if rank > 1:
        dims[first % rank], dims[second % rank] = dims[second % rank], dims[first % rank]
    return tuple(dims)
