"""Locations: the FX node, the module and the source line that an operation comes from.

An imported operation carries `loc("linear_3"("encoder.layer.0.attention"("bert.py":52:0)))`: the
FX node's name, the path of the module that called it and the line in that module's source.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    CallSiteLoc,
    FileLineColLoc,
    FusedLoc,
    IntAttr,
    LocationAttr,
    NameLoc,
    NoneAttr,
    StringAttr,
    UnknownLoc,
)
from xdsl.ir import Attribute

UNKNOWN = UnknownLoc()


def make_location(
    node: str, module_path: str = "", file: str | None = None, line: int = 0
) -> NameLoc:
    """The location of the operation that FX calls `node`."""
    return NameLoc(StringAttr(node), _place(module_path, file, line))


@lru_cache(maxsize=65536)
def _place(module_path: str, file: str | None, line: int) -> Attribute:
    # Many operations come from one line; building locations takes a third of an import's time.
    inner: Attribute = NoneAttr()
    if file is not None:
        inner = FileLineColLoc(StringAttr(file), IntAttr(line), IntAttr(0))
    if module_path:
        inner = NameLoc(StringAttr(module_path), inner)
    return inner


def fuse_locations(locations: Iterable[LocationAttr]) -> LocationAttr:
    """The location of an operation that replaces several: each one once, in order."""
    unique: dict[LocationAttr, None] = {}
    for location in locations:
        parts = [location]
        if isinstance(location, FusedLoc):
            parts = list(cast("ArrayAttr[LocationAttr]", location.locations))
        unique.update(dict.fromkeys(part for part in parts if part != UNKNOWN))
    if not unique:
        return UNKNOWN
    if len(unique) == 1:
        return next(iter(unique))
    return FusedLoc(ArrayAttr(list(unique)), NoneAttr())


def describe_location(location: Attribute | None) -> str:
    """A location as a person reads it: `linear_3 in encoder.layer.0 (bert.py:52)`; may be empty."""
    if isinstance(location, FileLineColLoc):
        column = f":{location.column.data}" if location.column.data else ""
        return f"{location.filename.data}:{location.line.data}{column}"
    if isinstance(location, FusedLoc):
        parts = cast("ArrayAttr[Attribute]", location.locations)
        return "; ".join(text for part in parts if (text := describe_location(part)))
    if isinstance(location, CallSiteLoc):
        return (
            f"{describe_location(location.callee)}, called at {describe_location(location.caller)}"
        )
    if not isinstance(location, NameLoc):
        return ""
    module, line = _module_and_line(location.location)
    text = location.desc.data
    if module:
        text += f" in {module}"
    return f"{text} ({line})" if line else text


def _module_and_line(location: Attribute) -> tuple[str, str]:
    if isinstance(location, NameLoc):
        return location.desc.data, describe_location(location.location)
    return "", describe_location(location)


def location_name(location: Attribute) -> str:
    """The FX node's name that a location starts with; empty if it has none."""
    if isinstance(location, NameLoc):
        return location.desc.data
    if isinstance(location, FusedLoc):
        parts = list(cast("ArrayAttr[Attribute]", location.locations))
        # The last operation of a fused group is the one whose value it computes.
        return location_name(parts[-1]) if parts else ""
    return ""


def module_path(location: Attribute) -> str:
    """The path of the module that a location belongs to; empty if it names none."""
    if isinstance(location, NameLoc):
        return _module_and_line(location.location)[0]
    if isinstance(location, FusedLoc):
        parts = list(cast("ArrayAttr[Attribute]", location.locations))
        return module_path(parts[-1]) if parts else ""
    return ""
