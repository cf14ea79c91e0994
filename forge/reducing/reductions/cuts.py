"""Cut operations out of functions, such that what is left is a program whatever is cut."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.rewriter import Rewriter
from xdsl.traits import ConstantLike

from forge.dialects.forge import WeightOp
from forge.reducing.choices import Choices
from forge.reducing.interfaces import add_argument, bodies, body_of, set_returned


def cut_operations(module: ModuleOp, choices: Choices) -> None:
    """Erase operations of functions.

    What others read of them becomes an argument, which no pass can know anything about; constants
    that others read stay, since shapes may depend on them. What only they have read is returned
    instead, so that it goes on being computed, and seen.
    """
    for function, last in list(bodies(module)):
        chosen = {op for op in body_of(function) if choices.make()}
        if cut := [op for op in body_of(function) if op in chosen and not _is_needed(op, chosen)]:
            _cut(function, last, cut)


def free_constants(module: ModuleOp, choices: Choices) -> None:
    """Let constants be arguments."""
    for function, _ in list(bodies(module)):
        for op in body_of(function):
            if op.has_trait(ConstantLike) and choices.make():
                Rewriter.replace_op(op, (), [add_argument(function, op.results[0])])


def _is_needed(op: Operation, chosen: set[Operation]) -> bool:
    """Whether this is a constant that is not cut out with all that reads it."""
    return (
        op.has_trait(ConstantLike)
        and not isinstance(op, WeightOp)
        and any(use.operation not in chosen for result in op.results for use in result.uses)
    )


def _cut(function: FuncOp, last: ReturnOp, cut: list[Operation]) -> None:
    gone = set(cut)
    needed = {
        result: any(use.operation not in gone and use.operation is not last for use in result.uses)
        for op in cut
        for result in op.results
    }
    kept: list[int | SSAValue] = [
        index for index, value in enumerate(last.operands) if not _of(value, gone)
    ]
    read = dict.fromkeys(value for op in cut for value in op.operands)
    kept += [value for value in read if _is_left_over(value, gone)]
    set_returned(function, last, kept)
    for result, is_needed in needed.items():
        if is_needed:
            result.replace_all_uses_with(add_argument(function, result))
    for op in reversed(cut):
        Rewriter.erase_op(op)


def _of(value: SSAValue, ops: set[Operation]) -> bool:
    return isinstance(value, OpResult) and value.op in ops


def _is_left_over(value: SSAValue, gone: set[Operation]) -> bool:
    """Whether an operation that stays computes this for those that go, and for nobody else."""
    return (
        isinstance(value, OpResult)
        and value.op not in gone
        and not value.op.has_trait(ConstantLike)
        and all(use.operation in gone for use in value.uses)
    )
