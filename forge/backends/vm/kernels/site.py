"""The instruction that a kernel is made for: its operands, what is known, what is static."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from xdsl.ir import SSAValue

from forge.backends.vm.kernels.packing import PackedWeights
from forge.dialects import reg, transformer
from forge.ir.attributes import from_attribute
from forge.ir.named_operands import NamedOperand
from forge.ir.signature import signature_of
from forge.ir.tensors import Shaped

Known = Callable[[SSAValue], torch.Tensor | None]
_CLASSES = {op_class.name: op_class for op_class in transformer.Transformer.operations}


@dataclass(frozen=True)
class Site:
    """An instruction, as what makes its kernel reads it.

    Attributes:
        op: the instruction.
        known: the tensor of a value that does not change between runs.
        packed: the weights in oneDNN's layouts.
    """

    op: reg.HostOp
    known: Known
    packed: PackedWeights

    @property
    def kernel(self) -> str:
        """The operator of `aten` or `transformer` that is computed."""
        return self.op.kernel.data

    @cached_property
    def operands(self) -> Mapping[str, NamedOperand]:
        """The operands by name; absent ones are missing, and `None` in lists."""
        return self.op.operands_by_name()

    @cached_property
    def static(self) -> Mapping[str, Any]:
        """The static arguments by name; of operators of `transformer` also those left out."""
        given = self.op.static_arguments()
        if (op_class := _CLASSES.get(self.kernel)) is None:
            return given
        defaults = signature_of(op_class).defaults
        return {name: from_attribute(value) for name, value in defaults.items()} | given

    def value(self, name: str) -> SSAValue:
        """An operand that is no list.

        Raises:
            TypeError: it is absent, or a list.
        """
        if not isinstance(value := self.operands.get(name), SSAValue):
            raise TypeError(f"{self.kernel} has no operand {name}")
        return value

    def optional(self, name: str) -> SSAValue | None:
        """An operand that may be absent."""
        return self.value(name) if name in self.operands else None

    def tensor(self, name: str) -> torch.Tensor | None:
        """The tensor of an operand if it is known; `None` if it is not, or absent."""
        return None if name not in self.operands else self.known(self.value(name))

    def shaped(self, name: str) -> Shaped:
        """The shape and element type of an operand."""
        return reg.register_shaped(self.value(name).type)

    @property
    def result(self) -> Shaped:
        """The shape and element type of the first result."""
        return reg.register_shaped(self.op.results[0].type)
