"""Questions that patterns ask about values."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from typing import TypeVar

import numpy as np
from xdsl.dialects.builtin import BFloat16Type, DenseIntOrFPElementsAttr, bf16, f16, f32
from xdsl.ir import Operation, SSAValue

from forge.dialects import aten
from forge.dialects.forge import ConstantOp
from forge.ir.tensors import is_complex, numpy_dtype, shaped

OpT = TypeVar("OpT", bound=Operation)


def producer(value: SSAValue | None, op_class: type[OpT]) -> OpT | None:
    """The operation of the given class that computes `value`, if it is one."""
    if value is None:
        return None
    owner = value.owner
    return owner if isinstance(owner, op_class) else None


def single_user(value: SSAValue) -> Operation | None:
    """The operation with the only use of `value`; `None` if there are several uses, or none."""
    return value.get_user_of_unique_use()


def widened(value: SSAValue) -> SSAValue | None:
    """x, where `value` is x of a 16-bit type as f32."""
    conversion = producer(value, aten.ToDtypeOp)
    if conversion is None or shaped(value.type).dtype != f32:
        return None
    return conversion.input if shaped(conversion.input.type).dtype in (f16, bf16) else None


def commuted(first: SSAValue, second: SSAValue) -> Iterator[tuple[SSAValue, SSAValue]]:
    """The operands of a commutative operation, both ways round."""
    yield first, second
    yield second, first


def scalar_constant(value: SSAValue) -> int | float | bool | None:
    """The one value that all elements of a constant have; `None` if there is no such thing."""
    constant = producer(value, ConstantOp)
    return None if constant is None else splat_value(constant.value)


def splat_value(attribute: DenseIntOrFPElementsAttr) -> int | float | bool | None:
    """The value of `dense<…>` if it holds only one; `None` if it holds several, or is complex."""
    dtype = shaped(attribute.type).dtype
    data = attribute.data.data
    size = numpy_dtype(dtype).itemsize
    # A parsed constant holds every element; most that differ do so from the second.
    if is_complex(dtype) or not data or data[size : 2 * size] not in (b"", data[:size]):
        return None
    if data != data[:size] * (len(data) // size):
        return None
    if isinstance(dtype, BFloat16Type):
        # bfloat16 is the upper half of a float32.
        return float((np.frombuffer(data, np.uint16).astype(np.uint32) << 16).view(np.float32)[0])
    return np.frombuffer(data, numpy_dtype(dtype))[0].item()


def is_close(value: float | None, expected: float, tolerance: float = 1e-6) -> bool:
    """Whether a constant is `expected`, up to a relative error (that of its rounding to f32)."""
    return value is not None and isclose(value, expected, rel_tol=tolerance, abs_tol=0.0)
