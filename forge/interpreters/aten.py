"""What `aten` operations mean: PyTorch's own operators, called by their schemas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

import torch
from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten
from forge.errors import ForgeError
from forge.interpreters.registry import Values, interprets
from forge.ir.torch_schema import Argument
from forge.ir.torch_types import torch_dtype

Operator = Callable[..., torch.Tensor | Sequence[torch.Tensor]]
# The reference runs on the CPU: devices are a matter of the reg level.
_DEVICE = torch.device("cpu")


@interprets(*aten.ops.OPERATIONS)
def operator(op: aten.AtenOp, values: Values) -> torch.Tensor | Sequence[torch.Tensor]:
    """The operator that the operation is named after, on its operands and properties."""
    groups = op.operand_groups()
    positional: list[Any] = []
    keyword: dict[str, Any] = {}
    for argument in op.arguments():
        if argument.is_operand:
            value = _tensors(groups[argument.name], values)
        else:
            value = _static(argument, op)
        if not argument.keyword_only:
            positional.append(value)
        elif argument.kind != "dropped":
            keyword[argument.schema_name] = value
    return find_operator(op.name)(*positional, **keyword)


@interprets(aten.OperatorOp)
def any_operator(op: aten.OperatorOp, values: Values) -> torch.Tensor | Sequence[torch.Tensor]:
    """The operator that stands in the text, on its operands and arguments by name."""
    name = op.operator.data
    arguments: dict[str, Any] = {
        key: _tensors(group, values) for key, group in op.operands_by_name().items()
    }
    types = {item.name: str(item.type) for item in find_schema(name).arguments}
    for key, value in op.static_arguments().items():
        arguments[key] = _python_value(value, types.get(key, ""))
    return find_operator(name)(**arguments)


@cache
def find_operator(name: str) -> Operator:
    """PyTorch's operator `namespace.name.overload`; without an overload, the default one.

    Raises:
        ForgeError: no such operator is registered.
    """
    namespace, _, rest = name.partition(".")
    packet, _, overload = rest.partition(".")
    try:
        return getattr(getattr(getattr(torch.ops, namespace), packet), overload or "default")
    except AttributeError as error:
        hint = "import the package that registers it"
        raise ForgeError(f"PyTorch has no operator {name}", hint=hint) from error


def find_schema(name: str) -> torch.FunctionSchema:
    """The schema of an operator (see `find_operator`)."""
    return cast(Any, find_operator(name))._schema


def _tensors(
    group: SSAValue | list[SSAValue | None] | None, values: Values
) -> torch.Tensor | list[torch.Tensor | None] | None:
    if isinstance(group, list):
        return [values.optional(member) for member in group]
    return values.optional(group)


def _static(argument: Argument, op: aten.AtenOp) -> Any:
    if argument.kind == "dropped":
        return None if argument.nullable or argument.schema_name != "device" else _DEVICE
    value = op.get(argument.name)
    if argument.kind == "dtype" and value is not None:
        return torch_dtype(cast(Attribute, value))
    if argument.kind == "memory_format" and value is not None:
        return getattr(torch, value)
    return value


def _python_value(value: Any, type: str) -> Any:
    """A static argument as PyTorch takes it; `type` is what the schema declares."""
    if isinstance(value, Attribute):
        return torch_dtype(value)
    if isinstance(value, str) and "str" not in type:
        # An enumeration that the schema declares as a number: a memory format.
        return getattr(torch, value)
    return value
