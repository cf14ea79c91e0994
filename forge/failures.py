"""How passes fail on a program, or change its numbers, such that two programs can be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from traceback import extract_tb
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.instrumentation import Instrumentation, PassStep
from forge.pipeline import run_pipeline

if TYPE_CHECKING:
    from forge.numeric_check import NumbersChanged
    from forge.weights import WeightStore

# What a message says of one program and not of the next: types, numbers, names, values.
_PARTICULARS = re.compile(r"(?:tensor|reg)<[^<>]*>|\d+|'[^']*'|\"[^\"]*\"|%[\w.$-]+|[\[\](), -]")


@dataclass(frozen=True)
class Failure:
    """A pass that raises an exception, refuses a program, or leaves an invalid one.

    Two failures are equal if the same pass raises the same exception in the same place, with the
    same message but for numbers, types and names.

    Attributes:
        index: which pass of the pipeline it is, from 0 on.
        pass_name: its name.
        message: what a user sees of it.
    """

    index: int = field(compare=False)
    pass_name: str
    message: str = field(compare=False)
    kind: str
    place: str
    words: str


def first_failure(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    *,
    verify_each: bool = True,
) -> Failure | None:
    """Run passes on a program, in place, until one of them fails.

    A pass that leaves an invalid program fails, unless `verify_each` is false.
    """
    observer = _Observer(passes)
    try:
        run_pipeline(module, passes, context, verify_each=verify_each, instrumentations=[observer])
    except Exception:
        if observer.failure is None:
            raise
    return observer.failure


def numbers_changed(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    weights: WeightStore | None = None,
    seed: int = 0,
) -> NumbersChanged | None:
    """Run passes on a program, in place, until one of them changes what it computes.

    Args:
        weights: the tensors that it names; random ones if they are not given, or others.
        seed: of inputs and random weights.

    Raises:
        ForgeError: the program cannot be run, or a pass fails.
    """
    from forge.numeric_check import NumbersChanged, NumericCheck
    from forge.weights import RandomWeights

    store = weights if _fits(weights, module) else None
    observer = _Observer(passes)
    try:
        check = NumericCheck(module, store or RandomWeights(module, seed), seed)
        run_pipeline(module, passes, context, verify_each=True, instrumentations=[check, observer])
    except NumbersChanged as changed:
        return changed
    except Exception as error:
        if (failure := observer.failure) is None:
            raise
        raise ForgeError(f"{failure.pass_name} fails: {failure.message}") from error
    return None


def _fits(weights: WeightStore | None, module: ModuleOp) -> bool:
    from forge.weights import check_weights

    if weights is None:
        return False
    try:
        check_weights(module, weights)
    except ForgeError:
        return False
    return True


class _Observer(Instrumentation):
    """Notes which pass failed, and how."""

    def __init__(self, passes: Sequence[ModulePass]) -> None:
        self.failure: Failure | None = None
        self._passes = len(passes)

    def after_pass_failed(self, step: PassStep, error: BaseException) -> None:
        index = self._passes - len(step.remaining)
        self.failure = _describe(index, step.module_pass.name, error)


def _describe(index: int, pass_name: str, error: BaseException) -> Failure:
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    frames = extract_tb(cause.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    message = str(error) if isinstance(error, ForgeError) else f"{type(error).__name__}: {error}"
    words = _PARTICULARS.sub("", cause.message if isinstance(cause, ForgeError) else str(cause))
    return Failure(index, pass_name, message, type(cause).__name__, place, words)
