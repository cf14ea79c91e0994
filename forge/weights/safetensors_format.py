"""The safetensors file format, read and written without loading a tensor.

A file is the header's length (8 bytes, little endian), the header (JSON: name → dtype, shape and
`data_offsets`, relative to the header's end) and the tensors' bytes, little endian, row-major.
Format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from forge.errors import ForgeError
from forge.files import written_beside
from forge.ir.tensors import ELEMENT_TYPES, Shaped, numpy_dtype
from forge.weights.store import WeightStore

ALIASES_KEY = "forge.aliases"
"""The metadata entry with the further names of tied tensors, as JSON."""

_DTYPES = {
    "F64": "f64",
    "F32": "f32",
    "F16": "f16",
    "BF16": "bf16",
    "I64": "i64",
    "I32": "i32",
    "I16": "i16",
    "I8": "i8",
    "U64": "ui64",
    "U32": "ui32",
    "U16": "ui16",
    "U8": "ui8",
    "BOOL": "i1",
    "C64": "complex<f32>",
}
_DTYPE_NAMES = {element_type: name for name, element_type in _DTYPES.items()}
# The reference implementation's own bound: a longer header is a corrupt length.
_MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one tensor is: its type's name in the file, its shape, its bytes in the file."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    def shaped(self, name: str) -> Shaped:
        """Its shape and element type.

        Raises:
            ForgeError: the element type is none that Forge knows.
        """
        if self.dtype not in _DTYPES:
            raise ForgeError(
                f"weight {name!r} has element type {self.dtype}, which Forge does not know",
                hint=f"known are {', '.join(_DTYPES)}",
            )
        return Shaped(self.shape, ELEMENT_TYPES[_DTYPES[self.dtype]])


def read_header(path: Path) -> tuple[dict[str, Entry], dict[str, str]]:
    """The tensors of a file by name, and its metadata.

    Raises:
        ForgeError: the file cannot be read, or is not a safetensors file.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            text, start = _header_text(file, size, path)
    except OSError as error:
        raise ForgeError(f"cannot read weights from {path}: {error.strerror}") from error
    try:
        header: object = json.loads(text)
    except ValueError as error:
        raise _malformed(path, "its header is not JSON") from error
    if not isinstance(header, dict):
        raise _malformed(path, "its header is not a table of tensors")
    table = cast("dict[str, Any]", header)
    metadata = table.pop("__metadata__", {})
    return {name: _entry(path, name, start, size, value) for name, value in table.items()}, metadata


def _malformed(path: Path, reason: str) -> ForgeError:
    return ForgeError(f"{path} is not a complete safetensors file: {reason}")


def _header_text(file: BinaryIO, size: int, path: Path) -> tuple[bytes, int]:
    if size < 8:
        raise _malformed(path, f"it has {size} bytes")
    length = int.from_bytes(file.read(8), "little")
    if length > min(size - 8, _MAX_HEADER_BYTES):
        raise _malformed(path, f"its header claims {length} bytes, the file has {size}")
    return file.read(length), 8 + length


def _entry(path: Path, name: str, start: int, size: int, value: object) -> Entry:
    try:
        fields = cast("dict[str, Any]", value)
        shape = tuple(int(extent) for extent in fields["shape"])
        begin, end = (start + int(offset) for offset in fields["data_offsets"])
        entry = Entry(str(fields["dtype"]), shape, begin, end)
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(path, f"the header's entry for {name!r} is malformed") from error
    if not start <= begin <= end <= size or min(shape, default=0) < 0:
        raise _malformed(path, f"{name!r} lies outside of it")
    if entry.dtype in _DTYPES:
        expected = entry.shaped(name).numel * numpy_dtype(entry.shaped(name).dtype).itemsize
        if end - begin != expected:
            raise _malformed(path, f"{name!r} has {end - begin} bytes instead of {expected}")
    return entry


def save_weights(
    weights: WeightStore, path: str | os.PathLike[str], names: Iterable[str] | None = None
) -> None:
    """Write weights to a safetensors file, one tensor at a time; tied ones once.

    The file appears under its name only when it is complete.

    Args:
        weights: where they are.
        path: the file to write or replace.
        names: which to write, under any of their names; all by default.

    Raises:
        ForgeError: the file cannot be written, or a weight is missing or has no values.
    """
    chosen = weights.names() if names is None else [weights.canonical(name) for name in names]
    types = {name: weights.shaped(name) for name in dict.fromkeys(chosen)}
    aliases = {name: canonical for name, canonical in weights.aliases.items() if canonical in types}
    # Widest elements first, as the reference implementation writes them: each stays aligned.
    order = sorted(types, key=lambda name: -numpy_dtype(types[name].dtype).itemsize)
    header = _header({name: types[name] for name in order}, aliases)
    target = Path(path)
    with written_beside(target) as partial, partial.open("wb") as file:
        file.write(header)
        for name in order:
            array = np.ascontiguousarray(weights.array(name))
            file.write(array.reshape(-1).view(np.uint8).data)


def _header(types: Mapping[str, Shaped], aliases: Mapping[str, str]) -> bytes:
    metadata = {"format": "pt"}
    if aliases:
        metadata[ALIASES_KEY] = json.dumps(dict(aliases))
    header: dict[str, object] = {"__metadata__": metadata}
    position = 0
    for name, type in types.items():
        if (dtype := _DTYPE_NAMES.get(str(type.dtype))) is None:
            raise ForgeError(f"a safetensors file cannot hold weight {name!r} of type {type}")
        end = position + type.numel * numpy_dtype(type.dtype).itemsize
        header[name] = {"dtype": dtype, "shape": type.shape, "data_offsets": [position, end]}
        position = end
    text = json.dumps(header, separators=(",", ":")).encode()
    # Padded, so that the first tensor is aligned in a mapped file.
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
