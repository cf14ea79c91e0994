"""Compile models of the zoo for every generation of Intel's NPU, as Forge makes them and as
OpenVINO's own converter does, and compare what Intel's NPU compiler predicts for both. No NPU is
needed, and nothing runs on one: the figures are predictions.

It takes hours without models. With --json the results are written as they come, and --resume goes
on where such a file ends; what the compiler has said about a model is also kept by itself, so that
asking again costs only the export.
"""

from __future__ import annotations

import json
import shlex
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.text import Text

from forge.backends.npu import PLATFORMS, NpuCompiler
from forge.errors import ForgeError
from forge.files import write_text
from forge.targets.strategies_table import StrategyTable, load_strategies
from forge.tools.arguments import at_least
from forge.tools.bench.npu_page import document, tables
from forge.tools.bench.npu_results import (
    FLOAT_MASK,
    FORGE,
    OPENVINO,
    Case,
    Figures,
    Outcome,
    Results,
    Sources,
)
from forge.tools.bench.options import (
    add_model_options,
    add_output_options,
    check_outputs,
    npu_platforms,
)
from forge.tools.bench.processes import answers_of, versions
from forge.tools.bench.results import Failure, Job
from forge.tools.model_arguments import progress
from forge.tools.running import USER_ERROR
from forge.tools.terminal import stderr_console, stdout_console
from forge.zoo.catalogue import checked_depth, find_entry

SUMMARY = "what Intel's NPU compiler predicts for models, beside OpenVINO's own conversions"

_TIMEOUT = 3600.0
"""Seconds for one compilation: a model of a billion parameters takes minutes on a quiet machine."""

CASES = (
    Case("gpt2"),
    Case("gpt2", tokens=512),
    Case("gpt2", cache=511),
    Case("granite-350m"),
    Case("qwen2-0.5b"),
    Case("qwen2-0.5b", tokens=512, layers=4),
    Case("qwen2-0.5b", cache=511),
    # As many layers of the largest as compile in a minute or two, LFM2's with one of attention.
    Case("llama-3.2-1b", layers=2),
    Case("lfm2-2.6b", layers=3),
    Case("bert-base"),
    Case("minilm"),
    Case("vit-base"),
)
"""What is compiled where no model is named."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge bench npu`."""
    add_model_options(parser, "twelve, at 128 or 512 tokens or as a step of generation")
    parser.add_argument(
        "--cache",
        type=at_least(1),
        metavar="N",
        help="compile a step of generation after N tokens (default: no cache)",
    )
    parser.add_argument(
        "--platforms",
        type=npu_platforms,
        default=PLATFORMS,
        metavar="NPU,…",
        help=f"which NPUs to compile for (default: {','.join(PLATFORMS)})",
    )
    parser.add_argument(
        "--workers",
        type=at_least(1),
        metavar="N",
        help="how many models the compiler works on at once (default: one a processor)",
    )
    parser.add_argument(
        "--resume", action="store_true", help="keep the results that the --json file has already"
    )
    parser.add_argument(
        "--no-compile", action="store_true", help="only show the results that there are"
    )
    add_output_options(parser)


def run(args: Namespace) -> int:
    """Compile, and print the tables.

    Returns:
        0, or 1 if Forge's form of a model was not compiled for a platform.

    Raises:
        ForgeError: there is no such model or platform, it cannot be cut so, there is no NPU
            compiler, or a file cannot be read or written.
    """
    check_outputs(args)
    cases = _cases(args)
    results = _earlier(args)
    if not args.no_compile:
        results = _measure_all(args, cases, results)
    results = results.of(cases, args.platforms)
    for table in tables(results):
        stdout_console().print(table.to_rich())
    if args.markdown is not None:
        page = args.markdown.read_text() if args.markdown.is_file() else ""
        write_text(args.markdown, document(results, versions(), _command(args), page))
    done = [results.find(case, p, FORGE) for case in cases for p in args.platforms]
    return 0 if all(each and each.figures for each in done) else USER_ERROR


def _measure_all(args: Namespace, cases: Sequence[Case], known: Results) -> Results:
    """Compile what is not known, and write the results after each compilation."""
    with (
        progress("measuring") as status,
        NpuCompiler(workers=args.workers, timeout=_TIMEOUT) as compiler,
    ):
        for number, case in enumerate(cases, start=1):
            status.update(f"{number}/{len(cases)}: {case.title} …")
            for outcome in _measure(case, args.platforms, known, compiler):
                known = known.with_outcome(outcome)
                stderr_console().print(_line(outcome), soft_wrap=True)
                _write_json(args, known)
    return known


