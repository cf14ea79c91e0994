"""The nested structure of what a program takes and gives, as a tree that JSON can hold.

A program's tensors are a flat list; a model's arguments and outputs are tuples, dictionaries,
dataclasses. A `Structure` says which tensor is where, so that a saved program gives back nested
outputs without importing torch, or the library that defined an output class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, cast

from forge.errors import ForgeError

JSON = dict[str, Any]
_CONSTANTS = (type(None), bool, int, float, str)


class Kind(StrEnum):
    """What a node of the tree is."""

    TENSOR = "tensor"
    CONSTANT = "constant"
    TUPLE = "tuple"
    LIST = "list"
    DICT = "dict"
    OBJECT = "object"


class Outputs(dict[str, Any]):
    """The fields of an output object: `outputs.logits`, `outputs["logits"]` or `outputs[0]`."""

    def __getitem__(self, key: str | int) -> Any:
        return list(self.values())[key] if isinstance(key, int) else super().__getitem__(key)

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return super().__getitem__(name)
        raise AttributeError(f"there is no output {name!r}; there are {', '.join(self)}")


@dataclass(frozen=True)
class Structure:
    """A tree whose leaves are tensors, numbered from left to right, or constants.

    Attributes:
        kind: what this node is.
        items: its children, unless it is a leaf.
        keys: the children's names, of a `dict` or an `object`.
        value: the value of a `constant`: `None`, a bool, a number or a string.
        type_name: the class of an `object`, for messages.
    """

    kind: Kind
    items: tuple[Structure, ...] = ()
    keys: tuple[str | int, ...] = ()
    value: bool | int | float | str | None = None
    type_name: str = ""

    @property
    def num_tensors(self) -> int:
        """The number of tensors in the tree."""
        if self.kind is Kind.TENSOR:
            return 1
        return sum(item.num_tensors for item in self.items)

    def paths(self, prefix: str = "") -> Iterator[str]:
        """The path to each tensor, its keys and indices joined by dots."""
        if self.kind is Kind.TENSOR:
            yield prefix
        for key, item in self._children():
            yield from item.paths(f"{prefix}.{key}" if prefix else str(key))

    def _children(self) -> Iterator[tuple[str | int, Structure]]:
        return zip(self.keys or range(len(self.items)), self.items, strict=True)

    # -- values ------------------------------------------------------------------------------

    def flatten(self, value: Any, path: str) -> list[Any]:
        """The tensors in `value`, which must have this structure.

        Args:
            value: what a caller gave.
            path: what to call it in messages.

        Raises:
            ForgeError: the structure or a constant differs; the message says where.
        """
        if self.kind is Kind.TENSOR:
            if not hasattr(value, "shape"):
                _refuse(path, "a tensor", value)
            return [value]
        if self.kind is Kind.CONSTANT:
            if type(value) not in _CONSTANTS or value != self.value:
                if type(value) not in _CONSTANTS:
                    _refuse(path, repr(self.value), value)
                raise ForgeError(
                    f"{path} is {value!r}, but the program was compiled for {self.value!r}",
                    hint="what is not a tensor is part of the program; compile it again",
                )
            return []
        members = self._members(value, path)
        tensors: list[Any] = []
        for (key, item), member in zip(self._children(), members, strict=True):
            tensors += item.flatten(member, f"{path}.{key}" if self.keys else f"{path}[{key}]")
        return tensors

    def _members(self, value: Any, path: str) -> list[Any]:
        if self.kind is Kind.DICT:
            if not isinstance(value, Mapping):
                _refuse(path, "a dict", value)
            fields = cast("Mapping[Any, Any]", value)
            if set(fields) != set(self.keys):
                wanted, given = ", ".join(map(repr, self.keys)), ", ".join(map(repr, fields))
                raise ForgeError(f"{path} has the keys {given or 'none'}; expected {wanted}")
            return [fields[key] for key in self.keys]
        if self.kind is Kind.OBJECT:
            missing = [key for key in self.keys if not hasattr(value, str(key))]
            if missing:
                _refuse(path, f"a {self.type_name} with {', '.join(map(str, missing))}", value)
            return [getattr(value, str(key)) for key in self.keys]
        if not isinstance(value, list | tuple):
            _refuse(path, f"a {self.kind}", value)
        members = list(cast("Sequence[Any]", value))
        if len(members) != len(self.items):
            raise ForgeError(f"{path} has {len(members)} elements; expected {len(self.items)}")
        return members

    def unflatten(self, tensors: Sequence[Any]) -> Any:
        """The nested value whose tensors are `tensors`; an `object` becomes `Outputs`.

        Raises:
            ForgeError: the number of tensors differs.
        """
        if len(tensors) != self.num_tensors:
            raise ForgeError(f"expected {self.num_tensors} tensors, got {len(tensors)}")
        return self._build(iter(tensors))

    def _build(self, tensors: Iterator[Any]) -> Any:
        if self.kind is Kind.TENSOR:
            return next(tensors)
        if self.kind is Kind.CONSTANT:
            return self.value
        members = [item._build(tensors) for item in self.items]
        if self.kind is Kind.LIST:
            return members
        if self.kind is Kind.TUPLE:
            return tuple(members)
        fields = zip(self.keys, members, strict=True)
        return dict(fields) if self.kind is Kind.DICT else Outputs((str(k), v) for k, v in fields)

    # -- JSON --------------------------------------------------------------------------------

    def to_json(self) -> JSON:
        """The tree as dictionaries, lists, strings and numbers."""
        node: JSON = {"kind": str(self.kind)}
        if self.kind is Kind.CONSTANT:
            node["value"] = self.value
        if self.items:
            node["items"] = [item.to_json() for item in self.items]
        if self.keys:
            node["keys"] = list(self.keys)
        if self.type_name:
            node["type"] = self.type_name
        return node

    @classmethod
    def from_json(cls, node: object) -> Structure:
        """The tree that `to_json` wrote.

        Raises:
            ForgeError: it is not such a tree.
        """
        try:
            fields = cast("JSON", node)
            items = tuple(cls.from_json(item) for item in fields.get("items", ()))
            keys = tuple(fields.get("keys", ()))
            if keys and len(keys) != len(items):
                raise ValueError(f"{len(keys)} keys for {len(items)} items")
            kind = Kind(fields["kind"])
            return cls(kind, items, keys, fields.get("value"), str(fields.get("type", "")))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ForgeError(f"not a structure of inputs or outputs: {error}") from error


def _refuse(path: str, wanted: str, value: object) -> NoReturn:
    raise ForgeError(f"{path} is a {type(value).__name__}; expected {wanted}")


@dataclass(frozen=True)
class CallStructure:
    """The arguments of a call: positional ones in order, keyword ones by name.

    Attributes:
        positional: a tuple.
        keyword: a dict.
        names: a name for each positional argument that is a single tensor or constant, else an
            empty string; such an argument may be given by keyword as well.
    """

    positional: Structure
    keyword: Structure
    names: tuple[str, ...] = ()

    def flatten(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        """The tensors of a call, in the order of the program's arguments.

        An argument that holds no tensor is part of the program and may be left out.

        Raises:
            ForgeError: an argument is missing, unknown or of another structure.
        """
        parameters = self._parameters()
        hint = f"the program takes {', '.join(parameters) or 'no arguments'}"
        if len(args) > len(self.names):
            message = f"{len(args)} positional arguments given; expected {len(self.names)}"
            raise ForgeError(message, hint=hint)
        values = {**dict(zip(parameters, args, strict=False)), **kwargs}
        missing = [n for n, s in parameters.items() if n not in values and s.num_tensors]
        problems = [f"no value for {name}" for name in missing]
        problems += [f"no argument called {name}" for name in values if name not in parameters]
        twice = [name for name in list(parameters)[: len(args)] if name in kwargs]
        problems += [f"two values for {name}" for name in twice]
        if problems:
            raise ForgeError("; ".join(problems), hint=hint)
        tensors: list[Any] = []
        for name, structure in parameters.items():
            if name in values:
                tensors += structure.flatten(values[name], name)
        return tensors

    def _parameters(self) -> dict[str, Structure]:
        """Every argument by a name for it, in order."""
        names = [name or f"argument {index}" for index, name in enumerate(self.names)]
        named = zip(map(str, self.keyword.keys), self.keyword.items, strict=True)
        return {**dict(zip(names, self.positional.items, strict=True)), **dict(named)}

    def to_json(self) -> JSON:
        """The arguments as dictionaries, lists, strings and numbers."""
        return {
            "positional": self.positional.to_json(),
            "keyword": self.keyword.to_json(),
            "names": list(self.names),
        }

    @classmethod
    def from_json(cls, node: object) -> CallStructure:
        """The arguments that `to_json` wrote.

        Raises:
            ForgeError: it is something else.
        """
        try:
            fields = cast("JSON", node)
            positional = Structure.from_json(fields["positional"])
            keyword = Structure.from_json(fields["keyword"])
            return cls(positional, keyword, tuple(map(str, fields["names"])))
        except (KeyError, TypeError) as error:
            raise ForgeError(f"not a structure of arguments: {error}") from error
