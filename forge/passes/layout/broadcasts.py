"""Expansions that their users do by themselves."""

from __future__ import annotations

from xdsl.ir import Operation, Use

from forge.analysis.elementwise import is_elementwise
from forge.dialects import aten, transformer
from forge.ir.schema_op import SchemaOp
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter

_Expanding = aten.BroadcastToOp | aten.ExpandAsOp | aten.ExpandOp


class DropExpansion(Pattern[_Expanding]):
    # expand(x) + y  →  x + y

    def match_and_rewrite(self, op: _Expanding, rewriter: Rewriter) -> None:
        uses = list(op.result.uses)
        if not uses or not all(_broadcasts(use) for use in uses):
            return None
        if shaped(op.input.type).rank == 0:
            # A tensor without dimensions does not decide which type is computed in.
            return rewriter.no_match(op, "what is expanded is a number")
        for user in dict.fromkeys(use.operation for use in uses):
            if not _has_same_results(user, op):
                return rewriter.no_match(op, f"{user.name} would have another shape")
        for use in uses:
            use.operation.operands[use.index] = op.input
            rewriter.modified(use.operation)
        return rewriter.erase(op)


def _broadcasts(use: Use) -> bool:
    """Whether an operand is broadcast where it needs to be."""
    user = use.operation
    if isinstance(user, transformer.AttentionOp):
        return user.operands[use.index] is user.mask
    return is_elementwise(user)


def _has_same_results(user: Operation, expanded: _Expanding) -> bool:
    """Whether an operation has the results that it has, also without the expansion."""
    assert isinstance(user, SchemaOp)
    operands = [
        expanded.input if operand is expanded.result else operand for operand in user.operands
    ]
    trial = type(user).create(
        operands=operands, result_types=user.result_types, properties=user.properties
    )
    try:
        inferred = trial.infer(trial.operand_groups(), trial.properties)
    except ShapeError:
        return False
    finally:
        trial.erase()
    return trial.wrap_results(inferred, operands) == list(user.result_types)
