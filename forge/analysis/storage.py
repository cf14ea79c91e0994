"""Which registers share bytes, and how long those are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from xdsl.dialects.func import ReturnOp
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.liveness import LiveInterval, live_intervals
from forge.analysis.load_time import load_time_ops
from forge.dialects.reg.memory import (
    Layout,
    brings_own_memory,
    may_share,
    overwritable,
    view_layouts,
    viewed,
)
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
    of an operand that nothing needs any more. None are needed for what does not change from run to
    run (weights, constants, what is computed of them), for what the caller provides (arguments,
    returned values), for what kernels allocate themselves, and for views of all these.
    """
    return _Storages(block).found


class _Storages:
    def __init__(self, block: Block) -> None:
        self.found: list[Storage] = []
        self._intervals = live_intervals(block)
        self._of: dict[SSAValue, Storage] = {}
        self._layouts: dict[SSAValue, Layout] = {}
        self._elsewhere = _kept_elsewhere(block)
        for position, op in enumerate(block.ops):
            if not self._elsewhere.issuperset(op.results):
                self._place(op, position)

    def _place(self, op: Operation, position: int) -> None:
        operand = viewed(op)
        if operand is not None and (layouts := view_layouts(op, self._layouts[operand])):
            for result, layout in zip(op.results, layouts, strict=True):
                self._add(self._of[operand], result, layout)
            return
        in_place = self._in_place(op, position) if len(op.results) == 1 else None
        for result in op.results:
            if result in self._elsewhere:
                continue
            interval = self._intervals[result]
            storage = in_place or Storage([], interval.start, interval.end)
            if storage is not in_place:
                self.found.append(storage)
            self._add(storage, result, Layout.dense(cast(RegisterType, result.type).shape))

    def _add(self, storage: Storage, result: SSAValue, layout: Layout) -> None:
        storage.add(result, self._intervals[result])
        self._of[result] = storage
        self._layouts[result] = layout

    def _in_place(self, op: Operation, position: int) -> Storage | None:
        """The storage of an operand that is needed for the last time here, and only as such."""
        for operand in overwritable(op):
            storage = self._of.get(operand)
            if storage is None or storage.end != position or not self._fills(operand, storage):
                continue
            others = (other for other in op.operands if other is not operand)
            if all(self._of.get(other) is not storage for other in others):
                return storage
        return None

    def _fills(self, value: SSAValue, storage: Storage) -> bool:
        """Whether a register is all of its storage, in order."""
        num_bytes = cast(RegisterType, value.type).num_bytes
        return num_bytes == storage.type.num_bytes and self._layouts[value].is_dense


def _kept_elsewhere(block: Block) -> set[SSAValue]:
    """The registers whose bytes are not in the arena, with all that may be their views."""
    fixed = load_time_ops(block)
    elsewhere: set[SSAValue] = set(block.args)
    for op in block.ops:
        if op in fixed or not op.operands or brings_own_memory(op) or viewed(op) in elsewhere:
            elsewhere.update(op.results)
    for op in block.ops:
        if isinstance(op, ReturnOp):
            _add_shared(op.operands, elsewhere)
    return elsewhere


def _add_shared(returned: Sequence[SSAValue], elsewhere: set[SSAValue]) -> None:
    """Add returned values, what they may be memory of, and all that may be views of that."""
    pending = list(returned)
    while pending:
        value = pending.pop()
        if value in elsewhere:
            continue
        elsewhere.add(value)
        if isinstance(owner := value.owner, Operation):
            if (operand := viewed(owner)) is not None:
                pending.append(operand)
            elif may_share(owner):
                pending += owner.operands
        for use in value.uses:
            if viewed(use.operation) is value:
                pending += use.operation.results
