"""What other packages bring, by their entry points; a broken one is named."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from forge.errors import ForgeError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What code can raise by being wrong; leaving and interrupting are not among them."""

ValueT = TypeVar("ValueT")


@cache
def entry_points_of(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group, by name; nothing of them is imported."""
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=group), key=lambda point: point.name))


def describe(point: EntryPoint) -> str:
    """Which entry point of which package it is: `softcap of forge-example 0.1 (a.b:C)`."""
    package = f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"
    return f"{point.group}: {point.name} of {package} ({point.value})"


def use(point: EntryPoint, function: Callable[[], ValueT]) -> ValueT:
    """Call something of an entry point's, its `load` for one.

    Raises:
        ForgeError: it fails; the message names the package.
    """
    try:
        return function()
    except MISTAKES as error:
        reason = str(error).strip().partition("\n")[0][:200]
        raise broken(point, f"{type(error).__name__}: {reason}") from error


def broken(point: EntryPoint, reason: str) -> ForgeError:
    """What is wrong with an entry point."""
    package = point.dist.name if point.dist else "it"
    return ForgeError(
        f"the plug-in {describe(point)} is broken: {reason}",
        hint=f"mend or uninstall {package}",
    )


def guarded(point: EntryPoint, factory: Callable[[], Any]) -> Callable[[], Any]:
    """A factory that an entry point brought, whose failure names the package."""
    return lambda: use(point, factory)
