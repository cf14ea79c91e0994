"""`forge-reduce`: make a program that shows a bug as small as it can be, and still show it.

forge-reduce gpt2.mlir --test crashes.sh                        what makes a script exit with 0
forge-reduce gpt2.mlir --crashes -p simplify,fuse-mine          the same failure of the same pass
forge-reduce gpt2.mlir --fails-with "end" -p fuse-mine          any failure with such a message
forge-reduce gpt2.mlir --changes-numbers -p fuse-mine           the same pattern is wrong
forge-reduce reproducer.mlir --crashes --run-reproducer         what forge-opt has written

Every program that is tried is valid. Progress goes to stderr, the reduced program to stdout.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from forge.errors import ForgeError
from forge.files import check_writable, write_text
from forge.ir.text import parse_module, print_module
from forge.reducing import (
    Interest,
    PassesFail,
    Script,
    Trials,
    same_failure,
    search,
    size_of,
    wrong_numbers,
)
from forge.tools.arguments import ToolParser
from forge.tools.debugging_arguments import Case, add_case_arguments, load_case
from forge.tools.running import begin_on_programs, run_tool


def main(args: Sequence[str] | None = None) -> int:
    """The process `forge-reduce`.

    Returns:
        The exit code.
    """
    begin_on_programs("forge-reduce")
    return forge_reduce(args)


def forge_reduce(args: Sequence[str] | None = None) -> int:
    """Run the tool in this process; `args` are those of the process by default.

    Returns:
        The exit code: 0, or 1 for what a user can cause, with a message on stderr.
    """
    return run_tool(lambda: _run(_parser().parse_args(args)))


def _parser() -> ArgumentParser:
    parser = ToolParser(
        "forge-reduce", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    add_case_arguments(
        parser,
        "an executable that gets the name of a .mlir file, and exits with 0 if that is interesting",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="where to write the program; stdout if missing or -"
    )
    parser.add_argument("--mlir-print-debuginfo", action="store_true", help="write locations, too")
    return parser


def _run(args: Namespace) -> None:
    output = None if args.output in (None, "-") else Path(args.output)
    if output is not None:
        check_writable(output)
    if bool(args.passes or args.run_reproducer) == bool(args.test):
        raise ForgeError(
            "a script runs passes itself, and nothing else can do without them",
            hint="give -p PIPELINE, or --test SCRIPT alone",
        )
    case = load_case(args)
    interest = _interest(args, case)
    before = size_of(case.module)
    trials = Trials(case.module, interest)
    try:
        search(trials, _report)
    except KeyboardInterrupt:
        # Hours may have gone into it.
        print("note: interrupted; this is the smallest program so far", file=sys.stderr)
        _write(print_module(trials.best, debuginfo=args.mlir_print_debuginfo), output)
        raise
    text = print_module(trials.best, debuginfo=args.mlir_print_debuginfo)
    _check(text, interest)
    print(
        f"reduced: {before.operations} → {trials.size.operations} operations, "
        f"{before.elements} → {trials.size.elements} elements, "
        f"{before.characters} → {trials.size.characters} characters; {trials.made} tests",
        file=sys.stderr,
    )
    _write(text, output)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        write_text(output, text)


def _interest(args: Namespace, case: Case) -> Interest:
    if args.test:
        return Script(Path(args.test), args.mlir_print_debuginfo)
    if args.changes_numbers:
        return wrong_numbers(case.module, case.passes, case.context, case.weights, args.seed)
    if args.crashes:
        return same_failure(case.module, case.passes, case.context)
    return PassesFail(case.passes, case.context, message=args.fails_with)


def _report(name: str, trials: Trials) -> None:
    print(f"{name}: {trials.size}; {trials.made} tests", file=sys.stderr)


def _check(text: str, interest: Interest) -> None:
    """What was tested were modules; what is read again is their text."""
    if not interest(parse_module(text, "the reduced program")):
        raise ForgeError(
            f"the reduced program {interest.absence} once it is read from text",
            hint="does what it shows depend on something else than the program?",
        )
