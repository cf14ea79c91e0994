"""Pipelines as text, and running them: what each pass took, and what it did.

A pipeline is what `forge-opt -p` takes: `simplify,convert-to-reg{device=cpu}`.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from xdsl.context import Context
from xdsl.dialects.builtin import LocationAttr, ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass, get_pass_option_infos
from xdsl.utils.arg_spec import ArgSpec, parse_pipeline
from xdsl.utils.exceptions import ArgSpecParseError

from forge.errors import ForgeError
from forge.foreign_failures import reporting_foreign_failures
from forge.instrumentation import Instrumentation, PassStep
from forge.ir.locations import describe_location, enclosing_module, source_line
from forge.ir.verifier import verify_module
from forge.pass_report import Fired, PassReport, PatternReport, Refused
from forge.passes import LOWERING
from forge.rewriting import RewriteReport, collect_rewrites
from forge.suggestions import did_you_mean
from forge.universe import multiverse


@dataclass(frozen=True)
class PassRun:
    """One pass on one program.

    Attributes:
        name: the pass and its options, as in the pipeline.
        seconds: how long it took, verification excluded.
        verification: how long the verification after it took, in seconds; 0 if there was none.
        ops_before: the number of operations before it.
        ops_after: the number of operations after it.
        rewrites: what its patterns did.
        round: which repetition of the pipeline it belongs to, from 1 on.
    """

    name: str
    seconds: float
    ops_before: int
    ops_after: int
    rewrites: RewriteReport = field(default_factory=RewriteReport, repr=False)
    round: int = 1
    verification: float = 0.0

    @property
    def fired(self) -> dict[str, int]:
        """How often each pattern that fired did."""
        patterns = self.rewrites.patterns.values()
        return {p.pattern: p.matched for p in patterns if p.matched}

    def report(self) -> PassReport:
        """The same without IR, for people and files."""
        rewrites = self.rewrites
        return PassReport(
            name=self.name,
            round=self.round,
            seconds=self.seconds,
            ops_before=self.ops_before,
            ops_after=self.ops_after,
            patterns=[
                PatternReport(p.pattern, p.attempted, p.matched, p.seconds)
                for p in rewrites.patterns.values()
            ],
            fired=[Fired(f.pattern, f.op_name, *_place(f.location)) for f in rewrites.fired],
            refused=[
                Refused(r.pattern, r.op_name, *_place(r.location), r.reason)
                for r in rewrites.refused
            ],
            figures=dict(rewrites.figures),
        )


def _place(location: LocationAttr) -> tuple[str, str, str]:
    return enclosing_module(location), source_line(location), describe_location(location)


def build_pipeline(text: str) -> list[ModulePass]:
    """The passes that a pipeline names, with their options.

    Raises:
        ForgeError: the text cannot be parsed, or there is no such pass or option.
    """
    try:
        specs = list(parse_pipeline(text))
    # It derives from BaseException.
    except ArgSpecParseError as error:
        raise ForgeError(f"cannot parse the pipeline:\n{_without_title(error)}") from error
    return [_build_pass(spec) for spec in specs]


def _without_title(error: ArgSpecParseError) -> str:
    return str(error).partition("\n")[2].rstrip()


def _build_pass(spec: ArgSpec) -> ModulePass:
    known = multiverse().all_passes
    if spec.name not in known:
        hint = did_you_mean(spec.name, known, "forge-opt --list-passes")
        raise ForgeError(f"there is no pass {spec.name!r}", hint=hint)
    pass_class = known[spec.name]()
    try:
        return pass_class.from_pass_spec(spec)
    except ValueError as error:
        options = get_pass_option_infos(pass_class)
        names = {option.name for option in options}
        unknown = [
            name for name in spec.normalize_parameter_names().parameters if name not in names
        ]
        problem = f"there is no option {unknown[0]!r}" if unknown else str(error)
        known_options = ", ".join(f"{name}={default or kind}" for name, kind, default in options)
        raise ForgeError(
            f"pass {spec.name!r}: {problem}",
            hint=f"its options are {known_options}" if options else "it has no options",
        ) from error


def count_ops(root: Operation) -> int:
    """The number of operations in a program, modules and functions not counted."""
    # Block by block, not by `walk()`, which takes three times as long.
    blocks = [block for region in root.regions for block in region.blocks]
    return sum(count_ops(op) if op.regions else 1 for block in blocks for op in block.ops)


def check_rounds(rounds: int) -> None:
    """Refuse a number of rounds that is none.

    Raises:
        ForgeError: it is less than 1, or no integer.
    """
    # bool is an int, too.
    if type(rounds) is not int or rounds < 1:
        raise ForgeError(f"rounds is {rounds}; it must be an integer from 1 on")


def run_pipeline(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    *,
    rounds: int = 1,
    verify_each: bool = False,
    instrumentations: Sequence[Instrumentation] = (),
) -> list[PassRun]:
    """Run passes on a module, in place.

    Args:
        module: the program.
        passes: what to run, in order.
        context: the dialects that passes may look up.
        rounds: how often at most to run the passes before the lowering; they are not run again
            once a round has changed nothing.
        verify_each: verify the program after each pass; the caller verifies it at the ends.
        instrumentations: what watches the passes.

    Raises:
        ForgeError: a pass refuses the program, or leaves an invalid one.
    """
    runs: list[PassRun] = []
    before = count_ops(module)
    for number, remaining in _schedule(module, passes, rounds):
        step = PassStep(module, context, number, remaining)
        for instrumentation in instrumentations:
            instrumentation.before_pass(step)
        try:
            run = _run_pass(step, before, verify_each)
            for instrumentation in reversed(instrumentations):
                instrumentation.after_pass(step, run)
        except Exception as error:
            for instrumentation in reversed(instrumentations):
                instrumentation.after_pass_failed(step, error)
            raise
        before = run.ops_after
        runs.append(run)
    for instrumentation in reversed(instrumentations):
        instrumentation.after_pipeline(module)
    return runs


def _run_pass(step: PassStep, ops_before: int, verify: bool) -> PassRun:
    name, module = step.module_pass.name, step.module
    start = perf_counter()
    with collect_rewrites() as rewrites, reporting_foreign_failures("pass", name):
        step.module_pass.apply(step.context, module)
    applied = perf_counter()
    if verify:
        _verify_after(step.module_pass, module)
    return PassRun(
        str(step.module_pass.spec()),
        applied - start,
        ops_before,
        count_ops(module),
        rewrites,
        step.round,
        perf_counter() - applied if verify else 0.0,
    )


def _schedule(
    module: ModuleOp, passes: Sequence[ModulePass], rounds: int
) -> Iterator[tuple[int, Sequence[ModulePass]]]:
    """Each pass when its turn comes, with those after it, and the round that it belongs to."""
    names = [module_pass.name for module_pass in passes]
    cut = names.index(LOWERING) if LOWERING in names else len(passes)
    for number in range(1, rounds + 1):
        # Who runs them once does not want to know.
        start = _structure(module) if number < rounds else None
        yield from ((number, passes[index:]) for index in range(cut))
        if start is None or _structure(module) == start:
            break
    yield from ((1, passes[index:]) for index in range(cut, len(passes)))


def _structure(module: ModuleOp) -> list[tuple[object, ...]]:
    """What passes change: which operations there are, in what order, with what in them.

    It holds the operations themselves, not what they look like, so that comparing two of them is
    mostly comparing pointers; one that was replaced by its like counts as a change.
    """
    return [
        (op, tuple(op.operands), dict(op.properties), dict(op.attributes), tuple(op.result_types))
        for op in module.walk()
    ]


def _verify_after(module_pass: ModulePass, module: ModuleOp) -> None:
    try:
        verify_module(module)
    except ForgeError as error:
        raise ForgeError(
            f"{module_pass.name} left an invalid program: {error.message}",
            op=error.op,
            hint=error.hint,
            notes=error.notes,
        ) from error


@contextmanager
def no_garbage_collection() -> Generator[None]:
    """Keep the collector off: thousands of operations live, and looking at them takes a third."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
