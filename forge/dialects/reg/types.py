"""The type of a virtual register: a tensor on a device, in a buffer once one is allocated.

```mlir
!reg.reg<1x128x768xf32, cpu>
!reg.reg<1x128x768xf32, cpu, buffer = 3>
```
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from xdsl.dialects.builtin import IntAttr, NoneAttr, StringAttr, TensorType
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.ir.tensors import ELEMENT_TYPES, Shaped, shaped, tensor_type

_DEVICE = re.compile(r"[a-z][a-z0-9_.]*")
_ELEMENT_TYPES = frozenset(ELEMENT_TYPES.values())


@irdl_attr_definition
class RegisterType(ParametrizedAttribute, TypeAttribute):
    """A virtual register.

    Args:
        tensor: the static shape and element type of the value it holds.
        device: where it lives, in lower case: `cpu`, `gpu`, `npu`, `host`, …
        buffer: the number of the buffer it is allocated to; `None` before allocation.
    """

    name = "reg.reg"

    tensor: TensorType[Attribute]
    device_name: StringAttr
    buffer_number: IntAttr | NoneAttr

    def __init__(
        self,
        tensor: TensorType[Any],
        device: str | StringAttr,
        buffer: int | Attribute | None = None,
    ) -> None:
        super().__init__(
            tensor,
            StringAttr(device) if isinstance(device, str) else device,
            NoneAttr()
            if buffer is None
            else IntAttr(buffer)
            if isinstance(buffer, int)
            else buffer,
        )

    @property
    def device(self) -> str:
        """The device's name, in lower case."""
        return self.device_name.data

    @property
    def buffer(self) -> int | None:
        """The number of the buffer; `None` before allocation."""
        number = self.buffer_number
        return number.data if isinstance(number, IntAttr) else None

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents."""
        return self.tensor.get_shape()

    @property
    def dtype(self) -> Attribute:
        """The element type."""
        return self.tensor.element_type

    def on(self, device: str) -> RegisterType:
        """The same tensor on another device, not yet in a buffer."""
        return register_type(self.shape, self.dtype, device)

    def in_buffer(self, buffer: int | None) -> RegisterType:
        """The same register in another buffer."""
        return register_type(self.shape, self.dtype, self.device, buffer)

    def verify(self) -> None:
        """Extents are static, the element type and the device are known by name."""
        if any(extent < 0 for extent in self.shape):
            raise VerifyException(f"a register has a static shape, got {self.tensor}")
        if self.dtype not in _ELEMENT_TYPES:
            raise VerifyException(f"a register cannot hold elements of type {self.dtype}")
        if _DEVICE.fullmatch(self.device) is None:
            raise VerifyException(f"a device's name is in lower case, got {self.device!r}")
        if self.buffer is not None and self.buffer < 0:
            raise VerifyException(f"a buffer's number is not negative, got {self.buffer}")

    def print_parameters(self, printer: Printer) -> None:
        """Print `<1x128x768xf32, cpu, buffer = 3>`."""
        with printer.in_angle_brackets():
            printer.print_dimension_list(self.shape)
            printer.print_string("x" if self.shape else "")
            printer.print_attribute(self.dtype)
            printer.print_string(f", {self.device}")
            if self.buffer is not None:
                printer.print_string(f", buffer = {self.buffer}")

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
            buffer: Attribute = NoneAttr()
            if parser.parse_optional_punctuation(",") is not None:
                parser.parse_keyword("buffer")
                parser.parse_punctuation("=")
                buffer = IntAttr(parser.parse_integer(allow_boolean=False))
        return (tensor_type(shape, dtype), StringAttr(device), buffer)


@lru_cache(maxsize=65536)
def _register_type(
    shape: tuple[int, ...], dtype: Attribute, device: str, buffer: int | None
) -> RegisterType:
    return RegisterType(tensor_type(shape, dtype), device, buffer)


def register_type(
    shape: Sequence[int], dtype: Attribute, device: str, buffer: int | None = None
) -> RegisterType:
    """The type of a register; equal arguments give the same object."""
    return _register_type(tuple(shape), dtype, device, buffer)


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
