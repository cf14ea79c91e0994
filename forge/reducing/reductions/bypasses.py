"""Let the users of an operation read what it reads."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.rewriter import Rewriter

from forge.reducing.choices import Choices


def bypass_operations(module: ModuleOp, choices: Choices) -> None:
    """Replace an operation by one of its operands, where that has the type of its result."""
    # Where a later one is bypassed as well, its users read on what it is replaced by.
    ways = [
        (op, operand)
        for op in module.walk(reverse=True)
        if len(op.results) == 1
        for operand in dict.fromkeys(op.operands)
        if operand.type == op.results[0].type
    ]
    for op, operand in ways:
        if choices.make() and op.parent is not None:
            Rewriter.replace_op(op, (), [operand])
