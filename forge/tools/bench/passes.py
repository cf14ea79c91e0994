"""Measure what the passes make of the models of the zoo: which blocks they recognise of those that
are there, how many operations they leave, how long they take, and how near the compiled program is
to PyTorch. Each measurement runs in a process of its own.
"""

from __future__ import annotations

import json
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence

from rich.text import Text

from forge.errors import ForgeError
from forge.files import write_text
from forge.tools.arguments import ascending_counts
from forge.tools.bench.document import document
from forge.tools.bench.options import add_model_options, add_output_options, add_repetitions
from forge.tools.bench.processes import run_jobs
from forge.tools.bench.results import Job, Results
from forge.tools.bench.tables import tables
from forge.tools.model_arguments import progress
from forge.tools.running import USER_ERROR
from forge.tools.terminal import stderr_console, stdout_console
from forge.zoo.catalogue import find_entry, model_names
from forge.zoo.entry import CatalogueEntry

SUMMARY = "what the passes recognise and save, how long they take, and whether numbers stay"

_DEPTHS = (2, 4, 8, 16, 32)
_REPETITIONS = 5
_ATTENTION = ("sdpa", "eager")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge bench passes`."""
    add_model_options(parser, "all transformers")
    parser.add_argument(
        "--attention", choices=_ATTENTION, help="only with this attention code (default: both)"
    )
    add_repetitions(parser, _REPETITIONS)
    parser.add_argument(
        "--depths",
        type=ascending_counts,
        default=_DEPTHS,
        metavar="N,N,…",
        help="numbers of layers to time the passes at, of the models that have as many; none for "
        f"no such table (default: {','.join(map(str, _DEPTHS))})",
    )
    parser.add_argument(
        "--no-numerics", action="store_true", help="do not compile and compare with PyTorch"
    )
    add_output_options(parser)


def run(args: Namespace) -> int:
    """Measure, and print the tables.

    Returns:
        0, or 1 if a measurement failed.

    Raises:
        ForgeError: there is no such model, it cannot be cut so, or a file cannot be written.
    """
    jobs = list(_jobs(args))
    if not jobs:
        raise ForgeError(f"none of these models has {args.attention} attention")
    with progress("measuring") as status:
        results = run_jobs(
            jobs,
            lambda job, number: status.update(
                f"{number}/{len(jobs)}: {job.task} of {job.model}, {job.attention} attention …"
            ),
        )
    for table in tables(results):
        if table.is_wide:
            stdout_console().print(f"{table.title}: too wide for here, see --markdown and --json")
        else:
            stdout_console().print(table.to_rich())
    _write(args, results)
    for failure in results.failures:
        stderr_console().print(Text(f"failed: {failure}", "red"), soft_wrap=True)
    return USER_ERROR if results.failures else 0


def _jobs(args: Namespace) -> Iterator[Job]:
    entries = _entries(args)
    ways = [
        (entry, attention)
        for entry in entries
        for attention in ([args.attention] if args.attention else entry.attention)
        if attention in entry.attention
    ]
    tasks = ["recognition"] if args.no_numerics else ["recognition", "numerics"]
    for entry, attention in ways:
        tokens = args.tokens if entry.kind.reads_tokens else None
        for task in tasks:
            yield Job(task, entry.name, attention, args.layers, tokens, args.repetitions)
    for entry, attention in ways:
        if args.layers is None and args.depths and entry.layers >= max(args.depths):
            repetitions = args.repetitions
            tokens = args.tokens if entry.kind.reads_tokens else None
            yield Job("depths", entry.name, attention, None, tokens, repetitions, args.depths)


def _entries(args: Namespace) -> list[CatalogueEntry]:
    entries = [find_entry(name) for name in args.models or model_names()]
    transformers = [entry for entry in entries if entry.config_class.endswith("Config")]
    if args.models and len(transformers) < len(entries):
        others = ", ".join(entry.name for entry in entries if entry not in transformers)
        raise ForgeError(f"{others}: no transformer, so there are no such blocks in it")
    return transformers


def _write(args: Namespace, results: Results) -> None:
    if args.markdown is not None:
        write_text(args.markdown, document(results, _command(args)))
    if args.json is not None:
        write_text(args.json, json.dumps(results.to_json(), indent=1) + "\n")


def _command(args: Namespace) -> str:
    """The command that was given, for the page that it writes."""
    options: list[str] = []
    for name in ("attention", "layers", "tokens"):
        if (value := getattr(args, name)) is not None:
            options += [f"--{name}", str(value)]
    if args.repetitions != _REPETITIONS:
        options += ["--repetitions", str(args.repetitions)]
    if tuple(args.depths) != _DEPTHS:
        options += ["--depths", ",".join(map(str, args.depths)) or "none"]
    if args.no_numerics:
        options.append("--no-numerics")
    words: Sequence[str] = ["forge", "bench", "passes", *args.models, *options]
    return shlex.join([*words, "--markdown", str(args.markdown)])
