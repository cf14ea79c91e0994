"""OpenVINO's own shape inference, called with what Forge's shape functions are called with."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import openvino
from openvino import Node, Output
from openvino.op import Constant, Parameter
from openvino.utils.node_factory import NodeFactory
from xdsl.ir import Attribute

from forge.dialects.reg import RegOp
from forge.ir.tensors import ELEMENT_TYPES, Shaped

OPENVINO_TYPES = {
    dtype: {"i1": "boolean", "ui8": "u8", "ui16": "u16", "ui32": "u32", "ui64": "u64"}.get(
        name, name
    )
    for name, dtype in ELEMENT_TYPES.items()
    if not name.startswith("complex")
}
FORGE_TYPES = {name: dtype for dtype, name in OPENVINO_TYPES.items()}

Operands = Sequence[Shaped | Sequence[Shaped] | None]


def source(operand: Shaped) -> Output:
    """A parameter, or a constant where the value is known."""
    type = getattr(openvino.Type, OPENVINO_TYPES[operand.dtype])
    if operand.literal is None:
        return Parameter(type, openvino.Shape(list(operand.shape))).output(0)
    return Constant(type, openvino.Shape(list(operand.shape)), operand.literal.reshape(-1)).output(
        0
    )


def make_node(op_class: type[RegOp], operands: Operands, attributes: Mapping[str, object]) -> Node:
    """The node that an instruction stands for.

    Raises:
        RuntimeError: OpenVINO refuses it.
    """
    inputs: list[Output] = []
    for operand in operands:
        if isinstance(operand, Shaped):
            inputs.append(source(operand))
        elif operand is not None:
            inputs.extend(source(member) for member in operand)
    factory = NodeFactory(op_class.OPSET)
    values = {
        op_class.OPENVINO_NAMES.get(name, name): openvino_value(value)
        for name, value in attributes.items()
    }
    return factory.create(op_class.name.removeprefix("reg."), inputs, values)


def openvino_value(value: object) -> Any:
    """An attribute's value as OpenVINO takes it."""
    if isinstance(value, Attribute):
        return OPENVINO_TYPES[value]
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def inferred_by_openvino(node: Node) -> list[Shaped]:
    """The node's results; every shape must be static."""
    return [
        Shaped(tuple(output.get_shape()), FORGE_TYPES[output.get_element_type().get_type_name()])
        for output in node.outputs()
    ]


def literal(values: object, dtype: Attribute) -> Shaped:
    """An operand with a known value."""
    from forge.ir.tensors import numpy_dtype

    array = np.asarray(values, numpy_dtype(dtype))
    return Shaped(array.shape, dtype, array)
