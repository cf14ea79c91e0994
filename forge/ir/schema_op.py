"""The base of every Forge operation: tensor operands, static properties, a shape function, one syntax.

    op      ::= name group (`,` group)* properties? (`attributes` attr-dict)? `:` functional-type
    group   ::= (name `=`)? (operand | `[` ((operand | `none`) (`,` …)*)? `]`)
    properties ::= `{` name `=` value (`,` name `=` value)* `}`

Required operands and lists come first and without a name, in the schema's order; from the first
optional one on each group is named. Properties that hold their default are not printed. Integers
(i64), floats (f64) and dense arrays are printed without their type, enumerators as bare keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self, cast

import numpy as np
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    LocationAttr,
    f64,
    i1,
    i64,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    OptOperandDef,
    OptResultDef,
    ParsePropInAttrDict,
    VarOperandDef,
    VarResultDef,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.shape_functions import ShapeError, find_shape_function
from forge.ir.tensors import Shaped, shaped, tensor_type

Operand = SSAValue | Operation
OperandGroup = Operand | Sequence[Operand | None] | None

SEGMENTS = "operandSegmentSizes"
PRESENT_SUFFIX = "_present"
"""A list operand `xs` whose elements may be absent has a property `xs_present`, one bool each."""


@dataclass(frozen=True)
class OperandSpec:
    """One operand group of an operation."""

    name: str
    optional: bool
    variadic: bool
    has_mask: bool
    named: bool


@dataclass(frozen=True)
class Signature:
    """What the syntax and the builders need to know of an operation class."""

    operands: tuple[OperandSpec, ...]
    properties: tuple[str, ...]
    defaults: Mapping[str, Attribute]
    enums: Mapping[str, type[EnumAttribute[Any]]]
    has_segments: bool
    result_names: tuple[str, ...]
    variadic_result: bool


@cache
def signature_of(op_class: type[SchemaOp]) -> Signature:
    """The signature of an operation class, read once from its definition."""
    definition = op_class.get_irdl_definition()
    specs: list[OperandSpec] = []
    named = False
    for name, operand in definition.operands:
        optional = isinstance(operand, OptOperandDef)
        variadic = isinstance(operand, VarOperandDef) and not optional
        named = named or optional
        mask = f"{name}{PRESENT_SUFFIX}" in definition.properties
        specs.append(OperandSpec(name, optional, variadic, mask, named))
    hidden = {SEGMENTS, "resultSegmentSizes"} | {
        f"{spec.name}{PRESENT_SUFFIX}" for spec in specs if spec.has_mask
    }
    enums: dict[str, type[EnumAttribute[Any]]] = {}
    for name, prop in definition.properties.items():
        bases = prop.constr.get_bases()
        if bases is not None and len(bases) == 1 and issubclass(base := next(iter(bases)), EnumAttribute):
            enums[name] = cast("type[EnumAttribute[Any]]", base)
    return Signature(
        operands=tuple(specs),
        properties=tuple(name for name in definition.properties if name not in hidden),
        defaults={
            name: prop.default_value
            for name, prop in definition.properties.items()
            if prop.default_value is not None
        },
        enums=enums,
        has_segments=sum(spec.optional or spec.variadic for spec in specs) > 1,
        result_names=tuple(name for name, _ in definition.results),
        variadic_result=any(
            isinstance(result, VarResultDef) and not isinstance(result, OptResultDef)
            for _, result in definition.results
        ),
    )


class SchemaOp(IRDLOperation):
    """An operation with tensor operands, static properties and a shape function."""

    irdl_options = (ParsePropInAttrDict(),)
    OPAQUE: ClassVar[bool] = False
    """Whether the operation has no shape function, so that its result types are taken as given."""

    def __init__(
        self,
        operands: Sequence[OperandGroup],
        properties: Mapping[str, object] | None = None,
        result_types: Sequence[Attribute] | None = None,
        location: LocationAttr | None = None,
    ) -> None:
        """Build the operation from one entry per operand group and static values by name.

        Properties given as `None` are absent; result types are inferred when not given.

        Raises:
            ShapeError: the arguments do not fit together.
        """
        signature = signature_of(type(self))
        attributes = {
            name: _property(signature, name, value)
            for name, value in (properties or {}).items()
            if value is not None
        }
        values, sizes = _flatten(signature, operands, attributes)
        if signature.has_segments:
            attributes[SEGMENTS] = _segments(tuple(sizes))
        if result_types is None:
            groups = _group(signature, values, sizes, attributes)
            inferred = type(self).infer(groups, attributes)
            result_types = self.wrap_results(inferred, values)
        Operation.__init__(
            self,
            operands=values,
            result_types=result_types,
            properties=attributes,
            location=location,
        )

    # -- what dialects override -------------------------------------------------------------

    @classmethod
    def shaped_operand(cls, value: SSAValue) -> Shaped:
        """How a shape function sees an operand."""
        return shaped(value.type)

    def wrap_results(
        self, inferred: Sequence[Shaped], operands: Sequence[SSAValue]
    ) -> Sequence[Attribute]:
        """The result types for what the shape function gave."""
        return [tensor_type(result.shape, result.dtype) for result in inferred]

    # -- reading ----------------------------------------------------------------------------

    def get(self, name: str) -> Any:
        """A static argument as a Python value; `None` if it is absent.

        Raises:
            KeyError: the operation has no such argument.
        """
        if (attribute := self.properties.get(name)) is not None:
            return from_attribute(attribute)
        if name not in signature_of(type(self)).properties:
            raise KeyError(f"{self.name} has no static argument {name!r}")
        return None

    def operand_groups(self) -> dict[str, SSAValue | None | list[SSAValue | None]]:
        """The operands by schema name: a value, `None`, or a list."""
        signature = signature_of(type(self))
        return _group(signature, self.operands, self.segment_sizes(), self.properties)

    def segment_sizes(self) -> Sequence[int]:
        """How many operands each group has."""
        signature = signature_of(type(self))
        if signature.has_segments:
            segments = cast("DenseArrayBase[Any]", self.properties[SEGMENTS])
            return cast("Sequence[int]", segments.get_values())
        total = len(self.operands)
        fixed = sum(not (spec.optional or spec.variadic) for spec in signature.operands)
        return [
            total - fixed if spec.optional or spec.variadic else 1 for spec in signature.operands
        ]

    @classmethod
    def infer(
        cls,
        groups: Mapping[str, SSAValue | None | list[SSAValue | None]],
        properties: Mapping[str, Attribute],
    ) -> tuple[Shaped, ...]:
        """Apply the operation's shape function to operands and properties.

        Raises:
            ShapeError: they do not fit together, or there is no shape function.
        """
        function = find_shape_function(cls.name)
        if function is None:
            raise ShapeError(f"{cls.name} has no shape function, so its result types must be given")
        signature = signature_of(cls)
        arguments: dict[str, Any] = {}
        for name, group in groups.items():
            if isinstance(group, list):
                arguments[name] = [
                    None if value is None else cls.shaped_operand(value) for value in group
                ]
            else:
                arguments[name] = None if group is None else cls.shaped_operand(group)
        for name in signature.properties:
            attribute = properties.get(name, signature.defaults.get(name))
            if attribute is not None:
                arguments[name] = from_attribute(attribute)
        inferred = function(**arguments)
        return (inferred,) if isinstance(inferred, Shaped) else tuple(inferred)

    def verify_(self) -> None:
        """Check the result types against the shape function.

        Raises:
            VerifyException: they differ, or the arguments do not fit together.
        """
        if self.OPAQUE:
            return
        try:
            inferred = type(self).infer(self.operand_groups(), self.properties)
        except ShapeError as error:
            raise VerifyException(str(error)) from error
        expected = self.wrap_results(inferred, self.operands)
        if len(expected) != len(self.results):
            raise VerifyException(f"expected {len(expected)} results, got {len(self.results)}")
        for index, (result, wanted) in enumerate(zip(self.results, expected, strict=True)):
            if result.type is not wanted and result.type != wanted:
                raise VerifyException(f"result #{index} has type {result.type}, expected {wanted}")

    # -- the syntax -------------------------------------------------------------------------

    def print(self, printer: Printer) -> None:
        """Print everything after the operation's name."""
        signature = signature_of(type(self))
        first = True
        for spec, group in zip(signature.operands, self.operand_groups().values(), strict=True):
            if group is None or (spec.named and spec.variadic and not group):
                continue
            printer.print_string(" " if first else ", ")
            first = False
            if spec.named:
                printer.print_string(f"{spec.name} = ")
            _print_group(printer, group)
        self._print_properties(printer, signature)
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" : ")
        printer.print_function_type(self.operand_types, self.result_types)

    def _print_properties(self, printer: Printer, signature: Signature) -> None:
        entries = [
            (name, attribute)
            for name in signature.properties
            if (attribute := self.properties.get(name)) is not None
            and signature.defaults.get(name) != attribute
        ]
        if not entries:
            return
        printer.print_string(" {")
        for index, (name, attribute) in enumerate(entries):
            printer.print_string(f"{', ' if index else ''}{name} = ")
            print_value(printer, attribute)
        printer.print_string("}")

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse everything after the operation's name."""
        signature = signature_of(cls)
        start = parser.pos
        groups = _parse_groups(parser, cls.name, signature)
        properties = _parse_properties(parser, cls.name, signature)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        parser.parse_punctuation(":")
        function_type = parser.parse_function_type()
        sizes: list[int] = []
        operands: list[UnresolvedOperand] = []
        for spec in signature.operands:
            group = groups.get(spec.name, [])
            if spec.has_mask and group:
                properties[spec.name + PRESENT_SUFFIX] = to_attribute([v is not None for v in group])
            present = [value for value in group if value is not None]
            if not (spec.optional or spec.variadic) and len(present) != 1:
                parser.raise_error(f"{cls.name} expects an operand {spec.name}", start, parser.pos)
            sizes.append(len(present))
            operands.extend(present)
        if signature.has_segments:
            properties[SEGMENTS] = _segments(tuple(sizes))
        return cls.create(
            operands=parser.resolve_operands(operands, function_type.inputs.data, start),
            result_types=function_type.outputs.data,
            properties=properties,
            attributes=attributes.data if attributes is not None else {},
        )


