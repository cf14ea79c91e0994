"""A call's arguments, matched with the operator's schema, as operands and properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import torch
from torch.fx import Node
from xdsl.dialects.builtin import LocationAttr
from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten
from forge.dialects.aten import Argument, AtenOp
from forge.importer.locations import refuse
from forge.importer.operators import (
    Operator,
    argument_names,
    full_name,
    operator_name,
    sibling,
)
from forge.ir.torch_types import TO_ELEMENT_TYPE

ValueOf = Callable[[Node], Any]
"""What a node stands for in the program: an SSA value, a tuple of them, or a static value."""

_CLASSES = {op_class.name: op_class for op_class in aten.ops.OPERATIONS}


class Unrepresentable(Exception):
    """An operation class cannot hold these arguments (a complex number, say)."""


@dataclass(frozen=True)
class Plan:
    """How to build one operation class from a call of its operator."""

    op_class: type[AtenOp]
    arguments: tuple[Argument, ...]
    by_name: Mapping[str, Argument]

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[tuple[Argument, Any]]:
        """The given arguments, each with its place in the schema."""
        bound = list(zip(self.arguments, args, strict=False))
        bound += [(self.by_name[name], value) for name, value in kwargs.items()]
        return bound

    def build(
        self,
        bound: Sequence[tuple[Argument, Any]],
        value_of: ValueOf,
        result_types: Sequence[Attribute],
        location: LocationAttr,
    ) -> AtenOp:
        """The operation on these arguments.

        Raises:
            Unrepresentable: a value has no form in the dialect.
        """
        constructor = cast("Callable[..., AtenOp]", self.op_class)
        values = {
            argument.name: _convert(argument, value, value_of)
            for argument, value in bound
            if argument.kind != "dropped"
        }
        return constructor(**values, result_types=result_types, location=location)


@cache
def plan_of(operator: Operator) -> Plan | None:
    """How to build the operation for an operator; `None` if the dialect has none."""
    op_class = _CLASSES.get(operator_name(operator))
    if op_class is None:
        return None
    arguments = op_class.arguments()
    return Plan(op_class, arguments, {argument.schema_name: argument for argument in arguments})


@cache
def scalar_variant(operator: Operator, number: str) -> Plan | None:
    """The overload that takes a number where `operator` takes the tensor called `number`.

    PyTorch's own conversion of a number to a tensor takes the number's kind, not its type, into
    type promotion; the overload for numbers keeps that, a constant tensor would not.
    """
    _, name, overload = full_name(operator).split(".")
    scalar = "Scalar" if overload == "default" else overload.replace("Tensor", "Scalar", 1)
    variant = None if scalar == overload else sibling(operator, name, scalar)
    plan = None if variant is None else plan_of(variant)
    if variant is None or plan is None or argument_names(variant) != argument_names(operator):
        return None
    return plan if plan.by_name[number].kind == "scalar" else None


def number_for_tensor(bound: Sequence[tuple[Argument, Any]]) -> Argument | None:
    """The first argument that is a number where the schema says tensor."""
    for argument, value in bound:
        if argument.kind == "tensor" and isinstance(value, bool | int | float):
            return argument
    return None


def _convert(argument: Argument, value: Any, value_of: ValueOf) -> Any:
    if value is None:
        if argument.default not in (None, "None"):
            raise Unrepresentable(f"{argument.schema_name} = None")
        return None
    match argument.kind:
        case "tensor":
            return operand(value, value_of)
        case "tensors":
            return [None if item is None else operand(item, value_of) for item in value]
        case "ints" | "floats" | "bools" if not isinstance(value, list | tuple):
            return [value] * (argument.length or 1)
        case "ints" | "floats" | "bools":
            return list(cast("Sequence[Any]", value))
        case "scalar" if isinstance(value, complex):
            raise Unrepresentable(f"{argument.schema_name} = {value}")
        case _:
            return static_value(value)


def operand(value: Any, value_of: ValueOf) -> SSAValue:
    """The SSA value of what stands in an operand's place."""
    found: object = value_of(value) if isinstance(value, Node) else value
    if isinstance(found, SSAValue):
        return cast("SSAValue", found)
    if isinstance(value, Node):
        refuse(value, f"{value.name} is used as a tensor but is a {type(found).__name__}")
    raise Unrepresentable(f"{value!r} instead of a tensor")


def static_value(value: Any) -> Any:
    """A static argument as the attribute conversion takes it.

    Raises:
        Unrepresentable: it has no form in the dialect.
    """
    if isinstance(value, torch.dtype) and value in TO_ELEMENT_TYPE:
        return TO_ELEMENT_TYPE[value]
    if isinstance(value, torch.memory_format):
        return str(value).removeprefix("torch.")
    if isinstance(value, list | tuple):
        return [static_value(item) for item in cast("Sequence[Any]", value)]
    if isinstance(value, bool | int | float | str):
        return value
    raise Unrepresentable(repr(value))


def by_name(
    operator: Operator, args: Sequence[Any], kwargs: Mapping[str, Any], value_of: ValueOf
) -> tuple[dict[str, SSAValue | list[SSAValue | None]], dict[str, Any]]:
    """All given arguments of any operator by the schema's names: operands, and static ones.

    Where a tensor lies (device, layout) is left out, as everywhere in the dialect.

    Raises:
        Unrepresentable: a value has no form in the dialect.
    """
    operands: dict[str, SSAValue | list[SSAValue | None]] = {}
    static: dict[str, Any] = {}
    for name, value in {
        **dict(zip(argument_names(operator), args, strict=False)),
        **kwargs,
    }.items():
        if isinstance(value, Node | SSAValue):
            operands[name] = operand(value, value_of)
        elif _is_tensor_list(value):
            operands[name] = [None if item is None else operand(item, value_of) for item in value]
        elif not isinstance(value, torch.device | torch.layout) and name != "pin_memory":
            static[name] = None if value is None else static_value(value)
    return operands, static


def _is_tensor_list(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return False
    return any(isinstance(item, Node) for item in cast("Sequence[object]", value))
