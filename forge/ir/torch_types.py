"""PyTorch's dtypes and Forge's element types; the one module of `forge.ir` that imports torch."""

from __future__ import annotations

import torch
from xdsl.ir import Attribute

from forge.errors import ForgeError
from forge.ir.tensors import ELEMENT_TYPES, Shaped, i4

_NAMES = {
    torch.float16: "f16",
    torch.bfloat16: "bf16",
    torch.float32: "f32",
    torch.float64: "f64",
    torch.bool: "i1",
    torch.int8: "i8",
    torch.int16: "i16",
    torch.int32: "i32",
    torch.int64: "i64",
    torch.uint8: "ui8",
    torch.uint16: "ui16",
    torch.uint32: "ui32",
    torch.uint64: "ui64",
    torch.complex64: "complex<f32>",
    torch.complex128: "complex<f64>",
}

TO_ELEMENT_TYPE: dict[torch.dtype, Attribute] = {
    dtype: ELEMENT_TYPES[name] for dtype, name in _NAMES.items()
}
# PyTorch has no arithmetic on four bits, and none is needed: weights are widened first.
_TO_DTYPE = {i4: torch.int8} | {type: dtype for dtype, type in TO_ELEMENT_TYPE.items()}


def element_type(dtype: torch.dtype, subject: str = "a tensor") -> Attribute:
    """The element type of a dtype.

    Raises:
        ForgeError: Forge has none for it; the message says that `subject` has it.
    """
    if (found := TO_ELEMENT_TYPE.get(dtype)) is None:
        raise ForgeError(f"{subject} has dtype {dtype}, which Forge does not know")
    return found


def torch_dtype(element_type: Attribute) -> torch.dtype:
    """The dtype of an element type; the inverse of `element_type`, and i8 for i4.

    Raises:
        ForgeError: PyTorch has none for it.
    """
    if (found := _TO_DTYPE.get(element_type)) is None:
        raise ForgeError(f"{element_type} is not the element type of a torch tensor")
    return found


def shaped_tensor(tensor: torch.Tensor, subject: str = "a tensor") -> Shaped:
    """The shape and element type of a tensor of fixed size.

    Raises:
        ForgeError: its dtype is none that Forge knows.
    """
    return Shaped(tuple(tensor.shape), element_type(tensor.dtype, subject))
