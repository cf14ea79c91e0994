"""`forge-bisect`: find the pass, and the application of a pattern, that does something wrong.

forge-bisect gpt2.mlir --changes-numbers -p simplify,fuse-mine     what changes the numbers
forge-bisect gpt2.mlir --crashes -p simplify,fuse-mine             what makes a pass fail
forge-bisect gpt2.mlir --test slow.sh -p simplify,fuse-mine        what makes a script exit with 0

It prints the pass, the pattern, the operation with its line of PyTorch, what the application
changed, and the commands that stop forge-opt right after and right before it.
"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from forge.bisection import Guilt, blame_by, blame_failure, blame_numbers, difference
from forge.errors import ForgeError
from forge.ir.locations import describe_location
from forge.reducing import Script
from forge.tools.arguments import ToolParser
from forge.tools.debugging_arguments import Case, add_case_arguments, load_case
from forge.tools.running import begin_on_programs, run_tool


def main(args: Sequence[str] | None = None) -> int:
    """The process `forge-bisect`.

    Returns:
        The exit code.
    """
    begin_on_programs("forge-bisect")
    return forge_bisect(args)


def forge_bisect(args: Sequence[str] | None = None) -> int:
    """Run the tool in this process; `args` are those of the process by default.

    Returns:
        The exit code: 0, or 1 for what a user can cause, with a message on stderr.
    """
    return run_tool(lambda: _run(_parser().parse_args(args)))


def _parser() -> ArgumentParser:
    parser = ToolParser(
        "forge-bisect", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    add_case_arguments(
        parser,
        "an executable that gets the name of a .mlir file, the program after some of the passes, "
        "and exits with 0 if that is wrong",
    )
    return parser


def _run(args: Namespace) -> None:
    if not args.passes and not args.run_reproducer:
        raise ForgeError("there is nothing to bisect without passes", hint="give -p PIPELINE")
    case = load_case(args)
    guilt = _find(args, case)
    print("\n".join(_description(guilt, len(case.passes))))
    print("\n".join(_commands(args, guilt)))
    if changes := difference(guilt, case.context):
        print(changes)


def _find(args: Namespace, case: Case) -> Guilt:
    if args.changes_numbers:
        return blame_numbers(case.module, case.passes, case.context, case.weights, args.seed)
    if args.test:
        return blame_by(Script(Path(args.test)), case.module, case.passes, case.context)
    return blame_failure(case.module, case.passes, case.context, args.fails_with)


def _description(guilt: Guilt, total: int) -> list[str]:
    # What follows the first line is the place, which comes below, and a hint for others.
    lines = [
        f"problem: {guilt.problem.splitlines()[0]}",
        f"pass:    {guilt.passes[-1].spec()}, {len(guilt.passes)} of {total}",
    ]
    if guilt.culprit is None:
        return [*lines, "pattern: none: the pass does it without any, or has none"]
    firing = guilt.culprit.firing
    return [
        *lines,
        f"pattern: {firing.pattern}, application {guilt.culprit.number} of "
        f"{guilt.culprit.total} of the pass",
        f"op:      {firing.op_name} at {describe_location(firing.location) or 'no known location'}",
    ]


def _commands(args: Namespace, guilt: Guilt) -> list[str]:
    passes = ",".join(str(module_pass.spec()) for module_pass in guilt.passes)
    plugins = [part for path in args.plugins for part in ("--load-pass-plugin", path)]
    command = shlex.join(["forge-opt", args.input_file, *plugins, "-p", passes])
    if guilt.limit is None:
        return [f"repeat:  {command}"]
    return [
        f"repeat:  {command} --rewrite-limit {guilt.limit}",
        f"before:  {command} --rewrite-limit {guilt.limit - 1}",
    ]
