"""The one exception that a user of Forge sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.dialects.builtin import LocationAttr
    from xdsl.ir import Operation

    from forge.diagnostics import Place, Places


@dataclass(frozen=True)
class Note:
    """What else there is to say, about an operation or a place other than the error's."""

    message: str
    op: Operation | None = None
    place: Place | None = None


class ForgeError(Exception):
    """What is wrong, where, and what to do about it.

    Every error that a user can cause is one of these; the tools print it without a traceback
    and exit with code 1.

    Args:
        message: what is wrong, in one sentence.
        op: the operation it is about; its name and location become part of the text.
        location: where it is, when there is no operation to point at.
        place: where in a text it is, when that could not be parsed.
        hint: what to do next.
        notes: what there is to say about other operations.

    Attributes:
        places: the text that the operations come from, if whoever read it has said so.
    """

    def __init__(
        self,
        message: str,
        *,
        op: Operation | None = None,
        location: LocationAttr | None = None,
        place: Place | None = None,
        hint: str | None = None,
        notes: Sequence[Note] = (),
    ) -> None:
        from forge.ir.locations import describe_location

        self.op = op
        self.location = op.location if op is not None else location
        self.place = place
        self.places: Places | None = None
        self.notes = notes
        where = describe_location(self.location)
        subject = f"{op.name}: " if op is not None and op.name not in message else ""
        self.message = f"{subject}{message}"
        self.where = where
        self.hint = hint
        text = self.message
        if place is not None:
            text = f"{place}: {text}\n{place.excerpt()}"
        if where:
            text += f"\n  at {where}"
        for note in notes:
            at = note.place or (note.op is not None and describe_location(note.op.location))
            text += f"\n  note: {note.message}" + (f" at {at}" if at else "")
        if hint:
            text += f"\n  hint: {hint}"
        super().__init__(text)
