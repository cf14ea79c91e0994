"""Static arguments of kernels on the host: they have the types that the operation declares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module

from xdsl.dialects.builtin import StringAttr, UnitAttr
from xdsl.ir import Attribute, Dialect
from xdsl.irdl import IRDLOperation, OptPropertyDef, VerificationContext
from xdsl.utils.exceptions import VerifyException

from forge.ir.shape_functions import ShapeError
from forge.ir.signature import signature_of

_DIALECTS = {"aten": "ATen", "transformer": "Transformer"}


def check_static_arguments(kernel: str, arguments: Mapping[str, Attribute]) -> None:
    """Hold static arguments to the properties of the operation that a kernel is named after.

    Nothing is known of an operator without a class. Whether arguments are missing, or there are
    more, the kernel's shape function tells.

    Raises:
        ShapeError: one has another type.
    """
    for name, value in arguments.items():
        if not _admits(kernel, name, value):
            raise ShapeError(f"{name} cannot be {value}")


@cache
def _operations(dialect: str) -> Mapping[str, type[IRDLOperation]]:
    if dialect not in _DIALECTS:
        return {}
    found: Dialect = getattr(import_module(f"forge.dialects.{dialect}"), _DIALECTS[dialect])
    return {op.name: op for op in found.operations if issubclass(op, IRDLOperation)}


@lru_cache(maxsize=4096)
def _admits(kernel: str, name: str, value: Attribute) -> bool:
    op_class = _operations(kernel.partition(".")[0]).get(kernel)
    declared = None if op_class is None else op_class.get_irdl_definition().properties.get(name)
    if op_class is None or declared is None:
        return True
    if isinstance(value, UnitAttr):
        # An explicit `None`.
        return isinstance(declared, OptPropertyDef)
    if (enum := signature_of(op_class).enums.get(name)) is not None:
        return isinstance(value, StringAttr) and value.data in set(enum.enum_type)
    try:
        declared.constr.verify(value, VerificationContext())
    except VerifyException:
        return False
    return True
