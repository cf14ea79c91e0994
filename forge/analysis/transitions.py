"""How often a program changes its device, and what it moves from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from xdsl.ir import Block, Operation

from forge.analysis.load_time import is_constant, load_time_ops
from forge.dialects.reg.base import RegOp
from forge.dialects.reg.placement import CopyOp
from forge.dialects.reg.types import RegisterType


@dataclass(frozen=True)
class Transitions:
    """What changing the device costs a block.

    Attributes:
        count: δ = #{j : device(j) ≠ device(j+1)} over the instructions that run, as the Forge-UGC
            paper has it. Weights, constants, what is computed of these alone, and copies are none.
        values: how many registers a run copies to another device.
        num_bytes: their size.
    """

    count: int
    values: int
    num_bytes: int

    def __add__(self, other: Transitions) -> Transitions:
        """Both together."""
        return Transitions(
            self.count + other.count,
            self.values + other.values,
            self.num_bytes + other.num_bytes,
        )


NO_TRANSITIONS = Transitions(0, 0, 0)


def count_transitions(block: Block) -> Transitions:
    """Count the transitions of a function's body; one walk, linear in the operations.

    Args:
        block: of `reg` instructions; others have no device and are not looked at.
    """
    known = load_time_ops(block)
    running = [op for op in block.ops if op not in known and not is_constant(type(op))]
    devices = [op.device for op in running if isinstance(op, RegOp) and not _is_copy(op)]
    copied = [op.results[0].type for op in running if _is_copy(op)]
    return Transitions(
        count=sum(device != following for device, following in pairwise(devices)),
        values=len(copied),
        num_bytes=sum(type.num_bytes for type in copied if isinstance(type, RegisterType)),
    )


def _is_copy(op: Operation) -> bool:
    return type(op) is CopyOp
