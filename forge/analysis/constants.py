"""What the values of a program are worth that do not depend on its inputs or weights.

Models compute positions and masks from `arange`, comparisons and indices. Their values are found
here with numpy, exactly as PyTorch computes them, and only when somebody asks for them: the mask
of 8192 tokens has 67 million elements.
"""

from __future__ import annotations

from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.folding import Array, array_of, find_fold, has_array
from forge.analysis.folding.elements import array_dtype
from forge.analysis.load_time import value_operands
from forge.dialects.forge import ConstantOp
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import shaped

__all__ = ["MAX_ELEMENTS", "Array", "Constants", "find_constants"]

MAX_ELEMENTS = 1 << 26
"""Larger values are not computed: this is the mask of 8192 tokens."""


class Constants:
    """The known values of a block, each computed when it is first asked for.

    What is computed is kept, so all layers that share a mask share its evaluation.
    """

    def __init__(self, block: Block) -> None:
        """Find what may be known, in one walk that computes nothing."""
        self._candidates: set[SSAValue] = set()
        self._known: dict[SSAValue, Array | None] = {}
        for op in block.ops:
            if _is_foldable(op) and all(o in self._candidates for o in value_operands(op)):
                self._candidates.add(op.results[0])

    def get(self, value: SSAValue) -> Array | None:
        """The value as an array, not to be written to; `None` if it is not known.

        bf16 is given in f32, which holds all of it.
        """
        pending = [value]
        while pending:
            current = pending[-1]
            if current in self._known or current not in self._candidates:
                pending.pop()
                continue
            owner = current.owner
            assert isinstance(owner, Operation)
            operands = value_operands(owner)
            if missing := [operand for operand in operands if operand not in self._known]:
                pending += missing
                continue
            self._known[current] = _evaluate(owner, [self._known[o] for o in operands])
        return self._known.get(value)

    def may_know(self, value: SSAValue) -> bool:
        """Whether it is worth asking for the value; computes nothing."""
        return value in self._candidates

    def __contains__(self, value: SSAValue) -> bool:
        """Whether the value is known; computes it."""
        return self.get(value) is not None


def find_constants(block: Block) -> Constants:
    """The known values of `block`; linear in its operations, and in the elements asked for."""
    return Constants(block)


def _is_foldable(op: Operation) -> bool:
    if isinstance(op, ConstantOp):
        return has_array(shaped(op.result.type).dtype)
    if not isinstance(op, SchemaOp) or len(op.results) != 1 or find_fold(type(op)) is None:
        return False
    result = shaped(op.results[0].type)
    return result.numel <= MAX_ELEMENTS and has_array(result.dtype)


def _evaluate(op: Operation, operands: list[Array | None]) -> Array | None:
    if isinstance(op, ConstantOp):
        return array_of(op.value)
    fold = find_fold(type(op))
    present = [operand for operand in operands if operand is not None]
    if fold is None or len(present) < len(operands):
        return None
    result = shaped(op.results[0].type)
    value = fold(op, present, result)
    if value is None or value.shape != result.shape or value.dtype != array_dtype(result.dtype):
        return None
    return value
