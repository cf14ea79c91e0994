"""Type promotion: the element type that operands of different types meet in.

The rules are those of `torch.result_type`: tensors with dimensions count before scalar tensors,
scalar tensors before Python numbers, and a lower group changes the type only when its kind
(bool < integer < float < complex) is higher. Default element type: f32.
See https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc.
"""

from __future__ import annotations

from functools import lru_cache

from xdsl.dialects.builtin import bf16, f16, f32, f64, i1, i8, i16, i64
from xdsl.ir import Attribute

from forge.dialects.aten.shapes.dimensions import broadcast
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import (
    Shaped,
    bit_width,
    c64,
    c128,
    is_bool,
    is_complex,
    is_float,
    is_integer,
    ui8,
    ui16,
    ui32,
    ui64,
)

Number = int | float | bool
Operand = Shaped | Number

_KIND_NAMES = {"b": "bool", "i": "integer", "f": "floating-point", "c": "complex"}
_WIDE_UNSIGNED = (ui16, ui32, ui64)


@lru_cache(maxsize=256)
def kind(dtype: Attribute) -> str:
    """`b`, `i`, `f` or `c`: bool, integer, floating-point, complex."""
    if is_bool(dtype):
        return "b"
    if is_integer(dtype):
        return "i"
    return "f" if is_float(dtype) else "c"


@lru_cache(maxsize=1024)
def promote(left: Attribute, right: Attribute) -> Attribute:
    """The smallest type that holds both, as `torch.promote_types` has it.

    Raises:
        ShapeError: there is none (ui16, ui32 and ui64 with all but floating-point types).
    """
    if left == right:
        return left
    kinds = kind(left) + kind(right)
    if "f" not in kinds and (left in _WIDE_UNSIGNED or right in _WIDE_UNSIGNED):
        raise ShapeError(f"{left} and {right} have no common type in PyTorch")
    if "c" in kinds:
        return c128 if {c128, f64} & {left, right} else c64
    if "f" in kinds:
        return _promote_floats(left, right, kinds)
    if kinds != "ii":
        return right if kinds[0] == "b" else left
    if ui8 in (left, right):
        other = right if left == ui8 else left
        return i16 if other == i8 else other
    return left if bit_width(left) > bit_width(right) else right


def _promote_floats(left: Attribute, right: Attribute, kinds: str) -> Attribute:
    if kinds != "ff":
        return left if kinds[0] == "f" else right
    if {left, right} == {f16, bf16}:
        return f32
    return left if bit_width(left) > bit_width(right) else right


def _combine(higher: Attribute | None, lower: Attribute | None) -> Attribute | None:
    if higher is None or lower is None:
        return higher if lower is None else lower
    if kind(higher) == "f" and kind(lower) == "c":
        return complex_type(higher)
    if "bifc".index(kind(lower)) <= "bifc".index(kind(higher)):
        return higher
    return lower if kind(lower) in "fc" else promote(higher, lower)


def complex_type(dtype: Attribute) -> Attribute:
    """The complex type whose parts have the floating-point type `dtype`.

    Raises:
        ShapeError: Forge has none (f16).
    """
    if dtype == f16:
        raise ShapeError("complex<f16> is not supported")
    return c128 if dtype == f64 else c64


def _promote_optional(left: Attribute | None, right: Attribute) -> Attribute:
    return right if left is None else promote(left, right)


def _number_type(value: Number) -> Attribute:
    if isinstance(value, bool):
        return i1
    return i64 if isinstance(value, int) else f32


def result_type(*operands: Operand) -> Attribute:
    """The element type of an operation over tensors and Python numbers: `torch.result_type`.

    Raises:
        ShapeError: there is none, or no operand is given.
    """
    groups: list[Attribute | None] = [None, None, None]
    for operand in operands:
        if isinstance(operand, Shaped):
            group, dtype = int(operand.rank == 0), operand.dtype
        else:
            group, dtype = 2, _number_type(operand)
        groups[group] = _promote_optional(groups[group], dtype)
    with_dimensions, scalar_tensors, numbers = groups
    combined = _combine(with_dimensions, _combine(scalar_tensors, numbers))
    if combined is None:
        raise ShapeError("expected at least one operand")
    return combined


def to_float(dtype: Attribute) -> Attribute:
    """`dtype`, or f32 for an integer type or bool: what a function with real values returns."""
    return f32 if kind(dtype) in "bi" else dtype


def to_real(dtype: Attribute) -> Attribute:
    """The type of a magnitude: the component type of a complex type, else `dtype`."""
    if is_complex(dtype):
        return f64 if dtype == c128 else f32
    return dtype


def require_kind(dtype: Attribute, accepted: str, what: str = "an operand") -> None:
    """Check that `dtype` is of one of the `accepted` kinds (letters of `kind`).

    Raises:
        ShapeError: it is not.
    """
    if kind(dtype) not in accepted:
        names = " or ".join(_KIND_NAMES[letter] for letter in accepted)
        raise ShapeError(f"{what} must be {names}, got element type {dtype}")


def require_same_dtype(*tensors: Shaped | None) -> Attribute:
    """The element type that all tensors share; absent ones do not count.

    Raises:
        ShapeError: they differ.
    """
    dtypes = [tensor.dtype for tensor in tensors if tensor is not None]
    if any(dtype != dtypes[0] for dtype in dtypes):
        listed = ", ".join(str(dtype) for dtype in dtypes)
        raise ShapeError(f"the operands must have one element type, got {listed}")
    return dtypes[0]


def broadcast_operands(*operands: Operand | None) -> tuple[int, ...]:
    """The shape that the tensors among `operands` broadcast to.

    Raises:
        ShapeError: they do not broadcast.
    """
    return broadcast(*(operand.shape for operand in operands if isinstance(operand, Shaped)))


def elementwise(*operands: Operand | None, kinds: str = "bifc") -> Shaped:
    """The result of an operation over broadcast operands in their common type.

    Args:
        operands: tensors and Python numbers; absent ones (`None`) do not count.
        kinds: the kinds of common type that the operation is defined for.

    Raises:
        ShapeError: the shapes do not broadcast, or the common type is of another kind.
    """
    dtype = result_type(*(operand for operand in operands if operand is not None))
    require_kind(dtype, kinds, "the operands' common type")
    return Shaped(broadcast_operands(*operands), dtype)
