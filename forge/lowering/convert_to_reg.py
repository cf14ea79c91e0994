"""The conversion of aten and transformer operations to instructions on registers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr, TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.traits import is_side_effect_free

from forge.dialects import aten, reg
from forge.dialects.reg import HOST, register_type
from forge.ir.interfaces import LowersToReg
from forge.lowering import host_kernels, transformer_to_reg
from forge.lowering.aten_to_reg import PATTERNS as ATEN_PATTERNS
from forge.lowering.conversion import (
    ConversionPatterns,
    ConversionTarget,
    Converted,
    Rejection,
    convert_module,
)
from forge.lowering.reg_builder import RegBuilder

PATTERNS = ConversionPatterns(ATEN_PATTERNS, transformer_to_reg.PATTERNS)

REASON = "forge.reason"
"""On a `reg.host`: why its operator does not run on the device."""


@dataclass(frozen=True)
class ConvertToRegPass(ModulePass):
    """Turn a program into instructions on the registers of one device.

    Those of OpenVINO's devices are OpenVINO's. An ATen operator that has no conversion to them, or
    whose conversion refuses its arguments, becomes a kernel of PyTorch on the host, with copies
    where the device changes. Integers are computed as exactly as the device does: OpenVINO's CPU
    plugin computes i64 in i32, and rounds what is beyond 2²⁴ in arithmetic. An operation of another
    package lowers itself, if it can.

    On the device `host` every operation is one kernel, named after it, and there are no copies.

    Args:
        device: where the instructions run, in lower case: `cpu`, `gpu`, `npu`; or `host`.
        host: whether an operator that the device does not take may run on the host; if not, it
            remains illegal.
    """

    name = "convert-to-reg"

    device: str = "cpu"
    host: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        on_host = self.device == HOST
        target = ConversionTarget(
            legal_dialects=frozenset({"builtin", "func", "reg"}),
            convert_type=partial(_to_register, device=self.device),
            fallback=_run_on_host if self.host and not on_host else _lower_itself,
            make_rewriter=partial(_make_builder, self.device),
        )
        convert_module(op, host_kernels.PATTERNS if on_host else PATTERNS, target)
        for function in op.ops:
            for region in function.regions:
                for block in region.blocks:
                    _erase_dead(block)


def _make_builder(device: str, block: Block, target: ConversionTarget) -> RegBuilder:
    return RegBuilder(block, target, device=device)


def _to_register(type: Attribute, device: str) -> Attribute:
    if not isinstance(type, TensorType):
        return type
    tensor = cast("TensorType[Attribute]", type)
    return register_type(tensor.get_shape(), tensor.element_type, device)


def _lower_itself(op: Operation, b: RegBuilder, rejection: Rejection | None) -> Converted | None:
    """What an operation of another package says that it is; `None` for all others."""
    return op.lower_to_reg(b) if rejection is None and isinstance(op, LowersToReg) else None


# -- on the host -----------------------------------------------------------------------------------


def _run_on_host(op: Operation, b: RegBuilder, rejection: Rejection | None) -> Converted | None:
    """A kernel on the host instead of an ATen operator; `None` for other operations.

    Its results are copied back. A copy that only other kernels would read is never read, because
    they read the value on the host, and so it is erased in the end.
    """
    if not isinstance(op, aten.OperatorOp | aten.AtenOp):
        return _lower_itself(op, b, rejection)
    kernel = host_kernels.host_kernel(op, partial(_on_host, b=b))
    if rejection is not None:
        kernel.attributes[REASON] = StringAttr(rejection.reason)
    copies: list[SSAValue] = []
    for result in b.emit_all(kernel):
        copies.append(b.emit(reg.CopyOp(result, device=b.device)))
        b.on_host[copies[-1]] = result
    return copies


def _on_host(value: SSAValue, b: RegBuilder) -> SSAValue:
    register = b.values[value]
    if (known := b.on_host.get(register)) is None:
        known = b.emit(reg.CopyOp(register, device=HOST))
        b.on_host[register] = known
    return known


def _erase_dead(block: Block) -> None:
    """Erase what nothing reads: copies between kernels on the host, results nobody asked for."""
    for op in reversed(list(block.ops)):
        unused = all(result.first_use is None for result in op.results)
        if unused and op.results and is_side_effect_free(op):
            block.erase_op(op)
