"""Operands by name, for operations that call something whose signature Forge does not know.

    operands ::= `(` (name `=` (operand | `[` ((operand | `none`) (`,` …)*)? `]`) (`,` …)*)? `)`

The names are kept in an array attribute, one entry a group: the name itself, or for a list
`[name, array<i1: …>]` with a boolean for each element that says whether it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, DictionaryAttr, StringAttr, i1
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.ir.assembly import parse_function_type, parse_value, print_properties
from forge.ir.attributes import from_attribute
from forge.ir.schema_op import OperandGroup

NamedOperand = SSAValue | list[SSAValue | None]
ParsedOperand = UnresolvedOperand | list[UnresolvedOperand | None]
T = TypeVar("T", SSAValue, UnresolvedOperand)


def named_operands(operands: Mapping[str, OperandGroup]) -> dict[str, NamedOperand]:
    """The operands as values; groups that are `None` are left out."""
    groups: dict[str, NamedOperand] = {}
    for name, group in operands.items():
        if isinstance(group, SSAValue | Operation):
            groups[name] = SSAValue.get(group)
        elif group is not None:
            groups[name] = [None if value is None else SSAValue.get(value) for value in group]
    return groups


def present(groups: Iterable[T | list[T | None]]) -> list[T]:
    """The members of all groups that are there, in order."""
    members: list[T] = []
    for group in groups:
        if isinstance(group, list):
            members.extend(member for member in group if member is not None)
        else:
            members.append(group)
    return members


def names_attribute(groups: Mapping[str, NamedOperand | ParsedOperand]) -> ArrayAttr[Attribute]:
    """The attribute that keeps the groups' names, and which elements of lists are there."""
    names: list[Attribute] = []
    for name, group in groups.items():
        if isinstance(group, list):
            mask = [int(member is not None) for member in cast("list[object]", group)]
            names.append(ArrayAttr([StringAttr(name), DenseArrayBase.from_list(i1, mask)]))
        else:
            names.append(StringAttr(name))
    return ArrayAttr(names)


def group_by_name(
    names: ArrayAttr[Attribute], operands: Sequence[SSAValue]
) -> dict[str, NamedOperand]:
    """The operands by name: a value, or a list with `None` where an element is absent."""
    values = iter(operands)
    groups: dict[str, NamedOperand] = {}
    for entry in names:
        if isinstance(entry, StringAttr):
            groups[entry.data] = next(values)
        else:
            name, mask = from_attribute(entry)
            groups[name] = [next(values) if here else None for here in mask]
    return groups


def verify_names(names: ArrayAttr[Attribute], operands: Sequence[SSAValue]) -> None:
    """Each operand has one name, and no name is given twice.

    Raises:
        VerifyException: that is not so.
    """
    seen: set[str] = set()
    count = 0
    for entry in names:
        name, members = _entry(entry)
        if name in seen:
            raise VerifyException(f"two operands are called {name}")
        seen.add(name)
        count += members
    if count != len(operands):
        raise VerifyException(f"{count} operands have names, of {len(operands)}")


def _entry(entry: Attribute) -> tuple[str, int]:
    if isinstance(entry, StringAttr):
        return entry.data, 1
    parts = from_attribute(entry)
    if isinstance(parts, list) and len(cast("list[object]", parts)) == 2:
        name, mask = cast("list[object]", parts)
        if isinstance(name, str) and isinstance(mask, list):
            return name, sum(map(bool, cast("list[object]", mask)))
    raise VerifyException(f"expected a name or [name, which elements are there], got {entry}")


def _print_operands(printer: Printer, groups: Mapping[str, NamedOperand]) -> None:
    """Print `(name = %value, list = [%a, none])`."""
    with printer.in_parens():
        printer.print_list(groups.items(), lambda item: _print_group(printer, *item))


def _print_group(printer: Printer, name: str, group: NamedOperand) -> None:
    printer.print_string(f"{name} = ")
    if isinstance(group, SSAValue):
        printer.print_ssa_value(group)
        return
    with printer.in_square_brackets():
        printer.print_list(group, lambda value: _print_element(printer, value))


def _print_element(printer: Printer, value: SSAValue | None) -> None:
    if value is None:
        printer.print_string("none")
    else:
        printer.print_ssa_value(value)


def _parse_operands(parser: Parser) -> dict[str, ParsedOperand]:
    """Parse what `_print_operands` prints."""
    groups: dict[str, ParsedOperand] = {}

    def parse_group() -> None:
        position = parser.pos
        name = parser.parse_identifier()
        if name in groups:
            parser.raise_error(f"two operands are called {name}", position, parser.pos)
        parser.parse_punctuation("=")
        elements = parser.parse_optional_comma_separated_list(
            Parser.Delimiter.SQUARE, lambda: _parse_element(parser)
        )
        groups[name] = elements if elements is not None else parser.parse_unresolved_operand()

    parser.parse_comma_separated_list(Parser.Delimiter.PAREN, parse_group)
    return groups


def _parse_element(parser: Parser) -> UnresolvedOperand | None:
    if parser.parse_optional_keyword("none") is not None:
        return None
    return parser.parse_unresolved_operand()


def _parse_arguments(parser: Parser) -> dict[str, Attribute]:
    """Parse `{name = value, …}`, or nothing; the reverse of `print_properties`."""
    arguments: dict[str, Attribute] = {}

    def parse_argument() -> None:
        position = parser.pos
        name = parser.parse_identifier()
        if name in arguments:
            parser.raise_error(f"{name} is given twice", position, parser.pos)
        parser.parse_punctuation("=")
        arguments[name] = parse_value(parser)

    parser.parse_optional_comma_separated_list(Parser.Delimiter.BRACES, parse_argument)
    return arguments


@dataclass(frozen=True)
class ParsedCall:
    """What stands after the name of an operation that calls something by name."""

    name: StringAttr
    operands: Sequence[SSAValue]
    properties: Mapping[str, Attribute]
    attributes: Mapping[str, Attribute]
    result_types: Sequence[Attribute]


def print_call(
    printer: Printer,
    op: Operation,
    name: StringAttr,
    operands: Mapping[str, NamedOperand],
    arguments: DictionaryAttr,
) -> None:
    """Print ` "name"(operands) {arguments} attributes {…} : types` of an operation."""
    printer.print_string(" ")
    printer.print_attribute(name)
    _print_operands(printer, operands)
    print_properties(printer, arguments.data.items())
    printer.print_op_attributes(op.attributes, print_keyword=True)
    printer.print_string(" : ")
    printer.print_function_type(op.operand_types, op.result_types)


def parse_call(parser: Parser) -> ParsedCall:
    """Parse what `print_call` prints; operand names and arguments are among the properties."""
    start = parser.pos
    name = StringAttr(parser.parse_str_literal())
    groups = _parse_operands(parser)
    arguments = DictionaryAttr(_parse_arguments(parser))
    attributes = parser.parse_optional_attr_dict_with_keyword()
    parser.parse_punctuation(":")
    function_type = parse_function_type(parser)
    unresolved = present(groups.values())
    return ParsedCall(
        name,
        parser.resolve_operands(unresolved, function_type.inputs.data, start),
        {"operand_names": names_attribute(groups), "arguments": arguments},
        attributes.data if attributes is not None else {},
        function_type.outputs.data,
    )
