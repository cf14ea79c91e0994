"""What `aten` operations mean: PyTorch's own operators, called by their schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    static = {a.name: op.get(a.name) for a in op.arguments() if a.name and not a.is_operand}
    tensors = {name: read_operand(group, values) for name, group in groups.items()}
    return call_operator(op.name, {**tensors, **static})


@interprets(aten.OperatorOp)
def any_operator(op: aten.OperatorOp, values: Values) -> torch.Tensor | Sequence[torch.Tensor]:
    """The operator that stands in the text, on its operands and arguments by name."""
    groups = op.operands_by_name()
    tensors = {name: read_operand(group, values) for name, group in groups.items()}
    arguments = _by_schema(op.operator.data, {**tensors, **op.static_arguments()})
    return find_operator(op.operator.data)(**arguments)


def call_operator(name: str, arguments: Mapping[str, Any]) -> torch.Tensor | Sequence[torch.Tensor]:
    """Call an operator by name, as the dialect's operation or as PyTorch names it.

    Args:
        name: `aten.add.Tensor`, or `namespace.name.overload` for operators of no class.
        arguments: tensors and Python values, under the names that the operation gives them.

    Raises:
        ForgeError: no such operator is registered.
    """
    operator, positional, keyword = resolve_call(name, arguments)
    return operator(*positional, **keyword)


def resolve_call(
    name: str, arguments: Mapping[str, Any]
) -> tuple[Operator, list[Any], dict[str, Any]]:
    """An operator, and what it takes: everything static as PyTorch wants it.

    Args:
        name: as in `call_operator`.
        arguments: Python values by name; tensors, or what stands for them, come back as they are.
            One that is missing has its default.

    Raises:
        ForgeError: no such operator is registered.
    """
    if (op_class := _operation_classes().get(name)) is not None:
        return find_operator(name), *_by_schema_of_class(op_class.arguments(), arguments)
    return find_operator(name), [], _by_schema(name, arguments)


def _by_schema(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    types = {item.name: str(item.type) for item in find_schema(name).arguments}
    return {key: _python_value(value, types.get(key, "")) for key, value in arguments.items()}


@cache
def _operation_classes() -> dict[str, type[aten.AtenOp]]:
    return {op_class.name: op_class for op_class in aten.ops.OPERATIONS}


def _by_schema_of_class(
    schema: Sequence[Argument], arguments: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    positional: list[Any] = []
    keyword: dict[str, Any] = {}
    complete = True
    for argument in schema:
        if argument.name not in arguments and argument.default is not None:
            # What comes after a gap is given by name.
            complete = False
            continue
        value = _python_argument(argument, arguments.get(argument.name))
        if complete and not argument.keyword_only:
            positional.append(value)
        elif argument.kind != "dropped":
            keyword[argument.schema_name] = value
    return positional, keyword


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


def read_operand(
    group: SSAValue | list[SSAValue | None] | None, values: Values
) -> torch.Tensor | list[torch.Tensor | None] | None:
    """The tensor of an operand, or those of a list, with `None` for what is absent."""
    if isinstance(group, list):
        return [values.optional(member) for member in group]
    return values.optional(group)


def _python_argument(argument: Argument, value: Any) -> Any:
    """What PyTorch takes for an argument of the dialect."""
    if argument.kind == "dropped":
        return None if argument.nullable or argument.schema_name != "device" else _DEVICE
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
