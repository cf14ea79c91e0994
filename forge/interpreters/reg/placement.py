"""Where values come from, how they change device, and kernels on the host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from xdsl.dialects.builtin import bf16

from forge.dialects import reg
from forge.interpreters.aten import call_operator, read_operand
from forge.interpreters.registry import Values, interprets
from forge.interpreters.transformer import find_kernel


@interprets(reg.ConstantOp)
def constant(op: reg.ConstantOp, _values: Values) -> Tensor:
    """The value that stands in the text."""
    tensor = torch.tensor(op.array())
    return tensor.view(torch.bfloat16) if op.value.get_element_type() == bf16 else tensor


@interprets(reg.WeightOp)
def weight(op: reg.WeightOp, values: Values) -> Tensor:
    """The tensor of that name in the weight store."""
    return values.weights.tensor(op.weight_name.data)


@interprets(reg.CopyOp, reg.IdentityOp)
def copy(op: Any, values: Values) -> Tensor:
    """The tensor itself: all devices are one here."""
    return values[op.operands[0]]


@interprets(reg.HostOp)
def host(op: reg.HostOp, values: Values) -> Tensor | Sequence[Tensor]:
    """What the operation means that the kernel is named after."""
    groups = op.operands_by_name()
    tensors = {name: read_operand(group, values) for name, group in groups.items()}
    arguments = {**tensors, **op.static_arguments()}
    if op.kernel.data.startswith("transformer."):
        return find_kernel(op.kernel.data)(**arguments)
    return call_operator(op.kernel.data, arguments)
