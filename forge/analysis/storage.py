"""Which registers share bytes, and how long those are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from xdsl.dialects.func import ReturnOp
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.liveness import LiveInterval, live_intervals
from forge.analysis.load_time import load_time_ops
from forge.dialects.reg.memory import overwritable, viewed
from forge.dialects.reg.types import RegisterType


@dataclass
class Storage:
    """The bytes of a register, and of those that are its views or take its place.

    Attributes:
        values: the registers, in the order of their definitions.
        start: the position of the first one's definition.
        end: the position of the last use of any of them.
    """

    values: list[SSAValue]
    start: int
    end: int

    @property
    def type(self) -> RegisterType:
        """The type of its first register."""
        return cast(RegisterType, self.values[0].type)

    @property
    def interval(self) -> LiveInterval:
        """When its bytes are needed."""
        return LiveInterval(self.start, self.end)

    def add(self, value: SSAValue, interval: LiveInterval) -> None:
        """Let another register have these bytes."""
        self.values.append(value)
        self.end = max(self.end, interval.end)


def find_storages(block: Block) -> list[Storage]:
    """The storages that a program's registers need, in the order of their starts; linear.

    A view has the bytes of its operand. The result of an elementwise instruction takes the bytes
    of an operand that nothing needs any more. What does not change from run to run (weights,
    constants, what is computed of them) and what the caller provides (arguments, returned values)
    needs none, and neither do its views.
    """
    return _Storages(block).found


class _Storages:
    def __init__(self, block: Block) -> None:
        self.found: list[Storage] = []
        self._intervals = live_intervals(block)
        self._of: dict[SSAValue, Storage] = {}
        self._elsewhere = _kept_elsewhere(block)
        for position, op in enumerate(block.ops):
            for result in op.results:
                if result not in self._elsewhere:
                    self._place(op, result, position)

    def _place(self, op: Operation, result: SSAValue, position: int) -> None:
        interval = self._intervals[result]
        operand = viewed(op)
        storage = None
        if operand is not None:
            storage = self._of[operand]
        elif len(op.results) == 1:
            storage = self._in_place(op, position)
        if storage is None:
            storage = Storage([], interval.start, interval.end)
            self.found.append(storage)
        storage.add(result, interval)
        self._of[result] = storage

    def _in_place(self, op: Operation, position: int) -> Storage | None:
        """The storage of an operand that is needed for the last time here, and only as such."""
        for operand in overwritable(op):
            storage = self._of.get(operand)
            if storage is None or storage.end != position:
                continue
            others = (other for other in op.operands if other is not operand)
            if all(self._of.get(other) is not storage for other in others):
                return storage
        return None


def _kept_elsewhere(block: Block) -> set[SSAValue | None]:
    """The registers whose bytes are not in the arena, with all of their views."""
    fixed = load_time_ops(block)
    elsewhere: set[SSAValue | None] = set(block.args)
    for op in block.ops:
        if op in fixed or not op.operands or viewed(op) in elsewhere:
            elsewhere.update(op.results)
    for op in block.ops:
        if isinstance(op, ReturnOp):
            _add_viewed(op.operands, elsewhere)
    return elsewhere


def _add_viewed(returned: Sequence[SSAValue], elsewhere: set[SSAValue | None]) -> None:
    """Add returned values, what they are views of, and all other views of that."""
    pending = list(returned)
    while pending:
        value = pending.pop()
        if value in elsewhere:
            continue
        elsewhere.add(value)
        owner = value.owner
        if isinstance(owner, Operation) and (operand := viewed(owner)) is not None:
            pending.append(operand)
        pending += [
            use.operation.results[0] for use in value.uses if viewed(use.operation) is value
        ]
