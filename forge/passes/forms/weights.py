"""What the patterns of `apply-forms` ask about weights."""

from __future__ import annotations

from xdsl.ir import Operation, SSAValue

from forge.analysis.load_time import is_constant, is_deterministic


def is_known(value: SSAValue) -> bool:
    """Whether a value is computed of weights and constants alone, so that a backend need not
    compute anything of it while the program runs."""
    op = value.owner
    if not isinstance(op, Operation):
        return False
    return is_constant(type(op)) or (
        is_deterministic(type(op)) and all(is_known(operand) for operand in op.operands)
    )
