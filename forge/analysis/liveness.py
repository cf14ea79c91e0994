"""Where each value of a block is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.ir import Block, Operation, SSAValue

BEFORE_THE_FIRST = -1
"""The start of a block's arguments: before the operation at position 0."""


@dataclass(frozen=True, slots=True)
class LiveInterval:
    """The positions of a value's definition and of its last use, both included.

    At the position of an operation both its operands and its results are live: it reads the ones
    while it writes the others. A value that nobody uses is live where it is defined.
    """

    start: int
    end: int

    def overlaps(self, other: LiveInterval) -> bool:
        """Whether both are live at some position."""
        return self.start <= other.end and other.start <= self.end


def live_intervals(block: Block) -> dict[SSAValue, LiveInterval]:
    """The interval of every argument and result in `block`, in the order of definitions.

    Positions count the block's operations from 0; arguments start at `BEFORE_THE_FIRST`. What is
    used inside a region of an operation is used by that operation. Linear in values and uses.
    """
    positions = {op: index for index, op in enumerate(block.ops)}
    intervals: dict[SSAValue, LiveInterval] = {
        argument: LiveInterval(BEFORE_THE_FIRST, _last_use(argument, block, positions))
        for argument in block.args
    }
    for op, position in positions.items():
        for result in op.results:
            end = max(position, _last_use(result, block, positions))
            intervals[result] = LiveInterval(position, end)
    return intervals


def _last_use(value: SSAValue, block: Block, positions: dict[Operation, int]) -> int:
    last = BEFORE_THE_FIRST
    for use in value.uses:
        user: Operation | None = use.operation
        if user not in positions:
            user = block.find_ancestor_op_in_block(use.operation)
        if user is not None:
            last = max(last, positions[user])
    return last


def peak(intervals: Iterable[tuple[LiveInterval, int]]) -> int:
    """The largest sum of sizes that is live at one position: no memory plan needs less.

    Args:
        intervals: pairs of an interval and a size.
    """
    changes: dict[int, int] = {}
    for interval, size in intervals:
        changes[interval.start] = changes.get(interval.start, 0) + size
        changes[interval.end + 1] = changes.get(interval.end + 1, 0) - size
    live = largest = 0
    for position in sorted(changes):
        live += changes[position]
        largest = max(largest, live)
    return largest
