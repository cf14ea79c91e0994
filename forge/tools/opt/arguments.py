"""The options that `forge-opt` has beyond those of `xdsl-opt`."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from typing import Any

from forge.errors import ForgeError
from forge.pipeline_text import without_anchor
from forge.tools.arguments import at_least
from forge.tools.opt.diagnostics import ONLY_EXPECTED
from forge.tools.opt.printing import add_printing_arguments
from forge.tools.opt.remarks import add_remark_argument
from forge.tools.opt.reproducer import add_reproducer_arguments, check_reproducer_arguments
from forge.tools.opt.statistics import add_statistics_arguments
from forge.tools.opt.timing import add_timing_arguments
from forge.tools.pass_options import add_pass_arguments

VALUES_ALONE = {"--verify-diagnostics": "all", "--verify-each": "true", "--remarks": ""}
"""The flags that may have a value, and what theirs is if they stand alone."""

_SHORT_HELP = {
    "input_file": "the program: .mlir, .forge (bytecode), or a .pt2 file of torch.export; stdin if "
    "missing or -",
    "frontend": "read the input as this kind, whatever its name ends with",
    "target": "what to write: mlir, bytecode (with -o x.forge), openvino (with -o model.xml), or "
    "any target of xDSL",
    "output_file": "where to write it; stdout if missing or -",
    "passes": "the passes to run, in order: a,b{option=value}; see --list-passes",
    "print_between_passes": "xDSL's name for --mlir-print-ir-after-all",
    "parsing_diagnostics": "write what is wrong with a text instead of a program, and exit with 0",
    "time_passes": "xDSL's name for --mlir-timing --mlir-timing-display=list",
}


def shorten_help(parser: ArgumentParser) -> None:
    """Replace xDSL's help, which lists all passes and targets in the middle of the options."""
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage] argparse has no other way
        action.help = _SHORT_HELP.get(action.dest, action.help)


class _ShowVersion(Action):
    """Looking versions up takes a tenth of the start-up time, so it waits until it is asked for."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: Any = None
    ) -> None:
        from importlib.metadata import version

        print(f"forge-opt {version('forge-ugc')}, xDSL {version('xdsl')}")
        parser.exit()


def add_forge_arguments(parser: ArgumentParser) -> None:
    """Add Forge's own options."""
    _add_diagnostic_arguments(parser)
    add_printing_arguments(parser)
    add_timing_arguments(parser)
    add_statistics_arguments(parser)
    add_reproducer_arguments(parser)
    parser.add_argument(
        "-v", "--version", action=_ShowVersion, nargs=0, help="print the versions, and stop"
    )
    listing = parser.add_argument_group("about pipelines")
    listing.add_argument(
        "--list-passes", action="store_true", help="list the passes with what they do, and stop"
    )
    listing.add_argument("--show-dialects", action="store_true", help="list the dialects, and stop")
    listing.add_argument(
        "--pass-pipeline",
        metavar="PIPELINE",
        help="the passes to run, as mlir-opt takes them: builtin.module(a,b{option=value})",
    )
    listing.add_argument(
        "--dump-pass-pipeline",
        action="store_true",
        help="print the passes that will run, to stderr",
    )
    listing.add_argument(
        "--verify-each",
        choices=("true", "false"),
        default="true",
        metavar="[=BOOL]",
        help="verify the program after each pass (default: true)",
    )
    listing.add_argument(
        "--dump-pipeline",
        action="store_true",
        help="print the default pipeline, or the one of -p, as -p accepts it, and stop",
    )
    listing.add_argument(
        "--apply-pdl",
        action="append",
        default=[],
        metavar="FILE",
        help="apply patterns that a file has in the dialect pdl, before the passes of -p",
    )
    listing.add_argument(
        "--rewrite-limit",
        type=at_least(0),
        metavar="N",
        help="let patterns change the program N times, and no more; forge-bisect finds an N",
    )
    add_pass_arguments(parser)
    weights = parser.add_argument_group("weights")
    weights.add_argument(
        "--weights", metavar="FILE", help="safetensors file with the weights that the text names"
    )
    weights.add_argument(
        "--weights-output",
        metavar="FILE",
        help="write the weights that the resulting program uses to a safetensors file",
    )
    running = parser.add_argument_group("running")
    running.add_argument(
        "--run",
        action="store_true",
        help="run @main of the resulting program in PyTorch, and print its outputs instead of it",
    )
    running.add_argument(
        "--inputs", metavar="FILE", help=".npz file with its inputs; random ones if missing"
    )
    running.add_argument("--outputs", metavar="FILE", help="write its outputs to a .npz file")
    running.add_argument(
        "--seed", type=int, default=0, help="seed of random inputs and weights (default: 0)"
    )


def _add_diagnostic_arguments(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("about messages")
    group.add_argument(
        "--verify-diagnostics",
        choices=("all", ONLY_EXPECTED),
        metavar="[=LEVEL]",
        help="compare messages with the comments `// expected-error {{…}}` in the text; "
        f"={ONLY_EXPECTED} leaves what no comment expects alone",
    )
    add_remark_argument(group)


def settle_pipeline(args: Namespace) -> None:
    """Take what `--pass-pipeline` says for what `-p` would say.

    Raises:
        ForgeError: it is not written as MLIR writes pipelines, or `-p` says something, too.
    """
    if args.pass_pipeline is None:
        return
    if args.passes:
        raise ForgeError("-p and --pass-pipeline both say what to run", hint="leave one out")
    args.passes = without_anchor(args.pass_pipeline)


_WHOLE = ("bytecode", "openvino")
"""Targets that write one program."""


def check_combination(args: Namespace, target: str) -> None:
    """Refuse options that mean nothing together; `target` is the one that they name.

    Raises:
        ForgeError: there are some.
    """
    check_reproducer_arguments(args)
    for option in ("inputs", "outputs"):
        if getattr(args, option) is not None and not args.run:
            raise ForgeError(f"--{option} belongs to a run", hint="add --run")
    if args.aggressiveness is not None and (args.passes or not args.dump_pipeline):
        raise ForgeError(
            "--aggressiveness chooses the passes of the default pipeline, which -p replaces",
            hint="forge-opt --dump-pipeline --aggressiveness 0.5 prints it",
        )
    if args.rewrite_limit is not None and args.check_numerics:
        raise ForgeError("--check-numerics looks for the limit itself", hint="leave one out")
    if args.mlir_elide_elementsattrs_if_larger is not None and (
        args.print_no_properties or args.syntax_highlight
    ):
        raise ForgeError(
            "--mlir-elide-elementsattrs-if-larger prints neither in color nor without properties"
        )
    if args.split_input_file and (args.outputs or args.weights_output or args.report):
        raise ForgeError("--split-input-file has several results, which cannot go to one file")
    if args.split_input_file and target in _WHOLE:
        raise ForgeError(f"--split-input-file has several results, and {target} holds one program")
