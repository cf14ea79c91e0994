"""PyTorch's operator schemas: an operator's arguments, in order, and how we keep them.

A schema reads `aten::name.overload(type name=default, *, type name) -> results`; the grammar is in
PyTorch's `aten/src/ATen/native/README.md`. Alias annotations, `Tensor(a)`, are of no concern here:
the dialect has values only.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal[
    "tensor",
    "tensors",
    "int",
    "ints",
    "float",
    "floats",
    "bool",
    "bools",
    "scalar",
    "str",
    "dtype",
    "memory_format",
    "dropped",
]
"""What an argument holds. `dropped` ones say where a tensor lies: a later level's matter."""

_KINDS: dict[str, Kind] = {
    "Tensor": "tensor",
    "Tensor[]": "tensors",
    "Tensor?[]": "tensors",
    "int": "int",
    "SymInt": "int",
    "int[]": "ints",
    "SymInt[]": "ints",
    "float": "float",
    "float[]": "floats",
    "bool": "bool",
    "bool[]": "bools",
    "Scalar": "scalar",
    "str": "str",
    "ScalarType": "dtype",
    "MemoryFormat": "memory_format",
    "Device": "dropped",
    "Layout": "dropped",
    "Generator": "dropped",
}
_DROPPED_NAMES = {"pin_memory"}

_ALIAS = re.compile(r"\([a-z]!?(?:\|[a-z])*(?: -> (?:\*|[a-z](?:\|[a-z])*))?\)")
_SCHEMA = re.compile(r"(?P<name>[\w:.]+)\((?P<arguments>.*)\) -> (?P<results>.*)")
_ARGUMENT = re.compile(r"(?P<type>[\w\[\]?]+) (?P<name>\w+)(?:=(?P<default>.*))?")
_COMMA = re.compile(r", (?![^\[]*\])")
_SIZE = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Argument:
    """One argument of a schema.

    Attributes:
        schema_name: its name in PyTorch.
        name: its name in the dialect: an operand's or a property's; empty if it is dropped.
        kind: what it holds.
        nullable: whether it may be `None`.
        nullable_elements: whether elements of the list may be `None` (`Tensor?[]`).
        keyword_only: whether PyTorch takes it by name only.
        default: the default as the schema writes it; `None` if the argument is required.
        length: the length that a single number stands for (`int[2] stride=1`); 0 if any.
    """

    schema_name: str
    name: str
    kind: Kind
    nullable: bool = False
    nullable_elements: bool = False
    keyword_only: bool = False
    default: str | None = None
    length: int = 0

    @property
    def is_operand(self) -> bool:
        """Whether the dialect holds it as an operand."""
        return self.kind in ("tensor", "tensors")


@dataclass(frozen=True)
class Schema:
    """An operator's signature.

    Attributes:
        name: the operator and its overload, `add.Tensor`; no overload for the default one.
        arguments: every argument, also the dropped ones, in PyTorch's order.
        results: the results' names; empty strings where the schema has none.
        variadic_result: whether the operator returns a list of tensors.
    """

    name: str
    arguments: tuple[Argument, ...]
    results: tuple[str, ...]
    variadic_result: bool


@cache
def parse_schema(text: str) -> Schema:
    """Read a schema as PyTorch prints it.

    Raises:
        ValueError: it is not a schema, or has an argument of a type that the dialect cannot hold.
    """
    match = _SCHEMA.fullmatch(_ALIAS.sub("", text))
    if match is None:
        raise ValueError(f"not an operator schema: {text}")
    arguments: list[Argument] = []
    keyword_only = False
    names = {part.split("=")[0].rpartition(" ")[2] for part in _COMMA.split(match["arguments"])}
    for part in filter(None, _COMMA.split(match["arguments"])):
        if part == "*":
            keyword_only = True
            continue
        arguments.append(_argument(part, keyword_only, "self_" if "input" in names else "input"))
    results = match["results"]
    parts = _COMMA.split(results.strip("()")) if results != "()" else []
    return Schema(
        name=match["name"].removeprefix("aten::"),
        arguments=tuple(arguments),
        results=tuple(part.partition(" ")[2] for part in parts),
        variadic_result=results.startswith("Tensor[]"),
    )


def _argument(text: str, keyword_only: bool, self_name: str) -> Argument:
    match = _ARGUMENT.fullmatch(text)
    if match is None:
        raise ValueError(f"not an argument of a schema: {text}")
    type, schema_name = match["type"], match["name"]
    size = _SIZE.search(type)
    plain = _SIZE.sub("[]", type)
    kind = _KINDS.get(plain.removesuffix("?"))
    if kind is None:
        raise ValueError(f"no dialect form for the argument {text}")
    if schema_name in _DROPPED_NAMES:
        kind = "dropped"
    name = self_name if schema_name == "self" else schema_name
    if keyword.iskeyword(name):
        name += "_"
    return Argument(
        schema_name=schema_name,
        name="" if kind == "dropped" else name,
        kind=kind,
        nullable=plain.endswith("?"),
        nullable_elements="?[]" in plain,
        keyword_only=keyword_only,
        default=match["default"],
        length=int(size[1]) if size else 0,
    )
