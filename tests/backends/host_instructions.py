"""Instructions on the host made of tensors, and how their kernels are run and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.test_value import create_ssa_value

from forge.backends.vm.kernels import Kernel, PackedWeights, make_kernel
from forge.dialects import reg, transformer
from forge.interpreters.registry import Values, meaning_of
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import tensor_type
from forge.ir.torch_types import element_type, torch_dtype
from forge.weights import ModuleWeights

TRANSFORMER: Mapping[str, Any] = {op.name: op for op in transformer.Transformer.operations}


class Instruction:
    """A `reg.host` instruction, and the tensors that its operands hold."""

    def __init__(
        self,
        name: str,
        operands: Mapping[str, Any],
        static: Mapping[str, Any],
        result_types: Sequence[Attribute] | None = None,
    ) -> None:
        self.tensors: dict[SSAValue, Tensor] = {}
        groups = {key: self._values(group) for key, group in operands.items()}
        self.op = reg.HostOp(name, groups, static, result_types)

    def _values(self, group: Any) -> Any:
        if isinstance(group, list):
            return [self._values(member) for member in group]
        if group is None:
            return None
        type = reg.register_type(group.shape, element_type(group.dtype), reg.HOST)
        value = create_ssa_value(type)
        self.tensors[value] = group
        return value

    def kernel(self, *known: str, packed: PackedWeights | None = None) -> Kernel:
        """The kernel, to which the operands of these names are known."""
        groups = self.op.operands_by_name()
        tensors = {groups[name]: self.tensors[groups[name]] for name in known if name in groups}
        return make_kernel(self.op, tensors.get, packed)

    def run(self, kernel: Kernel) -> list[Tensor | None]:
        """Call a kernel; what it writes holds garbage before."""
        operands = [self.tensors[value] for value in kernel.operands]
        before = [tensor.clone() for tensor in operands]
        results = [garbage(result.type) for result in self.op.results] if kernel.writes else []
        with torch.no_grad():
            computed = kernel.call(*results, *operands)
        for tensor, old in zip(operands, before, strict=True):
            torch.testing.assert_close(tensor, old, rtol=0, atol=0, equal_nan=True)
        if kernel.writes:
            return list(results)
        return [computed] if isinstance(computed, Tensor) else list(computed)


def garbage(type: Any) -> Tensor:
    """Memory of a register's shape that holds what no kernel computes."""
    info = reg.register_shaped(type)
    dtype = torch_dtype(info.dtype)
    if dtype.is_floating_point or dtype.is_complex:
        return torch.full(info.shape, float("nan"), dtype=dtype)
    return torch.full(info.shape, 1 if dtype == torch.bool else 101, dtype=dtype)


def reference(name: str, operands: Mapping[str, Any], static: Mapping[str, Any]) -> Tensor:
    """What the reference interpreter computes for an operation of `transformer`."""
    tensors: dict[SSAValue, Tensor] = {}
    values: dict[str, Any] = {}
    for key, tensor in operands.items():
        if tensor is not None:
            type = tensor_type(tensor.shape, element_type(tensor.dtype))
            tensors[value := create_ssa_value(type)] = tensor
            values[key] = value
    op: SchemaOp = TRANSFORMER[name](**values, **static)
    with torch.no_grad():
        result = meaning_of(op)(op, Values(ModuleWeights({}), tensors))
    assert isinstance(result, Tensor)
    return result
