"""What `@main` of a program takes and gives, at any level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute, SSAValue

from forge.backends.ports import BUFFER, NAME, Port, main_function, returned_values
from forge.errors import ForgeError
from forge.ir.tensors import Shaped, shaped


def program_ports(module: ModuleOp) -> tuple[list[Port], list[Port]]:
    """The inputs and outputs of a program.

    Raises:
        ForgeError: there is no `@main`, or it takes or returns something else than tensors.
    """
    function = main_function(module)
    arguments, results = function.body.block.args, returned_values(function)
    return (
        _ports(arguments, function.arg_attrs, "input"),
        _ports(results, function.res_attrs, "output"),
    )


def _ports(values: Sequence[SSAValue], attributes: ArrayAttr[Any] | None, kind: str) -> list[Port]:
    entries = cast("Sequence[DictionaryAttr]", attributes.data) if attributes is not None else ()
    ports: list[Port] = []
    for index, value in enumerate(values):
        named: Mapping[str, Attribute] = entries[index].data if index < len(entries) else {}
        name = _string(named.get(NAME)) or f"{kind}_{index}"
        ports.append(
            Port(name, _tensor_type(value, f"{kind} {name!r}"), _string(named.get(BUFFER)))
        )
    return ports


def _tensor_type(value: SSAValue, what: str) -> Shaped:
    try:
        # A register's type wraps the tensor's.
        return shaped(cast(Attribute, getattr(value.type, "tensor", value.type)))
    except TypeError as error:
        raise ForgeError(f"{what} of @main is no tensor: {error}") from error


def _string(attribute: Attribute | None) -> str | None:
    return attribute.data if isinstance(attribute, StringAttr) else None
