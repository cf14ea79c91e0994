"""What Forge refuses by name: sizes that are not numbers, control flow that stays in the graph."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import cast

import torch
from torch.fx import GraphModule, Node

from forge.importer.locations import refuse
from forge.importer.operators import (
    Operator,
    called_operator,
    called_region,
    given_argument,
    is_seeded,
    tensors_in,
)
from forge.importer.types import node_value

# Regions with another autograd or autocast mode. Forge compiles inference, so the first means
# nothing; the second nothing when autocast is off (see `mutation` for when it is on).
_GRAD_REGION = "wrap_with_set_grad_enabled"
_AUTOCAST_REGION = "wrap_with_autocast"
_CONTROL_FLOW = {
    "cond": "torch.cond",
    "while_loop": "torch.while_loop",
    "map_impl": "map",
    "scan": "scan",
    "associative_scan": "associative_scan",
}
_FUNCTIONALIZED = ("auto_functionalized", "auto_functionalized_v2")
_ASSERTIONS = ("aten::_assert_scalar", "aten::_assert_async", "aten::_assert_async.msg")
_EXPORT_FIXED = "export with that number fixed, without dynamic_shapes for it"
_NO_DATA = "a compiled program has fixed shapes; compute this outside of the compiled model"


def check_supported(graph_module: GraphModule) -> None:
    """Check every node of a graph, and of the regions in it that are inlined.

    Raises:
        ForgeError: one is not supported; the message names it and its source line.
    """
    for node in graph_module.graph.nodes:
        _check_value(node)
        if node.op == "call_function":
            _check_call(node)
    for _, region in inlined_regions(graph_module):
        check_supported(region)


def inlined_regions(graph_module: GraphModule) -> Iterator[tuple[Node, GraphModule]]:
    """The calls of regions that differ from the code around them in a mode only."""
    for node in graph_module.graph.nodes:
        if called_region(node) is not None:
            yield node, region_of(node, graph_module)


def region_of(node: Node, graph_module: GraphModule) -> GraphModule:
    """The graph that a region call runs."""
    return cast(GraphModule, getattr(graph_module, cast(str, _region_arguments(node)[0].target)))


def region_inputs(node: Node) -> Sequence[Node | int]:
    """What a region call hands to its region: what nodes compute, and sizes."""
    return _region_arguments(node)[1:]


def autocasts(node: Node) -> bool:
    """Whether a region call switches autocast on."""
    return called_region(node) == _AUTOCAST_REGION and bool(node.args[2])


def _region_arguments(node: Node) -> list[Node]:
    # wrap_with_set_grad_enabled(enabled, region, *inputs)
    # wrap_with_autocast(device, dtype, enabled, cache, region, *inputs)
    modes = 1 if called_region(node) == _GRAD_REGION else 4
    return cast("list[Node]", list(node.args[modes:]))


def _check_value(node: Node) -> None:
    value = node_value(node)
    for tensor in tensors_in(value):
        for dimension, extent in enumerate(tensor.shape):
            if type(extent) is not int:
                _refuse_shape(node, tensor, dimension)
    if not isinstance(value, torch.SymInt | torch.SymFloat | torch.SymBool):
        return
    if node.op == "placeholder":
        refuse(node, f"input {node.name!r} is a symbolic number", _EXPORT_FIXED)
    refuse(node, f"{node.target} reads a number out of a tensor", _NO_DATA)


def _refuse_shape(node: Node, tensor: torch.Tensor, dimension: int) -> None:
    if node.op == "placeholder":
        size = f"{tensor.shape[dimension]}, in dimension {dimension}"
        refuse(node, f"input {node.name!r} has a symbolic size, {size}", _EXPORT_FIXED)
    shape = ", ".join(map(str, tensor.shape))
    refuse(node, f"the shape of {node.target}'s result, [{shape}], depends on data", _NO_DATA)


def _check_call(node: Node) -> None:
    if (target := called_operator(node)) is not None:
        if target.name() in _ASSERTIONS and not _is_true(node.args[0]):
            message = f"{target} checks data when the program runs, which is not supported"
            refuse(node, message, "remove the check from the model")
        if is_seeded(target):
            _check_random(node, target)
    elif (region := called_region(node)) is not None:
        _check_region(node, region)
    elif node.target is not operator.getitem:
        name = getattr(node.target, "__name__", node.target)
        refuse(node, f"the graph calls {name}, which is no operator on tensors", _NO_DATA)


def _check_random(node: Node, target: Operator) -> None:
    message = f"{target} draws random numbers, so that the program has no right answer"
    for mode in ("train", "training", "dropout_p"):
        if (given := given_argument(node, target, mode)) is None:
            continue
        if not given:
            return
        refuse(node, message, "call the model's eval() before exporting it")
    refuse(node, message, "make the random numbers an input of the model")


def _is_true(value: object) -> bool:
    return isinstance(value, bool | int | float) and bool(value)


def _check_region(node: Node, name: str) -> None:
    if name in (_GRAD_REGION, _AUTOCAST_REGION):
        return
    if name in _CONTROL_FLOW:
        message = f"control flow in the graph is not supported: {_CONTROL_FLOW[name]}"
        refuse(node, message, "decide outside of the model, or compile one model a branch")
    if name in _FUNCTIONALIZED:
        refuse(node, f"the custom operator {node.args[0]} modifies its arguments in place")
    refuse(node, f"the higher-order operator {name} is not supported")
