"""How kernels are called: with the registers that they fill, or for new memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from forge.backends.vm.executor import Instruction
from forge.backends.vm.steps import KernelStep
from forge.ir.tensors import Shaped
from forge.ir.torch_types import torch_dtype

Call = Callable[..., Any]


def make_instruction(step: KernelStep, dead: Sequence[int], *, into_static: bool) -> Instruction:
    """The call that executes an instruction on the host.

    Args:
        step: the instruction.
        dead: the registers that nothing needs afterwards.
        into_static: whether the results' registers hold the memory to be filled. If not, they get
            new memory, or a view of `step.viewed`.
    """
    outputs, kernel = step.outputs, step.kernel
    call, returns_list = kernel.call, step.returns_list
    if into_static:
        call = call if kernel.writes else _copying(call, returns_list)
        return Instruction(call, (*outputs, *step.inputs), None, dead, step.op)
    if kernel.writes:
        call, returns_list = _allocating(call, step.output_types), True
    elif step.viewed is None and not step.is_new:
        call = _owning(call, returns_list)
    results = slice(outputs[0], outputs[-1] + 1) if returns_list else outputs[0]
    return Instruction(call, step.inputs, results, dead, step.op)


def without_data(type: Shaped) -> torch.Tensor:
    """A contiguous tensor that has a shape, an element type and strides, and nothing else."""
    return torch.empty(type.shape, dtype=torch_dtype(type.dtype), device="meta")


def is_view(tensor: object, other: torch.Tensor) -> bool:
    """Whether a tensor is one over the memory of another."""
    return isinstance(tensor, torch.Tensor) and _storage(tensor) == _storage(other)


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _copying(call: Call, returns_list: bool) -> Call:
    def copy(result: torch.Tensor, *operands: Any) -> None:
        computed = call(*operands)
        result.copy_(computed[0] if returns_list else computed)

    return copy


def _allocating(call: Call, types: Sequence[Shaped]) -> Call:
    wanted = [(type.shape, torch_dtype(type.dtype)) for type in types]

    def call_for_new(*operands: Any) -> list[torch.Tensor]:
        results = [torch.empty(shape, dtype=dtype, device="cpu") for shape, dtype in wanted]
        call(*results, *operands)
        return results

    return call_for_new


def _owning(call: Call, returns_list: bool) -> Call:
    """A kernel that may give an operand back, which somebody else is going to write to."""

    def own(computed: torch.Tensor, operands: Sequence[Any]) -> torch.Tensor:
        shared = any(is_view(operand, computed) for operand in operands)
        return computed.clone() if shared else computed

    def call_and_own(*operands: Any) -> Any:
        computed = call(*operands)
        if not returns_list:
            return own(computed, operands)
        return [tensor if tensor is None else own(tensor, operands) for tensor in computed]

    return call_and_own
