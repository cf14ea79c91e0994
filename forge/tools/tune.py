"""Search for what makes a model fastest on an NPU, as Intel's NPU compiler predicts it.

A form says how an operation is emitted: attention as one instruction or written out, a perceptron
in slices. The search runs on the layers that --layers leaves, and with --without-head on those
alone, the same for all operations of one kind and shape; the best are then tried on the whole
model. Forms that do not compile, or that change the numbers, are worth nothing. The result is a
table for the pass select-forms, and a pipeline that uses it. With --strategies the search is for
something else: how the compiler is to split the layers that it makes of these operations. That
table is for forge compile --strategies. What was tried is kept in a file: a search that was
interrupted goes on, and the same seed finds the same. Nothing runs on an NPU: all times are
predictions.

  forge tune gpt2 --layers 2 --platform NPU4000 --budget 60 -o gpt2.toml
  forge tune gpt2 --layers 2 --tokens 512 --without-head --platform NPU4000
  forge tune gpt2 --layers 2 --platform NPU4000 --strategies -o strategies.toml
"""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser, Namespace
from copy import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from forge.backends.npu.platforms import PLATFORMS, check_platform
from forge.errors import ForgeError
from forge.files import check_writable, write_text
from forge.tools.arguments import at_least
from forge.tools.model_arguments import (
    MODEL_HELP,
    MODEL_OPTIONS,
    add_model_arguments,
    is_text,
    load_model,
)
from forge.tools.terminal import stderr_console, stdout_console

if TYPE_CHECKING:
    from forge.backends.npu import NpuCompiler
    from forge.tools.tuning_subjects import Subject
    from forge.tuning.graph import CandidateGraph
    from forge.tuning.session import Tuned

SUMMARY = "search for what Intel's NPU compiler predicts to be fastest"

_CONFIRMED = 3
"""So many of the best candidates are tried on the whole model."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge tune`."""
    parser.add_argument("model", metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "--platform", required=True, help=f"the NPU to tune for: {', '.join(PLATFORMS)}"
    )
    parser.add_argument(
        "--strategies",
        action="store_true",
        help="search how the compiler is to split its layers, not for forms of operations",
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
        "--without-head",
        action="store_true",
        help="search without the layer that makes logits, which takes the compiler longest",
    )
    parser.add_argument(
        "--no-confirm",
        action="store_true",
        help="with --layers or --without-head: do not try the best candidates on the whole model",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="add what is found to this table (.toml)"
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

    with NpuCompiler(workers=args.workers) as compiler, TemporaryDirectory() as folder:
        subject = _subject(args, platform, compiler, Path(folder) / "layers")
        tuned, graph = _search(args, platform, subject)
        _print_best(platform, tuned)
        is_part = args.layers is not None or args.without_head
        if is_part and not args.no_confirm:
            whole = copy(args)
            whole.layers, whole.without_head = None, False
            on_whole = _subject(whole, platform, compiler, Path(folder) / "whole")
            tuned = _confirm(whole, platform, tuned, graph, on_whole)
    _print_table(args, subject, tuned)


def _subject(args: Namespace, platform: str, compiler: NpuCompiler, folder: Path) -> Subject:
    """What is searched for; files that it needs are in the folder."""
    from forge.tools.tuning_subjects import Forms, Strategies

    model = load_model(args)
    if args.without_head:
        model.remove_head()
    with stderr_console().status(f"exporting {_title(args)} …"):
        if args.strategies:
            from forge.tuning.npu_strategies import StrategyFitness, written_models

            models = written_models(model, platform, folder)
            return Strategies(StrategyFitness(models, platform, compiler), args.model)
        from forge.tuning.npu_fitness import NpuFitness
        from forge.tuning.program import FormedProgram

        return Forms(NpuFitness(FormedProgram.of(model), platform, compiler))


def _search(args: Namespace, platform: str, subject: Subject) -> tuple[Tuned, CandidateGraph]:
    from forge.tools.tuning_progress import tuning_progress
    from forge.tuning.search import Budget, Search
    from forge.tuning.session import tune
    from forge.tuning.space import Candidate

    if not subject.space.sites:
        raise ForgeError(f"{_title(args)} has nothing for which {subject.kind} can be searched")
    starts = list(dict.fromkeys([Candidate(), *subject.known(args.starts)]))
    search = Search(subject.space, subject.fitness, Budget(args.budget), starts, args.seed)
    graph = _graph(args, platform, subject)
    with tuning_progress(f"tuning {_title(args)}", args.budget) as show:
        return tune(search, graph, _title(args), show), graph


def _graph(args: Namespace, platform: str, subject: Subject) -> CandidateGraph:
    from forge.backends.npu.toolchain import npu_cache, openvino_version
    from forge.tuning.graph import CandidateGraph

    about: dict[str, Any] = {
        "model": args.model,
        **{name: getattr(args, name) for name in (*MODEL_OPTIONS, "without_head")},
        "platform": platform,
        "kind": subject.kind,
        "starts": args.starts,
        "seed": args.seed,
        "openvino": openvino_version(),
        "space": [[site.name, dict(site.options)] for site in subject.space.sites],
    }
    # As JSON has it, so that what is read again is equal.
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:12]
    name = f"{Path(args.model).stem}-{platform.lower()}-{digest}.jsonl"
    path = npu_cache() / "tuning" / name if args.log is None else Path(args.log)
    graph = CandidateGraph.open(path, about)
    if graph.nodes:
        going_on = f"going on after {len(graph.nodes)} candidates in {path}"
        stderr_console().print(going_on, soft_wrap=True)
    return graph


def _confirm(
    args: Namespace, platform: str, tuned: Tuned, graph: CandidateGraph, subject: Subject
) -> Tuned:
    from forge.tuning.session import confirmed

    others = [node.candidate for node in graph.ranking[:_CONFIRMED]]
    with stderr_console().status(f"trying the best on {_title(args)} …"):
        tuned = confirmed(tuned, others, subject.fitness, _title(args))
    _print_best(platform, tuned)
    return tuned


def _title(args: Namespace) -> str:
    depth = f", {args.layers} layer{'s' * (args.layers > 1)}" if args.layers is not None else ""
    tokens = f", {args.tokens} tokens" if args.tokens is not None else ""
    head = ", without its head" if args.without_head else ""
    return f"{Path(args.model).name}{depth}{tokens}{head}"


def _print_best(platform: str, tuned: Tuned) -> None:
    share = "" if tuned.ratio is None else f", {tuned.ratio:.2f} of it"
    stdout_console().print(
        f"{tuned.found}{share}, without the embedding, on {platform} "
        "(predicted by Intel's NPU compiler)"
    )


def _print_table(args: Namespace, subject: Subject, tuned: Tuned) -> None:
    console = stdout_console()
    console.print(f"\n{subject.kind}, by kind and shape; those not named keep the default:")
    for text in subject.chosen(tuned):
        console.print(text, soft_wrap=True)
    if args.output is None:
        console.print("\nthe same as a table (-o writes it):")
        console.print(subject.table(tuned, None), soft_wrap=True)
    else:
        path = Path(args.output)
        write_text(path, subject.table(tuned, path if path.exists() else None))
        console.print(f"\nadded to {path}")
    usage = subject.usage(args.output or f"{subject.kind.upper()}.toml")
    console.print(usage, soft_wrap=True)
