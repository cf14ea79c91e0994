"""The kernels of a program's instructions on the host, with the numbers of their registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

import torch
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.load_time import load_time_ops
from forge.backends.memory import array_to_tensor
from forge.backends.segments import Plan, Segment
from forge.backends.vm.executor import execute, tensor_mode
from forge.backends.vm.kernel_calls import is_view, make_instruction
from forge.backends.vm.kernels import Kernel, PackedWeights, make_kernel
from forge.backends.vm.steps import KernelStep
from forge.dialects import reg
from forge.dialects.reg.memory import brings_own_memory, viewed
from forge.errors import ForgeError
from forge.interpreters.aten import find_schema
from forge.interpreters.registry import Values, meaning_of
from forge.ir.shape_functions import find_shape_function
from forge.ir.torch_types import torch_dtype
from forge.weights import WeightStore

Number = Callable[[SSAValue], int]


class HostTranslation:
    """Makes the kernels of a program, segment by segment.

    What depends on weights and constants alone is computed here, once.

    Attributes:
        packed: the weights in the layouts that kernels make of them.
        constants: the tensors of registers that are the same at every run.
        computed: how many instructions were computed.
        computed_bytes: what their results take besides what they are views of.
    """

    def __init__(self, block: Block, plan: Plan, weights: WeightStore, number: Number) -> None:
        self.packed = PackedWeights()
        self.constants: dict[int, torch.Tensor] = {}
        self.computed = 0
        self.computed_bytes = 0
        self._plan = plan
        self._weights = weights
        self._number = number
        self._load_time = load_time_ops(block)
        self._known: dict[SSAValue, torch.Tensor] = {}

    def steps(self, segment: Segment) -> list[KernelStep]:
        """The instructions of a segment that run at every call, in order.

        Raises:
            ForgeError: there is no such kernel, a weight is missing or of another type, or what is
                computed here fails.
        """
        steps: list[KernelStep] = []
        with tensor_mode():
            for op in segment.ops:
                step = self._step(op)
                if op in self._load_time:
                    self._compute(step)
                else:
                    steps.append(step)
        return steps

    def known(self, value: SSAValue) -> torch.Tensor | None:
        """The tensor of a value that is the same at every run; `None` for others."""
        value = self._plan.origin(value)
        if (tensor := self._known.get(value)) is None and value in self._plan.known:
            tensor = self._known[value] = self._given(value)
        return tensor

    def register(self, value: SSAValue) -> int:
        """The register of a value; one that is known is in `constants` from now on."""
        value = self._plan.origin(value)
        number = self._number(value)
        if number not in self.constants and (tensor := self.known(value)) is not None:
            self.constants[number] = tensor
        return number

    def _given(self, value: SSAValue) -> torch.Tensor:
        type = reg.register_shaped(value.type)
        if isinstance(owner := value.owner, reg.WeightOp):
            # As it is, not contiguous as OpenVINO needs it.
            self._weights.require(owner.weight_name.data, type, owner)
            return self._weights.tensor(owner.weight_name.data)
        return array_to_tensor(self._plan.known.array(value), type.dtype)

    def _kernel(self, op: Operation) -> Kernel:
        if isinstance(op, reg.HostOp):
            return make_kernel(op, self.known, self.packed)
        return _interpreted(op, self._weights)

    def _compute(self, step: KernelStep) -> None:
        """Put the results of a step on what is known in its place."""
        registers: list[Any] = [self.constants.get(n) for n in range(max(step.outputs) + 1)]
        execute([make_instruction(step, (), into_static=False)], registers)
        operands = [registers[number] for number in step.inputs]
        for result, number in zip(step.op.results, step.outputs, strict=True):
            # Some operators leave out what only their backward pass would need.
            if (tensor := registers[number]) is None:
                continue
            self._known[result] = tensor
            if not any(is_view(operand, tensor) for operand in operands):
                self.computed_bytes += tensor.nbytes
        self.computed += 1

    def _step(self, op: Operation) -> KernelStep:
        kernel, operand = self._kernel(op), viewed(op)
        returns_list = _returns_list(op)
        if isinstance(op, reg.HostOp) and find_shape_function(op.kernel.data) is None:
            kernel, returns_list = _checked(op, kernel), True
        types = [cast(reg.RegisterType, result.type) for result in op.results]
        return KernelStep(
            op=op,
            kernel=kernel,
            inputs=[self.register(value) for value in kernel.operands],
            outputs=[self._number(result) for result in op.results],
            output_types=[reg.register_shaped(type) for type in types],
            offsets=[type.offset for type in types],
            viewed=None if operand is None else self.register(operand),
            is_new=brings_own_memory(op),
            returns_list=returns_list,
        )


def _returns_list(op: Operation) -> bool:
    if len(op.results) != 1 or not isinstance(op, reg.HostOp):
        return len(op.results) != 1
    # Such as a split into one part.
    return op.kernel.data.startswith("aten.") and _is_list(op.kernel.data)


@cache
def _is_list(operator: str) -> bool:
    return str(find_schema(operator).returns[0].type) != "Tensor"


def _checked(op: reg.HostOp, kernel: Kernel) -> Kernel:
    """A kernel whose result types stand in the text, where nothing could verify them."""
    types = [reg.register_shaped(result.type) for result in op.results]
    expected = [(type.shape, torch_dtype(type.dtype)) for type in types]

    def call(*operands: torch.Tensor) -> Sequence[torch.Tensor]:
        computed = kernel.call(*operands)
        results = [computed] if isinstance(computed, torch.Tensor) else computed
        for tensor, type in zip(results, expected, strict=True):
            if (tuple(tensor.shape), tensor.dtype) != type:
                actual = f"{tensor.dtype}{list(tensor.shape)}"
                raise ForgeError(f"gave {actual} instead of {type[1]}{list(type[0])}", op=op)
        return results

    return Kernel(call, kernel.operands)


def _interpreted(op: Operation, weights: WeightStore) -> Kernel:
    """An instruction of OpenVINO's opset on the host, with the reference interpreter's meaning."""
    meaning, operands = meaning_of(op), list(dict.fromkeys(op.operands))

    def call(*tensors: torch.Tensor) -> torch.Tensor | Sequence[torch.Tensor]:
        return meaning(op, Values(weights, dict(zip(operands, tensors, strict=True))))

    return Kernel(call, operands)
