"""The one exception that a user of Forge sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.dialects.builtin import LocationAttr
    from xdsl.ir import Operation


class ForgeError(Exception):
    """What is wrong, where, and what to do about it.

    Every error that a user can cause is one of these; the tools print it without a traceback
    and exit with code 1.

    Args:
        message: what is wrong, in one sentence.
        op: the operation it is about; its name and location become part of the text.
        location: where it is, when there is no operation to point at.
        hint: what to do next.
    """

    def __init__(
        self,
        message: str,
        *,
        op: Operation | None = None,
        location: LocationAttr | None = None,
        hint: str | None = None,
    ) -> None:
        from forge.ir.locations import describe_location

        where = describe_location(op.location if op is not None else location)
        subject = f"{op.name}: " if op is not None and op.name not in message else ""
        self.message = f"{subject}{message}"
        self.where = where
        self.hint = hint
        text = self.message
        if where:
            text += f"\n  at {where}"
        if hint:
            text += f"\n  hint: {hint}"
        super().__init__(text)
