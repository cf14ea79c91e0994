"""Tensor types as plain shapes and element types, built once and reused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from xdsl.dialects.builtin import (
    BFloat16Type,
    ComplexType,
    Float16Type,
    Float32Type,
    Float64Type,
    IntegerType,
    Signedness,
    TensorType,
    bf16,
    f16,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
)
from xdsl.ir import Attribute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

i4 = IntegerType(4)
ui8 = IntegerType(8, Signedness.UNSIGNED)
ui16 = IntegerType(16, Signedness.UNSIGNED)
ui32 = IntegerType(32, Signedness.UNSIGNED)
ui64 = IntegerType(64, Signedness.UNSIGNED)
c64 = ComplexType(f32)
c128 = ComplexType(f64)

ELEMENT_TYPES: dict[str, Attribute] = {
    "f16": f16,
    "bf16": bf16,
    "f32": f32,
    "f64": f64,
    "i1": i1,
    "i8": i8,
    "i16": i16,
    "i32": i32,
    "i64": i64,
    "ui8": ui8,
    "ui16": ui16,
    "ui32": ui32,
    "ui64": ui64,
    "complex<f32>": c64,
    "complex<f64>": c128,
}
"""Every element type of PyTorch that Forge knows, by the text that MLIR prints for it."""

REGISTER_TYPES = frozenset({*ELEMENT_TYPES.values(), i4})
"""What a register may hold: also integers of four bits, which are for weights only."""

_NUMPY_NAMES = {
    "f16": "float16",
    "f32": "float32",
    "f64": "float64",
    "i1": "bool",
    # One a byte, as long as no device has them.
    "i4": "int8",
    "i8": "int8",
    "i16": "int16",
    "i32": "int32",
    "i64": "int64",
    "ui8": "uint8",
    "ui16": "uint16",
    "ui32": "uint32",
    "ui64": "uint64",
    "complex<f32>": "complex64",
    "complex<f64>": "complex128",
    # numpy has no bfloat16: its bits travel as 16-bit words.
    "bf16": "uint16",
}


@dataclass(frozen=True, slots=True)
class Shaped:
    """What a shape function sees of a tensor.

    Attributes:
        shape: the extents, one per dimension.
        dtype: the element type, one of `ELEMENT_TYPES`.
        literal: the value, where a shape depends on it and it is known (OpenVINO's Reshape takes
            its target shape as a tensor).
    """

    shape: tuple[int, ...]
    dtype: Attribute
    literal: NDArray[np.generic] | None = field(default=None, compare=False)

    @property
    def rank(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def numel(self) -> int:
        """The number of elements."""
        count = 1
        for extent in self.shape:
            count *= extent
        return count

    def __str__(self) -> str:
        return "tensor<" + "".join(f"{extent}x" for extent in self.shape) + f"{self.dtype}>"


@lru_cache(maxsize=65536)
def _tensor_type(shape: tuple[int, ...], dtype: Attribute) -> TensorType:
    return TensorType(dtype, shape)


def tensor_type(shape: Sequence[int], dtype: Attribute) -> TensorType:
    """The type `tensor<shape x dtype>`; equal arguments give the same object."""
    return _tensor_type(tuple(shape), dtype)


def shaped(type: Attribute) -> Shaped:
    """The shape and element type of a tensor type.

    Raises:
        TypeError: `type` is not a ranked tensor type.
    """
    if not isinstance(type, TensorType):
        raise TypeError(f"expected a ranked tensor type, got {type}")
    tensor = cast(TensorType, type)
    return Shaped(tensor.get_shape(), tensor.element_type)


def _integer_width(dtype: Attribute) -> int | None:
    return cast("IntegerType[int]", dtype).width.data if isinstance(dtype, IntegerType) else None


def is_float(dtype: Attribute) -> bool:
    """Whether `dtype` is a real floating-point type."""
    return isinstance(dtype, Float16Type | BFloat16Type | Float32Type | Float64Type)


def is_complex(dtype: Attribute) -> bool:
    """Whether `dtype` is a complex type."""
    return isinstance(dtype, ComplexType)


def is_integer(dtype: Attribute) -> bool:
    """Whether `dtype` is an integer type (booleans, `i1`, are not)."""
    return (width := _integer_width(dtype)) is not None and width > 1


def is_bool(dtype: Attribute) -> bool:
    """Whether `dtype` is `i1`, PyTorch's bool."""
    return _integer_width(dtype) == 1


def bit_width(dtype: Attribute) -> int:
    """The bits that one element of a real type takes."""
    if (width := _integer_width(dtype)) is not None:
        return width
    if isinstance(dtype, Float16Type | BFloat16Type):
        return 16
    if isinstance(dtype, Float32Type):
        return 32
    if isinstance(dtype, Float64Type):
        return 64
    raise TypeError(f"{dtype} has no bit width")


@lru_cache(maxsize=64)
def numpy_dtype(dtype: Attribute) -> np.dtype[np.generic]:
    """The numpy dtype of an element type; bf16 becomes uint16, its bits."""
    import numpy as np

    return np.dtype(_NUMPY_NAMES[str(dtype)])
