"""An exported program as `func.func @main` in the `aten` dialect."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import (
    ConstantArgument,
    InputKind,
    OutputKind,
    OutputSpec,
    TensorArgument,
)
from torch.fx import Node
from torch.utils import _pytree as pytree
from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute, Block, Region, SSAValue

from forge.dialects.forge import ConstantOp, WeightOp
from forge.importer.locations import refuse
from forge.importer.mutation import functional_program
from forge.importer.nodes import NodeImporter, name_hint
from forge.importer.specialize_shapes import specialize_shapes
from forge.importer.structure import Leaf, call_structure, describe, leaf_of
from forge.importer.support import check_supported
from forge.importer.types import fake_type, node_value
from forge.importer.weights import ProgramWeights, program_weights
from forge.ir.locations import make_location
from forge.structure import CallStructure, Kind, Structure
from forge.weights import ModuleWeights


@dataclass(frozen=True)
class ImportedProgram:
    """A program in the `aten` dialect, and what it takes to call it as one calls the model.

    Attributes:
        module: `func.func @main`; its arguments and results carry their names in `forge.name`.
        weights: the tensors it names.
        inputs: how a call's arguments become the tensors that `@main` takes.
        outputs: how the tensors that `@main` gives become the model's output.
        buffers: the buffers that the model modifies. Each is an argument of `@main` after the
            inputs and a result after the outputs, in this order, marked `forge.buffer`.
    """

    module: ModuleOp
    weights: ModuleWeights
    inputs: CallStructure
    outputs: Structure
    buffers: tuple[str, ...]
    _output_spec: pytree.TreeSpec

    def flatten(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[torch.Tensor]:
        """The tensors of a call, in the order of `@main`'s arguments.

        Raises:
            ForgeError: they are not those that the program was compiled for.
        """
        return self.inputs.flatten(args, kwargs)

    def unflatten(self, tensors: Sequence[torch.Tensor]) -> Any:
        """The model's output, in its own classes (`outputs.unflatten` does without them)."""
        rest = iter(tensors)
        leaves = [next(rest) if leaf is None else leaf.value for leaf in _leaves(self.outputs)]
        return pytree.tree_unflatten(leaves, self._output_spec)


