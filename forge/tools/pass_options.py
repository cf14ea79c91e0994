"""The options about passes that `forge-opt` and `forge compile` share, and what they print."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge.files import write_text
from forge.tools.arguments import add_plugin_argument, at_least

if TYPE_CHECKING:
    from forge.numeric_check import NumericCheck
    from forge.pass_report import PassReport


def add_pass_arguments(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("about passes")
    group.add_argument(
        "--aggressiveness",
        type=float,
        metavar="SHARE",
        help="how many of the default pipeline's fusions to run: 0 none, 1 all (default: 1)",
    )
    group.add_argument(
        "--rounds",
        type=at_least(1),
        default=1,
        metavar="N",
        help="repeat the passes before the lowering until a round changes nothing, N rounds at "
        "most (default: 1)",
    )
    group.add_argument(
        "--check-numerics",
        action="store_true",
        help="run the program in PyTorch before and after each pass, on random inputs, and name "
        "the pass, the pattern and the place that changes its numbers",
    )
    group.add_argument(
        "--explain",
        action="store_true",
        help="say which patterns fired where, and why others did not, on stderr",
    )
    group.add_argument(
        "--report", metavar="FILE", help="write the same and more as JSON; see docs/reports.md"
    )
    add_plugin_argument(parser)


def print_explanation(args: Namespace, passes: Sequence[PassReport]) -> None:
    """Say on stderr what the passes did, if the user asked for that."""
    if args.explain:
        from forge.tools.explanation import explain

        print(explain(passes), file=sys.stderr)


def write_report(args: Namespace, report: Mapping[str, Any]) -> None:
    """Write a report to the file that the user named, if there is one.

    Raises:
        ForgeError: it cannot be written.
    """
    if args.report is not None:
        write_text(Path(args.report), json.dumps(report, indent=2) + "\n")


def note_skipped(check: NumericCheck) -> None:
    """Name on stderr the functions whose numbers cannot be checked."""
    for name, reason in check.skipped.items():
        reason = reason.replace("\n  ", ", ")
        print(f"note: the numbers of @{name} are not checked: {reason}", file=sys.stderr)
