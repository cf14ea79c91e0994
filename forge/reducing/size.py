"""How large a program is, to its reader."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute

from forge.dialects.reg.types import RegisterType
from forge.ir.text import print_module


@dataclass(frozen=True, order=True)
class Size:
    """Sizes compare by their first difference: an operation less is worth anything that follows.

    Attributes:
        functions: those of the program, declarations counted.
        operations: all others, returns and the module not counted.
        values: what functions take and return.
        elements: those of all tensors that it computes with.
        characters: its text.
    """

    functions: int
    operations: int
    values: int
    elements: int
    characters: int

    def __str__(self) -> str:
        return (
            f"{self.operations} operations, {self.elements} elements, {self.characters} characters"
        )


def size_of(module: ModuleOp, text: str | None = None) -> Size:
    """The size of a program; `text` is its own, if it is known."""
    functions = operations = values = elements = 0
    for op in module.walk():
        elements += sum(_elements(result.type) for result in op.results)
        if isinstance(op, FuncOp):
            functions += 1
            inputs, outputs = op.function_type.inputs.data, op.function_type.outputs.data
            values += len(inputs) + len(outputs)
            elements += sum(_elements(type) for type in inputs)
        elif op is not module and op.name != "func.return":
            operations += 1
    return Size(functions, operations, values, elements, len(text or print_module(module)))


def _elements(type: Attribute) -> int:
    # What is no tensor is as good as one element.
    return prod(max(extent, 1) for extent in shape_of(type))


def shape_of(type: Attribute) -> tuple[int, ...]:
    """The extents of a tensor or a register; none of anything else."""
    if isinstance(type, RegisterType):
        return type.shape
    return type.get_shape() if isinstance(type, TensorType) else ()
