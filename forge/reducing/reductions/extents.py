"""Make tensors smaller: one extent of the whole program at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard, cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp, TensorType
from xdsl.ir import Attribute

from forge.dialects.reg.types import RegisterType, register_type
from forge.ir.attributes import dense, dense_array, from_attribute, to_attribute
from forge.ir.schema_op import SchemaOp
from forge.ir.signature import signature_of
from forge.ir.tensors import bf16, is_complex, is_integer, shaped, tensor_type
from forge.reducing.choices import Choices
from forge.reducing.size import shape_of
from forge.reducing.typing import infer_from

Mapping = Callable[[int], int]
"""An extent → what it becomes."""


def shrink_extents(module: ModuleOp, choices: Choices) -> None:
    """Take a smaller number for one extent wherever it stands: in types, arguments and constants.

    Most others are multiples of it, as a hidden size is of that of a head: once they shrink with
    it, once they do not. What follows from the types of operands is inferred again, which finds
    out whether that is still a program.
    """
    for extent in sorted(_extents(module), reverse=True):
        for smaller in dict.fromkeys((1, 2, extent // 2)):
            for mapping in (_with_multiples(extent, smaller), _alone(extent, smaller)):
                if smaller < extent and choices.make():
                    _resize(module, mapping)


def _extents(module: ModuleOp) -> set[int]:
    values = [argument for block in _blocks(module) for argument in block.args]
    values += [result for op in module.walk() for result in op.results]
    return {e for value in values for e in shape_of(value.type) if e > 1}


def _blocks(module: ModuleOp) -> Iterator[Any]:
    return (block for op in module.walk() for region in op.regions for block in region.blocks)


def _alone(extent: int, smaller: int) -> Mapping:
    return lambda other: smaller if other == extent else other


def _with_multiples(extent: int, smaller: int) -> Mapping:
    return lambda other: other // extent * smaller if other and other % extent == 0 else other


def _resize(module: ModuleOp, mapping: Mapping) -> None:
    for op in module.walk():
        for name, attribute in list(op.properties.items()):
            if isinstance(attribute, DenseIntOrFPElementsAttr):
                value = cast("DenseIntOrFPElementsAttr[Any]", attribute)
                op.properties[name] = _resized_constant(value, mapping)
        if isinstance(op, SchemaOp):
            _resize_arguments(op, mapping)
    infer_from(module, lambda type: _resized_type(type, mapping))


def _resized_type(type: Attribute, mapping: Mapping) -> Attribute:
    if isinstance(type, RegisterType):
        shape = tuple(map(mapping, type.shape))
        return register_type(shape, type.dtype, type.device)
    if isinstance(type, TensorType):
        tensor = shaped(cast("Attribute", type))
        return tensor_type(tuple(map(mapping, tensor.shape)), tensor.dtype)
    return type


def _resize_arguments(op: SchemaOp, mapping: Mapping) -> None:
    for name in signature_of(type(op)).arguments:
        if name.startswith(("dim", "axis", "axes")) or name not in op.properties:
            # These count dimensions.
            continue
        value = from_attribute(op.properties[name])
        if type(value) is int:
            op.properties[name] = to_attribute(mapping(value))
        elif _are_integers(value):
            op.properties[name] = to_attribute([mapping(integer) for integer in value])


def _are_integers(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and {*map(type, cast("list[object]", value))} == {int}


def _resized_constant(value: DenseIntOrFPElementsAttr[Any], mapping: Mapping) -> Attribute:
    tensor = shaped(value.type)
    if tensor.dtype == bf16 or is_complex(tensor.dtype):
        return value
    array = dense_array(value)
    array = array[tuple(slice(mapping(extent)) for extent in tensor.shape)]
    if is_integer(tensor.dtype) and array.ndim <= 1:
        # OpenVINO's instructions take shapes as constants.
        array = _mapped(array, mapping)
    return dense(array, tensor.dtype)


def _mapped(array: NDArray[Any], mapping: Mapping) -> NDArray[Any]:
    return np.array([mapping(int(v)) for v in array.flat], array.dtype).reshape(array.shape)
