"""Cheap instructions of a block that had better run where their neighbours do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.ir import Block, Operation, SSAValue

from forge.dialects.reg.memory import overwritable
from forge.dialects.reg.placement import CopyOp
from forge.dialects.reg.types import RegisterType
from forge.scheduling.graph import Graph, Value
from forge.scheduling.placement import refine_placement


def is_cheap(op: Operation) -> bool:
    """Whether an instruction works element by element on a register as large as its result.

    It then takes no longer than it takes to copy what it computes.
    """
    return bool(overwritable(op))


def instructions_to_move(
    block: Block,
    devices: Mapping[Operation, str],
    device: str,
    fallback: str,
    movable: Callable[[Operation], bool] = is_cheap,
) -> list[Operation]:
    """The instructions on `device` that save transitions and copies on `fallback`.

    What the block takes and gives stays where it is.

    Args:
        block: a function's body, with or without copies.
        devices: where each instruction that runs is to run; what has no entry is there before.
        device: where they are.
        fallback: where they could be.
        movable: which instructions may be there: the fallback takes them, and they are cheap.
    """
    dataflow = _Dataflow(block, devices, {device: 0, fallback: 1})
    nodes = {node for node, op in dataflow.ops.items() if devices[op] == device and movable(op)}
    refined = refine_placement(dataflow.graph, nodes, dataflow.written_bytes())
    return [dataflow.ops[node] for node in sorted(nodes) if refined[node]]


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
