"""A program with 16-bit floats, computed in f32: the same equations without the rounding.

A rewrite may round less often than what it replaces, and over many layers that adds up to more than
many a mistake would. In f32 both are the same up to f32's own rounding, and the mistake shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from xdsl.dialects.builtin import (
    ArrayAttr,
    BFloat16Type,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    Float16Type,
    ModuleOp,
    f32,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, ParametrizedAttribute, Region, SSAValue

from forge.ir.attributes import dense, dense_array
from forge.ir.tensors import Shaped, shaped
from forge.weights import WeightStore

NARROW: dict[Attribute, torch.dtype] = {
    BFloat16Type(): torch.bfloat16,
    Float16Type(): torch.float16,
}
"""The element types that become f32."""


def narrow_types(module: ModuleOp) -> set[torch.dtype]:
    """The types of 16-bit floats that a program computes with."""
    found: set[torch.dtype] = set()
    for type in {value.type for op in module.walk() for value in _values(op)}:
        tensor = cast(Attribute, getattr(type, "tensor", type))
        if (dtype := NARROW.get(getattr(tensor, "element_type", f32))) is not None:
            found.add(dtype)
    return found


def widen(module: ModuleOp) -> ModuleOp:
    """A copy of a program, with f32 in the place of all 16-bit floats; functions have one block."""
    memo: dict[Attribute, Attribute] = {}
    functions = [
        _widen_function(op, memo)
        for op in module.ops
        if isinstance(op, FuncOp) and len(op.body.blocks) == 1
    ]
    return ModuleOp(functions)


class WidenedWeights(WeightStore):
    """Weights with f32 in the place of 16-bit floats, each converted when it is asked for."""

    def __init__(self, weights: WeightStore) -> None:
        """Widen what `weights` hands out."""
        self._weights = weights

    def names(self) -> Sequence[str]:
        return self._weights.names()

    @property
    def aliases(self) -> Mapping[str, str]:
        return self._weights.aliases

    def _contains(self, name: str) -> bool:
        return name in self._weights

    def _shaped(self, name: str) -> Shaped:
        info = self._weights.shaped(name)
        return Shaped(info.shape, f32) if info.dtype in NARROW else info

    def _array(self, name: str) -> NDArray[Any]:
        return _widen_array(self._weights.array(name), self._weights.shaped(name).dtype)


def _values(op: Operation) -> list[SSAValue]:
    arguments = [a for region in op.regions for block in region.blocks for a in block.args]
    return [*op.results, *arguments]


def _widen_function(function: FuncOp, memo: dict[Attribute, Attribute]) -> FuncOp:
    old = function.body.block
    block = Block(arg_types=[_widen(argument.type, memo) for argument in old.args])
    values: dict[SSAValue, SSAValue] = dict(zip(old.args, block.args, strict=True))
    for op in old.ops:
        new = type(op).create(
            operands=[values[operand] for operand in op.operands],
            result_types=[_widen(type, memo) for type in op.result_types],
            properties={name: _widen(value, memo) for name, value in op.properties.items()},
            attributes=op.attributes,
            location=op.location,
        )
        block.add_op(new)
        values.update(zip(op.results, new.results, strict=True))
    return FuncOp.create(
        properties={name: _widen(value, memo) for name, value in function.properties.items()},
        regions=[Region(block)],
    )


def _widen(attribute: Attribute, memo: dict[Attribute, Attribute]) -> Attribute:
    if (known := memo.get(attribute)) is None:
        known = memo[attribute] = _widen_parts(attribute, memo)
    return known


def _widen_parts(attribute: Attribute, memo: dict[Attribute, Attribute]) -> Attribute:
    if attribute in NARROW:
        return f32
    if isinstance(attribute, DenseIntOrFPElementsAttr):
        return _widen_constant(cast("DenseIntOrFPElementsAttr[Any]", attribute))
    if isinstance(attribute, ArrayAttr):
        items = cast("ArrayAttr[Attribute]", attribute)
        return ArrayAttr([_widen(item, memo) for item in items])
    if isinstance(attribute, DictionaryAttr):
        return DictionaryAttr({name: _widen(v, memo) for name, v in attribute.data.items()})
    if isinstance(attribute, ParametrizedAttribute) and attribute.parameters:
        return attribute.new([_widen(parameter, memo) for parameter in attribute.parameters])
    return attribute


def _widen_constant(constant: DenseIntOrFPElementsAttr[Any]) -> Attribute:
    dtype = shaped(constant.type).dtype
    if dtype not in NARROW:
        return constant
    return dense(_widen_array(dense_array(constant), dtype), f32)


def _widen_array(array: NDArray[Any], dtype: Attribute) -> NDArray[Any]:
    if dtype == BFloat16Type():
        # bf16, given as its bits, is the upper half of an f32.
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array.astype(np.float32) if dtype == Float16Type() else array
