"""Descriptions of targets: TOML files, read and checked; docs/targets.md says what is in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Never, TypeVar, cast

from xdsl.dialects.builtin import f32
from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from forge.dialects.reg import HOST, ops, register_type
from forge.errors import ForgeError
from forge.ir.signature import Signature, signature_of
from forge.ir.tensors import ELEMENT_TYPES
from forge.suggestions import did_you_mean
from forge.targets.target import PREFIX, Group, Limit, Refusal, Target
from forge.targets.toml_files import SUFFIX, read_toml, shipped_file, shipped_names

_FOLDER = Path(__file__).parent
_SIGNATURES: Mapping[str, Signature] = {
    op.name.removeprefix(PREFIX): signature_of(op) for op in ops.OPERATIONS
}
_OPERANDS = {spec.name for signature in _SIGNATURES.values() for spec in signature.operands}
_TOP = ("title", "device", "fallback", "source", "element_types", "max_rank", "group", "limit")
_STANDINGS = ("takes", "refuses", "unverified")
_DATA = ("element_types", "data", "max_rank")
_CONDITIONS = ("operands", "element_types", "ranks", "empty", "attributes", "follows")
T = TypeVar("T")


@cache
def target_names() -> tuple[str, ...]:
    """The targets that Forge describes, sorted."""
    return shipped_names(_FOLDER)


def load_target(name: str) -> Target:
    """A target by its name, or by the path of its description, which ends in `.toml`.

    Raises:
        ForgeError: there is no such target or file, or the description is wrong; the message names
            the file and the key.
    """
    if name.endswith(SUFFIX):
        return read_description(Path(name))
    return _known_target(name)


@cache
def _known_target(name: str) -> Target:
    return read_description(shipped_file(_FOLDER, name, "Forge describes no target"))


def read_description(path: Path) -> Target:
    """The target that a file describes.

    Raises:
        ForgeError: it cannot be read, or is wrong.
    """
    return _read_target(_Table(path, "", read_toml(path, "description of a target")))


@dataclass(frozen=True)
class _Table:
    """A table of a file, read key by key, so that errors name both."""

    path: Path
    place: str
    entries: Mapping[str, Any]

    def fail(self, key: str, problem: str, hint: str | None = None) -> Never:
        raise ForgeError(f"{self.path}: {self.place}{key} {problem}", hint=hint)

    def check_keys(self, known: Collection[str]) -> None:
        for key in self.entries:
            if key not in known:
                self.fail(key, "is no key of a description", f"known are {', '.join(known)}")

    def take(self, key: str, kind: type[T], what: str) -> T:
        if key not in self.entries:
            self.fail(key, "is missing", f"it is {what}")
        value = self.entries[key]
        # Booleans are integers in Python, but not in a description.
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            self.fail(key, f"is {value!r}, which is not {what}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        if default is not None and key not in self.entries:
            return default
        return self.take(key, str, "a text").strip() or self.fail(key, "is empty")

    def number(self, key: str) -> int | None:
        return self.take(key, int, "a number") if key in self.entries else None

    def ranks(self) -> list[int]:
        if "ranks" not in self.entries:
            return []
        values = cast("list[Any]", self.take("ranks", list, "a list of numbers"))
        if not all(type(value) is int for value in values):
            self.fail("ranks", f"is {values!r}, which is not a list of numbers")
        return values

    def texts(self, key: str, known: Collection[str]) -> list[str]:
        """Texts, each once and among those that are known; none if the key is missing."""
        if key not in self.entries:
            return []
        values = cast("list[Any]", self.take(key, list, "a list of texts"))
        for value, count in Counter(map(str, values)).items():
            if count > 1:
                self.fail(key, f"has {value!r} {count} times")
        for value in values:
            if not isinstance(value, str) or value not in known:
                hint = did_you_mean(str(value), known, None)
                self.fail(key, f"has {value!r}, which Forge does not know", hint)
        return values

    def element_types(self) -> list[Attribute]:
        return [ELEMENT_TYPES[name] for name in self.texts("element_types", ELEMENT_TYPES)]

    def tables(self, key: str) -> list[_Table]:
        if key not in self.entries:
            return []
        kind = f"a list of tables, each of which begins with [[{key}]]"
        entries = cast("list[Any]", self.take(key, list, kind))
        if not all(isinstance(entry, dict) for entry in entries):
            self.fail(key, f"is not {kind}")
        return [_Table(self.path, f"{key} {n}: ", entry) for n, entry in enumerate(entries, 1)]


def _read_target(table: _Table) -> Target:
    table.check_keys(_TOP)
    source = table.text("source")
    element_types = table.element_types()
    if not element_types:
        table.fail("element_types", "names none", f"Forge has {', '.join(ELEMENT_TYPES)}")
    groups = [_read_group(group, source) for group in table.tables("group")]
    _check_complete(table, groups)
    return Target(
        name=table.path.stem,
        title=table.text("title"),
        device=_device(table, "device"),
        fallback=_device(table, "fallback") if "fallback" in table.entries else None,
        source=source,
        element_types=frozenset(element_types),
        max_rank=table.number("max_rank"),
        groups=groups,
        limits=[_read_limit(limit, source) for limit in table.tables("limit")],
    )


def _device(table: _Table, key: str) -> str:
    name = table.text(key)
    try:
        register_type((), f32, name)
    except VerifyException as error:
        table.fail(key, f"is no device: {error}")
    if name == HOST:
        table.fail(key, f"is {HOST}, where kernels run and no instructions")
    return name


def _read_group(table: _Table, source: str) -> Group:
    table.check_keys(("heading", *_STANDINGS, *_DATA, "reason", "source"))
    standings = [key for key in _STANDINGS if key in table.entries]
    if len(standings) != 1:
        table.fail(" or ".join(_STANDINGS), "must be there, one of them", "each lists instructions")
    standing = standings[0]
    instructions = table.texts(standing, _SIGNATURES)
    if standing == "takes":
        data = table.text("data", "")
        _check_names(table, "data", [data] if data else [], instructions)
        return Group(
            table.text("heading"),
            instructions,
            element_types=table.element_types(),
            data=data,
            max_rank=table.number("max_rank"),
        )
    refusal = Refusal(
        table.text("reason"), table.text("source", source), verified=standing == "refuses"
    )
    return Group(table.text("heading"), instructions, refusal)


def _check_complete(table: _Table, groups: Iterable[Group]) -> None:
    """Every instruction stands in one group: what a description does not say, nobody may assume."""
    counts = Counter(name for group in groups for name in group.instructions)
    if missing := [name for name in _SIGNATURES if name not in counts]:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        hint = "what nobody has tried belongs to a group with `unverified`"
        table.fail("group", f"says nothing of {', '.join(missing[:3])}{more}", hint)
    for name, count in counts.items():
        if count > 1:
            table.fail("group", f"has {name} {count} times")


def _read_limit(table: _Table, source: str) -> Limit:
    table.check_keys(("instructions", "exceptions", *_CONDITIONS, "reason", "source"))
    if not any(key in table.entries for key in _CONDITIONS):
        table.fail(" or ".join(_CONDITIONS), "must be there", "a limit without a condition is none")
    instructions = table.texts("instructions", _SIGNATURES)
    attributes = table.entries.get("attributes", {})
    if not isinstance(attributes, dict):
        table.fail("attributes", "is no table of names and values")
    operands = table.texts("operands", _OPERANDS)
    _check_names(table, "operands", operands, instructions)
    _check_names(table, "attributes", cast("dict[str, Any]", attributes), instructions)
    return Limit(
        Refusal(table.text("reason"), table.text("source", source)),
        instructions=instructions,
        exceptions=table.texts("exceptions", _SIGNATURES),
        operands=operands,
        element_types=table.element_types(),
        ranks=table.ranks(),
        empty=table.take("empty", bool, "true or false") if "empty" in table.entries else False,
        attributes=cast("dict[str, object]", attributes),
        follows=table.texts("follows", _SIGNATURES),
    )


def _check_names(
    table: _Table, key: str, names: Iterable[str], instructions: Sequence[str]
) -> None:
    """Operands and attributes that all instructions of a limit have."""
    for name in names:
        if not instructions:
            table.fail(key, "belongs to instructions", "add instructions = […]")
        for instruction in instructions:
            signature = _SIGNATURES[instruction]
            known = (
                [spec.name for spec in signature.operands]
                if key != "attributes"
                else list(signature.properties)
            )
            if name not in known:
                hint = f"it has {', '.join(known) or 'none'}"
                table.fail(key, f"has {name!r}, but {instruction} has no such", hint)
