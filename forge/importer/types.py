"""The types of what graph nodes compute, from the fake tensors that tracing left on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch.fx import Node
from xdsl.dialects.builtin import TensorType

from forge.importer.locations import refuse
from forge.importer.operators import tensors_in
from forge.ir.tensors import tensor_type
from forge.ir.torch_types import TO_ELEMENT_TYPE


def node_value(node: Node) -> Any:
    """What tracing says that a node computes: a fake tensor, a list of them, or a number."""
    return node.meta.get("val")


def node_types(node: Node) -> tuple[list[TensorType], bool]:
    """The types of a node's results, and whether the node stands for a list of tensors.

    Raises:
        ForgeError: it computes something that is not a dense tensor of fixed size.
    """
    value: object = node_value(node)
    if isinstance(value, torch.Tensor):
        return [fake_type(value, node)], False
    items = list(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else [value]
    for item in items:
        if not isinstance(item, torch.Tensor):
            refuse(node, f"{node.target} computes a {type(item).__name__} instead of a tensor")
    return [fake_type(tensor, node) for tensor in tensors_in(items)], True


def fake_type(tensor: torch.Tensor, node: Node) -> TensorType:
    """The type of a tensor that `node` computes.

    Raises:
        ForgeError: it is not dense, or has a dtype that Forge does not know.
    """
    if tensor.layout is not torch.strided:
        refuse(node, f"{node.name} is a {tensor.layout} tensor; only dense ones are supported")
    dtype = TO_ELEMENT_TYPE.get(tensor.dtype)
    if dtype is None:
        refuse(node, f"{node.name} has dtype {tensor.dtype}, which Forge does not know")
    return tensor_type(tensor.shape, dtype)
