"""Types that follow from others, inferred again after a change."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, SSAValue
from xdsl.rewriter import Rewriter

from forge.ir.schema_op import SchemaOp
from forge.ir.shape_functions import ShapeError


def infer_from(
    module: ModuleOp, other: Callable[[Attribute], Attribute] = lambda type: type
) -> None:
    """Infer the types of all results again, and those of functions.

    Args:
        module: the program, changed in place.
        other: what becomes of a type that does not follow from others.

    Raises:
        ShapeError: operands do not fit together any more.
    """
    for op in module.walk():
        if isinstance(op, SchemaOp) and not op.OPAQUE and op.operands:
            inferred = type(op).infer(op.operand_groups(), op.properties)
            types = list(op.wrap_results(inferred, op.operands))
        else:
            types = [other(result.type) for result in op.results]
        if len(types) != len(op.results):
            raise ShapeError(f"{op.name} has {len(types)} results now")
        for value, new in zip(list(op.results), types, strict=True):
            _set_type(value, new)
        for region in op.regions:
            for block in region.blocks:
                for argument in list(block.args):
                    _set_type(argument, other(argument.type))
    for op in module.walk():
        if isinstance(op, FuncOp) and not op.is_declaration:
            op.update_function_type()


def _set_type(value: SSAValue, type: Attribute) -> None:
    if value.type != type:
        Rewriter.replace_value_with_new_type(value, type)
