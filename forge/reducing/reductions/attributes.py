"""Leave out attributes, and static arguments that have a default."""

from __future__ import annotations

from typing import cast

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.irdl import OptPropertyDef

from forge.ir.schema_op import SchemaOp
from forge.ir.signature import signature_of
from forge.reducing.choices import Choices
from forge.reducing.typing import infer_from


def drop_attributes(module: ModuleOp, choices: Choices) -> None:
    """Leave out what the definition of an operation does not ask for, and names of arguments."""
    for op in module.walk():
        for name in sorted(op.attributes):
            if choices.make():
                del op.attributes[name]
        if isinstance(op, FuncOp):
            for name in ("arg_attrs", "res_attrs"):
                _drop_named(op, name, choices)


def _drop_named(function: FuncOp, name: str, choices: Choices) -> None:
    if (attributes := function.properties.get(name)) is None:
        return
    each = cast("ArrayAttr[DictionaryAttr]", attributes).data
    kept = [
        DictionaryAttr({key: value for key, value in one.data.items() if not choices.make()})
        for one in each
    ]
    if any(one.data for one in kept):
        function.properties[name] = ArrayAttr(kept)
    else:
        del function.properties[name]


def forget_properties(module: ModuleOp, choices: Choices) -> None:
    """Give static arguments their default, or none if they are optional."""
    changed = False
    for op in module.walk():
        if isinstance(op, SchemaOp):
            changed |= _forget(op, choices)
    if changed:
        infer_from(module)


def _forget(op: SchemaOp, choices: Choices) -> bool:
    signature = signature_of(type(op))
    definitions = op.get_irdl_definition().properties
    changed = False
    for name in signature.properties:
        default = signature.defaults.get(name)
        optional = isinstance(definitions[name], OptPropertyDef)
        if (value := op.properties.get(name)) is None or value == default:
            continue
        if not (optional or default is not None) or not choices.make():
            continue
        changed = True
        if default is not None:
            op.properties[name] = default
        else:
            del op.properties[name]
    return changed
