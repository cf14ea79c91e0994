"""In-place operators. `torch.export` keeps them; the dialect has values only.

Two ways lead from one to the other. Where nothing else looks at the modified memory, the
functional variant takes the operator's place and its result that of the modified tensor (`relu_`
after a convolution). Everything else, a modified buffer or a view of one, goes through PyTorch's
own functionalization, which traces the whole program again.

Which values share memory is found by running the graph on fake tensors, since neither schemas nor
export's own fake tensors say it all: `dropout` that does nothing returns its argument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.export import ExportedProgram
from torch.export.graph_signature import OutputKind
from torch.fx import GraphModule, Interpreter, Node

from forge.errors import ForgeError
from forge.importer.locations import node_location, refuse
from forge.importer.operators import (
    Operator,
    call_on,
    called_operator,
    functional_variant,
    is_mutable,
    like,
    returns_alias,
    storage_identity,
    tensors_in,
    written_arguments,
)
from forge.importer.quiet import quiet
from forge.importer.support import autocasts, inlined_regions
from forge.importer.types import node_value

# They modify what autograd knows about a tensor, not the tensor.
AUTOGRAD_ONLY = frozenset({"aten::detach_", "aten::requires_grad_"})


@dataclass(frozen=True)
class InPlace:
    """How to import an in-place operator: by this one, whose result then replaces these nodes."""

    operator: Operator
    replaces: Sequence[Node]


@dataclass(frozen=True)
class FunctionalProgram:
    """An exported program, and how to read the in-place operators that are left in it."""

    program: ExportedProgram
    in_place: Mapping[Node, InPlace] = field(default_factory=dict[Node, InPlace])


def functional_program(program: ExportedProgram) -> FunctionalProgram:
    """Find a way to read `program` as a function of its inputs.

    Raises:
        ForgeError: it modifies an input or a parameter, or memory in a way that PyTorch's
            functionalization would get wrong.
    """
    graph_module = program.graph_module
    writers = [node for node in graph_module.graph.nodes if _writes(node)]
    if not writers and not _regions_need_tracing(graph_module):
        return FunctionalProgram(program)
    memory = _Memory(graph_module) if writers else None
    if memory is not None and not _regions_need_tracing(graph_module):
        in_place = {node: memory.in_place(node) for node in writers}
        if all(in_place.values()):
            return FunctionalProgram(program, cast("dict[Node, InPlace]", in_place))
    if memory is not None:
        _refuse_hidden_aliases(memory, writers)
    functional = _functionalized(program, next(iter(writers), None))
    _refuse_mutated_inputs(functional, memory, writers)
    return FunctionalProgram(functional)


def _functionalized(program: ExportedProgram, writer: Node | None) -> ExportedProgram:
    # An empty table: nothing but in-place operators and modes is taken apart.
    try:
        with quiet():
            return program.run_decompositions({})  # pyright: ignore[reportUnknownMemberType]
    except (RuntimeError, TypeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ForgeError(
            f"PyTorch cannot remove the in-place operations of this program: {reason}",
            location=None if writer is None else node_location(writer),
        ) from error


def _writes(node: Node) -> bool:
    target = called_operator(node)
    if target is None:
        return False
    if target.name() in ("aten::batch_norm", "aten::instance_norm"):
        # Its schema does not say so, but in training it updates its running statistics.
        return bool(node.args[5]) and node.args[3] is not None
    return is_mutable(target) and target.name() not in AUTOGRAD_ONLY


def _regions_need_tracing(graph_module: GraphModule) -> bool:
    return any(
        autocasts(node)
        or any(_writes(inner) for inner in region.graph.nodes)
        or _regions_need_tracing(region)
        for node, region in inlined_regions(graph_module)
    )


def _refuse_hidden_aliases(memory: _Memory, writers: Sequence[Node]) -> None:
    modified = memory.modified(writers)
    for node in memory.hidden_aliases():
        if memory.storages(node) & modified:
            refuse(
                node,
                f"{node.target} returns its own input here, and that tensor is modified in place",
                "use the out-of-place operator (x = x + y instead of x += y)",
            )


def _refuse_mutated_inputs(
    program: ExportedProgram, memory: _Memory | None, writers: Sequence[Node]
) -> None:
    kinds = {OutputKind.USER_INPUT_MUTATION: "input", OutputKind.PARAMETER_MUTATION: "parameter"}
    for spec in program.graph_signature.output_specs:
        if (kind := kinds.get(spec.kind)) is None:
            continue
        writer = None if memory is None else memory.writer_of(str(spec.target), writers)
        raise ForgeError(
            f"the model modifies its {kind} {spec.target!r} in place",
            location=None if writer is None else node_location(writer),
            hint="make a copy first (x = x.clone())",
        )


class _Memory(Interpreter):
    """Which memory each node's tensors lie in, from a run on fake tensors."""

    def __init__(self, graph_module: GraphModule) -> None:
        super().__init__(graph_module)
        self._positions: dict[Node, int] = {}
        # Every result is kept alive, so that no two share an identity.
        self._results: dict[Node, object] = {}
        self._storages: dict[Node, frozenset[int]] = {}
        self._sharing: dict[int, list[Node]] = defaultdict(list)
        placeholders = [node for node in graph_module.graph.nodes if node.op == "placeholder"]
        with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
            inputs = [like(node_value(node)) for node in placeholders]
            self.run(*inputs, enable_io_processing=False)

    def run_node(self, n: Node) -> Any:
        result: Any = super().run_node(n)  # pyright: ignore[reportUnknownMemberType]
        self._positions[n] = len(self._positions)
        self._results[n] = result
        self._storages[n] = frozenset(map(storage_identity, tensors_in(result)))
        for storage in self._storages[n]:
            self._sharing[storage].append(n)
        return result

    def storages(self, node: Node) -> frozenset[int]:
        """The memory that a node's tensors lie in."""
        return self._storages[node]

    def modified(self, writers: Sequence[Node]) -> frozenset[int]:
        """All memory that in-place operators write to."""
        written = [node for writer in writers for node in _written(writer)]
        return frozenset[int]().union(*map(self.storages, written))

    def in_place(self, node: Node) -> InPlace | None:
        """How to import an in-place operator by its functional variant; `None` if it cannot be."""
        target = called_operator(node)
        variant = None if target is None else functional_variant(target)
        written = _written(node)
        if variant is None or len(written) != 1 or not self._same_type(node, variant):
            return None
        modified = self._results[written[0]]
        replaced: list[Node] = []
        for other in self._before(node):
            if self._results[other] is modified:
                replaced.append(other)
            elif self._used_after(other, node):
                return None
            if other.op == "placeholder":
                return None
        return InPlace(variant, replaced)

    def _before(self, node: Node) -> Iterator[Node]:
        """The earlier nodes in the memory that `node` writes to."""
        for storage in self.modified([node]):
            for other in self._sharing[storage]:
                if self._positions[other] < self._positions[node]:
                    yield other

    def _used_after(self, other: Node, node: Node) -> bool:
        return any(self._positions[user] > self._positions[node] for user in other.users)

    def _same_type(self, node: Node, variant: Operator) -> bool:
        # `f32.add_(f64)` stays f32, `f32.add(f64)` does not.
        with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
            result = call_on(node, variant, lambda argument: like(node_value(argument)))
        expected = node_value(node)
        return result.dtype == expected.dtype and result.shape == expected.shape

    def hidden_aliases(self) -> Iterator[Node]:
        """The nodes that share memory with an argument though their schema does not say so."""
        for node in self._positions:
            target = called_operator(node)
            inputs = frozenset[int]().union(*map(self.storages, node.all_input_nodes))
            if target is not None and not returns_alias(target) and self.storages(node) & inputs:
                yield node

    def writer_of(self, placeholder: str, writers: Sequence[Node]) -> Node | None:
        """The first operator that modifies a placeholder's memory."""
        for node in self._positions:
            if node.op == "placeholder" and node.name == placeholder:
                return next((w for w in writers if self.modified([w]) & self.storages(node)), None)
        return None


def _written(node: Node) -> list[Node]:
    target = called_operator(node)
    if target is None:
        return []
    if target.name() in ("aten::batch_norm", "aten::instance_norm"):
        return [argument for argument in node.args[3:5] if isinstance(argument, Node)]
    return written_arguments(node, target)
