"""A program's text, and where its operations stand in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from xdsl.dialects.builtin import FileLineColLoc, IntAttr, LocationAttr, StringAttr
from xdsl.ir import Attribute, Operation

from forge.diagnostics import Place
from forge.ir.locations import UNKNOWN, location_parts


class SourceText:
    """A text.

    Attributes:
        content: the text.
        name: the file's name.
        positions: for each operation that was parsed, in which character it starts.
        resources: what stands under `external_resources` behind the program: for each of them, by
            name, what it says.
    """

    def __init__(self, content: str, name: str, line_offset: int = 0) -> None:
        """Take the part of a file that comes after `line_offset` lines."""
        self.content = content
        self.name = name
        self.positions: dict[Operation, int] = {}
        self.resources: dict[str, dict[str, str | bool]] = {}
        self._starts = [0, *(match.end() for match in re.finditer("\n", content))]
        self._line_offset = line_offset
        self._file = StringAttr(name)

    def location(self, position: int) -> FileLineColLoc:
        """The location of what starts in a character."""
        index, column = self._line_and_column(position)
        return FileLineColLoc(self._file, IntAttr(self._line_offset + index), IntAttr(column))

    def place(self, position: int, width: int = 1) -> Place:
        """The place of `width` characters from `position` on."""
        index, column = self._line_and_column(position)
        return Place(self.name, self._line_offset + index, column, self._line(index), width)

    def place_of(self, op: Operation) -> Place | None:
        """Where an operation stands, or what it was made of."""
        if (position := self.positions.get(op)) is not None:
            return self.place(position)
        return self.place_at(op.location)

    def place_at(self, location: LocationAttr | None) -> Place | None:
        """Where a location is in this text: named by file and line, or by an operation there.

        Of a fused location the last part that is, for that is whose value is computed.
        """
        if location is None:
            return None
        for part in reversed(location_parts(location)):
            if isinstance(part, FileLineColLoc) and part.filename == self._file:
                index = part.line.data - self._line_offset
                if 0 < index <= len(self._starts):
                    column = max(part.column.data, 1)
                    return Place(self.name, part.line.data, column, self._line(index))
            if (position := self._by_location.get(part)) is not None:
                return self.place(position)
        return None

    @cached_property
    def _by_location(self) -> dict[Attribute, int]:
        by_location: dict[Attribute, int] = {
            op.location: position for op, position in self.positions.items()
        }
        by_location.pop(UNKNOWN, None)
        return by_location

    def _line_and_column(self, position: int) -> tuple[int, int]:
        """Both from 1 on, in this part of the file."""
        index = bisect_right(self._starts, position)
        return index, position - self._starts[index - 1] + 1

    def _line(self, index: int) -> str:
        start = self._starts[index - 1]
        end = self._starts[index] - 1 if index < len(self._starts) else len(self.content)
        return self.content[start:end]