def import_program(
    program: ExportedProgram, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> ImportedProgram:
    """Import an exported program.

    Args:
        program: what was exported.
        args: positional arguments of a call, for whose shapes the program is if it was exported
            for several; by default the shapes that it was exported with.
        kwargs: keyword arguments of that call.

    Raises:
        ForgeError: it has something that Forge does not support; the message names it and its
            line in the model's source.
    """
    program = specialize_shapes(program, args, kwargs)
    check_supported(program.graph_module)
    functional = functional_program(program)
    if functional.program is not program:
        program = functional.program
        check_supported(program.graph_module)
    with _no_garbage_collection():
        importer = NodeImporter(Block(), functional.in_place)
        return _ProgramImporter(program, importer).run()


class _ProgramImporter:
    """Builds the function around the graph."""

    def __init__(self, program: ExportedProgram, nodes: NodeImporter) -> None:
        self.program = program
        self.nodes = nodes
        self.weights: ProgramWeights = program_weights(program)
        signature = program.graph_signature
        self.outputs: list[OutputSpec] = signature.output_specs
        self.buffers = tuple(signature.buffers_to_mutate.values())
        self._by_weight: dict[str, SSAValue] = {}

    def run(self) -> ImportedProgram:
        arguments = self._arguments()
        values = self.nodes.import_graph(self.program.graph_module)
        inputs, outputs = call_structure(self.program), self._output_structure()
        results = self._results(values, outputs)
        function = self._function(arguments, results)
        return ImportedProgram(
            ModuleOp([function]),
            self.weights.store,
            inputs,
            outputs,
            self.buffers,
            cast(pytree.TreeSpec, self.program.call_spec.out_spec),
        )

    # -- arguments ---------------------------------------------------------------------------

    def _arguments(self) -> list[dict[str, Attribute]]:
        """Give each placeholder its value; the attributes of the function's arguments."""
        attributes: list[dict[str, Attribute]] = []
        states: dict[str, Node] = {}
        for node, spec in zip(
            self.program.graph.find_nodes(op="placeholder"),
            self.program.graph_signature.input_specs,
            strict=True,
        ):
            if isinstance(spec.arg, ConstantArgument):
                self.nodes.values[node] = spec.arg.value
            elif not isinstance(spec.arg, TensorArgument):
                refuse(node, f"input {node.name!r} is neither a tensor nor a constant")
            elif spec.kind is InputKind.USER_INPUT:
                self._argument(node)
                attributes.append({"forge.name": StringAttr(node.name)})
            elif spec.target in self.buffers:
                states[spec.target] = node
            else:
                self.nodes.values[node] = partial(self._weight, node)
        for name in self.buffers:
            self._argument(states[name])
            attributes.append({"forge.name": StringAttr(name), "forge.buffer": StringAttr(name)})
        return attributes

    def _argument(self, node: Node) -> None:
        block = self.nodes.block
        argument = block.insert_arg(fake_type(node_value(node), node), len(block.args))
        argument.name_hint = name_hint(node.name)
        self.nodes.values[node] = argument

    def _weight(self, node: Node) -> SSAValue:
        """The weight or constant of a placeholder, made where it is first used."""
        name = self.weights.names[node.name]
        if (known := self._by_weight.get(name)) is not None:
            return known
        type = fake_type(node_value(node), node)
        location = make_location(node.name, name.rpartition(".")[0])
        if (constant := self.weights.constants.get(node.name)) is not None:
            op, hint = ConstantOp(constant, location), name_hint(node.name)
        else:
            op, hint = WeightOp(name, type, location), _short_name(name)
        self.nodes.block.add_op(op)
        op.result.name_hint = hint
        self._by_weight[name] = op.result
        return op.result

    # -- results -----------------------------------------------------------------------------

    def _output_structure(self) -> Structure:
        leaves = [leaf_of(s.arg) for s in self.outputs if s.kind is OutputKind.USER_OUTPUT]
        out_spec = cast(pytree.TreeSpec, self.program.call_spec.out_spec)
        return describe(out_spec, iter(leaves), "the outputs")

    def _results(
        self, values: Sequence[Any], structure: Structure
    ) -> list[tuple[SSAValue, dict[str, Attribute]]]:
        """The function's results and their attributes: outputs first, then buffers."""
        paths = iter([path or "output" for path in structure.paths()])
        results: list[tuple[SSAValue, dict[str, Attribute]]] = []
        buffers: dict[str, SSAValue] = {}
        for value, spec in zip(values, self.outputs, strict=True):
            if not isinstance(spec.arg, TensorArgument):
                continue
            if spec.kind is OutputKind.USER_OUTPUT:
                results.append((value, {"forge.name": StringAttr(next(paths))}))
            elif spec.kind is OutputKind.BUFFER_MUTATION:
                buffers[cast(str, spec.target)] = value
        for name in self.buffers:
            attributes = {"forge.name": StringAttr(name), "forge.buffer": StringAttr(name)}
            results.append((buffers[name], dict[str, Attribute](attributes)))
        return results

    def _function(
        self,
        arguments: Sequence[dict[str, Attribute]],
        results: Sequence[tuple[SSAValue, dict[str, Attribute]]],
    ) -> func.FuncOp:
        block = self.nodes.block
        block.add_op(func.ReturnOp(*[value for value, _ in results]))
        types = ([a.type for a in block.args], [value.type for value, _ in results])
        return func.FuncOp(
            "main",
            types,
            Region(block),
            arg_attrs=ArrayAttr([DictionaryAttr(attributes) for attributes in arguments]),
            res_attrs=ArrayAttr([DictionaryAttr(attributes) for _, attributes in results]),
        )


def _leaves(structure: Structure) -> Iterator[Leaf]:
    if structure.kind is Kind.TENSOR:
        yield None
    elif structure.kind is Kind.CONSTANT:
        yield structure
    for item in structure.items:
        yield from _leaves(item)


def _short_name(weight: str) -> str | None:
    """The last parts of a weight's name, as many as make an identifier: `c_fc.weight`."""
    parts = weight.split(".")
    for start in range(max(0, len(parts) - 2), -1, -1):
        if parts[start][:1].isascii() and parts[start][:1].isalpha():
            return name_hint(".".join(parts[start:]))
    return None


@contextmanager
def _no_garbage_collection() -> Generator[None]:
    # Thousands of objects are made and none becomes garbage; looking takes a third of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
