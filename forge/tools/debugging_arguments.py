"""What `forge-reduce` and `forge-bisect` share: the program, its passes, and what is wrong."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.ir.source_text import SourceText
from forge.ir.text import make_context
from forge.pipeline import build_pipeline
from forge.plugins import load_pass_plugin
from forge.tools.arguments import add_plugin_argument
from forge.tools.opt.reproducer import Reproducer
from forge.tools.program_files import EXPORTED, import_exported, read_chunk

if TYPE_CHECKING:
    from forge.weights import WeightStore


@dataclass(frozen=True)
class Case:
    """A program, and passes that do something wrong to it.

    Attributes:
        weights: the tensors that it names; `None` for random ones.
    """

    module: ModuleOp
    passes: Sequence[ModulePass]
    context: Context
    weights: WeightStore | None


def add_case_arguments(parser: ArgumentParser, script_help: str) -> None:
    """Add the options that say what is wrong with which program."""
    parser.add_argument(
        "input_file",
        metavar="FILE",
        help="the program: .mlir, .forge (bytecode) or .pt2 (of torch.export); - for text on stdin",
    )
    parser.add_argument(
        "-p",
        "--passes",
        metavar="PIPELINE",
        default="",
        help="the passes, as forge-opt -p takes them",
    )
    parser.add_argument(
        "--run-reproducer",
        action="store_true",
        help="the passes that the file itself ends with, as forge-opt runs them",
    )
    add_plugin_argument(parser)
    wrong = parser.add_argument_group("what is wrong").add_mutually_exclusive_group(required=True)
    wrong.add_argument("--test", metavar="SCRIPT", help=script_help)
    wrong.add_argument(
        "--crashes",
        action="store_true",
        help="a pass raises an exception, refuses the program, or leaves an invalid one",
    )
    wrong.add_argument(
        "--fails-with",
        metavar="REGEX",
        type=_pattern,
        help="the same, with a message that contains this",
    )
    wrong.add_argument(
        "--changes-numbers",
        action="store_true",
        help="a pass changes what the program computes on random inputs, in PyTorch",
    )
    numbers = parser.add_argument_group("with --changes-numbers")
    numbers.add_argument(
        "--weights", metavar="FILE", help="safetensors file with the weights; random if missing"
    )
    numbers.add_argument(
        "--seed", type=int, default=0, help="seed of random inputs and weights (default: 0)"
    )


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ArgumentTypeError(f"{text!r} is no regular expression: {error}") from error


def load_case(args: Namespace) -> Case:
    """Read what the command line names; what weights are random is said on stderr.

    Raises:
        ForgeError: an option, a pass or the program is wrong, or cannot be read.
    """
    if args.weights is not None and not args.changes_numbers:
        raise ForgeError("--weights belongs to --changes-numbers", hint="leave it out")
    if args.run_reproducer and args.passes:
        raise ForgeError("a reproducer says itself which passes to run", hint="leave -p out")
    for path in args.plugins:
        load_pass_plugin(path)
    context = make_context()
    module, pipeline, weights = _read(args, context)
    if args.changes_numbers:
        from forge.tools.runnable import weights_file, weights_for

        if weights is not None and args.weights is not None:
            raise ForgeError("an exported program has its own weights", hint="leave --weights out")
        weights = weights_for(module, weights or weights_file(args.weights), args.seed)
    return Case(module, build_pipeline(pipeline) if pipeline else [], context, weights)


def _read(args: Namespace, context: Context) -> tuple[ModuleOp, str, WeightStore | None]:
    """The program, the passes to run on it, and the weights that it comes with."""
    if (path := Path(args.input_file)).suffix == EXPORTED:
        imported = import_exported(path)
        return imported.module, _pipeline(args, None), imported.weights
    chunk = read_chunk(args.input_file, context)
    return chunk.module(), _pipeline(args, chunk.source), None


def _pipeline(args: Namespace, source: SourceText | None) -> str:
    return Reproducer.of(source).pipeline if args.run_reproducer else args.passes
