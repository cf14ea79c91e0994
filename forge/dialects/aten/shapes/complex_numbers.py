"""Complex numbers: their parts, and what they are made of."""

from __future__ import annotations

from forge.dialects.aten.shapes.dimensions import broadcast
from forge.dialects.aten.shapes.promotion import (
    complex_type,
    require_kind,
    require_same_dtype,
    to_float,
    to_real,
)
from forge.ir.shape_functions import shape_function
from forge.ir.tensors import Shaped


@shape_function("aten.complex")
def complex(real: Shaped, imag: Shaped) -> Shaped:
    dtype = require_same_dtype(real, imag)
    require_kind(dtype, "f", "the parts")
    return Shaped(broadcast(real.shape, imag.shape), complex_type(dtype))


@shape_function("aten.polar")
def polar(abs: Shaped, angle: Shaped) -> Shaped:
    return complex(abs, angle)


@shape_function("aten.conj_physical")
def conj_physical(input: Shaped) -> Shaped:
    return Shaped(input.shape, input.dtype)


@shape_function("aten.real")
def real(input: Shaped) -> Shaped:
    return Shaped(input.shape, to_real(input.dtype))


@shape_function("aten.imag")
def imag(input: Shaped) -> Shaped:
    require_kind(input.dtype, "c", "input")
    return real(input)


@shape_function("aten.angle")
def angle(input: Shaped) -> Shaped:
    return Shaped(input.shape, to_float(to_real(input.dtype)))
