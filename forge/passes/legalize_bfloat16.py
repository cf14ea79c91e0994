"""Compute in f32 what a program computes in bf16."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, bf16, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from forge.analysis.folding.elements import widen_bf16
from forge.dialects import reg
from forge.errors import ForgeError
from forge.rewriting.report import RewriteReport, publish


@dataclass(frozen=True)
class LegalizeBfloat16Pass(ModulePass):
    """Give instructions f32 where the program has bf16, of which no NPU knows anything.

    What the program rounds to bf16 on its way is not rounded any more; the NPU computes in f16
    whatever the program says. Weights are widened when the program is loaded. Inputs, outputs and
    kernels on the host keep their types, and are converted where they begin and end.

        %w = reg.weight "w" : !reg.reg<64x64xbf16, npu>
        %y = reg.MatMul %x, %w : … -> !reg.reg<4x64xbf16, npu>

    becomes

        %w = reg.weight "w" : !reg.reg<64x64xbf16, npu>
        %f = reg.Convert %w {destination_type = f32} : … -> !reg.reg<64x64xf32, npu>
        %y = reg.MatMul %x, %f : … -> !reg.reg<4x64xf32, npu>
    """

    name = "legalize-bfloat16"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        widened = 0
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                widened += _Widening(function.body.block).run()
        publish(RewriteReport(figures={"instructions in f32 instead of bf16": widened}))


class _Widening:
    """Goes over a block once, in order, so that operands have their new types already."""

    def __init__(self, block: Block) -> None:
        self._block = block

    def run(self) -> int:
        """Rewrite the block; how many instructions have other types now."""
        ops = list(self._block.ops)
        if ops:
            for argument in self._block.args:
                self._widen_after(argument, None, ops[0])
        return sum(map(self._rewrite, ops))

    def _rewrite(self, op: Operation) -> bool:
        match op:
            case ReturnOp():
                types = self._returned_types()
                self._narrow(op, [index for index, type in enumerate(types) if _is_bf16(type)])
            case reg.CopyOp() if reg.HOST in (op.device, reg.device_of(op.input.type)):
                self._border(op)
            case reg.HostOp():
                return False
            case reg.WeightOp():
                self._widen_after(op.result, op, op)
            case reg.ConstantOp() if _is_bf16(op.result.type):
                wide = reg.ConstantOp.of(widen_bf16(op.array()), f32, device=op.device)
                self._replace(op, wide)
            case reg.ConvertOp() if op.destination_type in (bf16, f32):
                return self._convert(op)
            case reg.RegOp():
                return self._retype(op)
            case _:
                raise ForgeError(
                    "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
                )
        return False

    def _returned_types(self) -> list[Any]:
        function = self._block.parent_op()
        assert isinstance(function, FuncOp)
        return list(function.function_type.outputs)

    def _retype(self, op: reg.RegOp) -> bool:
        """Let an instruction give f32."""
        narrow = [result for result in op.results if _is_bf16(result.type)]
        for result in narrow:
            Rewriter.replace_value_with_new_type(result, _in_f32(result))
        for name, attribute in op.properties.items():
            if attribute == bf16:
                op.properties[name] = f32
        return bool(narrow)

    def _convert(self, op: reg.ConvertOp) -> bool:
        """A conversion between bf16 and f32 is none any more."""
        if reg.register_shaped(op.arg.type).dtype != f32:
            return self._retype(op)
        op.result.replace_all_uses_with(op.arg)
        self._block.erase_op(op)
        return True

    def _border(self, copy: reg.CopyOp) -> None:
        """The host has bf16 still: what comes from there is widened, what goes there narrowed."""
        if not _is_bf16(copy.result.type):
            return
        if copy.device == reg.HOST:
            self._narrow(copy, [0])
        else:
            self._widen_after(copy.result, copy, copy)

    def _widen_after(self, value: SSAValue, owner: Operation | None, anchor: Operation) -> None:
        """Let f32 be read instead of a value of bf16."""
        if not _is_bf16(value.type) or value.first_use is None:
            return
        wide = reg.ConvertOp(value, destination_type=f32)
        wide.location = anchor.location
        value.replace_uses_with_if(wide.results[0], lambda use: use.operation is not wide)
        if owner is None:
            self._block.insert_op_before(wide, anchor)
        else:
            self._block.insert_op_after(wide, owner)

    def _narrow(self, op: Operation, places: list[int]) -> None:
        """Let an operation read bf16 again where it expects that."""
        for place in places:
            if not _is_bf16(op.operands[place].type):
                narrow = reg.ConvertOp(op.operands[place], destination_type=bf16)
                narrow.location = op.location
                self._block.insert_op_before(narrow, op)
                op.operands[place] = narrow.results[0]

    def _replace(self, op: reg.ConstantOp, new: reg.ConstantOp) -> None:
        new.location = op.location
        self._block.insert_op_before(new, op)
        op.result.replace_all_uses_with(new.result)
        self._block.erase_op(op)


def _is_bf16(type: Any) -> bool:
    return isinstance(type, reg.RegisterType) and type.dtype == bf16


def _in_f32(value: SSAValue) -> reg.RegisterType:
    type = cast(reg.RegisterType, value.type)
    return reg.register_type(type.shape, f32, type.device)
