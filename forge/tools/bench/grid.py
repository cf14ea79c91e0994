"""A table for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Attributes:
        title: what it shows.
        columns: their headers. The first `names` of them hold names, the others numbers.
        rows: as many texts as there are columns.
        names: how many columns are aligned to the left.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 2

    @property
    def is_wide(self) -> bool:
        """Whether a terminal has no room for it."""
        return len(self.columns) > 13

    def to_rich(self) -> Table:
        """The table as a terminal shows it."""
        table = Table(title=self.title, title_justify="left")
        for index, column in enumerate(self.columns):
            is_name = index < self.names
            table.add_column(column, justify="left" if is_name else "right", no_wrap=index == 0)
        for row in self.rows:
            table.add_row(*row)
        return table

    def to_markdown(self) -> str:
        """The table as Markdown, under a heading."""
        marks = [":---" if index < self.names else "---:" for index in range(len(self.columns))]
        lines = [self.columns, marks, *self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{table}\n"
