"""Apply patterns until none matches.

The driver keeps a worklist of the operations that some pattern can start from. It is filled once,
in program order; a match adds what it made and what it touched. So the work is linear in the
operations and the matches, and an operation that no pattern starts from costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import Any

from xdsl.ir import Operation, SSAValue

from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError
from forge.rewriting.limit import current_limit
from forge.rewriting.pattern import Pattern, Rewriter
from forge.rewriting.report import Firing, Refusal, RewriteReport, publish

REWRITES_PER_OP = 16
"""How many matches there may be for each operation of the program before we call it endless."""
MIN_REWRITES = 1024
MAX_READERS = 16
"""How far down the driver looks for what may match now that a value has one user."""


def apply_patterns(op: Operation, patterns: Iterable[Pattern[Any]]) -> RewriteReport:
    """Apply patterns to everything inside `op`, until none of them matches.

    Where several patterns start from one operation, the earlier in the list is tried first.

    Returns:
        what was tried, what fired and what did not; also added to `collect_rewrites()`.

    Raises:
        ForgeError: the patterns do not come to an end, or one of them stopped half-way.
    """
    driver = _Driver(list(patterns))
    driver.run(op)
    publish(driver.report)
    return driver.report


class _Driver:
    def __init__(self, patterns: Sequence[Pattern[Any]]) -> None:
        self.report = RewriteReport()
        self._limit = current_limit()
        self._patterns = patterns
        self._by_class: dict[type[Operation], tuple[Pattern[Any], ...]] = {}
        self._worklist: list[Operation] = []
        self._waiting: set[Operation] = set()
        self._refusals: dict[tuple[str, Operation], tuple[Operation, str]] = {}

    def run(self, root: Operation) -> None:
        ops = list(root.walk())
        most = max(MIN_REWRITES, REWRITES_PER_OP * len(ops))
        self._push(reversed(ops))
        while self._worklist and (self._limit is None or not self._limit.reached):
            op = self._worklist.pop()
            self._waiting.discard(op)
            # An erased operation has no parent any more; only the root never had one.
            if op.parent is None and op is not root:
                continue
            fired = self._rewrite(op)
            if fired is not None and len(self.report.fired) > most:
                raise self._endless(fired, op)
        self._report_refusals()

    def _rewrite(self, op: Operation) -> Pattern[Any] | None:
        """Try the patterns of an operation; the one that changed the program, if any."""
        for pattern in self._patterns_of(type(op)):
            rewriter = Rewriter(pattern.name)
            statistics = self.report.statistics(pattern.name)
            statistics.attempted += 1
            start = perf_counter()
            if self._limit is not None:
                self._limit.trying = Firing(pattern.name, op.name, op.location)
            try:
                pattern.match_and_rewrite(op, rewriter)
            except ShapeError as error:
                # What the new operation does not admit is a condition like any other.
                _refuse(rewriter, op, error)
            if self._limit is not None:
                self._limit.trying = None
            if rewriter.changed:
                self._finish(pattern, op, rewriter)
                statistics.matched += 1
            elif rewriter.refusal is not None:
                self._refusals[pattern.name, op] = rewriter.refusal
            statistics.seconds += perf_counter() - start
            if rewriter.changed:
                return pattern
        return None

    def _finish(self, pattern: Pattern[Any], op: Operation, rewriter: Rewriter) -> None:
        firing = Firing(pattern.name, op.name, rewriter.place())
        self.report.fired.append(firing)
        if self._limit is not None:
            self._limit.fired.append(firing)
        self._refusals.pop((pattern.name, op), None)
        alive = [changed for changed in (op, *rewriter.touched) if changed.parent is not None]
        self._push(alive)
        for created in rewriter.created:
            self._push_producers(created)
        self._push(rewriter.created)
        for erased in rewriter.erased:
            self._push_released(erased)

    def _push_producers(self, op: Operation) -> None:
        self._push(
            owner for operand in op.operands if isinstance(owner := operand.owner, Operation)
        )

    def _push_released(self, erased: Operation) -> None:
        """Add those for which a value with one user now makes a difference.

        A pattern may start further down: from what reads the user's result, if nothing else does.
        """
        for operand in erased.operands:
            if (user := _only_user(operand)) is None:
                continue
            if isinstance(operand.owner, Operation):
                self._push((operand.owner,))
            readers = [user]
            while len(readers) < MAX_READERS and len(user.results) == 1:
                if (reader := _only_user(user.results[0])) is None:
                    break
                readers.append(user := reader)
            self._push(readers)

    def _push(self, ops: Iterable[Operation]) -> None:
        for op in ops:
            # Most classes have no pattern, and hashing an operation costs more than its class.
            if self._patterns_of(type(op)) and op not in self._waiting:
                self._waiting.add(op)
                self._worklist.append(op)

    def _patterns_of(self, op_class: type[Operation]) -> tuple[Pattern[Any], ...]:
        if (found := self._by_class.get(op_class)) is None:
            found = tuple(p for p in self._patterns if issubclass(op_class, p.roots))
            self._by_class[op_class] = found
        return found

    def _report_refusals(self) -> None:
        # Only those that still stand: what another pattern erased was no near miss.
        for (pattern, root), (op, reason) in self._refusals.items():
            if root.parent is not None:
                self.report.refused.append(Refusal(pattern, op.name, op.location, reason))

    def _endless(self, pattern: Pattern[Any], op: Operation) -> ForgeError:
        counts = sorted(
            ((s.matched, s.pattern) for s in self.report.patterns.values() if s.matched),
            reverse=True,
        )
        listed = ", ".join(f"{name} ({count})" for count, name in counts)
        return ForgeError(
            f"the patterns do not come to an end: {pattern.name} matched once more "
            f"after {len(self.report.fired) - 1} rewrites",
            op=op,
            hint=f"two of these may undo each other: {listed}",
        )


def _only_user(value: SSAValue) -> Operation | None:
    """The operation with all uses of a value; `None` if there are several, or none."""
    user: Operation | None = None
    for use in value.uses:
        if user is not None and use.operation is not user:
            return None
        user = use.operation
    return user


def _refuse(rewriter: Rewriter, op: Operation, error: ShapeError) -> None:
    if rewriter.changed:
        raise ForgeError(f"{rewriter.pattern} stopped half-way: {error}", op=op) from error
    rewriter.no_match(op, str(error))
