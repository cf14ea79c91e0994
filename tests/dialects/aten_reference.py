"""What PyTorch makes of an operator's arguments: its results' shapes and types, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from xdsl.ir import Attribute

from forge.dialects.aten import Argument, AtenOp
from forge.errors import ForgeError
from forge.ir.tensors import Shaped
from forge.ir.torch_types import shaped_tensor, torch_dtype

# Beside these results PyTorch returns statistics for the backward pass. Which, and in what type,
# depends on the device; Forge takes the CPU, where models are exported.
ON_CPU = {
    "aten._embedding_bag",
    "aten._native_batch_norm_legit.no_stats",
    "aten._native_batch_norm_legit_no_training",
    "aten.native_layer_norm",
}
# Kernels that trust the operator they are called by: wrong arguments make them crash.
TRUSTING = {
    "aten._fft_c2c",
    "aten._fft_c2r",
    "aten._fft_r2c",
    "aten._fused_rms_norm",
    "aten._native_batch_norm_legit.no_stats",
    "aten._native_batch_norm_legit_no_training",
    "aten._pdist_forward",
    "aten._scaled_dot_product_flash_attention_for_cpu",
}
# NotImplementedError is a RuntimeError; a kernel written in Python asserts.
REFUSALS = (
    RuntimeError,
    ValueError,
    TypeError,
    IndexError,
    AssertionError,
    ZeroDivisionError,
)


def overload(op_class: type[AtenOp]) -> Callable[..., Any]:
    """PyTorch's operator for an operation class."""
    operator, _, name = op_class.schema().name.partition(".")
    return getattr(getattr(torch.ops.aten, operator), name or "default")


def call(op_class: type[AtenOp], arguments: dict[str, Any], device: str) -> tuple[Shaped, ...]:
    """The results of the operator on tensors of zeros on `device`.

    Raises:
        RuntimeError, ValueError, TypeError, IndexError, AssertionError: it refuses the arguments.
        ForgeError: a result has a dtype that Forge does not know.
    """
    values: dict[str, Any] = {}
    for argument in op_class.arguments():
        if argument.name in arguments:
            values[argument.schema_name] = _value(argument, arguments[argument.name], device)
        elif argument.schema_name == "device":
            values["device"] = device
        elif argument.nullable and argument.default is None:
            values[argument.schema_name] = None
    results = overload(op_class)(**values)
    if isinstance(results, torch.Tensor):
        results = (results,)
    return tuple(shaped_tensor(result) for result in results)


def _value(argument: Argument, value: Any, device: str) -> Any:
    if isinstance(value, Shaped):
        return torch.zeros(value.shape, dtype=torch_dtype(value.dtype), device=device)
    if argument.is_operand and value is not None:
        return [_value(argument, element, device) for element in value]
    if isinstance(value, Attribute):
        return torch_dtype(value)
    return getattr(torch, value) if argument.kind == "memory_format" else value


def infer_by_meta_kernel(
    op_class: type[AtenOp], arguments: dict[str, Any]
) -> tuple[Shaped, ...] | str:
    """The results as PyTorch's meta kernel has them, or why it refuses the arguments."""
    on_cpu = op_class.name in ON_CPU
    try:
        with FakeTensorMode() if on_cpu else nullcontext():
            return call(op_class, arguments, "cpu" if on_cpu else "meta")
    except (*REFUSALS, ForgeError) as error:
        return f"{type(error).__name__}: {error}"


def refused_on_cpu(op_class: type[AtenOp], arguments: dict[str, Any]) -> bool:
    """Whether the operator, run in earnest, refuses the arguments.

    A kernel with nothing to do often looks at nothing, so the arguments count as refused as well if
    they are where each extent of 0 is 1.
    """
    if op_class.name in TRUSTING:
        return True
    filled = {name: _filled(value) for name, value in arguments.items()}
    return any(_refused(op_class, each) for each in (arguments, filled))


def _refused(op_class: type[AtenOp], arguments: dict[str, Any]) -> bool:
    try:
        call(op_class, arguments, "cpu")
    except (*REFUSALS, ForgeError):
        return True
    return False


def _filled(value: Any) -> Any:
    if isinstance(value, Shaped):
        return Shaped(tuple(extent or 1 for extent in value.shape), value.dtype)
    return [_filled(element) for element in value] if isinstance(value, list) else value
