"""A page for each dialect: every operation with its operands, properties, results and syntax."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
)
from xdsl.ir import Attribute, Dialect, TypeAttribute
from xdsl.irdl import IRDLOperation, OptPropertyDef, OptResultDef, PropertyDef, VarResultDef

from forge.dialects.aten.base import StaticArgument
from forge.ir.attributes import from_attribute
from forge.ir.signature import OperandSpec, Signature, signature_of
from forge.universe import FORGE_UNIVERSE
from scripts.docs_site.lit_programs import operation_examples
from scripts.docs_site.markdown import code, documentation, fence, table

_KINDS: Sequence[tuple[type, str]] = (
    (StringAttr, "a string"),
    (FloatAttr, "a float"),
    (DictionaryAttr, "a dictionary"),
    (ArrayAttr, "a list"),
    (DenseArrayBase, "a list of numbers"),
    (DenseIntOrFPElementsAttr, "a constant tensor"),
    (TypeAttribute, "an element type"),
)


def dialect_names() -> list[str]:
    """Forge's dialects, in the order of the levels."""
    return list(FORGE_UNIVERSE.all_dialects)


def dialect_page(name: str) -> str:
    """The page of a dialect."""
    dialect = FORGE_UNIVERSE.all_dialects[name]()
    operations = [op for op in dialect.operations if issubclass(op, IRDLOperation)]
    operations.sort(key=lambda op: op.name.lower())
    parts = [f"# The dialect `{name}`", documentation(_module_documentation(dialect))]
    parts.append(f"{len(operations)} operations, with a line of the lit tests for each. ")
    parts[-1] += "The syntax is [the same for all](../../architecture.md#one-kind-of-operation)."
    for attribute in dialect.attributes:
        parts += [f"## `{'!' if issubclass(attribute, TypeAttribute) else '#'}{attribute.name}`"]
        parts += [documentation(attribute)]
    for op_class in operations:
        parts += _operation(op_class)
    return "\n\n".join(parts) + "\n"


def _module_documentation(dialect: Dialect) -> str | None:
    """What the dialect's module says; the operations stand in modules below it."""
    package = f"forge.dialects.{dialect.name}"
    return inspect.getdoc(sys.modules[package])


def _operation(op_class: type[IRDLOperation]) -> Iterator[str]:
    signature = signature_of(op_class)
    definition = op_class.get_irdl_definition()
    yield f"## `{op_class.name}`"
    yield documentation(op_class)
    example = operation_examples().get(op_class.name)
    if example is not None and "```mlir" not in (op_class.__doc__ or ""):
        yield fence(example)
    rows = [(code(spec.name), "operand", _operand_kind(spec), "") for spec in signature.operands]
    for name in signature.properties:
        rows.append(_property_row(name, definition.properties[name], signature))
    for name, result in definition.results:
        optional = isinstance(result, OptResultDef)
        listed = isinstance(result, VarResultDef) and not optional
        rows.append((code(name), "result", "a list" if listed else "", "none" if optional else ""))
    if rows:
        yield table(["name", "", "what it is", "default"], rows)


def _operand_kind(spec: OperandSpec) -> str:
    if spec.variadic:
        return "a list, whose elements may be `none`" if spec.has_mask else "a list"
    return "optional" if spec.optional else "required"


def _property_row(
    name: str, definition: PropertyDef, signature: Signature
) -> tuple[str, str, str, str]:
    default = signature.defaults.get(name)
    shown = "" if default is None else code(_shown(default))
    if isinstance(definition, OptPropertyDef):
        shown = "absent"
    return code(name), "property", _property_kind(name, definition, signature), shown


def _property_kind(name: str, definition: PropertyDef, signature: Signature) -> str:
    if (enum := signature.enums.get(name)) is not None:
        return ", ".join(code(str(member.value)) for member in enum.enum_type)
    if isinstance(definition.constr, StaticArgument):
        return definition.constr.description
    bases = definition.constr.get_bases() or set()
    if IntegerAttr in bases:
        return "true or false" if "IntegerType(1)" in str(definition.constr) else "an integer"
    for attribute_class, kind in _KINDS:
        if any(issubclass(base, attribute_class) for base in bases):
            return kind
    return "an element type" if "TypeAttribute" in str(definition.constr) else ""


def _shown(default: Attribute) -> str:
    value: Any = from_attribute(default)
    if isinstance(value, bool):
        return str(value).lower()
    return (
        f'"{value}"' if isinstance(value, str) and isinstance(default, StringAttr) else str(value)
    )
