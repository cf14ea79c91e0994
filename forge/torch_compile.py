"""`torch.compile(model, backend="forge")`.

PyTorch finds this by the entry point `torch_dynamo_backends`. Dynamo cuts a model into graphs where
Python must run in between, watches what they depend on, and asks for another graph when that has
changed. Forge compiles each of them when it is called first, for the sizes of that call.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import torch
from torch import Tensor
from torch.fx import GraphModule

from forge.compiler import compile
from forge.errors import ForgeError
from forge.importer.dynamo_graph import PureGraph, find_effects, first_line, weight_names
from forge.importer.locations import node_location
from forge.program import Program
from forge.suggestions import did_you_mean

OPTIONS = (
    "device",
    "platform",
    "precision",
    "pipeline",
    "aggressiveness",
    "rounds",
    "check_numerics",
    "keep_ir",
    "config",
)
"""The arguments of `forge.compile` that `options={…}` may have."""
OBSERVER = "observer"
"""The one option more: it is called with each program that was compiled, to read its report."""
MAX_SIZES = 8
"""For how many sizes a graph keeps programs; the one that was used longest ago goes first."""


def backend(
    graph: GraphModule,
    inputs: Sequence[Any],  # noqa: ARG001 the sizes of the first call count, not of the example
    *,
    options: Mapping[str, Any] | None = None,
    mode: str | None = None,
) -> Callable[..., Sequence[Any]]:
    """What Dynamo calls with each graph.

    Args:
        graph: what to compile.
        inputs: example inputs; the sizes of the first call count.
        options: `OPTIONS`, as `forge.compile` takes them, and `OBSERVER`.
        mode: Inductor has modes, Forge has none.

    Returns:
        what computes the graph. A mistake shows when it is called: Dynamo wraps what is raised
        here, and would go on without us if it is told to suppress errors.
    """
    return CompiledGraph(graph, options or {}, mode)


class CompiledGraph:
    """One graph, and the programs that were compiled of it, by the sizes that they are for."""

    def __init__(self, graph: GraphModule, options: Mapping[str, Any], mode: str | None) -> None:
        self._graph = graph
        self._options = options
        self._mode = mode
        self._weights = weight_names(graph)
        self._weights_seen: tuple[tuple[int, int], ...] = ()
        self._programs: OrderedDict[object, _SizedProgram] = OrderedDict()
        self._lock = Lock()

    def __call__(self, *inputs: Any) -> Sequence[Any]:
        """Compute the graph.

        Raises:
            ForgeError: an option is wrong, the graph is for training, or it cannot be compiled.
        """
        with self._lock:
            program = self._program_for(inputs)
        return program(inputs)

    def _program_for(self, inputs: Sequence[Any]) -> _SizedProgram:
        # Devices pack weights into memory of their own: a program is for the values of then.
        weights = tuple(_state(inputs[index]) for index in self._weights)
        if weights != self._weights_seen:
            self._programs.clear()
            self._weights_seen = weights
        key = tuple(
            _size(value) for index, value in enumerate(inputs) if index not in self._weights
        )
        if (program := self._programs.get(key)) is None:
            program = self._programs[key] = self._compile(inputs)
            if len(self._programs) > MAX_SIZES:
                self._programs.popitem(last=False)
        self._programs.move_to_end(key)
        return program

    def _compile(self, inputs: Sequence[Any]) -> _SizedProgram:
        options = _checked_options(self._options, self._mode)
        observer = options.pop(OBSERVER, None)
        effects = find_effects(self._graph, inputs)
        if effects.trains:
            node = first_line(self._graph)
            raise ForgeError(
                "a gradient may be asked of what this graph computes, and Forge compiles "
                "for inference",
                location=None if node is None else node_location(node),
                hint="call the model inside torch.no_grad() or torch.inference_mode()",
            )
        module = PureGraph(self._graph, inputs, self._weights, effects)
        program = _compile(module, inputs, options)
        if program is not None and program.buffers:
            # The statistics of a batch norm, whose operator does not say that it writes them.
            hidden = [i for i, name in self._weights.items() if name in program.buffers]
            effects = replace(effects, written=(*effects.written, *hidden))
            module = PureGraph(self._graph, inputs, self._weights, effects)
            program = _compile(module, inputs, options)
        if program is not None and observer is not None:
            observer(program)
        return _SizedProgram(module, program)


def _compile(
    module: PureGraph, inputs: Sequence[Any], options: Mapping[str, Any]
) -> Program | None:
    """The program of a module; `None` if it computes nothing: it may only return its inputs."""
    if not (module.effects.computed or module.effects.written):
        return None
    # The module brings what it needs of it.
    with torch.autocast("cpu", enabled=False):
        return compile(module, [inputs[index] for index in module.taken], **options)


class _SizedProgram:
    """A graph for one size of each input."""

    def __init__(self, module: PureGraph, program: Program | None) -> None:
        self._effects = module.effects
        self._taken = module.taken
        self._program = program

    def __call__(self, inputs: Sequence[Any]) -> list[Any]:
        written = [inputs[index] for index in self._effects.written]
        if written:
            _check_apart(inputs, self._effects.written)
        results: Sequence[Tensor] = ()
        if self._program is not None:
            results = self._program(*[inputs[index] for index in self._taken])
        count = len(self._effects.computed)
        for tensor, value in zip(written, results[count:], strict=True):
            tensor.copy_(value)
        return [returned.value(inputs, results[:count]) for returned in self._effects.returned]


def _check_apart(inputs: Sequence[Any], written: Sequence[int]) -> None:
    """Check that nothing else lies in the memory of what is written into.

    Raises:
        ForgeError: another input does; the program would read its old values.
    """
    for index in written:
        memory = inputs[index].untyped_storage().data_ptr()
        for other, value in enumerate(inputs):
            if other == index or not isinstance(value, Tensor):
                continue
            # What is empty has no memory.
            if memory and value.untyped_storage().data_ptr() == memory:
                raise ForgeError(
                    "the graph writes into an input that shares memory with another one",
                    hint="make a copy first (x = x.clone())",
                )


def _state(weight: Tensor) -> tuple[int, int]:
    """What changes when a weight gets other values, by an operator or as another tensor."""
    # Tensors of inference mode cannot be written into outside, and do not count inside.
    return weight.data_ptr(), 0 if weight.is_inference() else weight._version


def _size(value: Any) -> object:
    return (value.shape, value.stride()) if isinstance(value, Tensor) else value


def _checked_options(options: Mapping[str, Any], mode: str | None) -> dict[str, Any]:
    if mode is not None:
        raise ForgeError(
            f"the backend forge has no mode {mode!r}",
            hint='options={"precision": …, "aggressiveness": …} choose how it compiles',
        )
    known = (*OPTIONS, OBSERVER)
    for name in options:
        if name not in known:
            raise ForgeError(
                f"the backend forge has no option {name!r}",
                hint=did_you_mean(name, known, f"it has {', '.join(known)}", most=1),
            )
    return dict(options)
