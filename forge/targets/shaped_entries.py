"""Tables of what is best for a shape: TOML files with an entry a kind of thing and shape.

    [["transformer.mlp"]]
    shape = { rows = 128, in = 768 }
    form = { up_slices = 4 }
    found = "GPT-2, 2 layers: 894 µs instead of 1027"

What a table chooses is its own; here is what all tables have in common. Where a thing of another
shape gets what the nearest one has, words and flags are equal, and no extent is more than half as
much again as the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar, cast

from forge.errors import ForgeError
from forge.targets.toml_files import read_toml

_FARTHEST = 1.5

Value = int | str
"""An extent, a word, or a flag."""

Shape = Mapping[str, Value]


class Shaped(Protocol):
    """What stands in a table for a shape."""

    @property
    def name(self) -> str:
        """The kind of thing that it is for."""
        ...

    @property
    def shape(self) -> Shape: ...

    def text(self) -> str:
        """The entry as TOML."""
        ...


_Entry = TypeVar("_Entry", bound=Shaped)


@dataclass(frozen=True)
class ShapedTable(Generic[_Entry]):
    """The entries of a platform."""

    entries: Sequence[_Entry] = ()

    def with_entries(self, entries: Iterable[_Entry]) -> Self:
        """The table with these entries, instead of its own for the same shapes."""
        merged = {(e.name, frozenset(e.shape.items())): e for e in (*self.entries, *entries)}
        ordered = sorted(merged.values(), key=lambda e: (e.name, repr(e.shape)))
        return replace(self, entries=ordered)

    def text(self) -> str:
        """The table as TOML."""
        return "\n".join(entry.text() for entry in self.entries)


def shape_text(shape: Shape) -> str:
    """A shape for people: `rows=128 in=768 causal=true`."""
    return " ".join(f"{name}={value_text(value)}" for name, value in shape.items())


def value_text(value: Value) -> str:
    """A value for people, spelt as in a table."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def nearest(entries: Iterable[_Entry], shape: Shape) -> tuple[_Entry, float] | None:
    """The entry whose shape is nearest, and how far that is, in doublings."""
    near = [
        (entry, distance)
        for entry in entries
        if (distance := _distance(entry.shape, shape)) is not None
    ]
    return min(near, key=lambda found: found[1], default=None)


def _distance(mine: Shape, other: Shape) -> float | None:
    """How far two shapes are from each other; `None` if that is too far."""
    if mine.keys() != other.keys():
        return None
    distance = 0.0
    for name, extent in mine.items():
        others = other[name]
        if type(extent) is not int or type(others) is not int:
            if extent != others:
                return None
        elif (apart := abs(log2(extent / others))) > log2(_FARTHEST):
            return None
        else:
            distance += apart
    return distance


def read_entries(
    path: Path, kind: str, make: Callable[[str, Mapping[str, Any]], _Entry]
) -> list[_Entry]:
    """The entries in a file.

    Args:
        kind: what the file should be, for the message.
        make: makes an entry of its name and its fields; `entry_fields` has those of all.

    Raises:
        ForgeError: it cannot be read, or is wrong; the message names the entry.
    """
    entries: list[_Entry] = []
    for name, tables in read_toml(path, kind).items():
        if not isinstance(tables, list):
            raise ForgeError(f"{path}: {name} is a list of entries: [[{json.dumps(name)}]]")
        for number, table in enumerate(cast("list[dict[str, Any]]", tables), 1):
            try:
                entries.append(make(name, table))
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise ForgeError(f"{path}: entry {number} of {name}: {error}") from error
    return entries


def entry_fields(table: Mapping[str, Any], choice: str) -> tuple[Shape, Mapping[str, Any], str]:
    """An entry's shape, what it chooses, and how that was found.

    Args:
        choice: the name of the field with what it chooses.

    Raises:
        KeyError: there is no shape, or no choice.
        ValueError: there is another field, or the shape has something else than words and numbers.
    """
    if unknown := table.keys() - {"shape", choice, "found"}:
        raise ValueError(f"an entry has no {unknown.pop()}; it has shape, {choice} and found")
    for key, value in table["shape"].items():
        if not isinstance(value, int | str):
            raise ValueError(f"{key} is {value}, which is no whole number, word or flag")
    return dict(table["shape"]), table[choice], table.get("found", "")


def entry_text(name: str, shape: Shape, choice: str, values: Shape, found: str) -> str:
    """An entry as TOML."""
    lines = [f'[["{name}"]]', f"shape = {_inline(shape)}", f"{choice} = {_inline(values)}"]
    if found:
        lines.append(f"found = {json.dumps(found, ensure_ascii=False)}")
    return "\n".join((*lines, ""))


def _inline(values: Shape) -> str:
    # Numbers, words and flags are written alike in JSON and TOML.
    return f"{{ {', '.join(f'{name} = {json.dumps(v)}' for name, v in values.items())} }}".replace(
        "{  }", "{}"
    )
