"""The conversion of aten and transformer operations to kernels of PyTorch on the host."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from xdsl.dialects.builtin import StringAttr
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, SSAValue

from forge.dialects import aten, reg, transformer
from forge.dialects.forge import ConstantOp, WeightOp
from forge.dialects.reg import HOST, register_type
from forge.ir.schema_op import SchemaOp
from forge.ir.signature import signature_of
from forge.ir.tensors import shaped
from forge.lowering.aten_to_reg import creation
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder

PATTERNS = ConversionPatterns()
"""One kernel an operation; for programs that run on the host as a whole."""

PATTERNS.convert(WeightOp)(creation.weight)
PATTERNS.convert(ConstantOp)(creation.constant)


@PATTERNS.convert(aten.OperatorOp, *aten.ops.OPERATIONS, *transformer.Transformer.operations)
def on_host(op: SchemaOp, b: RegBuilder) -> Sequence[SSAValue]:
    """One kernel on registers of the host."""
    return b.emit_all(host_kernel(op, b.values.__getitem__))


def host_kernel(op: SchemaOp, register: Callable[[SSAValue], SSAValue]) -> reg.HostOp:
    """The kernel that computes an operation of `aten` or `transformer`.

    Args:
        register: the register on the host that holds an operand.
    """
    if isinstance(op, aten.OperatorOp):
        name, operands = op.operator.data, op.operands_by_name()
        arguments: Mapping[str, Attribute] = op.arguments.data
    else:
        name, operands = op.name, op.operand_groups()
        names = signature_of(type(op)).arguments
        arguments = {n: _plain(op.properties[n]) for n in names if n in op.properties}
    groups = {
        name: [None if v is None else register(v) for v in group]
        if isinstance(group, list)
        else register(group)
        for name, group in operands.items()
        if group is not None
    }
    return reg.HostOp(name, groups, arguments, [_on_host(result) for result in op.results])


def _plain(attribute: Attribute) -> Attribute:
    """An enumerator by its name: the arguments of kernels have no declared types."""
    if not isinstance(attribute, EnumAttribute):
        return attribute
    return StringAttr(str(cast("EnumAttribute[Any]", attribute).data))


def _on_host(value: SSAValue) -> Attribute:
    info = shaped(value.type)
    return register_type(info.shape, info.dtype, HOST)
