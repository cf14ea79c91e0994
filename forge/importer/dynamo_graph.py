"""Graphs of Dynamo's: what they compute, and what else they do.

Dynamo hands a backend a graph of PyTorch's functions, whose placeholders are tensors of a call,
weights, and sizes. It may write into its inputs, and return views of them; what it returns goes on
living in Python, where somebody may look at it, or write into it. A program does none of that: it
takes tensors and gives new ones. So the graph is run once on fake tensors, which shows what it does
besides computing (`Effects`), and what is compiled is a module without any of it (`PureGraph`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
    FakeTensorMode,
)
from torch.fx import GraphModule, Interpreter, Node
from torch.fx import traceback as fx_traceback

from forge.errors import ForgeError
from forge.importer.operators import storage_identity
from forge.importer.quiet import quiet

_NEEDS_VALUES = (DataDependentOutputException, DynamicOutputShapeException)
_STATIC = "_dynamo_static_input_type"
"""The metadata entry of placeholders that are parameters and buffers of modules."""
_MEMBER = re.compile(r"\._(?:modules|parameters|buffers)\['([^']+)'\]")
_LETTERS = re.compile(r"\w+")


def weight_names(graph: GraphModule) -> dict[int, str]:
    """Which placeholders are weights, by position, and what the model calls them.

    Names start with that of the model only if there are several.
    """
    sources = {
        index: str(getattr(getattr(node, "_dynamo_source", None), "name", node.name))
        for index, node in enumerate(graph.graph.find_nodes(op="placeholder"))
        if _STATIC in (node.meta.get("tensor_dict") or {})
    }
    roots = {index: _MEMBER.split(source, maxsplit=1)[0] for index, source in sources.items()}
    several = len(set(roots.values())) > 1
    names: dict[int, str] = {}
    for index, source in sources.items():
        root = ["_".join(_LETTERS.findall(roots[index]))] if several else []
        names[index] = ".".join([*root, *_MEMBER.findall(source)]) or f"weight_{index}"
    return names


# -- what a graph does besides computing ---------------------------------------------------


class Returned(Protocol):
    """One thing that a graph returns."""

    def value(self, inputs: Sequence[Any], results: Sequence[Tensor]) -> Any:
        """It, from the graph's inputs and what the program gave."""
        ...


@dataclass(frozen=True)
class Constant:
    """What is no tensor: a size, `None`."""

    constant: Any

    def value(self, inputs: Sequence[Any], results: Sequence[Tensor]) -> Any:
        return self.constant


@dataclass(frozen=True)
class Input:
    """An input itself."""

    position: int

    def value(self, inputs: Sequence[Any], results: Sequence[Tensor]) -> Any:
        return inputs[self.position]


@dataclass(frozen=True)
class View:
    """A view of an input's memory, or of another result's.

    Attributes:
        of_input: which of the two.
        position: among the inputs, or the program's results.
        offset: in elements, from where that tensor starts.
    """

    of_input: bool
    position: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int

    def value(self, inputs: Sequence[Any], results: Sequence[Tensor]) -> Any:
        base = cast(Tensor, (inputs if self.of_input else results)[self.position])
        return base.as_strided(self.shape, self.stride, base.storage_offset() + self.offset)


@dataclass(frozen=True)
class Computed:
    """A tensor of its own, with the strides that PyTorch gives it."""

    position: int
    stride: tuple[int, ...]

    def value(self, inputs: Sequence[Any], results: Sequence[Tensor]) -> Any:
        result = results[self.position]
        if result.stride() == self.stride:
            return result
        strided = torch.empty_strided(result.shape, self.stride, dtype=result.dtype)
        return strided.copy_(result)


@dataclass(frozen=True)
class Effects:
    """What a graph does besides computing.

    Attributes:
        written: the positions of the inputs that it writes into.
        returned: what it returns, in order.
        computed: the positions of what a program has to compute, among what the graph returns.
        trains: whether a gradient could be asked of something that it returns or writes.
    """

    written: tuple[int, ...]
    returned: tuple[Returned, ...]
    computed: tuple[int, ...]
    trains: bool


def find_effects(graph: GraphModule, inputs: Sequence[Any]) -> Effects:
    """Run a graph on fake tensors like its inputs, in the grad mode of now.

    Raises:
        ForgeError: it returns what no program can, or decides by the values of a tensor.
    """
    grad = torch.is_grad_enabled()
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    # Tensors of inference mode do not count what is written into them.
    with quiet(), mode, torch.inference_mode(False), torch.set_grad_enabled(grad):
        fakes = [_fake_like(value) for value in inputs]
        before = [_version(fake) for fake in fakes]
        try:
            outputs = list(Interpreter(graph).run(*fakes))
        except _NEEDS_VALUES as error:
            raise ForgeError(
                f"the graph goes by the values of a tensor: {str(error).partition(chr(10))[0]}",
                hint="leave torch._dynamo.config.capture_scalar_outputs and "
                "capture_dynamic_output_shape_ops off, so that Dynamo breaks the graph there",
            ) from error
        written = [i for i, fake in enumerate(fakes) if _version(fake) != before[i]]
        tensors = [value for value in outputs if isinstance(value, Tensor)]
        trains = any(t.requires_grad for t in [*tensors, *(fakes[i] for i in written)])
        computed: dict[int, int] = {}
        returned = _Outputs(fakes, outputs).describe(computed)
    return Effects(tuple(written), tuple(returned), tuple(computed), trains)


def _fake_like(value: Any) -> Any:
    if not isinstance(value, Tensor):
        return value
    fake = torch.empty_strided(value.shape, value.stride(), dtype=value.dtype)
    # A leaf that needs a gradient may not be written into, and the others are no leaves of ours.
    return fake.requires_grad_(value.requires_grad) if value.is_leaf else _no_leaf(fake, value)


