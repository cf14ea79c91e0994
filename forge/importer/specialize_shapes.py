"""Fixed sizes for a program that was exported with symbolic ones (`torch.export.Dim`).

An exported program holds for every size that its constraints admit, so its graph is kept, and each
expression in sizes becomes a number: in the fake tensors that types are read from, in the arguments
of operators, and in assertions. Nothing is traced again; modules, lines and names stay.

That happens here and not as a pass on text: a size is an argument of many operators as well (of a
view, of `arange`, of a slice), so that text with symbolic sizes would need expressions wherever it
has integers, in properties, shape functions and every condition of every pattern.
"""

# PyTorch does not type `meta`, and sympy, of which its sizes are made, types nothing.
# pyright: reportMissingTypeStubs=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Never, cast

import sympy
import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, TensorArgument
from torch.fx import GraphModule, Node
from torch.fx.node import map_arg

from forge.errors import ForgeError
from forge.importer.locations import refuse
from forge.importer.operators import called_operator, tensors_in
from forge.importer.structure import call_structure
from forge.importer.types import node_value

Sizes = Mapping[Any, int]
"""What each symbol stands for."""

_NUMBERS = (torch.SymInt, torch.SymFloat, torch.SymBool)
_HINT = "give example arguments, for whose shapes the program is then compiled"


