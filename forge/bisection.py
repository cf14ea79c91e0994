"""The first pass, and its first application of a pattern, after which something is wrong.

Three kinds of wrong are looked for: numbers that change, passes that fail, and programs that make a
script exit with 0. An application is found by halving a limit on their number, as one halves
LLVM's `-opt-bisect-limit` (`forge/rewriting/culprit.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from difflib import unified_diff
from io import StringIO
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.printer import Printer

from forge.errors import ForgeError
from forge.failures import Failure, first_failure, numbers_changed
from forge.ir.text import print_module
from forge.rewriting import Culprit, Firing, collect_rewrites, find_culprit, limit_rewrites

if TYPE_CHECKING:
    from forge.weights import WeightStore

Judge = Callable[[ModuleOp], bool]
"""Whether something is wrong about a program, which it may change."""


@dataclass(frozen=True)
class Guilt:
    """Which pass does something wrong, and which of its applications of a pattern.

    Attributes:
        passes: the pipeline up to the pass, which is the last of them.
        problem: what is wrong.
        before: the program before that pass.
        earlier: how many applications of patterns the passes before it have.
        culprit: the application; `None` if the pass goes wrong without any, or has none.
    """

    passes: Sequence[ModulePass]
    problem: str
    before: ModuleOp
    earlier: int
    culprit: Culprit | None

    @property
    def limit(self) -> int | None:
        """What `--rewrite-limit` has to be for the application to be the last one."""
        return None if self.culprit is None else self.earlier + self.culprit.number


def blame_numbers(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    weights: WeightStore | None = None,
    seed: int = 0,
) -> Guilt:
    """Find what changes the numbers of a program, in the first pass that does.

    Raises:
        ForgeError: no pass does, a pass fails, or the program cannot be run.
    """
    changed = numbers_changed(module.clone(), passes, context, weights, seed)
    if changed is None:
        raise ForgeError("no pass changes what the program computes")
    passes = passes[: len(changed.runs)]
    before, earlier = _state(module, passes[:-1], context)
    return Guilt(passes, changed.problem, before, earlier, changed.culprit)


def blame_failure(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    message: re.Pattern[str] | None = None,
) -> Guilt:
    """Find what makes a pass fail.

    Args:
        message: what the failure's message contains, if it is not just any.

    Raises:
        ForgeError: no pass fails, or with another message.
    """
    failure = first_failure(module.clone(), passes, context)
    if failure is None:
        raise ForgeError("no pass fails on this program")
    if message is not None and message.search(failure.message) is None:
        raise ForgeError(f"{failure.pass_name} fails with another message: {failure.message}")
    passes = passes[: failure.index + 1]
    before, earlier = _state(module, passes[:-1], context)

    def fails() -> bool:
        return _failure_of(before.clone(), passes[-1], context) == failure

    return Guilt(passes, failure.message, before, earlier, find_culprit(fails))


def blame_by(
    judge: Judge, module: ModuleOp, passes: Sequence[ModulePass], context: Context
) -> Guilt:
    """Find what makes a judge find something wrong, where it did not before.

    Passes are halved, too: if some program in between was wrong and the next one right again, this
    may be a later pass than the first that does something wrong.

    Raises:
        ForgeError: it is wrong before the passes, or not wrong after them; or a pass fails.
    """
    states = [module.clone()]
    for module_pass in passes:
        state = states[-1].clone()
        _apply(state, module_pass, context)
        states.append(state)
    if judge(states[0].clone()):
        raise ForgeError("the program is wrong before the first pass")
    if not judge(states[-1].clone()):
        raise ForgeError("the program is not wrong after the last pass")
    low, high = 0, len(passes)
    while high - low > 1:
        middle = (low + high) // 2
        if judge(states[middle].clone()):
            high = middle
        else:
            low = middle

    def is_wrong() -> bool:
        candidate = states[low].clone()
        _apply(candidate, passes[low], context)
        return judge(candidate)

    before, earlier = _state(module, passes[:low], context)
    return Guilt(passes[:high], "the script exits with 0", before, earlier, find_culprit(is_wrong))


def difference(guilt: Guilt, context: Context) -> str:
    """What the application changes in the program's text; what the pass does, if it is none.

    Where it was not completed, the operation that it started from, and what that reads.
    """
    base = _with_lasting_names(guilt.before)
    before, number = base, None
    if guilt.culprit is not None:
        number = guilt.culprit.number
        before = _after(base, guilt.passes[-1], number - 1, context)
    after = _after(base, guilt.passes[-1], number, context)
    if before is not None and after is not None:
        lines = unified_diff(_lines(before), _lines(after), "before", "after", n=1, lineterm="")
        return "\n".join(lines)
    if before is not None and guilt.culprit is not None:
        return _start(before, guilt.culprit.firing)
    return ""


def _start(module: ModuleOp, firing: Firing) -> str:
    for op in module.walk():
        if (op.name, op.location) == (firing.op_name, firing.location):
            read = [value.owner for value in op.operands if isinstance(value.owner, Operation)]
            lines = [line for one in (*dict.fromkeys(read), op) for line in _lines(one)]
            return "\n".join(["at", *(f"    {line}" for line in lines)])
    return ""


def _after(
    module: ModuleOp, module_pass: ModulePass, allowed: int | None, context: Context
) -> ModuleOp | None:
    result = module.clone()
    with nullcontext() if allowed is None else limit_rewrites(allowed):
        failure = first_failure(result, [module_pass], context, verify_each=False)
    return result if failure is None else None


# Printing numbers names that are alike, so that one value less would rename all that follow. A name
# that has its number already keeps it, unless the number is at its end: xDSL takes it off there.
_LASTING = "."
_LASTING_NAME = re.compile(r"(%[\w.$-]+)\.(?![\w.$-])")


def _with_lasting_names(module: ModuleOp) -> ModuleOp:
    result = module.clone()
    printer = Printer(StringIO())
    printer.print_op(result)
    values = [value for op in result.walk() for value in op.results]
    values += [
        argument
        for op in result.walk()
        for region in op.regions
        for block in region.blocks
        for argument in block.args
    ]
    for value in values:
        name = printer.print_ssa_value(value)
        value.name_hint = f"{'_' if name[0].isdigit() else ''}{name}{_LASTING}"
    return result


def _lines(module: Operation) -> list[str]:
    return _LASTING_NAME.sub(r"\1", print_module(module)).splitlines()


def _apply(module: ModuleOp, module_pass: ModulePass, context: Context) -> None:
    failure = _failure_of(module, module_pass, context)
    if failure is not None:
        raise ForgeError(f"{failure.pass_name} fails: {failure.message}")


def _failure_of(module: ModuleOp, module_pass: ModulePass, context: Context) -> Failure | None:
    return first_failure(module, [module_pass], context)


def _state(
    module: ModuleOp, passes: Sequence[ModulePass], context: Context
) -> tuple[ModuleOp, int]:
    """The program after passes that do not fail, and how many patterns were applied."""
    state = module.clone()
    with collect_rewrites() as report:
        for module_pass in passes:
            _apply(state, module_pass, context)
    return state, len(report.fired)