def _no_leaf(fake: Tensor, value: Tensor) -> Tensor:
    return fake.requires_grad_().clone() if value.requires_grad else fake


def _version(fake: Any) -> int:
    return fake._version if isinstance(fake, Tensor) else 0


class _Outputs:
    """The outputs of a graph that ran on fake tensors."""

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        self._inputs = inputs
        self._outputs = outputs
        self._owners = {
            storage_identity(value): index
            for index, value in reversed(list(enumerate(inputs)))
            if isinstance(value, Tensor)
        }
        self._sharing: defaultdict[int, list[int]] = defaultdict(list)
        for index, value in enumerate(outputs):
            if isinstance(value, Tensor):
                self._sharing[storage_identity(value)].append(index)

    def describe(self, computed: dict[int, int]) -> list[Returned]:
        """What each output is; `computed` gets a result's number for each that is computed."""
        return [self._describe(index, value, computed) for index, value in enumerate(self._outputs)]

    def _describe(self, index: int, value: Any, computed: dict[int, int]) -> Returned:
        if not isinstance(value, Tensor):
            return Constant(value)
        for position, given in enumerate(self._inputs):
            if given is value:
                return Input(position)
        storage = storage_identity(value)
        if (owner := self._owners.get(storage)) is not None:
            return self._view(value, self._inputs[owner], True, owner)
        base = self._base(self._sharing[storage])
        number = computed.setdefault(base if base is not None else index, len(computed))
        if base is None or base == index:
            return Computed(number, value.stride())
        return self._view(value, self._outputs[base], False, number)

    def _base(self, group: Sequence[int]) -> int | None:
        """The output with all of the memory that others are views of; `None` if each has its own.

        Raises:
            ForgeError: there is none, and they overlap.
        """
        if len(group) == 1:
            return None
        views = [cast(Tensor, self._outputs[index]) for index in group]
        for index, view in zip(group, views, strict=True):
            if view.is_contiguous() and view.nbytes == view.untyped_storage().nbytes():
                return index
        if _overlap(views):
            raise ForgeError(
                "the graph returns several views of one tensor, which overlap",
                hint="return that tensor, too, or a copy of one view (view.clone())",
            )
        return None

    def _view(self, value: Tensor, base: Tensor, of_input: bool, position: int) -> View:
        if value.dtype != base.dtype:
            raise ForgeError(
                f"the graph returns the memory of a tensor of {base.dtype} as {value.dtype}",
                hint="return a copy (x.view(dtype).clone())",
            )
        offset = cast(int, value.storage_offset()) - cast(int, base.storage_offset())
        return View(of_input, position, tuple(value.shape), value.stride(), offset)


def _overlap(views: Iterable[Tensor]) -> bool:
    """Whether an element belongs to two views of one memory."""
    seen: set[int] = set()
    for view in views:
        elements = np.arange(view.untyped_storage().nbytes() // view.element_size())
        strides = [stride * elements.itemsize for stride in view.stride()]
        start = elements[cast(int, view.storage_offset()) :]
        places = np.lib.stride_tricks.as_strided(start, view.shape, strides).flatten().tolist()
        if not seen.isdisjoint(places):
            return True
        seen.update(places)
    return False


# -- what is compiled ----------------------------------------------------------------------


class PureGraph(nn.Module):
    """A graph for the sizes of one call: it takes tensors, gives new ones, and does nothing else.

    Its weights are parameters and buffers of the module, under the model's names and in the
    model's own memory, and it casts as PyTorch did around it. It returns what a program has to
    compute of the graph's outputs, then the new values of the inputs that the graph writes into.
    """

    def __init__(
        self,
        graph: GraphModule,
        inputs: Sequence[Any],
        weights: Mapping[int, str],
        effects: Effects,
    ) -> None:
        super().__init__()
        self.dynamo_graph = graph
        self.effects = effects
        self._weights = {i: name for i, name in weights.items() if i not in effects.written}
        self.taken = tuple(
            index
            for index, value in enumerate(inputs)
            if isinstance(value, Tensor) and index not in self._weights
        )
        """The positions of the graph's inputs that a call of this module takes."""
        self._cast_to = (
            torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else None
        )
        # Sizes are part of the program.
        self._fixed = [None if isinstance(value, Tensor) else value for value in inputs]
        for index, name in self._weights.items():
            _register(self, name, inputs[index])

    def _autocast(self) -> AbstractContextManager[object]:
        if self._cast_to is None:
            return nullcontext()
        return torch.autocast("cpu", self._cast_to)

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        values: list[Any] = list(self._fixed)
        for index, name in self._weights.items():
            path, _, last = name.rpartition(".")
            values[index] = getattr(self.get_submodule(path), last)
        for index, tensor in zip(self.taken, tensors, strict=True):
            values[index] = tensor.clone() if index in self.effects.written else tensor
        # Each operation keeps its line of the model's source, and is cast as it was there.
        with fx_traceback.preserve_node_meta(), self._autocast():
            outputs = Interpreter(self.dynamo_graph).run(*values)
        results = [outputs[index] for index in self.effects.computed]
        return (*results, *(values[index] for index in self.effects.written))


def _register(root: nn.Module, name: str, tensor: Tensor) -> None:
    module = root
    *path, last = name.split(".")
    for part in path:
        if part not in dict(module.named_children()):
            module.add_module(part, nn.Module())
        module = module.get_submodule(part)
    if isinstance(tensor, nn.Parameter):
        module.register_parameter(last, tensor)
    else:
        module.register_buffer(last, tensor)


def first_line(graph: GraphModule) -> Node | None:
    """The first node that stands for a line of the model."""
    return next((node for node in graph.graph.nodes if node.meta.get("stack_trace")), None)
