"""The table of a program's attributes, types and locations; each refers to earlier ones only.

An entry is a tag of one byte and what the table below says. `str` is an index into the table of
strings, `attr` one into this table, `elem` a byte that names an element type, `[x]` a count and so
many of x. Numbers are as in `wire.py`.

| tag | attribute            | content                                      |
|-----|----------------------|----------------------------------------------|
| 0   | none                 |                                              |
| 1   | unit                 |                                              |
| 2   | boolean              | a byte, 0 or 1                               |
| 3   | i64                  | signed                                       |
| 4   | f64                  | float64                                      |
| 5   | string               | str                                          |
| 6   | element type         | elem                                         |
| 7   | dense array          | elem (an integer type), [signed]             |
| 8   | dense array of f64   | [float64]                                    |
| 9   | array                | [attr]                                       |
| 10  | dictionary           | [str, attr]                                  |
| 11  | `dense<…>`           | elem, [extent], block of bytes               |
| 12  | register type        | elem, [extent], str (device), offset + 1, or 0 for none |
| 13  | unknown location     |                                              |
| 14  | file location        | str, line, column                            |
| 15  | name location        | str, attr                                    |
| 16  | fused location       | [attr]                                       |
| 17  | call-site location   | attr (callee), attr (caller)                 |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    CallSiteLoc,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FileLineColLoc,
    FloatAttr,
    FusedLoc,
    IntAttr,
    IntegerAttr,
    IntegerType,
    LocationAttr,
    NameLoc,
    NoneAttr,
    StringAttr,
    UnitAttr,
    UnknownLoc,
    f64,
    i1,
    i64,
)
from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from forge.backends.vm.wire import Reader, Writer
from forge.dialects.reg import RegisterType, register_type
from forge.errors import ForgeError
from forge.ir.attributes import to_attribute
from forge.ir.tensors import ELEMENT_TYPES, numpy_dtype, tensor_type

# Their order is part of the format: new ones go to the end.
_ELEMENTS: Sequence[Attribute] = tuple(
    ELEMENT_TYPES[name]
    for name in (
        *("f16", "bf16", "f32", "f64", "i1", "i8", "i16", "i32", "i64"),
        *("ui8", "ui16", "ui32", "ui64", "complex<f32>", "complex<f64>"),
    )
)
_ELEMENT_NUMBERS = {element: number for number, element in enumerate(_ELEMENTS)}


_MAX_PARTS = 10_000
_MAX_DEPTH = 64
"""What an attribute may consist of, with all that it refers to: an array of two equal arrays of two
equal arrays of … takes few bytes here, and for ever to print."""

_LOCATIONS = (UnknownLoc, FileLineColLoc, NameLoc, FusedLoc, CallSiteLoc)


class AttributeWriter:
    """Writes the tables of strings and attributes while a program is written."""

    def __init__(self) -> None:
        self._strings: dict[str, int] = {}
        self._attributes: dict[Attribute, int] = {}
        self._string_table = Writer()
        self._attribute_table = Writer()

    def string(self, text: str) -> int:
        """The index of a string."""
        if (index := self._strings.get(text)) is None:
            index = self._strings[text] = len(self._strings)
            self._string_table.block(text.encode())
        return index

    def attribute(self, attribute: Attribute) -> int:
        """The index of an attribute.

        Raises:
            ForgeError: the format has no such attribute.
        """
        if (index := self._attributes.get(attribute)) is None:
            # What it refers to gets its entries first.
            entry = Writer()
            self._write(attribute, entry)
            index = self._attributes[attribute] = len(self._attributes)
            self._attribute_table.buffer += entry.buffer
        return index

    def dictionary(self, attributes: Mapping[str, Attribute], target: Writer) -> None:
        """Append named attributes.

        Raises:
            ForgeError: the format has none such.
        """
        target.number(len(attributes))
        for name, value in attributes.items():
            target.number(self.string(name))
            target.number(self.attribute(value))

    def finish(self, target: Writer) -> None:
        """Append both tables."""
        target.number(len(self._strings))
        target.buffer += self._string_table.buffer
        target.number(len(self._attributes))
        target.buffer += self._attribute_table.buffer

    def _write(self, attribute: Attribute, entry: Writer) -> None:
        match attribute:
            case NoneAttr():
                entry.number(0)
            case UnitAttr():
                entry.number(1)
            case IntegerAttr() | FloatAttr():
                self._write_number(cast(Any, attribute), entry)
            case StringAttr():
                entry.number(5)
                entry.number(self.string(attribute.data))
            case _ if attribute in _ELEMENT_NUMBERS:
                entry.number(6)
                entry.number(_ELEMENT_NUMBERS[attribute])
            case DenseArrayBase():
                _write_array(cast("DenseArrayBase[Any]", attribute), entry)
            case ArrayAttr():
                self._write_all(9, attribute.data, entry)
            case DictionaryAttr():
                entry.number(10)
                self.dictionary(attribute.data, entry)
            case DenseIntOrFPElementsAttr():
                entry.number(11)
                entry.number(_element_number(attribute.get_element_type()))
                entry.numbers(attribute.get_shape())
                entry.block(attribute.data.data)
            case RegisterType():
                entry.number(12)
                entry.number(_element_number(attribute.dtype))
                entry.numbers(attribute.shape)
                entry.number(self.string(attribute.device))
                entry.number(0 if attribute.offset is None else attribute.offset + 1)
            case _:
                self._write_location(attribute, entry)

    def _write_number(self, attribute: IntegerAttr[Any] | FloatAttr[Any], entry: Writer) -> None:
        if isinstance(attribute, FloatAttr) and attribute.type == f64:
            entry.number(4)
            entry.float64(attribute.value.data)
        elif isinstance(attribute, IntegerAttr) and attribute.type == i1:
            entry.number(2)
            entry.number(abs(attribute.value.data))
        elif isinstance(attribute, IntegerAttr) and attribute.type == i64:
            entry.number(3)
            entry.signed(attribute.value.data)
        else:
            raise _unknown(attribute)

    def _write_location(self, attribute: Attribute, entry: Writer) -> None:
        match attribute:
            case UnknownLoc():
                entry.number(13)
            case FileLineColLoc():
                entry.number(14)
                entry.number(self.string(attribute.filename.data))
                entry.number(attribute.line.data)
                entry.number(attribute.column.data)
            case NameLoc():
                entry.number(15)
                entry.number(self.string(attribute.desc.data))
                entry.number(self.attribute(attribute.location))
            case FusedLoc():
                self._write_all(16, cast("ArrayAttr[Attribute]", attribute.locations).data, entry)
            case CallSiteLoc():
                entry.number(17)
                entry.number(self.attribute(attribute.callee))
                entry.number(self.attribute(attribute.caller))
            case _:
                raise _unknown(attribute)

    def _write_all(self, tag: int, attributes: Sequence[Attribute], entry: Writer) -> None:
        entry.number(tag)
        entry.numbers([self.attribute(attribute) for attribute in attributes])


def _write_array(attribute: DenseArrayBase[Any], entry: Writer) -> None:
    values = attribute.get_values()
    if attribute.elt_type == f64:
        entry.number(8)
        entry.number(len(values))
        for value in values:
            entry.float64(value)
        return
    entry.number(7)
    entry.number(_ELEMENT_NUMBERS[attribute.elt_type])
    entry.number(len(values))
    for value in values:
        entry.signed(int(value))


def _element_number(dtype: Attribute) -> int:
    if (number := _ELEMENT_NUMBERS.get(dtype)) is None:
        raise ForgeError(f"bytecode cannot hold elements of type {dtype}")
    return number


def _unknown(attribute: Attribute) -> ForgeError:
    return ForgeError(f"bytecode cannot hold the attribute {attribute}")


class AttributeReader:
    """Reads what `AttributeWriter` wrote."""

    def __init__(self, reader: Reader) -> None:
        """Read both tables.

        Raises:
            ForgeError: they are damaged.
        """
        self._reader = reader
        self._entries: Sequence[Callable[[], Attribute]] = (
            self._none,
            self._unit,
            self._boolean,
            self._integer,
            self._float,
            self._string_attribute,
            self._element,
            self._integer_array,
            self._float_array,
            self._array,
            self._dictionary,
            self._elements,
            self._register,
            UnknownLoc,
            self._file_location,
            self._name_location,
            self._fused_location,
            self._call_site,
        )
        self._strings = reader.repeated(self._read_string)
        self.attributes_start = reader.position
        self._attributes: list[Attribute] = []
        self._sizes: list[tuple[int, int]] = []
        self._parts = self._depth = 0
        # Each is there before the next is read, which may refer to it.
        reader.repeated(lambda: self._attributes.append(self._read_entry()))

    @property
    def strings(self) -> int:
        """How many strings there are."""
        return len(self._strings)

    @property
    def attributes(self) -> int:
        """How many attributes there are."""
        return len(self._attributes)

    def string(self) -> str:
        """The string whose index comes next."""
        return self._strings[self._reader.index(len(self._strings), "string")]

    def attribute(self) -> Attribute:
        """The attribute whose index comes next."""
        index = self._reader.index(len(self._attributes), "attribute")
        parts, depth = self._sizes[index]
        self._parts += parts
        self._depth = max(self._depth, depth)
        return self._attributes[index]

    def dictionary(self) -> dict[str, Attribute]:
        """The named attributes that come next."""
        return dict(self._reader.repeated(lambda: (self.string(), self.attribute())))

    def location(self) -> LocationAttr:
        """The location whose index comes next."""
        return self._checked_location(self.attribute())

    def _checked_location(self, attribute: Attribute) -> LocationAttr:
        if not isinstance(attribute, _LOCATIONS):
            raise self._reader.error(f"{attribute} is no location")
        return attribute

    def _read_string(self) -> str:
        try:
            return self._reader.block().decode()
        except UnicodeDecodeError as error:
            raise self._reader.error("a string is not UTF-8") from error

    def _read_entry(self) -> Attribute:
        self._parts = self._depth = 0
        entry = self._entries[self._reader.index(len(self._entries), "attribute with the tag")]()
        if self._parts >= _MAX_PARTS or self._depth >= _MAX_DEPTH:
            raise self._reader.error("an attribute consists of too much")
        self._sizes.append((self._parts + 1, self._depth + 1))
        return entry

    def _element(self) -> Attribute:
        return _ELEMENTS[self._reader.index(len(_ELEMENTS), "element type")]

    def _none(self) -> Attribute:
        return NoneAttr()

    def _unit(self) -> Attribute:
        return UnitAttr()

    def _boolean(self) -> Attribute:
        return to_attribute(bool(self._reader.byte()))

    def _integer(self) -> Attribute:
        return to_attribute(self._reader.signed())

    def _float(self) -> Attribute:
        return FloatAttr(self._reader.float64(), f64)

    def _string_attribute(self) -> Attribute:
        return to_attribute(self.string())

    def _integer_array(self) -> Attribute:
        element = self._element()
        if not isinstance(element, IntegerType):
            raise self._reader.error(f"a dense array of {element}")
        values = self._reader.repeated(self._reader.signed)
        low, high = element.value_range()
        if not all(low <= value < high for value in values):
            raise self._reader.error(f"a number does not fit into {element}")
        return DenseArrayBase.from_list(cast(Any, element), values)

    def _float_array(self) -> Attribute:
        return DenseArrayBase.from_list(f64, self._reader.repeated(self._reader.float64))

    def _array(self) -> Attribute:
        return ArrayAttr(self._reader.repeated(self.attribute))

    def _dictionary(self) -> Attribute:
        return DictionaryAttr(self.dictionary())

    def _elements(self) -> Attribute:
        element, shape = self._element(), self._reader.repeated(self._reader.number)
        data = self._reader.block()
        itemsize = numpy_dtype(element).itemsize
        if len(data) not in (itemsize, prod(shape) * itemsize):
            raise self._reader.error(f"{len(data)} bytes are no tensor of shape {shape}")
        return DenseIntOrFPElementsAttr(cast(Any, tensor_type(shape, element)), BytesAttr(data))

    def _register(self) -> Attribute:
        element, shape = self._element(), self._reader.repeated(self._reader.number)
        device, offset = self.string(), self._reader.number()
        try:
            return register_type(shape, element, device, offset - 1 if offset else None)
        except VerifyException as error:
            raise self._reader.error(str(error)) from error

    def _file_location(self) -> Attribute:
        file = StringAttr(self.string())
        return FileLineColLoc(file, IntAttr(self._reader.number()), IntAttr(self._reader.number()))

    def _name_location(self) -> Attribute:
        name, inner = StringAttr(self.string()), self.attribute()
        return NameLoc(
            name, inner if isinstance(inner, NoneAttr) else self._checked_location(inner)
        )

    def _fused_location(self) -> Attribute:
        return FusedLoc(ArrayAttr(self._reader.repeated(self.location)), NoneAttr())

    def _call_site(self) -> Attribute:
        return CallSiteLoc(self.location(), self.location())