# -- building ------------------------------------------------------------------------------


@cache
def _segments(sizes: tuple[int, ...]) -> DenseArrayBase[Any]:
    from xdsl.dialects.builtin import i32

    return DenseArrayBase.from_list(i32, sizes)


def _property(signature: Signature, name: str, value: object) -> Attribute:
    if (enum := signature.enums.get(name)) is not None and not isinstance(value, Attribute):
        return enum(enum.enum_type(value))
    if isinstance(value, int) and not isinstance(value, bool):
        default = signature.defaults.get(name)
        # Python writes a float default such as 1.0 as 1 often enough.
        if isinstance(default, FloatAttr):
            return to_attribute(float(value))
    return to_attribute(value)


def _flatten(
    signature: Signature, operands: Sequence[OperandGroup], attributes: dict[str, Attribute]
) -> tuple[list[SSAValue], list[int]]:
    values: list[SSAValue] = []
    sizes: list[int] = []
    for spec, group in zip(signature.operands, operands, strict=True):
        if group is None:
            sizes.append(0)
            continue
        if isinstance(group, SSAValue | Operation):
            values.append(SSAValue.get(group))
            sizes.append(1)
            continue
        present = [SSAValue.get(value) for value in group if value is not None]
        if spec.has_mask:
            attributes[spec.name + PRESENT_SUFFIX] = to_attribute([v is not None for v in group])
        values.extend(present)
        sizes.append(len(present))
    return values, sizes


