"""PyTorch's descriptions of nested values as Forge's, which need no torch."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Iterator, Sequence
from dataclasses import is_dataclass
from typing import Any, cast

from torch.export import ExportedProgram
from torch.export.graph_signature import ConstantArgument, InputKind, TensorArgument
from torch.utils._pytree import TreeSpec

from forge.errors import ForgeError
from forge.structure import CallStructure, Kind, Structure

Leaf = Structure | None
"""The structure of a constant, or `None` for a tensor."""

_TENSOR = Structure(Kind.TENSOR)


def describe(spec: TreeSpec, leaves: Iterator[Leaf], subject: str) -> Structure:
    """The structure that `spec` describes, over leaves from left to right.

    Raises:
        ForgeError: it has a class that only PyTorch knows how to take apart.
    """
    if spec.is_leaf():
        return next(leaves) or _TENSOR
    items = tuple(describe(child, leaves, subject) for child in spec.children())
    if spec.type is tuple:
        return Structure(Kind.TUPLE, items)
    if spec.type is list:
        return Structure(Kind.LIST, items)
    keys = _keys(spec)
    if spec.type in (dict, OrderedDict, defaultdict):
        return Structure(Kind.DICT, items, keys)
    type_name = _class_of(spec).__name__
    if len(keys) != len(items):
        raise ForgeError(
            f"{subject} contain a {type_name}, whose fields have no names",
            hint="use tensors in tuples, lists, dicts, named tuples or dataclasses",
        )
    return Structure(Kind.OBJECT, items, keys, type_name=type_name)


def _class_of(spec: TreeSpec) -> type:
    # A named tuple is registered under the function that makes such classes.
    return cast(type, spec.context if spec.type is namedtuple else spec.type)


def _keys(spec: TreeSpec) -> tuple[str, ...]:
    context: Any = spec.context
    if spec.type is namedtuple:
        return tuple(context._fields)
    if spec.type is defaultdict:
        return tuple(context[1])
    if (fields := getattr(spec.type, "__match_args__", None)) and issubclass(
        _class_of(spec), tuple
    ):
        # What operators with several results return: `torch.return_types.max`.
        return tuple(fields)
    if is_dataclass(spec.type) and _is_list_of_lists(context):
        # The fields that hold something, then those that are None.
        return tuple(context[0])
    return tuple(cast("Sequence[str]", context)) if isinstance(context, list | tuple) else ()


def _is_list_of_lists(context: object) -> bool:
    if not isinstance(context, list | tuple):
        return False
    return all(isinstance(item, list | tuple) for item in cast("Sequence[object]", context))


def leaf_of(argument: object) -> Leaf:
    """An input or output of an exported program as a leaf.

    Raises:
        ForgeError: it is neither a tensor nor a constant.
    """
    if isinstance(argument, TensorArgument):
        return None
    if isinstance(argument, ConstantArgument):
        return Structure(Kind.CONSTANT, value=argument.value)
    raise ForgeError(f"an input or output is a {type(argument).__name__}, not a tensor or constant")


def call_structure(program: ExportedProgram) -> CallStructure:
    """How a call's arguments become the tensors that an exported program takes.

    Raises:
        ForgeError: an input is neither a tensor nor a constant, or of a class that only PyTorch
            knows how to take apart.
    """
    specs = program.graph_signature.input_specs
    given = [spec.arg for spec in specs if spec.kind is InputKind.USER_INPUT]
    in_spec = cast(TreeSpec, program.call_spec.in_spec)
    return describe_call(in_spec, [leaf_of(arg) for arg in given], [arg.name for arg in given])


def describe_call(spec: TreeSpec, leaves: Sequence[Leaf], names: Sequence[str]) -> CallStructure:
    """The structure of a call's `(args, kwargs)`.

    Args:
        spec: PyTorch's description.
        leaves: the leaves of all arguments, from left to right.
        names: the leaves' names.

    Raises:
        ForgeError: it has a class that only PyTorch knows how to take apart.
    """
    args, kwargs = spec.children()
    rest = iter(leaves)
    positional = describe(args, rest, "the inputs")
    keyword = describe(kwargs, rest, "the inputs")
    arguments: list[str] = []
    position = 0
    for child in args.children():
        arguments.append(names[position] if child.is_leaf() else "")
        position += child.num_leaves
    return CallStructure(positional, keyword, tuple(arguments))
