"""Command lines: a parser whose errors look like all others."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from forge.errors import ForgeError


class ToolParser(argparse.ArgumentParser):
    """argparse's parser; a mistake is a `ForgeError`, so exit code 1 and one message."""

    def error(self, message: str) -> NoReturn:
        raise ForgeError(message, hint=f"{self.prog} --help")


def with_values(args: Sequence[str], alone: Mapping[str, str]) -> list[str]:
    """A command line in which each flag that may have a value has one, as in LLVM's tools.

    argparse would take the word after `--flag` for the value that belongs behind `--flag=`.

    Args:
        args: the words of the command line.
        alone: by flag, its value if it stands alone.
    """
    return [f"{word}={alone[word]}" if word in alone else word for word in args]


def at_least(least: int) -> Callable[[str], int]:
    """An argument type: an integer that is not less than `least`."""

    def integer(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    return integer


def named_shape(text: str) -> tuple[str, tuple[int, ...]]:
    """An argument type: an input's name and its shape, as in `input_ids=1x128`."""
    name, sign, extents = text.partition("=")
    if not name or not sign or not re.fullmatch(r"\d+(x\d+)*", extents):
        raise argparse.ArgumentTypeError(f"{text} is not a shape such as input_ids=1x128")
    return name, tuple(map(int, extents.split("x")))


def ascending_counts(text: str) -> tuple[int, ...]:
    """An argument type: integers from 1 on, separated by commas and ascending; or `none`."""
    if text == "none":
        return ()
    counts = tuple(at_least(1)(part) for part in text.split(","))
    if list(counts) != sorted(set(counts)):
        raise argparse.ArgumentTypeError(f"{text} does not ascend")
    return counts


def add_plugin_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option that brings passes from a file."""
    parser.add_argument(
        "--load-pass-plugin",
        metavar="FILE",
        dest="plugins",
        action="append",
        default=[],
        help="a Python file whose passes -p may name; may be given several times",
    )
