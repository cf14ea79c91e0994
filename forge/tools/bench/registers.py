"""Measure what Forge makes of models at level reg: how many registers share how much memory, how
often the device changes under each target's description, and how long that takes to find out.
Without models, those of the Forge-UGC paper, beside its figures.
"""

from __future__ import annotations

import json
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict

from rich.text import Text

from forge.files import write_text
from forge.tools.arguments import ascending_counts
from forge.tools.bench.options import (
    add_model_options,
    add_output_options,
    add_repetitions,
    check_outputs,
)
from forge.tools.bench.processes import answers_of, versions
from forge.tools.bench.register_page import PAPER, document, tables
from forge.tools.bench.register_results import RegisterFigures, Scaling
from forge.tools.bench.results import Failure, Job
from forge.tools.model_arguments import progress
from forge.tools.running import USER_ERROR
from forge.tools.terminal import stderr_console, stdout_console
from forge.zoo.catalogue import find_entry

SUMMARY = "registers and memory, transitions between devices, and the time to find them"

_SIZES = (1_000, 10_000, 100_000)
_REPETITIONS = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge bench registers`."""
    add_model_options(parser)
    add_repetitions(parser, _REPETITIONS)
    parser.add_argument(
        "--sizes",
        type=ascending_counts,
        default=_SIZES,
        metavar="N,N,…",
        help="lengths of synthetic programs to time the analyses on; none for no such table "
        f"(default: {','.join(map(str, _SIZES))})",
    )
    add_output_options(parser)


def run(args: Namespace) -> int:
    """Measure, and print the tables.

    Returns:
        0, or 1 if a measurement failed.

    Raises:
        ForgeError: there is no such model, it cannot be cut so, or a file cannot be written.
    """
    check_outputs(args)
    jobs = list(_jobs(args))
    readers = {"registers": RegisterFigures.from_json, "scaling": Scaling.from_json}
    with progress("measuring") as status:
        answers = answers_of(
            jobs,
            readers,
            lambda job, number: status.update(f"{number}/{len(jobs)}: {job.task} {job.model} …"),
        )
    found = [answer for answer in answers if isinstance(answer, RegisterFigures)]
    scalings = [answer for answer in answers if isinstance(answer, Scaling)]
    failures = [answer for answer in answers if isinstance(answer, Failure)]
    for table in tables(found, scalings):
        stdout_console().print(table.to_rich())
    if args.markdown is not None:
        page = document(found, scalings, failures, versions(), _command(args))
        write_text(args.markdown, page)
    if args.json is not None:
        values = {"versions": versions()} | {
            name: [asdict(answer) for answer in those]
            for name, those in (("models", found), ("scaling", scalings), ("failures", failures))
        }
        write_text(args.json, json.dumps(values, indent=1) + "\n")
    for failure in failures:
        stderr_console().print(Text(f"failed: {failure}", "red"), soft_wrap=True)
    return USER_ERROR if failures else 0


def _jobs(args: Namespace) -> Iterator[Job]:
    for entry in [find_entry(name) for name in args.models or PAPER]:
        tokens = args.tokens if entry.kind.reads_tokens else None
        attention = entry.attention[0]
        yield Job("registers", entry.name, attention, args.layers, tokens, args.repetitions)
    if args.sizes:
        yield Job("scaling", "", "", repetitions=args.repetitions, depths=args.sizes)


def _command(args: Namespace) -> str:
    options: list[str] = []
    for name in ("layers", "tokens"):
        if (value := getattr(args, name)) is not None:
            options += [f"--{name}", str(value)]
    if args.repetitions != _REPETITIONS:
        options += ["--repetitions", str(args.repetitions)]
    if args.sizes != _SIZES:
        options += ["--sizes", ",".join(map(str, args.sizes)) or "none"]
    command = ["forge", "bench", "registers", *args.models, *options]
    return shlex.join([*command, "--markdown", str(args.markdown)])
