"""Bytes out and bytes in: unsigned LEB128 for sizes and indices, little endian for the rest."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import TypeVar

from forge.errors import ForgeError

T = TypeVar("T")

MAGIC = b"FORGE\x00"
"""What bytecode starts with; no text has a zero in it."""

_FLOAT = struct.Struct("<d")
_INDEX_BITS = 63


class Writer:
    """Appends to a buffer."""

    def __init__(self) -> None:
        self.buffer = bytearray()

    def number(self, value: int) -> None:
        """An integer from 0 on: seven bits a byte, the lowest first, the eighth if more follow."""
        while value > 0x7F:
            self.buffer.append(value & 0x7F | 0x80)
            value >>= 7
        self.buffer.append(value)

    def signed(self, value: int) -> None:
        """Any integer of 64 bits: 0, −1, 1, −2, … are 0, 1, 2, 3, …."""
        self.number(value << 1 if value >= 0 else (-value << 1) - 1)

    def float64(self, value: float) -> None:
        """IEEE 754 binary64."""
        self.buffer += _FLOAT.pack(value)

    def block(self, content: bytes) -> None:
        """A length, and so many bytes."""
        self.number(len(content))
        self.buffer += content

    def numbers(self, values: Sequence[int]) -> None:
        """A count, and so many integers from 0 on."""
        self.number(len(values))
        for value in values:
            self.number(value)


class Reader:
    """Reads a buffer; whatever it holds, nothing is read outside of it."""

    def __init__(self, buffer: bytes, name: str) -> None:
        self._buffer = buffer
        self._name = name
        self.position = 0

    def error(self, problem: str) -> ForgeError:
        """What is wrong at this place."""
        return ForgeError(f"{self._name} is damaged at byte {self.position}: {problem}")

    def byte(self) -> int:
        """One byte."""
        return self.raw(1)[0]

    def number(self, bits: int = _INDEX_BITS) -> int:
        """An integer from 0 on that takes so many bits at most."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= bits:
                raise self.error("a number does not end")
        if value >> bits:
            raise self.error(f"a number has more than {bits} bits")
        return value

    def signed(self) -> int:
        """An integer of 64 bits."""
        value = self.number(64)
        return -((value + 1) >> 1) if value & 1 else value >> 1

    def float64(self) -> float:
        """IEEE 754 binary64."""
        return _FLOAT.unpack(self.raw(_FLOAT.size))[0]

    def block(self) -> bytes:
        """A length, and so many bytes."""
        return self.raw(self.number())

    def raw(self, length: int) -> bytes:
        """So many bytes."""
        end = self.position + length
        if end > len(self._buffer):
            raise self.error(f"it ends where {length} more bytes should be")
        found = self._buffer[self.position : end]
        self.position = end
        return found

    def repeated(self, read: Callable[[], T]) -> list[T]:
        """A count, and so many of what `read` reads; each takes a byte at least."""
        count = self.number()
        if count > len(self._buffer) - self.position:
            raise self.error(f"it announces {count} elements, more than it has bytes")
        return [read() for _ in range(count)]

    def index(self, size: int, what: str) -> int:
        """A number below `size`."""
        number = self.number()
        if number >= size:
            raise self.error(f"{what} {number} does not exist; there are {size}")
        return number
