"""The graph of a block of instructions, and the block in the order that was found for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from xdsl.dialects.func import CallOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.load_time import (
    computed_class,
    is_constant,
    is_deterministic,
    load_time_ops,
)
from forge.dialects.reg.base import RegOp
from forge.dialects.reg.memory import viewed
from forge.dialects.reg.placement import CopyOp
from forge.dialects.reg.types import RegisterType
from forge.errors import ForgeError
from forge.scheduling.graph import Graph, Value

_BEFORE_THE_FIRST = -1


@dataclass
class Instructions:
    """The operations of a block by when they run.

    Attributes:
        known: weights, constants and what is computed of them alone: there before the program runs.
        running: what a scheduler orders; they are the nodes of `graph`.
        copies: what moves registers to other devices, with the node that computes the register, or
            -1 for an argument.
        ending: what ends the block.
    """

    known: list[Operation] = field(default_factory=list[Operation])
    running: list[Operation] = field(default_factory=list[Operation])
    copies: list[tuple[int, Operation]] = field(default_factory=list[tuple[int, Operation]])
    ending: list[Operation] = field(default_factory=list[Operation])

    def graph(self) -> Graph:
        """The instructions that run, and what they need of each other."""
        # Sorted, so that it makes no difference which device begins.
        names = sorted({device_name(op) for op in self.running})
        numbers = {name: number for number, name in enumerate(names)}
        devices = [numbers[device_name(op)] for op in self.running]
        return Graph(devices, [*_Registers(self).values(), *self._fixed_order()])

    def arranged(self, order: Sequence[int]) -> list[Operation]:
        """All operations, those that run in `order`.

        Copies stand where their segment ends, or earlier if one goes there and back again.
        """
        waiting: dict[int, list[Operation]] = {}
        for node, copy in self.copies:
            waiting.setdefault(node, []).append(copy)
        arranged = [*self.known, *waiting.pop(_BEFORE_THE_FIRST, [])]
        border: dict[Operation | Block, Operation] = {}
        device = ""
        for node in order:
            op = self.running[node]
            if device_name(op) != device or any(v.owner in border for v in op.operands):
                arranged += border.values()
                border, device = {}, device_name(op)
            arranged.append(op)
            border |= {copy: copy for copy in waiting.get(node, [])}
        return [*arranged, *border.values(), *self.ending]

    def _fixed_order(self) -> Iterator[Value]:
        """What is random, or has effects, stays in the order in which it is."""
        fixed = [
            node for node, op in enumerate(self.running) if not is_deterministic(computed_class(op))
        ]
        for node, following in pairwise(fixed):
            yield Value(node, [following])


def read_instructions(block: Block) -> Instructions:
    """The operations of a block, sorted by when they run.

    Raises:
        ForgeError: one is no instruction.
    """
    found = Instructions()
    known = load_time_ops(block)
    homes: dict[SSAValue, int] = {}
    for op in block.ops:
        if op in known or is_constant(type(op)):
            found.known.append(op)
        elif isinstance(op, CopyOp):
            home = homes[op.result] = homes.get(op.input, _BEFORE_THE_FIRST)
            found.copies.append((home, op))
        elif isinstance(op, ReturnOp):
            found.ending.append(op)
        elif isinstance(op, RegOp | CallOp):
            homes |= dict.fromkeys(op.results, len(found.running))
            found.running.append(op)
        else:
            raise ForgeError(
                "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
            )
    return found


def device_name(op: Operation) -> str:
    """The device on which an operation runs; a call is a segment of its own."""
    return op.device if isinstance(op, RegOp) else op.name


class _Registers:
    """Who writes and reads which registers, and how long their bytes are kept."""

    def __init__(self, instructions: Instructions) -> None:
        self._instructions = instructions
        self._sources: dict[SSAValue, int] = {}
        self._readers: dict[SSAValue, list[int]] = {}
        # The register whose bytes a view shows, be it a view of a view.
        self._shown: dict[SSAValue, SSAValue] = {}

    def values(self) -> Iterator[Value]:
        """The registers that instructions write, and their readers."""
        running, copies = self._instructions.running, self._instructions.copies
        for node, op in enumerate(running):
            self._define(node, op)
        for node, copy in copies:
            if node != _BEFORE_THE_FIRST:
                self._define(node, copy)
        for node, op in enumerate(running):
            for operand in dict.fromkeys(op.operands):
                self._read(operand, node)
        returned = {
            self._shown.get(value, value)
            for op in self._instructions.ending
            for value in op.operands
        }
        for register, source in self._sources.items():
            # Views take no bytes, and the caller has memory for what is returned.
            free = register in self._shown or register in returned
            readers = self._readers.get(register, [])
            yield Value(source, readers, 0 if free else _num_bytes(register))

    def _define(self, node: int, op: Operation) -> None:
        operand = viewed(op)
        for result in op.results:
            self._sources[result] = node
            if operand is not None:
                self._shown[result] = self._shown.get(operand, operand)

    def _read(self, register: SSAValue, node: int) -> None:
        for read in dict.fromkeys([register, self._shown.get(register, register)]):
            if read in self._sources:
                self._readers.setdefault(read, []).append(node)


def _num_bytes(register: SSAValue) -> int:
    return register.type.num_bytes if isinstance(register.type, RegisterType) else 0
