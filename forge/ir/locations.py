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
    """A location as a person reads it: `linear_3 in encoder.layer.0 (bert.py:52)`; may be empty.

    Of a fused location the nodes of one line stand together: `pow, mean in norm (bert.py:9)`.
    """
    if isinstance(location, FileLineColLoc):
        column = f":{location.column.data}" if location.column.data else ""
        return f"{location.filename.data}:{location.line.data}{column}"
    if isinstance(location, FusedLoc):
        return _describe_parts(location_parts(location))
    if isinstance(location, CallSiteLoc):
        return (
            f"{describe_location(location.callee)}, called at {describe_location(location.caller)}"
        )
    if not isinstance(location, NameLoc):
        return ""
    return location.desc.data + _describe_place(*_module_and_line(location.location))


def _describe_parts(parts: Iterable[Attribute]) -> str:
    nodes: dict[tuple[str, str], list[str]] = {}
    for part in parts:
        if isinstance(part, NameLoc):
            nodes.setdefault(_module_and_line(part.location), []).append(part.desc.data)
        elif text := describe_location(part):
            nodes.setdefault(("", ""), []).append(text)
    return "; ".join(
        (", " if module or line else "; ").join(names) + _describe_place(module, line)
        for (module, line), names in nodes.items()
    )


def _describe_place(module: str, line: str) -> str:
    return (f" in {module}" if module else "") + (f" ({line})" if line else "")


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


def module_paths(location: Attribute) -> list[str]:
    """The paths of all modules that a location names, once for each of its parts, in order."""
    return [path for part in location_parts(location) if (path := module_path(part))]


def enclosing_module(location: Attribute) -> str:
    """The path of the innermost module with all that a location names; empty if it names none.

    Parts that come from around the module of the last one, whose value is what is computed, are
    left out: an attention belongs to its own module even if its mask was made at the very top.
    """
    paths = module_paths(location)
    if not paths:
        return ""
    last = paths[-1]
    common = last.split(".")
    for path in dict.fromkeys(paths):
        if path != last and not last.startswith(f"{path}."):
            common = _common_start(common, path.split("."))
    return ".".join(common)


def source_line(location: Attribute) -> str:
    """`file:line` of what a location computes; empty if it names none."""
    parts = location_parts(location)
    inner = parts[-1] if parts else None
    while isinstance(inner, NameLoc):
        inner = inner.location
    return describe_location(inner) if isinstance(inner, FileLineColLoc) else ""


def location_parts(location: Attribute) -> list[Attribute]:
    """What a location was fused from, in order; itself if it was not."""
    if isinstance(location, FusedLoc):
        return list(cast("ArrayAttr[Attribute]", location.locations))
    return [location]


def _common_start(first: list[str], second: list[str]) -> list[str]:
    length = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
    return first[:length]
