"""List the models of the zoo: what `forge compile` and `forge run` know by name."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from rich.table import Table

from forge.tools.terminal import stdout_console
from forge.zoo import describe

SUMMARY = "list the models of the zoo"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge models`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: Namespace) -> None:
    """Print the zoo."""
    models = describe()
    if args.json:
        print(json.dumps([model._asdict() for model in models], indent=2))
        return
    table = Table(title="models of the zoo", title_justify="left")
    table.add_column("name", no_wrap=True)
    for column in ("parameters", "layers", "hidden"):
        table.add_column(column, justify="right")
    table.add_column("description")
    table.add_column("hyper-parameters from", overflow="fold")
    for model in models:
        table.add_row(
            model.name,
            readable_count(model.parameters),
            str(model.layers),
            str(model.hidden),
            model.description,
            model.source,
        )
    console = stdout_console()
    console.print(table)
    console.print(
        "A model may also be a local Hugging Face directory, a hub id organisation/name, "
        "module.py:factory, or a .pt2 file."
    )


def readable_count(count: int) -> str:
    """1_235_814_400 as 1.24B."""
    for size, suffix in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= 0.9995 * size:  # 999_885_952 is 1B in three digits
            return f"{count / size:.3g}{suffix}"
    return str(count)
