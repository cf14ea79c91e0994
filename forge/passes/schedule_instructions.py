"""Let each device run as much as it can before another takes its turn."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block
from xdsl.passes import ModulePass

from forge.analysis.transitions import NO_TRANSITIONS, count_transitions
from forge.dialects import reg
from forge.errors import ForgeError
from forge.rewriting.report import RewriteReport, publish
from forge.scheduling import SCHEDULERS, read_instructions


@dataclass(frozen=True)
class ScheduleInstructionsPass(ModulePass):
    """Order instructions so that the device changes rarely, and little is kept meanwhile.

    No instruction moves to another device. Weights, constants and what is computed of them alone
    come first; copies stand together where a device has done its part. What is random keeps its
    order, and so do instructions that are as good in one order as in another. Registers must not be
    allocated yet: their bytes are right for the order that they were allocated in.

        %0 = reg.MatMul %x, %w : (…) -> !reg.reg<4x4xf32, npu>
        %1 = reg.DFT %y, %axes : (…) -> !reg.reg<4x4x2xf32, cpu>
        %2 = reg.Relu %0 : (…) -> !reg.reg<4x4xf32, npu>

    becomes

        %0 = reg.MatMul %x, %w : (…) -> !reg.reg<4x4xf32, npu>
        %2 = reg.Relu %0 : (…) -> !reg.reg<4x4xf32, npu>
        %1 = reg.DFT %y, %axes : (…) -> !reg.reg<4x4x2xf32, cpu>

    Args:
        algorithm: `convex-segments`, which has the fewest transitions on two devices and searches
            for them on more; `device-affinity`, the greedy one of the Forge-UGC paper; `fx-order`,
            the order of the program.
    """

    name = "schedule-instructions"

    algorithm: str = "convex-segments"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.algorithm not in SCHEDULERS:
            raise ForgeError(
                f"there is no scheduler {self.algorithm!r}", hint=", ".join(SCHEDULERS)
            )
        before = after = NO_TRANSITIONS
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                block = function.body.block
                before += count_transitions(block)
                self._schedule(block)
                after += count_transitions(block)
        figures = {
            "transitions before": before.count,
            "transitions after": after.count,
            "values copied": after.values,
            "bytes copied": after.num_bytes,
        }
        publish(RewriteReport(figures=figures))

    def _schedule(self, block: Block) -> None:
        _check_not_allocated(block)
        instructions = read_instructions(block)
        order = SCHEDULERS[self.algorithm](instructions.graph())
        arranged = instructions.arranged(order)
        for op in arranged:
            op.detach()
        block.add_ops(arranged)


def _check_not_allocated(block: Block) -> None:
    for op in block.ops:
        for result in op.results:
            if isinstance(result.type, reg.RegisterType) and result.type.offset is not None:
                raise ForgeError(
                    "its register is allocated, for the order in which the instructions are",
                    op=op,
                    hint="schedule-instructions comes before allocate-buffers",
                )
