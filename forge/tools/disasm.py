"""Print a program's bytecode as text, as forge-opt prints programs.

forge disasm gpt2.forge | less
forge disasm gpt2.forge --print-debuginfo -o gpt2.mlir
forge disasm gpt2.forge --header                what takes how many of its bytes
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from forge.files import check_writable, write_text
from forge.ir.text import print_module
from forge.tools.program_files import read_input
from forge.tools.terminal import stdout_console

if TYPE_CHECKING:
    from forge.backends.vm.bytecode import Section

SUMMARY = "print a program's bytecode as text"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge disasm`."""
    parser.add_argument("file", metavar="FILE", help="bytecode (.forge), or - for stdin")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write the text")
    parser.add_argument("--print-debuginfo", action="store_true", help="print locations, too")
    parser.add_argument(
        "--header",
        action="store_true",
        help="print what the file holds, and how many bytes that takes, instead of the program",
    )


def run(args: Namespace) -> None:
    """Print the program, or the table.

    Raises:
        ForgeError: the file is no bytecode, is damaged, or cannot be read; or the output cannot be
            written.
    """
    from forge.backends.vm.bytecode import read_sections

    if args.output is not None:
        check_writable(Path(args.output))
    name = "stdin" if args.file == "-" else args.file
    content = read_input(args.file)
    module, sections = read_sections(content, name)
    if args.header:
        stdout_console().print(_table(name, sections))
        return
    text = print_module(module, debuginfo=args.print_debuginfo)
    if args.output is None:
        sys.stdout.write(text)
    else:
        write_text(Path(args.output), text)


def _table(name: str, sections: Sequence[Section]) -> Table:
    total = sum(section.size for section in sections)
    table = Table(title=name, title_justify="left", show_footer=True)
    table.add_column("section", "all")
    table.add_column("entries", justify="right")
    table.add_column("bytes", f"{total:,}", justify="right")
    table.add_column("share", "100.0 %", justify="right")
    for section in sections:
        entries = f"{section.entries:,}" if section.entries else ""
        share = f"{100 * section.size / total:.1f} %"
        table.add_row(section.name, entries, f"{section.size:,}", share)
    return table
