"""Static arguments: Python values on one side, MLIR attributes on the other.

| Python        | attribute               | text            |
|---------------|-------------------------|-----------------|
| `int`         | `IntegerAttr` i64       | `1`             |
| `bool`        | `IntegerAttr` i1        | `true`          |
| `float`       | `FloatAttr` f64         | `1.0e-05`       |
| `str`         | `StringAttr`            | `"tanh"`        |
| `list[int]`   | `DenseArrayBase` i64    | `[1, 2]`        |
| `list[float]` | `DenseArrayBase` f64    | `[1.0, 0.5]`    |
| `list[bool]`  | `DenseArrayBase` i1     | `[true, false]` |
| element type  | itself                  | `f32`           |
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    f64,
    i1,
    i64,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute

from forge.errors import ForgeError
from forge.ir.tensors import numpy_dtype, shaped, tensor_type

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@lru_cache(maxsize=4096)
def _scalar(kind: type, value: int | float | str) -> Attribute:
    if kind is bool:
        return IntegerAttr(int(value), i1)
    if kind is int:
        return IntegerAttr(int(value), i64)
    if kind is float:
        return FloatAttr(float(value), f64)
    return StringAttr(str(value))


def to_attribute(value: object) -> Attribute:
    """The attribute that holds a Python value (see the table above).

    Raises:
        TypeError: the value has no attribute form.
    """
    if isinstance(value, Attribute):
        return value
    if isinstance(value, float):
        # 0.0 and -0.0 are equal, so a cache would mix them up.
        return FloatAttr(value, f64) if value in (0.0, -0.0) else _scalar(float, value)
    if isinstance(value, bool | int | str):
        return _scalar(type(value), value)
    if isinstance(value, Sequence):
        values = tuple(cast(Sequence[object], value))
        # 1 and True are equal, so a cache would mix them up.
        return _integers(values) if {*map(type, values)} == {int} else _sequence(values)
    raise TypeError(f"a {type(value).__name__} cannot be a static argument: {value!r}")


@lru_cache(maxsize=4096)
def _integers(values: tuple[object, ...]) -> Attribute:
    return _sequence(values)


def _sequence(values: Sequence[object]) -> Attribute:
    if any(isinstance(value, str | Attribute) for value in values):
        return ArrayAttr([to_attribute(value) for value in values])
    if values and all(isinstance(value, bool) for value in values):
        return DenseArrayBase.from_list(i1, [int(cast(bool, value)) for value in values])
    if any(isinstance(value, float) for value in values):
        return DenseArrayBase.from_list(f64, [float(cast(float, value)) for value in values])
    return DenseArrayBase.from_list(i64, [int(cast(int, value)) for value in values])


def from_attribute(attribute: Attribute) -> Any:
    """The Python value of an attribute; one that stands for itself comes back as it is."""
    if isinstance(attribute, IntegerAttr):
        integer = cast("IntegerAttr[Any]", attribute)
        return bool(integer.value.data) if integer.type == i1 else integer.value.data
    if isinstance(attribute, FloatAttr):
        return cast("FloatAttr[Any]", attribute).value.data
    if isinstance(attribute, StringAttr):
        return attribute.data
    if isinstance(attribute, EnumAttribute):
        return str(cast("EnumAttribute[Any]", attribute).data)
    if isinstance(attribute, DenseArrayBase):
        values = cast("DenseArrayBase[Any]", attribute)
        numbers = list(values.get_values())
        return [bool(number) for number in numbers] if values.elt_type == i1 else numbers
    if isinstance(attribute, ArrayAttr):
        return [from_attribute(item) for item in cast("ArrayAttr[Attribute]", attribute)]
    return attribute


def dense(array: NDArray[np.generic], dtype: Attribute) -> DenseIntOrFPElementsAttr:
    """`dense<…>` over an array whose elements have Forge's element type `dtype`."""
    import numpy as np

    contiguous = np.ascontiguousarray(array, numpy_dtype(dtype)).reshape(array.shape)
    if contiguous.dtype == bool:
        # True is -1, as xDSL's parser writes it: equal constants are equal attributes.
        contiguous = -contiguous.view(np.int8)
    type = tensor_type(array.shape, dtype)
    return DenseIntOrFPElementsAttr(cast(Any, type), BytesAttr(contiguous.tobytes()))


def dense_array(attribute: DenseIntOrFPElementsAttr) -> NDArray[np.generic]:
    """The elements of `dense<…>` as an array (bf16 as its bits, in uint16).

    Raises:
        ForgeError: there is no memory for them: one number may stand for any number of elements.
    """
    import numpy as np

    info = shaped(attribute.type)
    values = np.frombuffer(attribute.data.data, numpy_dtype(info.dtype))
    if values.dtype == bool:
        # True is -1, eight set bits; others compute with the byte.
        values = values.view(np.uint8) != 0
    if values.size == 1 and info.numel != 1:
        try:
            values = np.repeat(values, info.numel)
        except (MemoryError, OverflowError, ValueError) as error:
            raise ForgeError(
                f"there is no memory for a constant of {info.numel:,} elements"
            ) from error
    return values.reshape(info.shape)
