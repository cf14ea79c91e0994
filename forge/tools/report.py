"""Show how a saved program was compiled; needs neither torch nor its device.

forge report out/                  phases, what fired, what runs where; the schedule of an NPU
forge report out/ --layers 50      more of the schedule's layers
forge report all/                  the platforms that forge compile --platform all -o all/ wrote
forge report out/ --json           the same for machines
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from forge.report import TOP_LAYERS
from forge.tools.arguments import at_least
from forge.tools.npu_platforms import saved_platforms, show_platforms
from forge.tools.terminal import stdout_console

SUMMARY = "show how a saved program was compiled"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge report`."""
    parser.add_argument("program", metavar="DIR", help="a directory that forge compile -o wrote")
    parser.add_argument(
        "--layers",
        type=at_least(1),
        default=TOP_LAYERS,
        metavar="N",
        help=f"how many layers of an NPU's schedule to show (default: {TOP_LAYERS})",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(args: Namespace) -> None:
    """Print the report, or a row for each NPU's program in the directory.

    Raises:
        ForgeError: there is no saved program, or it is damaged.
    """
    from forge.saved_program import read_report

    directory = Path(args.program)
    if outcomes := saved_platforms(directory):
        show_platforms(outcomes, {"directory": args.program}, as_json=args.json)
        return
    report = read_report(directory)
    if args.json:
        print(json.dumps(report.to_json(), indent=2))
        return
    stdout_console().print(report.tables(args.layers))
