"""Messages about a place in a text, as MLIR's tools print them.

in.mlir:3:3: error: aten.linear: the contracted extents must agree, got 4 and 5
  %0 = aten.linear %x, %w : …
  ^
in.mlir:2:3: note: …
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from xdsl.dialects.builtin import LocationAttr
    from xdsl.ir import Operation

    from forge.errors import ForgeError

ERROR, WARNING, REMARK, NOTE = "error", "warning", "remark", "note"
"""What a diagnostic may be."""

# A line may hold a literal of a megabyte; of such a line we show what is around the place.
_EXCERPT_WIDTH = 100


@dataclass(frozen=True)
class Place:
    """A place in a text.

    Attributes:
        file: the text's name.
        line: from 1 on.
        column: from 1 on.
        text: the line; empty if it is not known.
        width: how many characters it is about.
    """

    file: str
    line: int
    column: int
    text: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def excerpt(self) -> str:
        """The line, or what of it is around the place, with a mark below."""
        column = self.column - 1
        first = max(0, column - _EXCERPT_WIDTH // 2) if len(self.text) > _EXCERPT_WIDTH else 0
        shown = self.text[first : first + _EXCERPT_WIDTH]
        column -= first
        width = max(1, min(self.width, len(shown) - column))
        # What a terminal would not print one column wide would move the mark.
        shown = "".join(c if c.isprintable() else " " for c in shown)
        return f"{shown}\n{' ' * column}^{'~' * (width - 1)}"


@dataclass(frozen=True)
class Diagnostic:
    """A message.

    Attributes:
        severity: what it is, such as `ERROR`.
        message: what it says.
        place: what it is about; `None` if that is not known.
        details: lines that belong to it, such as where in a model the place comes from.
        notes: messages about other places that belong to it.
    """

    severity: str
    message: str
    place: Place | None = None
    details: Sequence[str] = ()
    notes: Sequence[Diagnostic] = ()

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place is not None else ""
        lines = [f"{where}{self.severity}: {self.message}"]
        if self.place is not None and self.place.text:
            lines.append(self.place.excerpt())
        lines.extend(f"  {detail}" for detail in self.details)
        return "\n".join([*lines, *map(str, self.notes)])


class Places(Protocol):
    """What knows where operations stand in a text."""

    def place_of(self, op: Operation) -> Place | None:
        """Where an operation stands, or what it was made of."""
        ...

    def place_at(self, location: LocationAttr | None) -> Place | None:
        """Where what has a location stands."""
        ...


def diagnose(error: ForgeError, places: Places | None = None) -> Diagnostic:
    """An error as a diagnostic, with the places of what it is about, if they are known.

    An error may be about another text than the program's, which it then brings.
    """
    place, notes, places = error.place, error.notes, error.places or places
    if places is not None and place is None:
        place = places.place_of(error.op) if error.op else places.place_at(error.location)
    return Diagnostic(
        ERROR,
        error.message,
        place,
        tuple(_details(error, place)),
        [
            Diagnostic(
                NOTE,
                note.message,
                places.place_of(note.op) if places and note.op and not note.place else note.place,
            )
            for note in notes
        ],
    )


def _details(error: ForgeError, place: Place | None) -> Iterator[str]:
    if error.where and error.where != str(place):
        yield f"at {error.where}"
    if error.hint:
        yield f"hint: {error.hint}"