def _group(
    signature: Signature,
    operands: Sequence[SSAValue],
    sizes: Sequence[int],
    properties: Mapping[str, Attribute],
) -> dict[str, SSAValue | None | list[SSAValue | None]]:
    groups: dict[str, SSAValue | None | list[SSAValue | None]] = {}
    position = 0
    for spec, size in zip(signature.operands, sizes, strict=True):
        members = operands[position : position + size]
        position += size
        if not spec.variadic:
            groups[spec.name] = members[0] if size else None
        elif (mask := properties.get(spec.name + PRESENT_SUFFIX)) is not None and spec.has_mask:
            present = iter(members)
            groups[spec.name] = [next(present) if here else None for here in from_attribute(mask)]
        else:
            groups[spec.name] = list(members)
    return groups


# -- printing and parsing ------------------------------------------------------------------


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


def print_value(printer: Printer, attribute: Attribute) -> None:
    """Print a property's value in its short form."""
    if isinstance(attribute, IntegerAttr) and cast("IntegerAttr[Any]", attribute).type == i64:
        printer.print_string(str(from_attribute(attribute)))
    elif isinstance(attribute, FloatAttr) and cast("FloatAttr[Any]", attribute).type == f64:
        _print_float(printer, from_attribute(attribute))
    elif isinstance(attribute, EnumAttribute):
        printer.print_string(from_attribute(attribute))
    elif isinstance(attribute, DenseArrayBase) and _has_short_form(attribute):
        _print_list(printer, from_attribute(attribute))
    else:
        printer.print_attribute(attribute)


