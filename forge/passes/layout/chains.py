"""Chains of permutations and reshapes, made as short as they can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from forge.analysis.rearrangement import Step
from forge.passes.layout.steps import (
    Cost,
    Rearranging,
    cost_of,
    emit,
    is_normal,
    rearrangement,
    step_of,
)
from forge.rewriting import Pattern, Rewriter

MAX_CHAIN = 8
"""How many operations are taken together; those of models are half of that."""


@dataclass(frozen=True)
class _Shortcut:
    """Steps from a value up the chain to its end, and what they cost more than what goes."""

    source: SSAValue
    steps: Sequence[Step]
    difference: Cost


class ShortenChain(Pattern[Rearranging]):
    # permute(permute(x))           →  permute(x), or x
    # reshape(permute(reshape(x)))  →  permute(x), or reshape(x), or x

    def match_and_rewrite(self, op: Rearranging, rewriter: Rewriter) -> None:
        chain = _chain(op)
        shortcuts = [
            shortcut
            for length in range(1, len(chain) + 1)
            if (shortcut := _shortcut(chain[:length])) is not None
        ]
        gains = [shortcut for shortcut in shortcuts if shortcut.difference.is_gain]
        if gains:
            best = min(gains, key=lambda gain: (gain.difference.ops, gain.difference.moved))
            return _replace(op, best.source, best.steps, rewriter)
        if not is_normal(op) and shortcuts:
            # The first is the operation by itself.
            return _replace(op, shortcuts[0].source, shortcuts[0].steps, rewriter)
        if (reason := _why_not(chain, shortcuts)) is not None:
            return rewriter.no_match(op, reason)
        return None


def _replace(op: Operation, x: SSAValue, steps: Sequence[Step], rewriter: Rewriter) -> None:
    rewriter.replace(op, [emit(x, steps, rewriter, before=op)])


def _chain(op: Operation) -> list[tuple[Operation, Step]]:
    """The operation and what it rearranges, the end of the chain first."""
    chain: list[tuple[Operation, Step]] = []
    current: object = op
    while (
        isinstance(current, Operation)
        and len(chain) < MAX_CHAIN
        and (step := step_of(current)) is not None
    ):
        chain.append((current, step))
        current = current.operands[0].owner
    return chain


def _shortcut(chain: Sequence[tuple[Operation, Step]]) -> _Shortcut | None:
    source, end = chain[-1][0].operands[0], chain[0][0].results[0]
    whole = rearrangement(source, [step for _, step in reversed(chain)])
    if whole is None:
        return None
    steps = whole.steps()
    gone = cost_of([step for _, step in chain[: _unused_without(chain)]], end)
    return _Shortcut(source, steps, cost_of(steps, end) - gone)


def _unused_without(chain: Sequence[tuple[Operation, Step]]) -> int:
    """How many operations, from the end on, nothing else needs."""
    count = 1
    while count < len(chain) and chain[count][0].results[0].has_one_use():
        count += 1
    return count


def _why_not(chain: Sequence[tuple[Operation, Step]], shortcuts: Sequence[_Shortcut]) -> str | None:
    if len(chain) == 1:
        return None
    if not shortcuts:
        return "there are no elements"
    if len(shortcuts) < len(chain):
        return "what is moved is no whole dimension of what was moved before"
    if _unused_without(chain) < len(chain):
        return "what lies between has other users"
    # A reshape and a permutation are as short as heads are split and joined.
    return "no shorter chain does the same" if len(chain) > 2 else None
