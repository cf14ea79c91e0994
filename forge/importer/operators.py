"""PyTorch's operators and graph nodes, with the types and names that PyTorch does not give them."""

# PyTorch keeps an operator's schema and a storage's identity in private attributes, and types
# neither `Node.target` nor the contents of sequences.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

import torch
from torch._ops import HigherOrderOperator, OpOverload
from torch.fx import Node
from torch.fx.node import map_arg

Operator = OpOverload[..., Any]
"""One overload of an operator."""


def called_operator(node: Node) -> Operator | None:
    """The operator that a node calls; `None` if it calls something else, or nothing."""
    return node.target if isinstance(node.target, OpOverload) else None


def called_region(node: Node) -> str | None:
    """The name of the higher-order operator that a node calls; `None` if it calls none."""
    return node.target.name() if isinstance(node.target, HigherOrderOperator) else None


def operator_name(operator: Operator) -> str:
    """`aten.add.Tensor`, `aten.linear`: as the dialect's operations are called."""
    return operator.name().replace("::", ".", 1)


def full_name(operator: Operator) -> str:
    """`aten.add.Tensor`, `aten.linear.default`: with the overload in any case."""
    return f"{operator.namespace}.{operator._opname}.{operator._overloadname}"


def schema_of(operator: Operator) -> torch.FunctionSchema:
    """The operator's signature."""
    return operator._schema


def argument_names(operator: Operator) -> list[str]:
    """The names of all arguments, in order."""
    return [argument.name for argument in operator._schema.arguments]


@cache
def is_mutable(operator: Operator) -> bool:
    """Whether the operator says that it modifies an argument."""
    return operator._schema.is_mutable


@cache
def has_results(operator: Operator) -> bool:
    """Whether the operator returns anything."""
    return bool(operator._schema.returns)


@cache
def is_seeded(operator: Operator) -> bool:
    """Whether the operator may draw random numbers."""
    return torch.Tag.nondeterministic_seeded in operator.tags


def given_argument(node: Node, operator: Operator, name: str) -> Any:
    """The value of an argument of a call, or its default; `None` if there is no such argument."""
    for index, argument in enumerate(operator._schema.arguments):
        if argument.name == name:
            given = node.args[index] if index < len(node.args) else node.kwargs.get(name)
            return argument.default_value if given is None else given
    return None


def returns_alias(operator: Operator) -> bool:
    """Whether the operator says that a result may share memory with an argument."""
    return any(result.alias_info is not None for result in operator._schema.returns)


def written_arguments(node: Node, operator: Operator) -> list[Node]:
    """The nodes whose tensors a call modifies."""
    written: list[Node] = []
    for index, argument in enumerate(operator._schema.arguments):
        given = node.args[index] if index < len(node.args) else node.kwargs.get(argument.name)
        writes = argument.alias_info is not None and argument.alias_info.is_write
        if writes and isinstance(given, Node):
            written.append(given)
    return written


def sibling(operator: Operator, name: str, overload: str) -> Operator | None:
    """The operator called `name` with this overload in the same namespace, if there is one."""
    packet = getattr(getattr(torch.ops, operator.namespace), name, None)
    if packet is None or overload not in packet.overloads():
        return None
    return getattr(packet, overload)


def functional_variant(operator: Operator) -> Operator | None:
    """`add_.Tensor` → `add.Tensor`, if it takes the same arguments."""
    name = operator._opname
    if not name.endswith("_") or name.endswith("__"):
        return None
    variant = sibling(operator, name.removesuffix("_"), operator._overloadname)
    if variant is None or variant._schema.is_mutable:
        return None
    return variant if argument_names(variant) == argument_names(operator) else None


def composite_kernel(operator: Operator) -> Callable[..., Any] | None:
    """The operator's own definition by simpler ones, if it has one."""
    return operator.decompose if operator._can_decompose() else None


def tensors_in(value: object) -> list[torch.Tensor]:
    """The tensors that a node computes: one, or those in a list."""
    if isinstance(value, torch.Tensor):
        return [value]
    if not isinstance(value, list | tuple):
        return []
    return [item for item in cast("Sequence[object]", value) if isinstance(item, torch.Tensor)]


def storage_identity(tensor: torch.Tensor) -> int:
    """A number that tensors in the same memory share, as long as they live; also fake ones."""
    return tensor.untyped_storage()._cdata


def call_on(node: Node, function: Callable[..., Any], value_of: Callable[[Node], Any]) -> Any:
    """Call `function` with the arguments of `node`, values in the place of nodes."""
    args, kwargs = cast("tuple[Any, Any]", map_arg((node.args, node.kwargs), value_of))
    return function(*args, **kwargs)


def like(value: object) -> object:
    """A new tensor of a fake tensor's shape, strides and dtype; other values as they are."""
    if not isinstance(value, torch.Tensor):
        return value
    return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype)