def specialize_shapes(
    program: ExportedProgram, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> ExportedProgram:
    """The program for the shapes of a call.

    Args:
        program: what was exported.
        args: the call's positional arguments. Without any, the program is for the shapes that it
            was exported with.
        kwargs: the call's keyword arguments.

    Returns:
        a program of fixed sizes; `program` itself if it has no others.

    Raises:
        ForgeError: an argument has another rank or a size that the program does not admit; the
            message names the input, the dimension and the symbol.
    """
    inputs = _user_inputs(program)
    if not any(_symbolic_dimension(node) is not None for node in inputs):
        return program
    if not args and not kwargs:
        args, kwargs = program.example_inputs or _refuse_without_example(inputs)
    tensors = call_structure(program).flatten(args, kwargs or {})
    sizes = _bind(inputs, [tensor.shape for tensor in tensors])
    _check_ranges(program, inputs, sizes)
    graph_module = deepcopy(program.graph_module)
    _substitute(graph_module, sizes)
    return program._update(graph_module, program.graph_signature)  # pyright: ignore[reportPrivateUsage]


def complete_shapes(
    program: ExportedProgram, shapes: Mapping[str, Sequence[int]]
) -> dict[str, list[int | None]]:
    """The shapes of all inputs, where those of some are chosen.

    Args:
        program: what was exported, for several shapes.
        shapes: the chosen ones, by the inputs' names.

    Returns:
        the shapes by the inputs' names; `None` for what the chosen ones leave open.

    Raises:
        ForgeError: there is no such input, or it does not admit such a shape.
    """
    inputs = {node.name: node for node in _user_inputs(program)}
    for name in shapes:
        if name not in inputs:
            raise ForgeError(f"there is no input {name!r}", hint=f"it has {', '.join(inputs)}")
    sizes = _bind([inputs[name] for name in shapes], list(shapes.values()))
    _check_ranges(program, [*inputs.values()], sizes)
    return {
        name: [_number(extent, sizes) for extent in node_value(node).shape]
        for name, node in inputs.items()
    }


# -- which sizes -----------------------------------------------------------------------------------


def _user_inputs(program: ExportedProgram) -> list[Node]:
    """The tensors that a user gives."""
    placeholders = program.graph.find_nodes(op="placeholder")
    specs = program.graph_signature.input_specs
    return [
        node
        for node, spec in zip(placeholders, specs, strict=True)
        if spec.kind is InputKind.USER_INPUT and isinstance(spec.arg, TensorArgument)
    ]


def _symbolic_dimension(node: Node) -> int | None:
    """The first dimension of a tensor whose extent is no number."""
    shape = cast(torch.Tensor, node_value(node)).shape
    return next((i for i, extent in enumerate(shape) if type(extent) is not int), None)


def _refuse_without_example(inputs: Sequence[Node]) -> Never:
    node, dimension = next((n, d) for n in inputs if (d := _symbolic_dimension(n)) is not None)
    size = f"{node_value(node).shape[dimension]}, in dimension {dimension}"
    refuse(node, f"input {node.name!r} has a symbolic size, {size}", _HINT)


def _bind(inputs: Sequence[Node], shapes: Sequence[Sequence[int]]) -> Sizes:
    """What each symbol is, so that the inputs have these shapes."""
    sizes: dict[Any, int] = {}
    derived: list[tuple[str, Any, int]] = []
    for node, given in zip(inputs, shapes, strict=True):
        shape = node_value(node).shape
        if len(shape) != len(given):
            raise ForgeError(
                f"input {node.name!r} has {len(given)} dimensions; the program takes {len(shape)}"
            )
        for dimension, (extent, size) in enumerate(zip(shape, given, strict=True)):
            expression = _expression(extent)
            if expression.is_Symbol and expression not in sizes:
                sizes[expression] = size
            else:
                derived.append((f"dimension {dimension} of input {node.name!r}", expression, size))
    for place, expression, size in derived:
        _solve(expression, size, sizes)
        if (wanted := expression.subs(sizes)) != size:
            is_what = f"{expression} = {wanted}" if expression != wanted else f"{wanted}"
            raise ForgeError(f"{place} is {size}; with the other sizes it is to be {is_what}")
    return sizes


def _solve(expression: Any, size: int, sizes: dict[Any, int]) -> None:
    """Bind the one unknown symbol of an expression that is to be `size`."""
    unknown = [*(expression.free_symbols - {*sizes})]
    if len(unknown) == 1:
        roots = sympy.solve(expression.subs(sizes) - size, unknown[0])
        sizes.update((unknown[0], int(root)) for root in roots if root.is_Integer)


def _check_ranges(program: ExportedProgram, inputs: Sequence[Node], sizes: Sizes) -> None:
    for symbol, size in sizes.items():
        bounds = program.range_constraints.get(symbol)
        if bounds is None or bounds.lower <= size <= bounds.upper:
            continue
        node, dimension = next(
            (node, dimension)
            for node in inputs
            for dimension, extent in enumerate(node_value(node).shape)
            if symbol in _expression(extent).free_symbols
        )
        upper = "on" if bounds.upper > 1 << 60 else f"to {bounds.upper}"
        raise ForgeError(
            f"{symbol} is {size}, in dimension {dimension} of input {node.name!r}, but it was "
            f"exported for {bounds.lower} {upper}",
            hint="export the model with a wider torch.export.Dim",
        )


def _expression(extent: Any) -> Any:
    """A number of any kind as an expression in symbols."""
    return sympy.sympify(extent.node.expr if isinstance(extent, _NUMBERS) else extent)


# -- in the graph ----------------------------------------------------------------------------------


def _substitute(graph_module: GraphModule, sizes: Sizes) -> None:
    """Put numbers for sizes in a graph, and in the regions that it runs."""
    numbers: dict[Node, Any] = {}
    for node in list(graph_module.graph.nodes):
        value = node_value(node)
        if isinstance(value, _NUMBERS) and node.op != "output":
            if (number := _number(value, sizes)) is not None:
                numbers[node] = node.meta["val"] = number
        elif value is not None:
            node.meta["val"] = _sized(value, sizes)
        args, kwargs = node.args, node.kwargs
        node.args = map_arg(args, lambda n: numbers.get(n, n))
        node.kwargs = map_arg(kwargs, lambda n: numbers.get(n, n))
        _check_assertion(node)
    for node in reversed([*numbers]):
        if node.op != "placeholder":
            graph_module.graph.erase_node(node)
    for region in graph_module.children():
        if isinstance(region, GraphModule):
            _substitute(region, sizes)


def _number(value: Any, sizes: Sizes) -> Any:
    """What a number is; `None` if it depends on data."""
    found = _expression(value).subs(sizes)
    if isinstance(value, torch.SymBool):
        return bool(found) if found in (sympy.true, sympy.false) else None
    if found.free_symbols:
        return None
    return float(found) if isinstance(value, torch.SymFloat) else int(found)


def _sized(value: Any, sizes: Sizes) -> Any:
    """What a node computes, with fixed sizes."""
    if isinstance(value, list | tuple):
        return type(value)(_sized(item, sizes) for item in cast("Sequence[Any]", value))
    if not isinstance(value, torch.Tensor) or not tensors_in(value):
        return value
    if all(type(extent) is int for extent in value.shape):
        return value
    shape, strides = (
        [_number(extent, sizes) for extent in extents] for extents in (value.shape, value.stride())
    )
    if None in shape or None in strides:
        # The shape depends on data, which is refused later, by name.
        return value
    with cast(Any, value).fake_mode:
        return torch.empty_strided(shape, strides, dtype=value.dtype, device=value.device)


def _check_assertion(node: Node) -> None:
    target = called_operator(node)
    if target is not None and target.name() == "aten::_assert_scalar" and node.args[0] is False:
        refuse(node, f"the model does not take inputs of these shapes: {node.args[1]}")
