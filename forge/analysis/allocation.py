"""The proof that an allocation is right, made without looking at how it was made.

One sweep over the program keeps the byte ranges that are live. A register may start on live bytes
only as a view of them, or in the place of an operand that its elementwise instruction reads last.
What the program returns, and what may be memory of an operand, is in the arena only if that is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heappop, heappush
from typing import cast

from xdsl.dialects.func import ReturnOp
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.liveness import LiveInterval, live_intervals
from forge.dialects.reg.memory import Layout, may_share, overwritable, view_layouts, viewed
from forge.dialects.reg.types import RegisterType
from forge.errors import ForgeError

MAX_ALIGNMENT = 1 << 21
"""Bytes: a huge page. Arenas have no larger holes between their registers."""


def check_allocation(block: Block) -> None:
    """Prove that no two registers share bytes while both are live; O(n log n).

    Raises:
        ForgeError: two of them do, or a view lies elsewhere than what it views; the message names
            both and the bytes. Or the caller sees bytes of an arena, which the next run overwrites;
            or an arena has more bytes than its registers can need.
    """
    _check_ends(block)
    _check_sizes(block)
    intervals = live_intervals(block)
    arenas: dict[str, _Arena] = {}
    for position, op in enumerate(block.ops):
        if op.results and isinstance(type := op.results[0].type, RegisterType):
            arena = arenas.setdefault(type.device, _Arena(intervals))
            arena.define(op, position)


def _check_ends(block: Block) -> None:
    """The caller brings the arguments, and keeps what is returned."""
    last = block.last_op
    returned = last.operands if isinstance(last, ReturnOp) else ()
    for value in (*block.args, *returned):
        if _offset(value) is not None:
            what = "an argument" if value in block.args else "returned"
            raise ForgeError(
                f"{_name(value)} is {what}, and yet in the arena, at {_offset(value)}", op=last
            )


def _check_sizes(block: Block) -> None:
    """Who runs a program makes its arenas first: their sizes must not be a matter of faith."""
    needed: dict[str, int] = {}
    for op in block.ops:
        for result in op.results:
            type = result.type
            if isinstance(type, RegisterType) and type.offset is not None:
                so_far = needed.get(type.device, 0)
                needed[type.device] = so_far + type.num_bytes + MAX_ALIGNMENT
    for op in block.ops:
        for result in op.results:
            type = result.type
            if isinstance(type, RegisterType) and (type.offset or 0) > needed.get(type.device, 0):
                raise ForgeError(
                    f"{_name(result)} lies at {type.offset} of {type.device}, behind all that its "
                    "registers need together",
                    op=op,
                    hint="allocate-buffers places them closer",
                )


class _Arena:
    """The live byte ranges of one device: by address, disjoint, each with its first register."""

    def __init__(self, intervals: dict[SSAValue, LiveInterval]) -> None:
        self._intervals = intervals
        self._ranges: list[tuple[int, int, int]] = []
        self._roots: list[SSAValue] = []
        self._root_of: dict[SSAValue, int] = {}
        self._layouts: dict[SSAValue, Layout] = {}
        self._ends: list[int] = []
        self._expiring: list[tuple[int, int]] = []

    def define(self, op: Operation, position: int) -> None:
        """Let the results of `op` start to live.

        Raises:
            ForgeError: their bytes are not their own.
        """
        self._expire(position)
        operand = viewed(op)
        if operand is not None and (layout := self._layouts.get(operand)) is not None:
            layouts = view_layouts(op, layout)
        else:
            self._check_no_view(op, operand)
            layouts = None
        for index, result in enumerate(op.results):
            if operand is not None and layouts is not None:
                self._add_view(op, result, operand, layouts[index])
            elif _offset(result) is not None:
                self._add_root(op, result, position)

    def _check_no_view(self, op: Operation, operand: SSAValue | None) -> None:
        """What lies elsewhere is no memory of the arena, and its views are neither."""
        for result in op.results:
            if operand is not None and _offset(result) is not None:
                raise _misplaced(op, result, operand)
            if operand is None and _offset(result) is None and may_share(op):
                for shared in op.operands:
                    if _offset(shared) is not None:
                        raise ForgeError(
                            f"{_name(result)} may be memory of {_name(shared)}, which is in the "
                            "arena, but has no place there",
                            op=op,
                        )

    def _add_view(self, op: Operation, value: SSAValue, operand: SSAValue, layout: Layout) -> None:
        if _offset(value) != _offset(operand):
            raise _misplaced(op, value, operand)
        root = self._root_of[operand]
        self._root_of[value] = root
        self._layouts[value] = layout
        self._ends[root] = max(self._ends[root], self._intervals[value].end)
        heappush(self._expiring, (self._ends[root], root))

    def _add_root(self, op: Operation, value: SSAValue, position: int) -> None:
        type, end = cast(RegisterType, value.type), self._intervals[value].end
        assert type.offset is not None
        start, stop = type.offset, type.offset + type.num_bytes
        for other_range in self._overlapping(start, stop):
            other = other_range[2]
            if not self._may_overwrite(op, other, start, position):
                raise self._conflict(op, value, other_range)
            self._ranges.remove(other_range)
        root = len(self._roots)
        self._roots.append(value)
        self._ends.append(end)
        self._root_of[value] = root
        self._layouts[value] = Layout.dense(type.shape)
        if stop > start:
            insort(self._ranges, (start, stop, root))
            heappush(self._expiring, (end, root))

    def _expire(self, position: int) -> None:
        """Forget what was used for the last time before `position`."""
        while self._expiring and self._expiring[0][0] < position:
            end, root = heappop(self._expiring)
            # A view may have prolonged it since; then there is a later entry.
            if end == self._ends[root]:
                self._forget(root)

    def _forget(self, root: int) -> None:
        type = cast(RegisterType, self._roots[root].type)
        assert type.offset is not None
        entry = (type.offset, type.offset + type.num_bytes, root)
        index = bisect_left(self._ranges, entry)
        if index < len(self._ranges) and self._ranges[index] == entry:
            del self._ranges[index]

    def _overlapping(self, start: int, stop: int) -> list[tuple[int, int, int]]:
        # The ranges are disjoint: what overlaps stands together, and may begin one before `start`.
        index = bisect_left(self._ranges, (start, -1, -1))
        if index and self._ranges[index - 1][1] > start:
            index -= 1
        found: list[tuple[int, int, int]] = []
        while index < len(self._ranges) and self._ranges[index][0] < stop:
            if self._ranges[index][1] > start:
                found.append(self._ranges[index])
            index += 1
        return found

    def _may_overwrite(self, op: Operation, root: int, start: int, position: int) -> bool:
        """Whether the result takes the place of an operand that is read here for the last time."""
        if len(op.results) != 1 or self._ends[root] != position:
            return False
        readers = {operand for operand in op.operands if self._root_of.get(operand) == root}
        return (
            len(readers) == 1
            and readers <= set(overwritable(op))
            and _offset(next(iter(readers))) == start
            and self._layouts[next(iter(readers))].is_dense
        )

    def _conflict(self, op: Operation, value: SSAValue, other: tuple[int, int, int]) -> ForgeError:
        type = cast(RegisterType, value.type)
        assert type.offset is not None
        start = max(type.offset, other[0])
        stop = min(type.offset + type.num_bytes, other[1])
        return ForgeError(
            f"{_name(value)} and {_name(self._roots[other[2]])} share bytes {start} to {stop} of "
            f"{type.device} while both are live",
            op=op,
            hint="allocate-buffers gives each its own",
        )


def _offset(value: SSAValue) -> int | None:
    return value.type.offset if isinstance(value.type, RegisterType) else None


def _misplaced(op: Operation, value: SSAValue, operand: SSAValue) -> ForgeError:
    return ForgeError(
        f"{_name(value)} is a view of {_name(operand)}, but lies at {_offset(value)} instead of "
        f"{_offset(operand)}",
        op=op,
    )


def _name(value: SSAValue) -> str:
    if value.name_hint is not None:
        return f"%{value.name_hint}"
    owner = value.owner
    return f"the result of {owner.name}" if isinstance(owner, Operation) else "an argument"
