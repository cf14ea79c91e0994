"""Copies into another element type."""

from __future__ import annotations

from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import expect_broadcastable
from forge.dialects.aten.shapes.views import clone
from forge.ir.shape_functions import shape_function
from forge.ir.tensors import Shaped


@shape_function("aten._to_copy", "aten.to.device", "aten.to.dtype", "aten.to.dtype_layout")
def convert(
    input: Shaped,
    dtype: Attribute | None = None,
    memory_format: str | None = None,
    **_: object,
) -> Shaped:
    copied = clone(input, memory_format)
    return Shaped(copied.shape, copied.dtype if dtype is None else dtype)


@shape_function("aten.to.other")
def convert_as(
    input: Shaped, other: Shaped, memory_format: str | None = None, **_: object
) -> Shaped:
    return convert(input, other.dtype, memory_format)


@shape_function("aten.type_as")
def type_as(input: Shaped, other: Shaped) -> Shaped:
    return convert(input, other.dtype)


@shape_function("aten.copy")
def copy(input: Shaped, src: Shaped, non_blocking: bool = False) -> Shaped:
    expect_broadcastable(src.shape, input.shape)
    return Shaped(input.shape, input.dtype)
