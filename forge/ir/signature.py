"""What the syntax and the builders of operations need to know of an operation class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute
from xdsl.irdl import IRDLOperation, OptOperandDef, OptResultDef, VarOperandDef, VarResultDef

SEGMENTS = "operandSegmentSizes"
FORM = "form"
"""The property that says how an operation is to be emitted, and nothing of what it computes."""
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
    """What the syntax and the builders need to know of an operation class.

    Attributes:
        properties: all that the syntax has, in its order.
        arguments: those of them that say what the operation computes.
    """

    operands: tuple[OperandSpec, ...]
    properties: tuple[str, ...]
    arguments: tuple[str, ...]
    defaults: Mapping[str, Attribute]
    enums: Mapping[str, type[EnumAttribute[Any]]]
    has_segments: bool
    result_names: tuple[str, ...]
    variadic_result: bool


@cache
def signature_of(op_class: type[IRDLOperation]) -> Signature:
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
        if (
            bases is not None
            and len(bases) == 1
            and issubclass(base := next(iter(bases)), EnumAttribute)
        ):
            enums[name] = cast("type[EnumAttribute[Any]]", base)
    arguments = tuple(name for name in definition.properties if name not in hidden | {FORM})
    return Signature(
        operands=tuple(specs),
        properties=(*arguments, FORM) if FORM in definition.properties else arguments,
        arguments=arguments,
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
