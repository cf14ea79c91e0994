"""What `forge-reduce` and `forge-bisect` share: the program, its passes, and what is wrong."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.backends.vm.wire import MAGIC
from forge.errors import ForgeError
from forge.ir.source_text import SourceText
from forge.ir.text import make_context, parse_source
from forge.ir.verifier import verify_module
from forge.pipeline import build_pipeline
from forge.plugins import load_pass_plugin
from forge.tools.arguments import add_plugin_argument
from forge.tools.opt.reproducer import Reproducer
from forge.tools.program_files import read_content

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
    """Read what the command line names.

    Raises:
        ForgeError: an option, a pass or the program is wrong, or cannot be read.
    """
    if args.weights is not None and not args.changes_numbers:
        raise ForgeError("--weights belongs to --changes-numbers", hint="leave it out")
    for path in args.plugins:
        load_pass_plugin(path)
    if args.run_reproducer and args.passes:
        raise ForgeError("a reproducer says itself which passes to run", hint="leave -p out")
    weights: WeightStore | None = None
    if args.weights is not None:
        from forge.weights import SafetensorsWeights

        weights = SafetensorsWeights(args.weights)
    context = make_context()
    if Path(args.input_file).suffix == ".pt2" and not args.run_reproducer:
        if weights is not None:
            raise ForgeError("an exported program has its own weights", hint="leave --weights out")
        module, weights = _import(Path(args.input_file))
        return Case(module, _passes(args.passes), context, weights)
    content = _content(args.input_file)
    if content.startswith(MAGIC) and not args.run_reproducer:
        from forge.backends.vm.bytecode import disassemble

        module = disassemble(content, args.input_file)
        return Case(module, _passes(args.passes), context, weights)
    source = SourceText(_decoded(content, args.input_file), args.input_file)
    module = parse_source(source, context)
    verify_module(module)
    pipeline = Reproducer.of(source).pipeline if args.run_reproducer else args.passes
    return Case(module, _passes(pipeline), context, weights)


def _passes(pipeline: str) -> Sequence[ModulePass]:
    return build_pipeline(pipeline) if pipeline else []


def _content(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else read_content(Path(name))


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ForgeError(f"{name} is not text: {error}") from error


def _import(path: Path) -> tuple[ModuleOp, WeightStore]:
    from forge.importer import import_program
    from forge.zoo.exported_file import load_exported_file

    exported = load_exported_file(path).exported
    assert exported is not None, "a .pt2 file holds an exported program"
    imported = import_program(exported)
    return imported.module, imported.weights
