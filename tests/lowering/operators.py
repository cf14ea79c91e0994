"""A program of one `aten` operator from random arguments, and values for its operands."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue

from forge.dialects.aten import AtenOp
from forge.ir.tensors import (
    Shaped,
    f32,
    f64,
    i8,
    i16,
    i32,
    is_bool,
    is_complex,
    is_float,
    tensor_type,
    ui8,
)
from forge.ir.torch_types import torch_dtype

Arguments = dict[str, Any]

# Element types that OpenVINO's plugins compute otherwise than PyTorch go to the host, which is
# tested apart; here is for those that stay.
_EXACT = {f64: f32, i8: i32, i16: i32, ui8: i32}
# Operands that hold places in another operand.
_PLACES = {"index", "indices", "offsets", "sorter"}
_ASCENDING = {"boundaries", "sorted_sequence"}
_DIVISIONS = ("div", "fmod", "remainder", "shift")


def in_exact_types(value: Any) -> Any:
    """Arguments with every element type replaced by one that OpenVINO computes exactly."""
    if isinstance(value, Shaped):
        return Shaped(value.shape, _EXACT.get(value.dtype, value.dtype))
    if isinstance(value, list):
        return [in_exact_types(element) for element in value]
    if isinstance(value, dict):
        return {name: in_exact_types(element) for name, element in value.items()}
    return _EXACT.get(value, value) if type(value).__module__.startswith("xdsl") else value


def tensors_of(value: Any) -> list[Shaped]:
    """Every tensor among arguments, in order."""
    if isinstance(value, Shaped):
        return [value]
    members = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        return [tensor for member in members for tensor in tensors_of(member)]
    return []


def is_computable(arguments: Arguments) -> bool:
    """Whether OpenVINO has the arguments' element types, and there is something to compute."""
    tensors = tensors_of(arguments)
    return not any(is_complex(info.dtype) or 0 in info.shape for info in tensors)


def make_program(op_class: type[AtenOp], arguments: Arguments) -> ModuleOp:
    """`@main` with the operator: tensors are arguments.

    Raises:
        ShapeError: the arguments do not fit together.
    """
    block = Block()

    def value(argument: Any) -> Any:
        if isinstance(argument, Shaped):
            type = tensor_type(argument.shape, argument.dtype)
            return block.insert_arg(type, len(block.args))
        if isinstance(argument, list) and any(isinstance(e, Shaped) for e in argument):
            return [value(element) for element in argument]
        return argument

    op = op_class(**{name: value(a) for name, a in _complete(op_class, arguments).items()})
    return module_of(block, op.results, [op])


def module_of(block: Block, results: Any, ops: Any) -> ModuleOp:
    """A module whose `@main` has these operations and returns these results."""
    returned: list[SSAValue] = list(results)
    block.add_ops([*ops, ReturnOp(*returned)])
    types = ([argument.type for argument in block.args], [result.type for result in returned])
    return ModuleOp([FuncOp("main", types, Region(block))])


def _complete(op_class: type[AtenOp], arguments: Arguments) -> Arguments:
    """The arguments, with `None` for those that are required and may be absent."""
    required = [a.name for a in op_class.arguments() if a.nullable and a.default is None]
    return {name: None for name in required if name} | arguments


def values_of(op_class: type[AtenOp], arguments: Arguments, seed: int) -> list[Tensor]:
    """One tensor for each operand; the same at every call."""
    rng = np.random.default_rng(seed)
    return [
        torch.from_numpy(np.asarray(_values(op_class.name, name, info, rng))).to(
            torch_dtype(info.dtype)
        )
        for name, argument in _complete(op_class, arguments).items()
        for info in tensors_of(argument)
    ]


def _values(op: str, name: str, info: Shaped, rng: np.random.Generator) -> NDArray[Any]:
    divides = name == "other" and any(word in op for word in _DIVISIONS)
    if is_float(info.dtype):
        x = np.asarray(rng.standard_normal(info.shape) * 1.5)
        if divides:
            # Far enough from 0 that no rounding moves a quotient over an integer.
            x = np.sign(x) * (np.round(np.abs(x)) + 1)
        return np.sort(x) if name in _ASCENDING else np.abs(x) if name == "running_var" else x
    if is_bool(info.dtype):
        return np.asarray(rng.random(info.shape) < 0.5)
    low, high = (0, 2) if name in _PLACES or op == "aten.one_hot" else (-4, 5)
    if divides or "exponent" in name:
        low, high = 1, 4
    numbers = np.asarray(rng.integers(low, high, info.shape))
    return np.sort(numbers) if name in _ASCENDING else numbers
