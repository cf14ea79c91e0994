"""When an operation can go, and what goes with it."""

from __future__ import annotations

from functools import cache

from xdsl.ir import Operation
from xdsl.traits import Pure


@cache
def is_pure(op_class: type[Operation]) -> bool:
    """Whether operations of a class do nothing but compute their results."""
    return op_class.has_trait(Pure)


def is_dead(op: Operation) -> bool:
    """Whether nothing can tell that the operation is there."""
    return is_pure(type(op)) and all(result.first_use is None for result in op.results)


def erase_with_producers(op: Operation) -> list[Operation]:
    """Erase an operation, and all that is dead once it is gone.

    Returns:
        what was erased: users before what they used, so `op` first.
    """
    erased: list[Operation] = []
    candidates = [op]
    while candidates:
        candidate = candidates.pop()
        # One that is used twice by what was erased comes twice.
        if candidate.parent is None:
            continue
        operands = tuple(candidate.operands)
        candidate.detach()
        candidate.erase()
        erased.append(candidate)
        candidates.extend(
            producer
            for operand in operands
            if isinstance(producer := operand.owner, Operation) and is_dead(producer)
        )
    return erased
