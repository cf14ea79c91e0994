"""One piece of memory, seen as a torch tensor or as a numpy array; nothing is copied.

This module imports torch only when it is handed a tensor: saved programs run without it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeGuard

from numpy.typing import NDArray
from xdsl.dialects.builtin import bf16
from xdsl.ir import Attribute

if TYPE_CHECKING:
    import torch

Array = NDArray[Any]
"""A contiguous array; bf16, which numpy lacks, as its bits in uint16."""


def is_tensor(value: object) -> TypeGuard[torch.Tensor]:
    """Whether a value is a torch tensor; without torch, nothing is."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def tensor_to_array(tensor: torch.Tensor) -> Array:
    """A tensor's memory as an array; copied if it is not contiguous, or on another device."""
    import torch

    tensor = tensor.detach().cpu().contiguous().resolve_conj().resolve_neg()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.uint16)
    return tensor.numpy()


def array_to_tensor(array: Array, dtype: Attribute) -> torch.Tensor:
    """An array's memory as a tensor of element type `dtype`; a copy if the array is read-only."""
    import torch

    from forge.ir.torch_types import torch_dtype

    # torch has no read-only tensors, and warns.
    array = array if array.flags.writeable else array.copy()
    tensor = torch.from_numpy(array)  # pyright: ignore[reportUnknownMemberType]
    return tensor.view(torch_dtype(dtype)) if dtype == bf16 else tensor
