"""The type of a virtual register: a tensor on a device, at its bytes there once they are allocated.

```mlir
!reg.reg<1x128x768xf32, cpu>
!reg.reg<1x128x768xf32, cpu, offset = 4096>
```
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

from xdsl.dialects.builtin import IntAttr, NoneAttr, StringAttr, TensorType
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.ir.tensors import REGISTER_TYPES, Shaped, numpy_dtype, shaped, tensor_type

_DEVICE = re.compile(r"[a-z][a-z0-9_.]*")
_MAX_ADDRESS = (1 << 63) - 1


@irdl_attr_definition
class RegisterType(ParametrizedAttribute, TypeAttribute):
    """A virtual register.

    Args:
        tensor: the static shape and element type of the value it holds.
        device: where it lives, in lower case: `cpu`, `gpu`, `npu`, `host`, …
        offset: where its bytes start in the device's arena; `None` before allocation, and for what
            lives elsewhere: weights, constants, the program's arguments and results.
    """

    name = "reg.reg"

    tensor: TensorType[Attribute]
    device_name: StringAttr
    arena_offset: IntAttr | NoneAttr

    def __init__(
        self,
        tensor: TensorType[Any],
        device: str | StringAttr,
        offset: int | Attribute | None = None,
    ) -> None:
        super().__init__(
            tensor,
            StringAttr(device) if isinstance(device, str) else device,
            NoneAttr()
            if offset is None
            else IntAttr(offset)
            if isinstance(offset, int)
            else offset,
        )

    @property
    def device(self) -> str:
        """The device's name, in lower case."""
        return self.device_name.data

    @property
    def offset(self) -> int | None:
        """Where its bytes start in the device's arena; `None` if it has none there."""
        offset = self.arena_offset
        return offset.data if isinstance(offset, IntAttr) else None

    @property
    def num_bytes(self) -> int:
        """The size of what it holds; a boolean takes a byte."""
        return prod(self.shape) * numpy_dtype(self.dtype).itemsize

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents."""
        return self.tensor.get_shape()

    @property
    def dtype(self) -> Attribute:
        """The element type."""
        return self.tensor.element_type

    def on(self, device: str) -> RegisterType:
        """The same tensor on another device, not allocated there."""
        return register_type(self.shape, self.dtype, device)

    def at(self, offset: int | None) -> RegisterType:
        """The same register at other bytes of the arena."""
        return register_type(self.shape, self.dtype, self.device, offset)

    def verify(self) -> None:
        """Extents are static, the element type and the device are known by name."""
        if any(extent < 0 for extent in self.shape):
            raise VerifyException(f"a register has a static shape, got {self.tensor}")
        if self.dtype not in REGISTER_TYPES:
            raise VerifyException(f"a register cannot hold elements of type {self.dtype}")
        if _DEVICE.fullmatch(self.device) is None:
            raise VerifyException(f"a device's name is in lower case, got {self.device!r}")
        if self.offset is not None and self.offset < 0:
            raise VerifyException(f"an offset is not negative, got {self.offset}")
        if (self.offset or 0) + self.num_bytes > _MAX_ADDRESS:
            raise VerifyException(f"{self.tensor} is larger than any memory")

    def print_parameters(self, printer: Printer) -> None:
        """Print `<1x128x768xf32, cpu, offset = 4096>`."""
        with printer.in_angle_brackets():
            printer.print_dimension_list(self.shape)
            printer.print_string("x" if self.shape else "")
            printer.print_attribute(self.dtype)
            printer.print_string(f", {self.device}")
            if self.offset is not None:
                printer.print_string(f", offset = {self.offset}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Parse what `print_parameters` prints."""
        with parser.in_angle_brackets():
            start = parser.pos
            shape, dtype = parser.parse_shape()
            if shape is None:
                parser.raise_error("a register has a ranked shape", start, parser.pos)
            parser.parse_punctuation(",")
            device = parser.parse_identifier(", the register's device")
            offset: Attribute = NoneAttr()
            if parser.parse_optional_punctuation(",") is not None:
                parser.parse_keyword("offset")
                parser.parse_punctuation("=")
                offset = IntAttr(parser.parse_integer(allow_boolean=False))
        return (tensor_type(shape, dtype), StringAttr(device), offset)


@lru_cache(maxsize=65536)
def _register_type(
    shape: tuple[int, ...], dtype: Attribute, device: str, offset: int | None
) -> RegisterType:
    return RegisterType(tensor_type(shape, dtype), device, offset)


def register_type(
    shape: Sequence[int], dtype: Attribute, device: str, offset: int | None = None
) -> RegisterType:
    """The type of a register; equal arguments give the same object."""
    return _register_type(tuple(shape), dtype, device, offset)


def register_shaped(type: Attribute) -> Shaped:
    """What a shape function sees of a register.

    Raises:
        TypeError: `type` is not a register type.
    """
    if not isinstance(type, RegisterType):
        raise TypeError(f"expected a register type, got {type}")
    return shaped(type.tensor)


def device_of(type: Attribute) -> str:
    """The device of a register.

    Raises:
        TypeError: `type` is not a register type.
    """
    if not isinstance(type, RegisterType):
        raise TypeError(f"expected a register type, got {type}")
    return type.device
