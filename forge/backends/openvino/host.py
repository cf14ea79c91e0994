"""A segment on the host: kernels of PyTorch, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from xdsl.ir import Operation, SSAValue

from forge.backends.memory import Array, array_to_tensor, tensor_to_array
from forge.backends.segments import Plan, Segment
from forge.dialects import reg
from forge.errors import ForgeError
from forge.interpreters import Values
from forge.interpreters.registry import Meaning, meaning_of
from forge.weights import WeightStore


@dataclass
class HostStep:
    """Kernels that run on the host, with the meaning that the reference interpreter gives them."""

    plan: Plan
    segment: Segment
    weights: WeightStore
    inputs: Sequence[int]
    outputs: Sequence[int]

    def __post_init__(self) -> None:
        self._kernels: list[tuple[Operation, Meaning[Operation]]] = [
            (op, meaning_of(op)) for op in self.segment.ops
        ]
        self._known = {
            origin: self._known_tensor(origin)
            for op in self.segment.ops
            for operand in op.operands
            if (origin := self.plan.origin(operand)) in self.plan.known
        }

    def run(self, arrays: Sequence[Array]) -> Sequence[Array]:
        tensors = dict(self._known)
        for value, array in zip(self.segment.inputs, arrays, strict=True):
            tensors[value] = array_to_tensor(array, reg.register_shaped(value.type).dtype)
        values = Values(self.weights, tensors)
        with torch.no_grad():
            for op, kernel in self._kernels:
                for operand in op.operands:
                    values.tensors[operand] = values.tensors[self.plan.origin(operand)]
                self._call(op, kernel, values)
        results = [tensor_to_array(values[value]) for value in self.segment.outputs]
        # A kernel that only changes the view of its operand gives the caller's own memory back.
        foreign = [*arrays, *map(tensor_to_array, self._known.values())]
        return [
            array.copy() if any(np.may_share_memory(array, other) for other in foreign) else array
            for array in results
        ]

    def _call(self, op: Operation, kernel: Meaning[Operation], values: Values) -> None:
        try:
            computed = kernel(op, values)
        except (RuntimeError, IndexError, TypeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise ForgeError(f"failed on the host: {reason}", op=op) from error
        results = [computed] if isinstance(computed, torch.Tensor) else list(computed)
        for result, tensor in zip(op.results, results, strict=True):
            self._check(op, result, tensor)
            values.tensors[result] = tensor

    def _check(self, op: Operation, result: SSAValue, tensor: torch.Tensor) -> None:
        expected = reg.register_shaped(result.type)
        if tuple(tensor.shape) != expected.shape:
            raise ForgeError(
                f"gave a tensor of shape {tuple(tensor.shape)} instead of {expected}", op=op
            )

    def _known_tensor(self, value: SSAValue) -> torch.Tensor:
        # A copy of what stands in the text, since its bytes are read-only.
        array = self.plan.known.array(value)
        array = array if array.flags.writeable else array.copy()
        return array_to_tensor(array, reg.register_shaped(value.type).dtype)
