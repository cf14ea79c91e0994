"""Instructions on the host made of tensors, and how their kernels are run and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.test_value import create_ssa_value

from forge.backends.vm.kernels import Kernel, PackedWeights, make_kernel
from forge.dialects import reg
from forge.interpreters.transformer import find_kernel
from forge.ir.torch_types import element_type, torch_dtype

TOLERANCES = {torch.float32: 1e-5, torch.bfloat16: 4e-2, torch.float16: 4e-3, torch.float64: 1e-12}
"""How far a kernel may be from the reference, by the largest element."""


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
    with torch.no_grad():
        return find_kernel(name)(**operands, **static)


def close(actual: Tensor | None, expected: Tensor) -> None:
    assert actual is not None
    # An error is small against the largest element: each is a sum of many.
    scale = max(1.0, expected.abs().max().item()) if expected.numel() else 1.0
    tolerance = TOLERANCES[expected.dtype]
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance * scale)


def tensor(draw: Callable[..., Any], dtype: torch.dtype, *shape: int) -> Tensor:
    """Random numbers, whose strides may be any."""
    match draw(st.sampled_from(["dense", "dense", "transposed", "sliced"])):
        case "transposed" if len(shape) >= 2:
            return torch.randn(*shape[:-2], shape[-1], shape[-2]).mT.to(dtype)
        case "sliced" if len(shape) >= 1:
            return torch.randn(*shape[:-1], 2 * shape[-1]).to(dtype)[..., ::2]
        case _:
            return torch.randn(shape).to(dtype)


def check(
    name: str, operands: dict[str, Any], static: dict[str, Any], known: Sequence[str]
) -> None:
    """Compare a kernel to which operands of these names are known with the reference."""
    expected = reference(name, operands, static)
    instruction = Instruction(name, operands, static)
    (actual,) = instruction.run(instruction.kernel(*known))
    close(actual, expected)
