"""Let functions return less, or what they knew before."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from forge.reducing.choices import Choices
from forge.reducing.interfaces import bodies, set_returned


def drop_returned_values(module: ModuleOp, choices: Choices) -> None:
    """Leave out some of the values that a function returns."""
    for function, last in list(bodies(module)):
        kept = [index for index in range(len(last.operands)) if not choices.make()]
        if len(kept) < len(last.operands):
            set_returned(function, last, kept)


def return_earlier(module: ModuleOp, choices: Choices) -> None:
    """Return what an operation read instead of what it computes, and erase it.

    Where that has other users, `cut_operations` does not return it.
    """
    for function, last in list(bodies(module)):
        for value in list(last.operands):
            if choices.make() and isinstance(op := value.owner, Operation) and _ends(op, last):
                _return_operands(function, last, op)


def _ends(op: Operation, last: ReturnOp) -> bool:
    # Of several results, the first one took it away.
    if op.parent is None:
        return False
    uses = [use for result in op.results for use in result.uses]
    return bool(op.operands) and all(use.operation is last for use in uses)


def _return_operands(function: FuncOp, last: ReturnOp, op: Operation) -> None:
    returned: list[int | SSAValue] = [
        index for index, value in enumerate(last.operands) if value.owner is not op
    ]
    known = {last.operands[index] for index in returned if isinstance(index, int)}
    fresh = [value for value in dict.fromkeys(op.operands) if value not in known]
    set_returned(function, last, [*returned, *fresh])
    Rewriter.erase_op(op)
