"""Options that the benchmarks of models share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from forge.backends.npu.platforms import check_platform
from forge.files import check_writable
from forge.tools.arguments import at_least


def add_model_options(parser: ArgumentParser, default: str = "") -> None:
    """Add which models to measure, and how much of them.

    Args:
        default: which models are measured if none is named, for the help text.
    """
    models = f"names in the zoo (default: {default})" if default else "names in the zoo"
    parser.add_argument("models", nargs="*", metavar="MODEL", help=models)
    parser.add_argument(
        "--layers", type=at_least(1), metavar="N", help="keep only the first N layers"
    )
    parser.add_argument(
        "--tokens", type=at_least(1), metavar="N", help="length of the input (default: 128)"
    )


def add_repetitions(parser: ArgumentParser, default: int) -> None:
    """Add how often to time."""
    parser.add_argument(
        "--repetitions",
        type=at_least(1),
        default=default,
        metavar="N",
        help=f"how often to time (default: {default})",
    )


def add_output_options(parser: ArgumentParser) -> None:
    """Add the files to write besides what is printed."""
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write a page with all tables"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON")


def check_outputs(args: Namespace) -> None:
    """Check before anything is measured that the files can be written.

    Raises:
        ForgeError: one cannot.
    """
    for path in (args.markdown, args.json):
        if path is not None:
            check_writable(path)


def npu_platforms(text: str) -> tuple[str, ...]:
    """An argument type: platforms of NPUs, separated by commas."""
    return tuple(check_platform(name) for name in text.split(","))
