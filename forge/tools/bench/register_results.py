"""What `forge bench registers` finds; it crosses processes as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Allocation:
    """The memory of a program whose instructions are all on one device.

    Attributes:
        device: `cpu` for OpenVINO's instructions, `host` for kernels of PyTorch.
        registers: results of the instructions that run at every call, returned ones excluded.
        buffers: how many whole buffers linear scan gives them, as the paper counts.
        arena: bytes of the arena that `allocate-buffers` makes.
        lower_bound: the most bytes that are live in it at once.
        own_memory: the most bytes at once that kernels bring along, beside the arena.
        planner: who made the arena.
        liveness_seconds: what the live intervals took.
        planning_seconds: what all planners took, with the liveness that they start from.
        proof_seconds: what the proof took.
    """

    device: str
    registers: int
    buffers: int
    arena: int
    lower_bound: int
    own_memory: int
    planner: str
    liveness_seconds: float
    planning_seconds: float
    proof_seconds: float

    @property
    def reduction(self) -> float:
        """The paper's ρ = 1 − buffers / registers."""
        return 1 - self.buffers / self.registers if self.registers else 0.0

    @property
    def excess(self) -> float:
        """How much larger the arena is than it has to be, as a share."""
        return self.arena / self.lower_bound - 1 if self.lower_bound else 0.0


@dataclass(frozen=True)
class Order:
    """A program in the order that one scheduler gives it.

    Attributes:
        transitions: the paper's δ, how often the device changes.
        copied: bytes that a run copies from device to device.
        arena: bytes of all arenas in this order.
        seconds: what the scheduler took.
    """

    transitions: int
    copied: int
    arena: int
    seconds: float


@dataclass(frozen=True)
class Placement:
    """A program whose instructions are where a target's description puts them.

    Attributes:
        target: the description's name.
        devices: how many instructions that run at every call are on each device.
        unfused: the transitions in FX order of the program without fusions.
        orders: by scheduler.
        joined: ours, once cheap instructions have joined their neighbours.
        optimal: whether it is proved that no order has fewer transitions than ours.
    """

    target: str
    devices: Mapping[str, int]
    unfused: int
    orders: Mapping[str, Order]
    joined: Order
    optimal: bool

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Placement:
        """What `dataclasses.asdict` made."""
        parts: dict[str, Any] = {
            "orders": {name: Order(**order) for name, order in values["orders"].items()},
            "joined": Order(**values["joined"]),
        }
        return cls(**{**values, **parts})


@dataclass(frozen=True)
class BytecodeSize:
    """A program as bytecode.

    Attributes:
        instructions: all that stand in it.
        text: bytes of its text, with locations.
        size: bytes of its bytecode.
        write_seconds: to assemble it.
        read_seconds: to disassemble and verify it.
    """

    instructions: int
    text: int
    size: int
    write_seconds: float
    read_seconds: float


@dataclass(frozen=True)
class RegisterFigures:
    """One model at level `reg`.

    Attributes:
        layers: how many it has.
        allocations: for each device that can run it alone.
        placements: for each target.
        bytecode: of the program on the host.
    """

    model: str
    layers: int
    allocations: Sequence[Allocation]
    placements: Sequence[Placement]
    bytecode: BytecodeSize

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> RegisterFigures:
        """What `dataclasses.asdict` made."""
        return cls(
            values["model"],
            values["layers"],
            [Allocation(**each) for each in values["allocations"]],
            [Placement.from_json(each) for each in values["placements"]],
            BytecodeSize(**values["bytecode"]),
        )


@dataclass(frozen=True)
class Scale:
    """What the analyses take for a program of so many instructions, in seconds."""

    instructions: int
    liveness: float
    planning: float
    proof: float
    scheduling: float


@dataclass(frozen=True)
class Scaling:
    """The same for several sizes, ascending."""

    sizes: Sequence[Scale]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Scaling:
        """What `dataclasses.asdict` made."""
        return cls([Scale(**each) for each in values["sizes"]])
