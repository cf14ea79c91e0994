"""What goes into a program and what comes out of it: names, shapes, element types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, SSAValue

from forge.dialects.reg.types import RegisterType
from forge.errors import ForgeError
from forge.ir.tensors import Shaped

NAME = "forge.name"
"""The argument and result attribute with the name that the user knows."""


@dataclass(frozen=True)
class Port:
    """An input or output of a program."""

    name: str
    type: Shaped

    def __str__(self) -> str:
        return f"{self.name}: {self.type}"


def main_function(module: ModuleOp) -> FuncOp:
    """The function that a program starts with.

    Raises:
        ForgeError: there is none, it has no body, or the body has several blocks.
    """
    for op in module.ops:
        if isinstance(op, FuncOp) and op.sym_name.data == "main":
            if len(op.body.blocks) != 1:
                raise ForgeError("@main must have a body of one block", op=op)
            return op
    raise ForgeError("the program has no function @main")


def returned_values(function: FuncOp) -> Sequence[SSAValue]:
    """The values that a function returns.

    Raises:
        ForgeError: it does not end with a return.
    """
    last = function.body.block.last_op
    if not isinstance(last, ReturnOp):
        raise ForgeError(f"@{function.sym_name.data} does not end with func.return", op=function)
    return last.operands


def input_ports(function: FuncOp) -> list[Port]:
    """The inputs of a `reg` function."""
    arguments = function.body.block.args
    return _ports(arguments, _names(function.arg_attrs), "input", function)


def output_ports(function: FuncOp) -> list[Port]:
    """The outputs of a `reg` function."""
    return _ports(returned_values(function), _names(function.res_attrs), "output", function)


def _names(attributes: ArrayAttr[Any] | None) -> list[str | None]:
    if attributes is None:
        return []
    names: list[str | None] = []
    for entry in cast("ArrayAttr[DictionaryAttr]", attributes):
        name: Attribute | None = entry.data.get(NAME)
        names.append(name.data if isinstance(name, StringAttr) else None)
    return names


def _ports(
    values: Sequence[SSAValue], names: Sequence[str | None], kind: str, function: FuncOp
) -> list[Port]:
    ports: list[Port] = []
    for index, value in enumerate(values):
        if not isinstance(value.type, RegisterType):
            raise ForgeError(
                f"{kind} #{index} is a {value.type}, not a register",
                op=function,
                hint="lower the program first: convert-to-reg",
            )
        name = names[index] if index < len(names) else None
        ports.append(Port(name or f"{kind}_{index}", Shaped(value.type.shape, value.type.dtype)))
    return ports
