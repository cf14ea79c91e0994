"""What goes into a program and what comes out of it: names, shapes, element types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
BUFFER = "forge.buffer"
"""Marks an argument and a result that are a buffer's value before and after a run."""


@dataclass(frozen=True)
class Port:
    """An input or output of a program.

    Attributes:
        name: what the user calls it.
        type: its shape and element type.
        buffer: the buffer of the model that it is the value of, for state that a program keeps.
    """

    name: str
    type: Shaped
    buffer: str | None = None

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
    return _ports(arguments, function.arg_attrs, "input", function)


def output_ports(function: FuncOp) -> list[Port]:
    """The outputs of a `reg` function."""
    return _ports(returned_values(function), function.res_attrs, "output", function)


def _ports(
    values: Sequence[SSAValue], attributes: ArrayAttr[Any] | None, kind: str, function: FuncOp
) -> list[Port]:
    entries = cast("Sequence[DictionaryAttr]", attributes.data) if attributes is not None else ()
    ports: list[Port] = []
    for index, value in enumerate(values):
        if not isinstance(value.type, RegisterType):
            raise ForgeError(
                f"{kind} #{index} is a {value.type}, not a register",
                op=function,
                hint="lower the program first: convert-to-reg",
            )
        named: Mapping[str, Attribute] = entries[index].data if index < len(entries) else {}
        ports.append(
            Port(
                _string(named.get(NAME)) or f"{kind}_{index}",
                Shaped(value.type.shape, value.type.dtype),
                _string(named.get(BUFFER)),
            )
        )
    return ports


def _string(attribute: Attribute | None) -> str | None:
    return attribute.data if isinstance(attribute, StringAttr) else None
