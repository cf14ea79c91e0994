"""Cheap instructions of a block that had better run where their neighbours do."""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.ir import Block, Operation, SSAValue

from forge.dialects.reg.memory import overwritable
from forge.dialects.reg.placement import CopyOp
from forge.dialects.reg.types import RegisterType
from forge.scheduling.graph import Graph, Value
from forge.scheduling.placement import refine_placement


def instructions_to_move(
    block: Block, devices: Mapping[Operation, str], device: str, fallback: str
) -> list[Operation]:
    """The cheap instructions on `device` that save transitions and copies on `fallback`.

    An instruction is cheap if it works element by element on a register that is as large as its
    result: it then takes no longer than it takes to copy what it computes. The others stay, and so
    do registers that the block takes and gives.

    Args:
        block: a function's body, with or without copies.
        devices: where each instruction that runs is to run; what has no entry is there before.
        device: where cheap instructions are.
        fallback: where they could be; it takes all that `device` does.
    """
    dataflow = _Dataflow(block, devices, {device: 0, fallback: 1})
    movable = {
        node for node, op in dataflow.ops.items() if devices[op] == device and overwritable(op)
    }
    refined = refine_placement(dataflow.graph, movable, dataflow.written_bytes())
    return [dataflow.ops[node] for node in sorted(movable) if refined[node]]


class _Dataflow:
    """What two devices compute, and what they read of each other, through any copies.

    Attributes:
        ops: the instructions on one of them, by their nodes. Arguments and what reads results of
            the block are nodes, too.
        graph: their values, with what crosses if a reader is on the other device.
    """

    def __init__(
        self, block: Block, devices: Mapping[Operation, str], sides: Mapping[str, int]
    ) -> None:
        self.ops: dict[int, Operation] = {}
        self._sides: list[int] = []
        self._sources: dict[SSAValue, int] = {}
        self._readers: dict[SSAValue, list[int]] = {}
        origins: dict[SSAValue, SSAValue] = {}
        for argument in block.args:
            if (side := sides.get(_device(argument))) is not None:
                self._sources[argument] = self._add(side)
        for op in block.ops:
            if isinstance(op, CopyOp):
                origins[op.result] = origins.get(op.input, op.input)
            elif op in devices:
                if (side := sides.get(devices[op])) is not None:
                    node = self._add(side)
                    self.ops[node] = op
                    for operand in op.operands:
                        self._read(origins.get(operand, operand), node)
                    self._sources |= dict.fromkeys(op.results, node)
            else:
                for operand in op.operands:
                    if (side := sides.get(_device(operand))) is not None:
                        self._read(origins.get(operand, operand), self._add(side))
        self.graph = Graph(
            self._sides,
            [
                Value(source, self._readers.get(value, []), _num_bytes(value))
                for value, source in self._sources.items()
            ],
        )

    def written_bytes(self) -> list[int]:
        """The bytes that each node writes."""
        written = [0] * len(self.graph)
        for value in self.graph.values:
            written[value.source] += value.size
        return written

    def _add(self, side: int) -> int:
        self._sides.append(side)
        return len(self._sides) - 1

    def _read(self, value: SSAValue, node: int) -> None:
        if value in self._sources:
            self._readers.setdefault(value, []).append(node)


def _device(value: SSAValue) -> str:
    return value.type.device if isinstance(value.type, RegisterType) else ""


def _num_bytes(value: SSAValue) -> int:
    return value.type.num_bytes if isinstance(value.type, RegisterType) else 0
