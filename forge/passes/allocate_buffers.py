"""Give every register its bytes."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Block, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from forge.allocation import ALIGNMENT, PLANNERS, plan_arenas
from forge.analysis.allocation import MAX_ALIGNMENT, check_allocation
from forge.dialects import reg
from forge.errors import ForgeError


@dataclass(frozen=True)
class AllocateBuffersPass(ModulePass):
    """Place the registers of each device in one arena, where those that live at different times
    share bytes.

    A view has the bytes of its operand, and an elementwise result those of an operand that is not
    needed any more. Weights, constants, what is computed from these alone, what kernels of the host
    allocate themselves, and what the caller provides (arguments and returned values) lie elsewhere.
    The planners run until one needs no more bytes than are live at once, and the smallest arena is
    kept; the result is proved before it is left.

        %0 = reg.MatMul %x, %w : (…) -> !reg.reg<128x768xf32, cpu>
        %1 = reg.Relu %0 : (…) -> !reg.reg<128x768xf32, cpu>
        %2 = reg.Reshape %1, %shape : (…) -> !reg.reg<128x12x64xf32, cpu>

    becomes

        %0 = reg.MatMul %x, %w : (…) -> !reg.reg<128x768xf32, cpu, offset = 0>
        %1 = reg.Relu %0 : (…) -> !reg.reg<128x768xf32, cpu, offset = 0>
        %2 = reg.Reshape %1, %shape : (…) -> !reg.reg<128x12x64xf32, cpu, offset = 0>

    Args:
        algorithm: `best`, or one planner: `best-fit`, `greedy-by-breadth`, `greedy-by-size`,
            `linear-scan`.
        alignment: every offset is a multiple of so many bytes; those of a cache line by default.
    """

    name = "allocate-buffers"

    algorithm: str = "best"
    alignment: int = ALIGNMENT

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.algorithm not in ("best", *PLANNERS):
            raise ForgeError(
                f"there is no planner {self.algorithm!r}", hint=f"best, {', '.join(PLANNERS)}"
            )
        if not 1 <= self.alignment <= MAX_ALIGNMENT:
            raise ForgeError(
                f"an alignment is from 1 byte to {MAX_ALIGNMENT}, got {self.alignment}"
            )
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                _check_instructions(function)
                self._allocate(function.body.block)

    def _allocate(self, block: Block) -> None:
        offsets: dict[SSAValue, int] = {}
        for arena in plan_arenas(block, self.algorithm, self.alignment):
            for storage, offset in zip(arena.storages, arena.plan.offsets, strict=True):
                offsets |= dict.fromkeys(storage.values, offset)
        for op in block.ops:
            for result in op.results:
                _place(result, offsets.get(result))
        check_allocation(block)


def _check_instructions(function: FuncOp) -> None:
    for op in function.body.block.ops:
        if not isinstance(op, reg.RegOp | ReturnOp | CallOp):
            raise ForgeError(
                "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
            )
    for type in (*function.function_type.inputs, *function.function_type.outputs):
        if isinstance(type, reg.RegisterType) and type.offset is not None:
            raise ForgeError(
                f"its caller says where {type} is, and not the function",
                op=function,
                hint="leave the offset out",
            )


def _place(value: SSAValue, offset: int | None) -> None:
    if isinstance(type := value.type, reg.RegisterType) and type.offset != offset:
        Rewriter.replace_value_with_new_type(value, type.at(offset))
