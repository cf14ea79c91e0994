"""Search for the forms of a model's operations that Intel's NPU compiler predicts to be fastest.

A form says how an operation is emitted: attention as one instruction or written out, a perceptron
in slices. The search runs on the layers that --layers leaves, the same for all operations of one
kind and shape; the best forms are then tried on the whole model. Forms that do not compile, or that
change the numbers, are worth nothing. The result is a table for the pass select-forms, and a
pipeline that uses it. What was tried is kept in a file: a search that was interrupted goes on, and
the same seed finds the same. Nothing runs on an NPU: all times are predictions.

  forge tune gpt2 --layers 2 --platform NPU4000 --budget 60 -o gpt2.toml
"""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge.backends.npu.platforms import PLATFORMS, check_platform
from forge.errors import ForgeError
from forge.files import check_writable, write_text
from forge.tools.arguments import at_least
from forge.tools.model_arguments import MODEL_HELP, add_model_arguments, is_text, load_model
from forge.tools.terminal import stderr_console, stdout_console

if TYPE_CHECKING:
    from forge.backends.npu import NpuCompiler
    from forge.tuning.graph import CandidateGraph
    from forge.tuning.npu_fitness import NpuFitness
    from forge.tuning.session import Tuned
    from forge.tuning.space import Candidate

SUMMARY = "search for the forms that Intel's NPU compiler predicts to be fastest"

_CONFIRMED = 3
"""So many of the best candidates are tried on the whole model."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge tune`."""
    parser.add_argument("model", metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "--platform", required=True, help=f"the NPU to tune for: {', '.join(PLATFORMS)}"
    )
    parser.add_argument(
        "--budget",
        type=at_least(1),
        default=60,
        metavar="N",
        help="how many programs to try (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the search")
    parser.add_argument(
        "--workers",
        type=at_least(1),
        metavar="N",
        help="how many compilations run at once (default: as many as there are processors)",
    )
    parser.add_argument(
        "--start",
        metavar="FILE",
        dest="starts",
        action="append",
        default=[],
        help="a table to start from (.toml), besides Forge's own; may be given several times",
    )
    parser.add_argument(
        "--no-confirm",
        action="store_true",
        help="with --layers: do not try the best candidates on the whole model",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="add the forms to this table (.toml)"
    )
    parser.add_argument(
        "--log", metavar="FILE", help="what was tried, in JSON lines (default: in the user's cache)"
    )
    add_model_arguments(parser)


def run(args: Namespace) -> None:
    """Tune.

    Raises:
        ForgeError: the model or an option is wrong, there is no NPU compiler, no candidate
            compiles, or a file cannot be written.
    """
    platform = check_platform(args.platform)
    if is_text(args.model):
        raise ForgeError(
            "a program's text cannot be tuned: its numbers are compared with a model's"
        )
    if args.output is not None:
        if not args.output.endswith(".toml"):
            raise ForgeError(f"{args.output} is no table", hint="its name ends in .toml")
        check_writable(Path(args.output))
    from forge.backends.npu import NpuCompiler

    with NpuCompiler(workers=args.workers) as compiler:
        fitness = _fitness(args, platform, compiler)
        tuned, graph = _search(args, fitness)
        _print_best(fitness, tuned)
        if args.layers is not None and not args.no_confirm:
            whole = copy(args)
            whole.layers = None
            tuned = _confirm(whole, tuned, graph, _fitness(whole, platform, compiler))
    _print_table(args, fitness, tuned)


def _fitness(args: Namespace, platform: str, compiler: NpuCompiler) -> NpuFitness:
    from forge.tuning.npu_fitness import NpuFitness
    from forge.tuning.program import FormedProgram

    model = load_model(args)
    with stderr_console().status(f"exporting {_subject(args)} …"):
        return NpuFitness(FormedProgram.of(model), platform, compiler)


