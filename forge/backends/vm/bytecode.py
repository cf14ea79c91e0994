"""Bytecode: a program at level `reg`, in a form that is small, and quick to read and to check.

A file is, with numbers as in `wire.py` and attributes as in `attributes.py`:

| what       | content                                                        |
|------------|----------------------------------------------------------------|
| magic      | the bytes `FORGE\\x00`                                          |
| version    | number, now 1                                                  |
| checksum   | 4 bytes: CRC-32 of all that follows                            |
| strings    | [block of UTF-8]                                               |
| attributes | [attribute]                                                    |
| functions  | attr (the module's location), dict, dict, [function]           |

| what        | content                                                          |
|-------------|------------------------------------------------------------------|
| function    | str (name), [argument], attr (of arguments), attr (of results),  |
|             | dict, dict, attr (location), [instruction]                       |
| argument    | attr (register type), str (name of the value; may be empty)      |
| instruction | str (operation), [value], [result], dict, dict, attr (location)  |
| result      | attr (register type), str (name of the value; may be empty)      |
| value       | number: the arguments from 0 on, then results in order           |
| dict        | [str, attr]: first an operation's properties, then its other     |
|             | attributes                                                       |

The last instruction is `func.return`. Reading checks everything: what comes out is a module that
the verifiers admit, or an error. The weights are elsewhere; `reg.weight` names them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, NoneAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from forge.analysis.allocation import check_allocation
from forge.backends.vm.attributes import AttributeReader, AttributeWriter
from forge.backends.vm.wire import MAGIC, Reader, Writer
from forge.dialects.reg import RegisterType
from forge.dialects.reg.base import RegOp
from forge.errors import ForgeError
from forge.ir.text import make_context
from forge.ir.verifier import verify_module

VERSION = 1
_CHECKSUM_BYTES = 4
_WRITTEN_APART = ("sym_name", "function_type", "arg_attrs", "res_attrs")


def assemble(module: ModuleOp) -> bytes:
    """The bytecode of a program at level `reg`.

    Raises:
        ForgeError: it has something else than functions of one block of instructions.
    """
    tables, functions = AttributeWriter(), Writer()
    functions.number(tables.attribute(module.location))
    tables.dictionary(module.properties, functions)
    tables.dictionary(module.attributes, functions)
    functions.number(len(module.body.block.ops))
    for op in module.ops:
        if not isinstance(op, FuncOp) or len(op.body.blocks) != 1:
            raise ForgeError("bytecode holds functions of one block", op=op)
        _FunctionWriter(tables, functions).write(op)
    body = Writer()
    tables.finish(body)
    content = bytes(body.buffer + functions.buffer)
    head = Writer()
    head.buffer += MAGIC
    head.number(VERSION)
    head.buffer += zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "little")
    return bytes(head.buffer) + content


@dataclass(frozen=True)
class Section:
    """A part of a file.

    Attributes:
        entries: how many strings, attributes or instructions it holds.
        size: its bytes.
    """

    name: str
    entries: int
    size: int


def disassemble(content: bytes, name: str = "<bytecode>") -> ModuleOp:
    """The program in bytecode, verified: types, shapes, dominance, and its allocation.

    Args:
        content: what `assemble` made.
        name: the file's name, for messages.

    Raises:
        ForgeError: it is no bytecode, of another version, damaged, or no valid program.
    """
    module, _ = read_sections(content, name)
    return module


def read_sections(content: bytes, name: str = "<bytecode>") -> tuple[ModuleOp, list[Section]]:
    """What `disassemble` gives, and what the file's bytes are taken by.

    Raises:
        ForgeError: as `disassemble`.
    """
    reader = Reader(content, name)
    _read_header(reader, content, name)
    header = reader.position
    tables = AttributeReader(reader)
    functions = reader.position
    module = _read_functions(reader, tables)
    if reader.position != len(content):
        raise reader.error("there is more behind its end")
    verify_module(module)
    for function in _functions(module):
        check_allocation(function.body.block)
    instructions = sum(len(function.body.block.ops) for function in _functions(module))
    return module, [
        Section("header", 0, header),
        Section("strings", tables.strings, tables.attributes_start - header),
        Section("attributes", tables.attributes, functions - tables.attributes_start),
        Section("instructions", instructions, len(content) - functions),
    ]


def _read_header(reader: Reader, content: bytes, name: str) -> None:
    if content[: len(MAGIC)] != MAGIC:
        raise ForgeError(f"{name} is no bytecode of Forge")
    reader.raw(len(MAGIC))
    if (version := reader.number()) != VERSION:
        raise ForgeError(
            f"{name} has version {version} of the bytecode, and this Forge reads {VERSION}",
            hint="compile the program again",
        )
    checksum = int.from_bytes(reader.raw(_CHECKSUM_BYTES), "little")
    if zlib.crc32(content[reader.position :]) != checksum:
        raise reader.error("its checksum is not that of what follows; is it cut short?")


def _read_functions(reader: Reader, tables: AttributeReader) -> ModuleOp:
    functions = _FunctionReader(tables, reader, make_context())
    location = tables.location()
    properties, attributes = tables.dictionary(), tables.dictionary()
    module = ModuleOp(reader.repeated(functions.read), attributes)
    module.properties |= properties
    module.location = location
    return module


def _functions(module: ModuleOp) -> list[FuncOp]:
    return [op for op in module.ops if isinstance(op, FuncOp)]


class _FunctionWriter:
    def __init__(self, tables: AttributeWriter, out: Writer) -> None:
        self._tables = tables
        self._out = out
        self._numbers: dict[SSAValue, int] = {}

    def write(self, function: FuncOp) -> None:
        out, block = self._out, function.body.block
        out.number(self._tables.string(function.sym_name.data))
        self._define(block.args)
        for attributes in (function.arg_attrs, function.res_attrs):
            out.number(self._tables.attribute(attributes or NoneAttr()))
        others = {k: v for k, v in function.properties.items() if k not in _WRITTEN_APART}
        self._tables.dictionary(others, out)
        self._tables.dictionary(function.attributes, out)
        out.number(self._tables.attribute(function.location))
        out.number(len(block.ops))
        for op in block.ops:
            self._instruction(op)

    def _instruction(self, op: Operation) -> None:
        out = self._out
        out.number(self._tables.string(op.name))
        if not isinstance(op, RegOp | ReturnOp):
            raise ForgeError(
                f"{op.name} is no instruction, so bytecode cannot hold it",
                op=op,
                hint="the pass convert-to-reg lowers a program",
            )
        out.numbers([self._numbers[operand] for operand in op.operands])
        self._define(op.results)
        self._tables.dictionary(op.properties, out)
        self._tables.dictionary(op.attributes, out)
        out.number(self._tables.attribute(op.location))

    def _define(self, values: Sequence[SSAValue]) -> None:
        self._out.number(len(values))
        for value in values:
            if not isinstance(value.type, RegisterType):
                raise ForgeError(
                    f"bytecode holds registers, not {value.type}",
                    op=value.owner if isinstance(value.owner, Operation) else None,
                    hint="the pass convert-to-reg lowers a program",
                )
            self._numbers[value] = len(self._numbers)
            self._out.number(self._tables.attribute(value.type))
            self._out.number(self._tables.string(value.name_hint or ""))


class _FunctionReader:
    def __init__(self, tables: AttributeReader, reader: Reader, context: Context) -> None:
        self._tables = tables
        self._reader = reader
        self._context = context
        self._values: list[SSAValue] = []
        self._classes: dict[str, type[Operation]] = {}

    def read(self) -> FuncOp:
        name = self._tables.string()
        arguments = self._reader.repeated(self._definition)
        arg_attrs, res_attrs = self._attributes_of_ports(), self._attributes_of_ports()
        properties, attributes = self._tables.dictionary(), self._tables.dictionary()
        location = self._tables.location()
        block = Block(arg_types=[type for type, _ in arguments])
        self._values = []
        self._name(block.args, [hint for _, hint in arguments])
        self._reader.repeated(lambda: block.add_op(self._instruction()))
        last = block.last_op
        if not isinstance(last, ReturnOp):
            raise self._reader.error(f"the function {name!r} does not end with func.return")
        types = ([type for type, _ in arguments], [value.type for value in last.operands])
        function = FuncOp(
            name, types, Region(block), None, arg_attrs=arg_attrs, res_attrs=res_attrs
        )
        function.properties |= properties
        function.attributes |= attributes
        function.location = location
        return function

    def _instruction(self) -> Operation:
        op_class = self._class(self._tables.string())
        operands = self._reader.repeated(self._value)
        results = self._reader.repeated(self._definition)
        properties, attributes = self._tables.dictionary(), self._tables.dictionary()
        op = op_class.create(
            operands=operands,
            result_types=[type for type, _ in results],
            properties=properties,
            attributes=attributes,
        )
        op.location = self._tables.location()
        self._name(op.results, [hint for _, hint in results])
        return op

    def _class(self, name: str) -> type[Operation]:
        if (op_class := self._classes.get(name)) is None:
            if name != ReturnOp.name and not name.startswith("reg."):
                raise self._reader.error(f"{name!r} is no instruction")
            found = self._context.get_optional_op(name)
            if found is None:
                raise self._reader.error(f"there is no instruction {name!r}")
            op_class = self._classes[name] = found
        return op_class

    def _value(self) -> SSAValue:
        return self._values[self._reader.index(len(self._values), "value")]

    def _definition(self) -> tuple[RegisterType, str]:
        type, hint = self._tables.attribute(), self._tables.string()
        if not isinstance(type, RegisterType):
            raise self._reader.error(f"a value has the type {type}, which is no register's")
        if hint and not SSAValue.is_valid_name(hint):
            raise self._reader.error(f"{hint!r} is no name for a value")
        return type, hint

    def _name(self, values: Sequence[SSAValue], hints: Sequence[str]) -> None:
        for value, hint in zip(values, hints, strict=True):
            value.name_hint = hint or None
        self._values.extend(values)

    def _attributes_of_ports(self) -> ArrayAttr[DictionaryAttr] | None:
        attribute = self._tables.attribute()
        if isinstance(attribute, NoneAttr):
            return None
        if isinstance(attribute, ArrayAttr):
            ports = cast("ArrayAttr[Attribute]", attribute)
            if all(isinstance(entry, DictionaryAttr) for entry in ports):
                return cast("ArrayAttr[DictionaryAttr]", ports)
        raise self._reader.error(f"{attribute} does not describe arguments or results")
