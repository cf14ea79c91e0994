"""Consoles for tables and progress."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rich.console import Console

_WIDTH_WITHOUT_TERMINAL = 120


def stdout_console() -> Console:
    """For what the user asked for."""
    return _console(sys.stdout)


def stderr_console() -> Console:
    """For progress and notes."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    """A console as wide as the terminal, or as tables need it in a file or pipe."""
    known = stream.isatty() or "COLUMNS" in os.environ
    # Numbers and paths in colours of their own only distract. Names and sentences may have brackets
    # in them, which are no markup.
    return Console(
        file=stream, highlight=False, markup=False, width=None if known else _WIDTH_WITHOUT_TERMINAL
    )
