"""The elements of known values as numpy computes with them.

An array has the numpy type of its element type, only that bf16, which numpy lacks, is kept in f32:
every bf16 is one, so comparing, moving and choosing need no care, and only casts round.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute

from forge.ir.attributes import dense, dense_array
from forge.ir.tensors import bf16, f16, f32, f64, is_complex, numpy_dtype, shaped

Array = NDArray[Any]


def has_array(dtype: Attribute) -> bool:
    """Whether values of an element type are kept at all; complex ones are not."""
    return not is_complex(dtype)


def array_dtype(dtype: Attribute) -> np.dtype[Any]:
    """The numpy type in which an element type is kept."""
    return np.dtype(np.float32) if dtype == bf16 else numpy_dtype(dtype)


def array_of(attribute: DenseIntOrFPElementsAttr) -> Array:
    """The elements of `dense<…>`."""
    array = dense_array(attribute)
    return widen_bf16(array) if shaped(attribute.type).dtype == bf16 else array


def attribute_of(array: Array, dtype: Attribute) -> DenseIntOrFPElementsAttr:
    """`dense<…>` with the elements of a known value."""
    return dense(bf16_bits(array) if dtype == bf16 else array, dtype)


def is_exact(array: Array) -> bool:
    """Whether the elements are integers or booleans."""
    return array.dtype.kind in "biu"


def cast(array: Array, dtype: Attribute) -> Array | None:
    """`array` in another element type, rounded as PyTorch does; `None` where that is undefined."""
    target = array_dtype(dtype)
    if target.kind in "iu" and not is_exact(array) and not _fits(array, target):
        # How a float becomes an integer where it does not fit is nobody's standard.
        return None
    return convert(array, dtype)


def convert(array: Array, dtype: Attribute) -> Array:
    """`array` in another element type; floats that do not fit into an integer become any one."""
    if dtype in (bf16, f16) and array.dtype != array_dtype(dtype):
        # PyTorch goes through f32, whatever it comes from.
        array = array.astype(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        converted = array.astype(array_dtype(dtype))
    return _rounded_to_bf16(converted) if dtype == bf16 else converted


def widen_bf16(bits: Array) -> Array:
    """f32 from the bits of bf16, which is its upper half."""
    return np.asarray(bits.astype(np.uint32) << 16).view(np.float32)


def bf16_bits(array: Array) -> Array:
    """The bits of f32 that is bf16."""
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32) >> 16
    return np.asarray(bits).astype(np.uint16).reshape(array.shape)


def computing_dtype(dtype: Attribute) -> np.dtype[Any] | None:
    """The numpy type in which PyTorch computes with elements of a floating type."""
    if dtype in (f16, bf16, f32):
        return np.dtype(np.float32)
    return np.dtype(np.float64) if dtype == f64 else None


def lowest(dtype: Attribute) -> float:
    """The smallest finite number of a floating type, which masks take for minus infinity."""
    if dtype == bf16:
        # All ones in front of the last bit of the exponent, and in the fraction of 7 bits.
        return -(2.0 - 2.0**-7) * 2.0**127
    numpy_type: Any = numpy_dtype(dtype)
    return float(np.finfo(numpy_type).min)


def _fits(array: Array, target: np.dtype[Any]) -> bool:
    limit = float(np.iinfo(target).max)
    lowest = float(np.iinfo(target).min)
    # NaN compares with nothing; 2⁶³ − 1 is rounded up to what does not fit.
    return bool(np.all((array > lowest - 1 if lowest == 0 else array >= lowest) & (array < limit)))


def _rounded_to_bf16(array: Array) -> Array:
    """f32 to the nearest bf16, ties to even; what is no number stays."""
    bits = np.ascontiguousarray(array).view(np.uint32)
    rounded = (bits + (((bits >> 16) & 1) + np.uint32(0x7FFF))) & np.uint32(0xFFFF0000)
    return np.where(np.isnan(array), array, rounded.view(np.float32).reshape(array.shape))
