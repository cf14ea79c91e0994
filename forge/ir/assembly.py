"""The syntax that all Forge operations share.

    op         ::= name group (`,` group)* properties? (`attributes` attr-dict)? `:` functional-type
    group      ::= (name `=`)? (operand | `[` ((operand | `none`) (`,` …)*)? `]`)
    properties ::= `{` name `=` value (`,` name `=` value)* `}`

Required operands and lists come first and without a name, in the schema's order; from the first
optional one on each group is named. Properties that hold their default are not printed. Integers
(i64), floats (f64) and dense arrays are printed without their type, enumerators as bare keywords;
the same holds for what a dictionary has in it.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    DictionaryAttr,
    FloatAttr,
    FunctionType,
    IntegerAttr,
    f64,
    i1,
    i64,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer

from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.signature import OperandSpec, Signature, signature_of

# -- printing ------------------------------------------------------------------------------


def print_op(
    printer: Printer,
    op: IRDLOperation,
    groups: Mapping[str, SSAValue | list[SSAValue | None] | None],
) -> None:
    """Print everything after the name of `op`, whose operands are `groups`."""
    signature = signature_of(type(op))
    first = True
    for spec in signature.operands:
        group = groups[spec.name]
        if group is None or (spec.named and spec.variadic and not group):
            continue
        printer.print_string(" " if first else ", ")
        first = False
        if spec.named:
            printer.print_string(f"{spec.name} = ")
        _print_group(printer, group)
    print_properties(printer, _printed_properties(op, signature))
    printer.print_op_attributes(op.attributes, print_keyword=True)
    printer.print_string(" : ")
    printer.print_function_type(op.operand_types, op.result_types)


def _print_group(printer: Printer, group: SSAValue | list[SSAValue | None]) -> None:
    if isinstance(group, SSAValue):
        printer.print_ssa_value(group)
        return
    with printer.in_square_brackets():
        for index, value in enumerate(group):
            if index:
                printer.print_string(", ")
            if value is None:
                printer.print_string("none")
            else:
                printer.print_ssa_value(value)


def _printed_properties(op: Operation, signature: Signature) -> Iterator[tuple[str, Attribute]]:
    for name in signature.properties:
        attribute = op.properties.get(name)
        if attribute is not None and signature.defaults.get(name) != attribute:
            yield name, attribute


def print_properties(printer: Printer, entries: Iterable[tuple[str, Attribute]]) -> None:
    """Print ` {name = value, …}`; nothing for no entries."""
    _print_entries(printer, " {", entries)


def _print_entries(
    printer: Printer, opening: str, entries: Iterable[tuple[str, Attribute]]
) -> None:
    separator = opening
    for name, attribute in entries:
        printer.print_string(separator)
        printer.print_string(f"{name} = ")
        print_value(printer, attribute)
        separator = ", "
    if separator == ", ":
        printer.print_string("}")


def print_value(printer: Printer, attribute: Attribute) -> None:
    """Print a static value in its short form, where it has one."""
    if (text := _short_form(attribute)) is not None:
        printer.print_string(text)
    elif isinstance(attribute, DictionaryAttr) and attribute.data:
        _print_entries(printer, "{", attribute.data.items())
    else:
        printer.print_attribute(attribute)


def _short_form(attribute: Attribute) -> str | None:
    value = from_attribute(attribute)
    match attribute:
        case IntegerAttr() if cast("IntegerAttr[Any]", attribute).type in (i1, i64):
            return _number(value)
        case FloatAttr() if cast("FloatAttr[Any]", attribute).type == f64:
            return _number(value)
        case EnumAttribute():
            return str(value)
        case DenseArrayBase():
            return _list(cast("DenseArrayBase[Any]", attribute).elt_type, value)
        case _:
            return None


def _list(element_type: Attribute, values: Sequence[int | float | bool]) -> str | None:
    # An empty list reads back as one of integers.
    if element_type not in ((i64, f64, i1) if values else (i64,)):
        return None
    return f"[{', '.join(map(_number, values))}]"


def _number(value: float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        # As MLIR writes them: by their bits, which need their type.
        return f"0x{struct.pack('>d', value).hex().upper()} : f64"
    # repr is the shortest text that reads back to the same double; MLIR wants a point in it.
    mantissa, exponent, power = repr(value).partition("e")
    return (mantissa if "." in mantissa else f"{mantissa}.0") + exponent + power


# -- parsing -------------------------------------------------------------------------------


@dataclass
class ParsedOp:
    """What stands after an operation's name.

    Attributes:
        groups: for each operand group that is there, whether each of its members is present.
        operands: the present members of all groups, in the schema's order.
    """

    groups: dict[str, list[bool]]
    operands: Sequence[SSAValue]
    properties: dict[str, Attribute]
    attributes: Mapping[str, Attribute]
    result_types: Sequence[Attribute]


def parse_op(parser: Parser, op_class: type[IRDLOperation]) -> ParsedOp:
    """Parse everything after the name of an operation."""
    signature = signature_of(op_class)
    start = parser.pos
    groups = _parse_groups(parser, op_class.name, signature)
    properties = _parse_properties(parser, op_class.name, signature)
    attributes = parser.parse_optional_attr_dict_with_keyword()
    parser.parse_punctuation(":")
    function_type = parse_function_type(parser)
    operands: list[UnresolvedOperand] = []
    for spec in signature.operands:
        present = [value for value in groups.get(spec.name, []) if value is not None]
        if not spec.variadic and len(present) != 1 and not (spec.optional and not present):
            parser.raise_error(f"{op_class.name} expects an operand {spec.name}", start, parser.pos)
        operands.extend(present)
    return ParsedOp(
        groups={name: [value is not None for value in group] for name, group in groups.items()},
        operands=parser.resolve_operands(operands, function_type.inputs.data, start),
        properties=properties,
        attributes=attributes.data if attributes is not None else {},
        result_types=function_type.outputs.data,
    )


_FUNCTION_TYPES: dict[str, FunctionType] = {}
_FUNCTION_TYPES_LIMIT = 100_000
_TYPE_TEXT = re.compile(r"\([^\n]*?(?= loc\(|\n)")
# A name without a dot is an alias, whose meaning depends on the file.
_ALIAS = re.compile(r"[!#](?!\w+\.)")


def parse_function_type(parser: Parser) -> FunctionType:
    """Parse `(types) -> types`; the same text is parsed once.

    Types are most of a program's text and repeat on nearly every line, so this takes half the
    time off parsing.
    """
    state = parser._parser_state  # pyright: ignore[reportPrivateUsage]
    match = _TYPE_TEXT.match(state.lexer.input.content, parser.pos)
    if match is None or _ALIAS.search(match[0]):
        return parser.parse_function_type()
    if (known := _FUNCTION_TYPES.get(match[0])) is not None:
        parser._resume_from(match.end())  # pyright: ignore[reportPrivateUsage]
        return known
    parsed = parser.parse_function_type()
    # Only where the type ends with the line does the line's text stand for the type.
    if not state.lexer.input.content[match.end() : parser.pos].strip():
        if len(_FUNCTION_TYPES) >= _FUNCTION_TYPES_LIMIT:
            _FUNCTION_TYPES.clear()
        _FUNCTION_TYPES[match[0]] = parsed
    return parsed


ParsedGroup = list[UnresolvedOperand | None]


def _parse_groups(parser: Parser, op_name: str, signature: Signature) -> dict[str, ParsedGroup]:
    groups: dict[str, ParsedGroup] = {}
    positional = iter([spec for spec in signature.operands if not spec.named])
    while True:
        position = parser.pos
        entry = _parse_group(parser, signature, positional)
        if entry is None:
            return groups
        spec, group = entry
        if spec is None or spec.name in groups:
            names = ", ".join(spec.name for spec in signature.operands)
            parser.raise_error(
                f"{op_name} has no such operand; it takes {names or 'none'}", position, parser.pos
            )
        groups[spec.name] = group
        if parser.parse_optional_punctuation(",") is None:
            return groups


def _parse_group(
    parser: Parser, signature: Signature, positional: Iterator[OperandSpec]
) -> tuple[OperandSpec | None, ParsedGroup] | None:
    spec: OperandSpec | None = None
    if (name := _parse_group_name(parser)) is not None:
        spec = next((spec for spec in signature.operands if spec.name == name), None)
        parser.parse_punctuation("=")
    if parser.parse_optional_punctuation("[") is not None:
        group = _parse_list(parser)
    elif (operand := parser.parse_optional_unresolved_operand()) is not None:
        group: ParsedGroup = [operand]
    elif name is None:
        return None
    else:
        parser.raise_error("operand or list expected")
    return (spec if name is not None else next(positional, None)), group


def _parse_group_name(parser: Parser) -> str | None:
    # An attribute dictionary starts with a keyword where an operand's name could stand, too.
    state = parser._parser_state  # pyright: ignore[reportPrivateUsage]
    if state.current_token.text == "attributes":
        return None
    return parser.parse_optional_identifier()


def _parse_list(parser: Parser) -> ParsedGroup:
    group: ParsedGroup = []
    while parser.parse_optional_punctuation("]") is None:
        if group:
            parser.parse_punctuation(",")
        if parser.parse_optional_keyword("none") is not None:
            group.append(None)
        else:
            group.append(parser.parse_unresolved_operand())
    return group


def _parse_properties(parser: Parser, op_name: str, signature: Signature) -> dict[str, Attribute]:
    properties: dict[str, Attribute] = {}
    if parser.parse_optional_punctuation("{") is None:
        return properties
    while parser.parse_optional_punctuation("}") is None:
        if properties:
            parser.parse_punctuation(",")
        position = parser.pos
        name = parser.parse_identifier()
        if name not in signature.properties or name in properties:
            problem = "is given twice" if name in properties else "is not a property"
            parser.raise_error(
                f"{op_name}: {name} {problem}; it has {', '.join(signature.properties) or 'none'}",
                position,
                parser.pos,
            )
        parser.parse_punctuation("=")
        properties[name] = _parse_value(parser, signature.enums.get(name))
    return properties


def _parse_value(parser: Parser, enum: type[EnumAttribute[Any]] | None) -> Attribute:
    return enum(parser.parse_str_enum(enum.enum_type)) if enum is not None else parse_value(parser)


def parse_value(parser: Parser) -> Attribute:
    """Parse a static value; the reverse of `print_value`, but for enumerators."""
    attribute = parser.parse_attribute()
    if isinstance(attribute, ArrayAttr):
        items = cast("ArrayAttr[Attribute]", attribute).data
        if all(isinstance(item, IntegerAttr | FloatAttr) for item in items):
            return to_attribute([from_attribute(item) for item in items])
    return cast(Attribute, attribute)
