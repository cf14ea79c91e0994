"""What a compilation notes while it runs: how long its phases took, its program at each level."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.instrumentation import Instrumentation, PassStep
from forge.pass_report import PassReport
from forge.passes import LOWERING
from forge.pipeline import PassRun
from forge.report import PASSES, Phase

LEVELS = ("aten", "transformer", "reg")
"""The levels of a program, from the highest down."""
_DIALECT_LEVELS = {"aten": 0, "forge": 0, "transformer": 1, "reg": 2}


def level_of(module: ModuleOp) -> str:
    """The lowest level that a program has operations of."""
    classes = {type(op): op for op in module.walk()}
    return LEVELS[max(_DIALECT_LEVELS.get(op.dialect_name(), 0) for op in classes.values())]


_observer: ContextVar[Callable[[str], None] | None] = ContextVar("_observer", default=None)


@contextmanager
def observe_phases(observer: Callable[[str], None]) -> Generator[None]:
    """Call `observer` with the name of each phase that starts inside the `with` block."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


class Levels(dict[str, ModuleOp]):
    """A program at the levels that it went through, from the highest down."""

    def __missing__(self, level: str) -> ModuleOp:
        raise ForgeError(
            f"the program was at no level {level!r}", hint=f"it was at {', '.join(self)}"
        )


@dataclass
class Recorder:
    """Collects phases in order, and clones of the program if it is to keep them.

    Attributes:
        keep_ir: whether to keep clones.
        phases: what ran so far.
        passes: what each pass did so far.
        levels: the program when it came to each level.
    """

    keep_ir: bool = False
    phases: list[Phase] = field(default_factory=list[Phase])
    passes: list[PassReport] = field(default_factory=list[PassReport])
    levels: Levels = field(default_factory=Levels)

    @contextmanager
    def phase(self, name: str) -> Generator[None]:
        """Time what runs inside the `with` block."""
        if (observer := _observer.get()) is not None:
            observer(name)
        start = perf_counter()
        yield
        self.phases.append(Phase(name, perf_counter() - start))

    def add_passes(self, runs: Sequence[PassRun]) -> None:
        """Add the passes, which are one phase together."""
        self.passes += [run.report() for run in runs]
        self.phases.append(Phase(PASSES, sum(run.seconds for run in runs)))

    def keep(self, level: str, module: ModuleOp) -> None:
        """Keep the program as it is at a level."""
        if self.keep_ir:
            self.levels[level] = module.clone()


class LevelKeeper(Instrumentation):
    """Keeps the program as it is lowered to `reg`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def before_pass(self, step: PassStep) -> None:
        if step.module_pass.name == LOWERING:
            self._recorder.keep("transformer", step.module)
