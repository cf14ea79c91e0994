"""The base of every Forge operation: operands, properties, a shape function, one syntax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Self, cast

from xdsl.dialects.builtin import DenseArrayBase, FloatAttr, LocationAttr, i32
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import IRDLOperation, ParsePropInAttrDict
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.ir import assembly
from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.shape_functions import ShapeError, checked_results, find_shape_function
from forge.ir.signature import PRESENT_SUFFIX, SEGMENTS, Signature, signature_of
from forge.ir.tensors import Shaped, shaped, tensor_type

Operand = SSAValue | Operation
OperandGroup = Operand | Sequence[Operand | None] | None
Groups = dict[str, SSAValue | list[SSAValue | None] | None]
"""The operands of an operation by the schema's names."""


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

    @classmethod
    def from_operands(
        cls,
        operands: Sequence[SSAValue],
        properties: Mapping[str, Attribute],
        attributes: Mapping[str, Attribute],
        result_types: Sequence[Attribute] | None = None,
    ) -> Self:
        """Build the operation from operands in a row: those that are required, then as they come.

        A list takes all that optional operands before it leave; result types are inferred when not
        given.

        Raises:
            ShapeError: there are too few or too many operands, or they do not fit together.
        """
        signature = signature_of(cls)
        properties = dict(properties)
        sizes = _sizes(signature, len(operands))
        if sum(sizes) != len(operands):
            raise ShapeError(f"{len(operands)} operands are not what {cls.name} takes")
        for spec, size in zip(signature.operands, sizes, strict=True):
            if spec.has_mask:
                properties.setdefault(spec.name + PRESENT_SUFFIX, to_attribute([True] * size))
        if signature.has_segments:
            properties.setdefault(SEGMENTS, _segments(tuple(sizes)))
        op = cls.create(
            operands=operands,
            result_types=result_types or (),
            properties=properties,
            attributes=attributes,
        )
        if result_types is not None:
            return op
        try:
            inferred = cls.infer(op.operand_groups(), properties)
            types = op.wrap_results(inferred, operands)
        # A shape function relies on kinds of types and attributes that nobody has checked yet.
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise ShapeError(f"{cls.name} does not take this: {error}") from error
        finally:
            op.erase()
        return cls.create(
            operands=operands, result_types=types, properties=properties, attributes=attributes
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

    def operand_groups(self) -> Groups:
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
        groups: Groups,
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
        for name in signature.arguments:
            attribute = properties.get(name, signature.defaults.get(name))
            if attribute is not None:
                arguments[name] = from_attribute(attribute)
        return checked_results(function(**arguments))

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
        """Print everything after the operation's name (syntax: `forge.ir.assembly`)."""
        assembly.print_op(printer, self, self.operand_groups())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse everything after the operation's name (syntax: `forge.ir.assembly`)."""
        parsed = assembly.parse_op(parser, cls)
        signature = signature_of(cls)
        operands: list[SSAValue] = []
        sizes: list[int] = []
        resolved = iter(parsed.operands)
        for spec in signature.operands:
            group = parsed.groups.get(spec.name, ())
            if spec.has_mask:
                parsed.properties[spec.name + PRESENT_SUFFIX] = to_attribute(list(group))
            present = [next(resolved) for here in group if here]
            sizes.append(len(present))
            operands.extend(present)
        if signature.has_segments:
            parsed.properties[SEGMENTS] = _segments(tuple(sizes))
        return cls.create(
            operands=operands,
            result_types=parsed.result_types,
            properties=parsed.properties,
            attributes=parsed.attributes,
        )


@cache
def _segments(sizes: tuple[int, ...]) -> DenseArrayBase[Any]:
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


def _sizes(signature: Signature, count: int) -> list[int]:
    """How many of `count` operands each group has, if they are given as they come."""
    free = count - sum(not (spec.optional or spec.variadic) for spec in signature.operands)
    sizes: list[int] = []
    for spec in signature.operands:
        if not (spec.optional or spec.variadic):
            sizes.append(1)
            continue
        sizes.append(min(1, max(0, free)) if spec.optional else max(0, free))
        free -= sizes[-1]
    return sizes


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
) -> Groups:
    groups: Groups = {}
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