def _cases(args: Namespace) -> Sequence[Case]:
    """The named models as they are asked for, or those of the page."""
    chosen = [Case(find_entry(name).name) for name in args.models] or CASES
    given = {
        name: value
        for name in ("tokens", "cache", "layers")
        if (value := getattr(args, name)) is not None
    }
    cases: list[Case] = []
    for case in chosen:
        entry = find_entry(case.model)
        checked_depth(entry, args.layers)
        fitting = (
            given if entry.kind.reads_tokens else {k: v for k, v in given.items() if k == "layers"}
        )
        cases.append(Case(**{**case.__dict__, **fitting}))
    return list(dict.fromkeys(cases))


def _earlier(args: Namespace) -> Results:
    if not args.resume:
        return Results([])
    if args.json is None:
        raise ForgeError("--resume goes on with a file of results", hint="name it with --json")
    if not args.json.exists():
        return Results([])
    try:
        return Results.from_json(json.loads(args.json.read_bytes())["outcomes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ForgeError(f"{args.json} holds no results of this benchmark: {error}") from error


def _measure(
    case: Case, platforms: Sequence[str], known: Results, compiler: NpuCompiler
) -> Iterator[Outcome]:
    """The outcomes of a case that are not known yet."""
    missing = [p for p in platforms if not known.is_complete(case, p)]
    if not missing:
        return
    with tempfile.TemporaryDirectory(prefix="forge-bench-npu-") as folder:
        job = Job(
            "npu-models",
            case.model,
            "",
            case.layers,
            case.tokens,
            cache=case.cache,
            platforms=missing,
            folder=folder,
        )
        (sources,) = answers_of([job], {job.task: lambda values: Sources(**values)}, _ignore)
        if isinstance(sources, Failure):
            text = Text(f"failed: {case.title}: {sources.reason}", "red")
            return stderr_console().print(text, soft_wrap=True)
        for platform in missing:
            yield from _compile(case, platform, sources, compiler)


def _ignore(job: Job, number: int) -> None:
    """There is one job at a time, which is announced already."""


def _compile(
    case: Case, platform: str, sources: Sources, compiler: NpuCompiler
) -> Iterator[Outcome]:
    sides = {FORGE: f"{FORGE}-{platform}", OPENVINO: OPENVINO}
    tables = {FORGE: load_strategies(platform), OPENVINO: None}
    answers = {
        side: _submit(sources, name, platform, compiler, tables[side])
        for side, name in sides.items()
    }
    outcome = None
    for side, answer in answers.items():
        yield (outcome := _outcome(case, platform, side, sources, answer))
    if outcome is not None and outcome.failure and FLOAT_MASK in sources.files:
        answer = _submit(sources, FLOAT_MASK, platform, compiler)
        yield _outcome(case, platform, FLOAT_MASK, sources, answer)


def _submit(
    sources: Sources,
    name: str,
    platform: str,
    compiler: NpuCompiler,
    strategies: StrategyTable | None = None,
) -> Callable[[], Figures]:
    """Start a compilation; what is returned waits for it."""
    if name not in sources.files:

        def fail() -> Figures:
            raise ForgeError(sources.failures[name])

        return fail
    compilation = compiler.submit(
        Path(sources.files[name]), platform, strategies=strategies, charged=True
    )
    return lambda: Figures.of(compilation.result().schedule)


def _outcome(
    case: Case, platform: str, side: str, sources: Sources, answer: Callable[[], Figures]
) -> Outcome:
    figures, failure = None, ""
    try:
        figures = answer()
    except ForgeError as error:
        failure = error.message
    model = (sources.layers, sources.weights, sources.ports)
    return Outcome(case, platform, side, *model, figures, failure)


def _line(outcome: Outcome) -> Text:
    what = f"{outcome.case.title}, {outcome.platform}, {outcome.side}"
    if outcome.figures is None:
        return Text(f"{what}: {outcome.failure.partition(chr(10))[0]}", "red")
    return Text(f"{what}: {outcome.figures.without_embedding:.0f} µs predicted")


def _write_json(args: Namespace, results: Results) -> None:
    if args.json is not None:
        values = {"versions": versions(), "outcomes": results.to_json()}
        write_text(args.json, json.dumps(values, indent=1) + "\n")


def _command(args: Namespace) -> str:
    options: list[str] = []
    for name in ("layers", "tokens", "cache"):
        if (value := getattr(args, name)) is not None:
            options += [f"--{name}", str(value)]
    if tuple(args.platforms) != PLATFORMS:
        options += ["--platforms", ",".join(args.platforms)]
    command = ["forge", "bench", "npu", *args.models, *options]
    return shlex.join([*command, "--markdown", str(args.markdown)])
