"""One graph node at a time: the operation that it stands for."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import torch
from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Block, Operation, SSAValue

from forge.dialects.aten import OperatorOp
from forge.dialects.forge import ConstantOp
from forge.importer import arguments
from forge.importer.arguments import Unrepresentable
from forge.importer.decompositions import decompose, decomposition_of
from forge.importer.locations import node_location, origin_of, refuse
from forge.importer.mutation import AUTOGRAD_ONLY, InPlace
from forge.importer.operators import (
    Operator,
    called_operator,
    full_name,
    has_results,
    is_mutable,
    schema_of,
)
from forge.importer.support import region_inputs, region_of
from forge.importer.types import fake_type, node_types, node_value
from forge.ir.attributes import dense

_NUMBERING = re.compile(r"(_\d+)+$")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_$.-]")
_METADATA_ASSERTION = "aten::_assert_tensor_metadata"
_CONSTANT_ASSERTION = "aten::_assert_scalar"

Lazy = Callable[[], SSAValue]
"""Makes the value of a placeholder when a node first uses it."""


@lru_cache(maxsize=65536)
def name_hint(name: str) -> str | None:
    """A name for values, without a number: the printer numbers values of one name itself."""
    return _NUMBERING.sub("", _NOT_IN_NAMES.sub("_", name)) or None


class NodeImporter:
    """Imports graphs into a block; what each node stands for is kept by node.

    Attributes:
        block: where operations go.
        values: an SSA value, a sequence of them, a static value or a `Lazy` by node.
    """

    def __init__(self, block: Block, in_place: Mapping[Node, InPlace]) -> None:
        self.block = block
        self.values: dict[Node, Any] = {}
        self._in_place = in_place

    def import_graph(
        self, graph_module: GraphModule, inputs: Sequence[Any] | None = None
    ) -> list[Any]:
        """Import every node of a graph and return what its outputs stand for.

        Args:
            graph_module: the graph.
            inputs: what its placeholders stand for; `None` if they are in `values` already.

        Raises:
            ForgeError: a node cannot be imported.
        """
        if inputs is not None:
            placeholders = graph_module.graph.find_nodes(op="placeholder")
            self.values.update(zip(placeholders, inputs, strict=True))
        for node in graph_module.graph.nodes:
            if node.op == "call_function":
                self.values[node] = self._call(node, graph_module)
            elif node.op == "get_attr":
                self.values[node] = self._attribute(node, graph_module)
            elif node.op == "output":
                return self._outputs(node)
            elif node.op != "placeholder":
                refuse(node, f"the graph has a {node.op}, which no exported program has")
        return []

    def value_of(self, node: Node) -> Any:
        """What a node stands for; a weight appears in the program where it is first used."""
        value = self.values[node]
        if callable(value):
            value = self.values[node] = cast(Lazy, value)()
        return value

    def insert(self, op: Operation, node: Node) -> Sequence[SSAValue]:
        """Append an operation that computes what `node` does."""
        self.block.add_op(op)
        hint = name_hint(origin_of(node).name)
        for result in op.results:
            result.name_hint = hint
        return op.results

    def _outputs(self, node: Node) -> list[Any]:
        outputs = node.args[0]
        sequence = outputs if isinstance(outputs, list | tuple) else [outputs]
        return [
            self.value_of(item) if isinstance(item, Node) else item
            for item in cast("Sequence[Any]", sequence)
        ]

    def _attribute(self, node: Node, graph_module: GraphModule) -> Any:
        value = getattr(graph_module, cast(str, node.target))
        if isinstance(value, GraphModule):
            return value
        if not isinstance(value, torch.Tensor) or value.is_meta or hasattr(value, "fake_mode"):
            refuse(node, f"the graph refers to {node.target}, a {type(value).__name__}")
        dtype = fake_type(value, node).element_type
        return self._constant(dense(value.numpy(), dtype), node)

    def _constant(self, value: DenseIntOrFPElementsAttr, node: Node) -> SSAValue:
        return self.insert(ConstantOp(value, node_location(node)), node)[0]

    # -- calls -------------------------------------------------------------------------------

    def _call(self, node: Node, graph_module: GraphModule) -> Any:
        if node.target is operator.getitem:
            sequence, index = cast("tuple[Node, int]", node.args)
            return self.value_of(sequence)[index]
        if (target := called_operator(node)) is not None:
            return self._call_operator(node, target)
        inputs = [
            self.values[argument] if isinstance(argument, Node) else argument
            for argument in region_inputs(node)
        ]
        return self.import_graph(region_of(node, graph_module), inputs)

    def _call_operator(self, node: Node, target: Operator) -> Any:
        if (in_place := self._in_place.get(node)) is not None:
            result = self._functional(node, in_place.operator)
            self.values.update(dict.fromkeys(in_place.replaces, result))
            return result
        if is_mutable(target):
            return self._mutable(node, target)
        if not has_results(target):
            return self._assertion(node, target)
        return self._functional(node, target)

    def _mutable(self, node: Node, target: Operator) -> Any:
        if target.name() in AUTOGRAD_ONLY:
            # A tensor's place in autograd's graph changes nothing about its value.
            return self.value_of(cast(Node, node.args[0]))
        return refuse(node, f"{target} modifies its arguments in place")

    def _assertion(self, node: Node, target: Operator) -> None:
        """Drop an assertion that is known to hold; refuse any other operator without results."""
        if target.name() == _CONSTANT_ASSERTION:
            # Only constant ones come here (see `support`), and constant-false ones do not.
            return
        if target.name() != _METADATA_ASSERTION:
            refuse(node, f"{target} computes nothing; only assertions may do that")
        value = node_value(cast(Node, node.args[0]))
        given = dict(zip(("a", "size", "stride", "dtype"), node.args, strict=False)) | node.kwargs
        # Strides and devices are no part of a tensor's value, so they are not looked at.
        for name, actual in (("size", tuple(value.shape)), ("dtype", value.dtype)):
            wanted = given.get(name)
            wanted = tuple(wanted) if isinstance(wanted, list | tuple) else wanted
            if wanted is not None and wanted != actual:
                refuse(node, f"the model expects {name} {wanted} here, but it is {actual}")

    # -- operators ---------------------------------------------------------------------------

    def _functional(self, node: Node, target: Operator) -> Any:
        try:
            return self._schema_op(node, target)
        except Unrepresentable:
            return self._decomposed(node, target)

    def _schema_op(self, node: Node, target: Operator) -> Any:
        plan = arguments.plan_of(target)
        if plan is None:
            raise Unrepresentable(str(target))
        bound = plan.bind(node.args, node.kwargs)
        if (number := arguments.number_for_tensor(bound)) is not None:
            variant = arguments.scalar_variant(target, number.schema_name)
            plan = variant or plan
            bound = plan.bind(
                *self._without_numbers(node, target)
                if variant is None
                else (node.args, node.kwargs)
            )
        types, is_list = node_types(node)
        op = plan.build(bound, self.value_of, types, node_location(node))
        results = self.insert(op, node)
        return tuple(results) if is_list else results[0]

    def _decomposed(self, node: Node, target: Operator) -> Any:
        function = decomposition_of(target)
        traced = None if function is None else decompose(node, target, function)
        if traced is None:
            return self._operator_op(node, target)
        graph_module, inputs = traced
        outputs = self.import_graph(graph_module, [self.values[item] for item in inputs])
        types, is_list = node_types(node)
        computed = [output.type for output in outputs]
        if computed != types:
            refuse(node, f"{target} decomposes into {computed}; expected {types}")
        return tuple(outputs) if is_list else outputs[0]

    def _operator_op(self, node: Node, target: Operator) -> Any:
        """Keep an operator that nothing is known about, with all its arguments."""
        args, kwargs = self._without_numbers(node, target)
        try:
            operands, static = arguments.by_name(target, args, kwargs, self.value_of)
        except Unrepresentable as error:
            refuse(node, f"{target} has an argument that no program text can hold: {error}")
        types, is_list = node_types(node)
        op = OperatorOp(full_name(target), operands, static, types, node_location(node))
        results = self.insert(op, node)
        return tuple(results) if is_list else results[0]

    def _without_numbers(self, node: Node, target: Operator) -> tuple[list[Any], dict[str, Any]]:
        """A call's arguments, with constants for numbers that stand where tensors belong."""
        args: list[Any] = list(node.args)
        kwargs: dict[str, Any] = dict(node.kwargs)
        for index, argument in enumerate(schema_of(target).arguments):
            if not isinstance(argument.type, torch.TensorType):
                continue
            if index < len(args) and isinstance(args[index], bool | int | float):
                args[index] = self._number(args[index], node)
            elif isinstance(kwargs.get(argument.name), bool | int | float):
                kwargs[argument.name] = self._number(kwargs[argument.name], node)
        return args, kwargs

    def _number(self, number: float, node: Node) -> SSAValue:
        tensor = number_as_tensor(number, [node_value(item) for item in node.all_input_nodes])
        dtype = fake_type(tensor, node).element_type
        return self._constant(dense(tensor.numpy(), dtype), node)


def number_as_tensor(number: float, others: Sequence[torch.Tensor]) -> torch.Tensor:
    """A tensor of rank 0 that an operator treats like a Python number among its other operands.

    A number has a kind but no width, so it never widens a tensor; as far as possible it keeps all
    its digits, as PyTorch's kernels do.
    """
    widest = torch.tensor(number, dtype=torch.float64 if isinstance(number, float) else None)
    for other in others:
        narrow = torch.result_type(other, number)
        if torch.result_type(other, widest) != narrow:
            return widest.to(narrow)
    return widest