def _search(args: Namespace, fitness: NpuFitness) -> tuple[Tuned, CandidateGraph]:
    from forge.tools.tuning_progress import tuning_progress
    from forge.tuning.search import Budget, Search
    from forge.tuning.session import tune
    from forge.tuning.space import Candidate

    starts = dict.fromkeys([Candidate(), *_known_forms(fitness, args.starts)])
    space = fitness.program.space
    search = Search(space, fitness, Budget(args.budget), list(starts), args.seed)
    graph = _graph(args, fitness)
    with tuning_progress(f"tuning {_subject(args)}", args.budget) as show:
        return tune(search, graph, _subject(args), show), graph


def _known_forms(fitness: NpuFitness, tables: Sequence[str]) -> list[Candidate]:
    """What tables say, as places to start from: a user's, and Forge's own of all platforms."""
    from forge.targets.forms_table import load_forms, table_platforms

    return [fitness.program.selected(load_forms(name)) for name in (*tables, *table_platforms())]


def _graph(args: Namespace, fitness: NpuFitness) -> CandidateGraph:
    from forge.backends.npu.toolchain import npu_cache, openvino_version
    from forge.tuning.graph import CandidateGraph

    about: dict[str, Any] = {
        "model": args.model,
        **{name: getattr(args, name) for name in ("layers", "tokens", "batch", "cache", "dtype")},
        "platform": fitness.platform,
        "starts": args.starts,
        "seed": args.seed,
        "openvino": openvino_version(),
        "space": [[site.name, dict(site.options)] for site in fitness.program.space.sites],
    }
    # As JSON has it, so that what is read again is equal.
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:12]
    name = f"{Path(args.model).stem}-{fitness.platform.lower()}-{digest}.jsonl"
    path = npu_cache() / "tuning" / name if args.log is None else Path(args.log)
    graph = CandidateGraph.open(path, about)
    if graph.nodes:
        going_on = f"going on after {len(graph.nodes)} candidates in {path}"
        stderr_console().print(going_on, soft_wrap=True)
    return graph


def _confirm(args: Namespace, tuned: Tuned, graph: CandidateGraph, fitness: NpuFitness) -> Tuned:
    from forge.tuning.session import confirmed

    others = [node.candidate for node in graph.ranking[:_CONFIRMED]]
    with stderr_console().status(f"trying the best on {_subject(args)} …"):
        tuned = confirmed(tuned, others, fitness, _subject(args))
    _print_best(fitness, tuned)
    return tuned


def _subject(args: Namespace) -> str:
    depth = f", {args.layers} layer{'s' * (args.layers > 1)}" if args.layers is not None else ""
    tokens = f", {args.tokens} tokens" if args.tokens is not None else ""
    return f"{Path(args.model).name}{depth}{tokens}"


def _print_best(fitness: NpuFitness, tuned: Tuned) -> None:
    share = "" if tuned.ratio is None else f", {tuned.ratio:.2f} of it"
    stdout_console().print(
        f"{tuned.found}{share}, without the embedding, on {fitness.platform} "
        "(predicted by Intel's NPU compiler)"
    )


def _print_table(args: Namespace, fitness: NpuFitness, tuned: Tuned) -> None:
    from forge.targets.forms_table import FormsTable, read_forms
    from forge.tuning.session import tuned_pipeline

    console = stdout_console()
    entries = list(fitness.program.entries(tuned.best, tuned.found))
    console.print("\nforms, by kind and shape of the operation; those not named keep the default:")
    for entry in entries:
        if values := entry.form.values():
            fields = ", ".join(f"{name} = {str(value).lower()}" for name, value in values.items())
            shape = " ".join(f"{name}={str(v).lower()}" for name, v in entry.shape.items())
            console.print(f"  {entry.op} {shape}\n    form = {{{fields}}}", soft_wrap=True)
    if args.output is None:
        console.print("\nthe same as a table for select-forms (-o writes it):")
        console.print(FormsTable(entries).text(), soft_wrap=True)
    else:
        path = Path(args.output)
        table = read_forms(path) if path.exists() else FormsTable(())
        write_text(path, table.with_entries(entries).text())
        console.print(f"\nadded to {path}")
    console.print("the pipeline with that table:")
    pipeline = tuned_pipeline(fitness.platform, args.output or "FORMS.toml")
    console.print(f"  -p '{pipeline}'", soft_wrap=True)