def _has_short_form(attribute: DenseArrayBase[Any]) -> bool:
    if attribute.elt_type == f64:
        # An empty list reads back as integers, so one of floats needs its type.
        numbers = cast("Sequence[float]", attribute.get_values())
        return len(numbers) > 0 and bool(np.all(np.isfinite(numbers)))
    return attribute.elt_type == i64 or (attribute.elt_type == i1 and len(attribute) > 0)


def _print_list(printer: Printer, values: Iterable[int | float | bool]) -> None:
    with printer.in_square_brackets():
        for index, value in enumerate(values):
            if index:
                printer.print_string(", ")
            if isinstance(value, bool):
                printer.print_string("true" if value else "false")
            elif isinstance(value, int):
                printer.print_string(str(value))
            else:
                _print_float(printer, value)


def _print_float(printer: Printer, value: float) -> None:
    if not np.isfinite(value):
        printer.print_attribute(FloatAttr(value, f64))
        return
    # repr is the shortest text that reads back to the same double; MLIR wants a point in it.
    mantissa, exponent, power = repr(value).partition("e")
    printer.print_string(mantissa if "." in mantissa else mantissa + ".0")
    printer.print_string(exponent + power)


def _parse_groups(
    parser: Parser, op_name: str, signature: Signature
) -> dict[str, list[UnresolvedOperand | None]]:
    groups: dict[str, list[UnresolvedOperand | None]] = {}
    specs = {spec.name: spec for spec in signature.operands}
    positional = iter(spec for spec in signature.operands if not spec.named)
    while True:
        position = parser.pos
        if (operand := parser.parse_optional_unresolved_operand()) is not None:
            spec, group = next(positional, None), [operand]
        elif parser.parse_optional_punctuation("[") is not None:
            spec, group = next(positional, None), _parse_list(parser)
        elif (name := _parse_group_name(parser)) is not None:
            spec = specs.get(name)
            parser.parse_punctuation("=")
            if parser.parse_optional_punctuation("[") is not None:
                group = _parse_list(parser)
            else:
                group = [parser.parse_unresolved_operand()]
        else:
            return groups
        if spec is None or spec.name in groups:
            parser.raise_error(
                f"{op_name} has no such operand; it takes {', '.join(specs) or 'none'}",
                position,
                parser.pos,
            )
        groups[spec.name] = cast("list[UnresolvedOperand | None]", group)
        if parser.parse_optional_punctuation(",") is None:
            return groups


def _parse_group_name(parser: Parser) -> str | None:
    # An attribute dictionary starts with a keyword where an operand's name could stand, too.
    state = parser._parser_state  # pyright: ignore[reportPrivateUsage]
    if state.current_token.text == "attributes":
        return None
    return parser.parse_optional_identifier()


def _parse_list(parser: Parser) -> list[UnresolvedOperand | None]:
    group: list[UnresolvedOperand | None] = []
    while parser.parse_optional_punctuation("]") is None:
        if group:
            parser.parse_punctuation(",")
        if parser.parse_optional_keyword("none") is not None:
            group.append(None)
        else:
            group.append(parser.parse_unresolved_operand())
    return group


def _parse_properties(
    parser: Parser, op_name: str, signature: Signature
) -> dict[str, Attribute]:
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
    if enum is not None:
        return enum(parser.parse_str_enum(enum.enum_type))
    attribute = parser.parse_attribute()
    if isinstance(attribute, ArrayAttr):
        items = cast("ArrayAttr[Attribute]", attribute).data
        if all(isinstance(item, IntegerAttr | FloatAttr) for item in items):
            return to_attribute([from_attribute(item) for item in items])
    return attribute
