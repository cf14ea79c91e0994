"""Which operations compute the same at every run: those that no input reaches.

Tables of rotary embeddings, buckets of relative positions, slices of fused weights: a backend
computes them once, when it loads the program, and a count of a model's work leaves them out. The
analysis reads every level: what it needs to know of an operation are its traits, and of a kernel on
the host those of the operation it is named after.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from xdsl.ir import Block, Operation, SSAValue
from xdsl.traits import ConstantLike

from forge.dialects import aten, reg, transformer
from forge.rewriting.dead_code import is_pure

# What these give is another thing each time, or only known by its name.
_NOT_DETERMINISTIC = (
    aten.DropoutOp,
    aten.EmptyLikeOp,
    aten.EmptyMemoryFormatOp,
    aten.NativeDropoutOp,
    aten.NewEmptyOp,
    aten.OperatorOp,
    reg.HostOp,
    reg.RandomUniformOp,
)
# How many of the operands matter; of the others only the shape or the type does, and that is known
# of an input, too.
_OPERANDS_THAT_MATTER: dict[type[Operation], int] = {
    aten.ExpandAsOp: 1,
    aten.FullLikeOp: 0,
    aten.NewFullOp: 0,
    aten.NewOnesOp: 0,
    aten.NewZerosOp: 0,
    aten.OnesLikeOp: 0,
    aten.TypeAsOp: 1,
    aten.ViewAsOp: 1,
    aten.ZerosLikeOp: 0,
    reg.ConvertLikeOp: 1,
    reg.ShapeOfOp: 0,
}

DECOMPRESSION = "forge.decompression"
"""On an instruction that widens a compressed weight: it runs, so that the device holds the short
form."""

_CLASSES: dict[str, type[Operation]] = {
    op_class.name: op_class
    for op_class in (*aten.ops.OPERATIONS, *transformer.Transformer.operations)
}


def load_time_ops(block: Block) -> set[Operation]:
    """The operations in `block` that no input reaches, weights and constants excluded.

    What they compute depends on weights, constants and static arguments alone. They have no
    effects, and nothing is random in them. What widens a compressed weight is none of them.

    Args:
        block: a function's body, at any level. Operations inside regions of its operations are
            not looked at.

    Returns:
        a new set; one walk, linear in the operations.
    """
    found: set[Operation] = set()
    for op in block.ops:
        if (
            not is_constant(type(op))
            and DECOMPRESSION not in op.attributes
            and is_deterministic(computed_class(op))
            and all(_is_known(operand, found) for operand in value_operands(op))
        ):
            found.add(op)
    return found


def value_operands(op: Operation) -> Sequence[SSAValue]:
    """The operands whose elements matter; of the others only the shape or the type does.

    A kernel on the host is called with all of them.
    """
    operands = op.operands
    count = _OPERANDS_THAT_MATTER.get(type(op), len(operands))
    return operands if count == len(operands) else operands[:count]


def computed_class(op: Operation) -> type[Operation]:
    """What an operation computes: for a kernel on the host, what it is named after."""
    return _CLASSES.get(op.kernel.data, reg.HostOp) if isinstance(op, reg.HostOp) else type(op)


@cache
def is_constant(op_class: type[Operation]) -> bool:
    """Whether operations of a class are weights or constants."""
    return op_class.has_trait(ConstantLike)


@cache
def is_deterministic(op_class: type[Operation]) -> bool:
    """Whether operations of a class have no effect, and the same results for the same operands."""
    return is_pure(op_class) and op_class not in _NOT_DETERMINISTIC


def _is_known(value: SSAValue, found: set[Operation]) -> bool:
    owner = value.owner
    return isinstance(owner, Operation) and (is_constant(type(owner)) or owner in found)
