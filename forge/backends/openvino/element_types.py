"""Element types: Forge's, OpenVINO's and numpy's names for the same thing."""

from __future__ import annotations

from functools import cache

from xdsl.ir import Attribute

from forge.errors import ForgeError

_OPENVINO_NAMES = {
    "f64": "f64",
    "f32": "f32",
    "f16": "f16",
    "bf16": "bf16",
    "i64": "i64",
    "i32": "i32",
    "i16": "i16",
    "i8": "i8",
    "i4": "i4",
    "ui64": "u64",
    "ui32": "u32",
    "ui16": "u16",
    "ui8": "u8",
    "i1": "boolean",
}


@cache
def openvino_name(dtype: Attribute) -> str:
    """OpenVINO's name of an element type.

    Raises:
        ForgeError: OpenVINO has none, such as for complex numbers.
    """
    if (name := _OPENVINO_NAMES.get(str(dtype))) is None:
        raise ForgeError(
            f"OpenVINO has no element type {dtype}",
            hint="complex numbers can be computed on the host only (reg.host)",
        )
    return name
