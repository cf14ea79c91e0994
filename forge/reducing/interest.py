"""What a program must go on showing while it is reduced."""

from __future__ import annotations

import re
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.failures import Failure, first_failure, numbers_changed
from forge.ir.text import print_module

if TYPE_CHECKING:
    from forge.numeric_check import NumbersChanged
    from forge.weights import WeightStore


class Interest(ABC):
    """A question about a program; the answer must not depend on when it is asked."""

    @property
    @abstractmethod
    def absence(self) -> str:
        """What a program does that is not interesting."""

    @abstractmethod
    def __call__(self, module: ModuleOp) -> bool:
        """Whether a program is interesting; it may be changed."""


@dataclass(frozen=True)
class Script(Interest):
    """A program of the user's that gets the name of a file, and exits with 0 if it is interesting.

    So it is for C-Reduce and llvm-reduce, and so ends a shell script whose last command finds what
    it looks for. A script that cannot be run at all is then not interesting, as it would be
    under mlir-reduce, where 1 is.

    Attributes:
        path: the executable file.
        debuginfo: whether the text that it gets has locations.
    """

    path: Path
    debuginfo: bool = False

    @property
    def absence(self) -> str:
        return f"does not make {self.path} exit with 0"

    def __call__(self, module: ModuleOp) -> bool:
        with TemporaryDirectory(prefix="forge-") as folder:
            file = Path(folder) / "program.mlir"
            file.write_text(print_module(module, debuginfo=self.debuginfo))
            return self._exit_code(file) == 0

    def _exit_code(self, file: Path) -> int:
        # What the script prints about each of a thousand programs is of no use.
        quiet = subprocess.DEVNULL
        command = [str(self.path.resolve()), str(file)]
        try:
            return subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet).returncode
        except OSError as error:
            raise ForgeError(
                f"cannot run {self.path}: {error.strerror}",
                hint="a script starts with #!/bin/sh or the like, and is executable (chmod +x)",
            ) from error


@dataclass(frozen=True)
class PassesFail(Interest):
    """Passes fail on it, all in the same way or with a message of some form.

    Attributes:
        passes: what runs.
        failure: how they fail; `None` for anyhow.
        message: what their message contains.
    """

    passes: Sequence[ModulePass]
    context: Context
    failure: Failure | None = None
    message: re.Pattern[str] | None = None

    @property
    def absence(self) -> str:
        wanted = f"with a message like {self.message.pattern!r}" if self.message else "in any pass"
        return f"does not fail {wanted}"

    def __call__(self, module: ModuleOp) -> bool:
        failure = first_failure(module, self.passes, self.context)
        if failure is None or (self.failure is not None and failure != self.failure):
            return False
        return self.message is None or self.message.search(failure.message) is not None


def same_failure(module: ModuleOp, passes: Sequence[ModulePass], context: Context) -> PassesFail:
    """The interest in how passes fail on a program; what comes after that is left out.

    Raises:
        ForgeError: they do not fail.
    """
    failure = first_failure(module.clone(), passes, context)
    if failure is None:
        raise ForgeError("no pass fails on the whole program, so there is nothing to look for")
    return PassesFail(passes[: failure.index + 1], context, failure)


@dataclass(frozen=True)
class NumbersChange(Interest):
    """The same pattern of the same pass changes what it computes.

    Attributes:
        passes: up to the one that does.
        pattern: the pattern's name; `None` if it is none of the pass's.
        weights: those of the whole program; where a reduced one has others, these are random.
    """

    passes: Sequence[ModulePass]
    context: Context
    pattern: str | None
    weights: WeightStore | None
    seed: int

    @property
    def absence(self) -> str:
        return "computes the same after the passes"

    def __call__(self, module: ModuleOp) -> bool:
        try:
            changed = numbers_changed(module, self.passes, self.context, self.weights, self.seed)
        except ForgeError:
            # It cannot be run, or not be compiled.
            return False
        return (
            changed is not None
            and len(changed.runs) == len(self.passes)
            and _pattern(changed) == self.pattern
        )


def wrong_numbers(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    weights: WeightStore | None = None,
    seed: int = 0,
) -> NumbersChange:
    """The interest in the pattern that changes what a program computes.

    Raises:
        ForgeError: there is none, or the program cannot be run.
    """
    changed = numbers_changed(module.clone(), passes, context, weights, seed)
    if changed is None:
        raise ForgeError("no pass changes what the whole program computes")
    passes = passes[: len(changed.runs)]
    return NumbersChange(passes, context, _pattern(changed), weights, seed)


def _pattern(changed: NumbersChanged) -> str | None:
    return changed.culprit.firing.pattern if changed.culprit is not None else None
