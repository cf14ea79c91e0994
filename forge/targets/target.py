"""A target: which instructions its device takes, and why it refuses the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects.reg.base import RegOp
from forge.dialects.reg.types import RegisterType

PREFIX = "reg."


@dataclass(frozen=True)
class Refusal:
    """Why a device does not take an instruction.

    Attributes:
        reason: a sentence without its full stop.
        source: who says so.
        verified: whether anybody knows; if not, the instruction is refused to be safe.
    """

    reason: str
    source: str
    verified: bool = True

    def __str__(self) -> str:
        return f"{'' if self.verified else 'unverified: '}{self.reason} ({self.source})"


@dataclass(frozen=True)
class Group:
    """Instructions that are alike.

    Attributes:
        heading: what they have in common, for people.
        instructions: their names, as OpenVINO's opset has them.
        refusal: why the device takes none of them; `None` if it takes all, within the limits.
        element_types: what their data may hold; whatever the target has if there is none.
        data: the operand that is their data, by name; the first one if it is empty.
        max_rank: how many dimensions their registers may have; the target's limit if `None`.
    """

    heading: str
    instructions: Sequence[str]
    refusal: Refusal | None = None
    element_types: Sequence[Attribute] = ()
    data: str = ""
    max_rank: int | None = None

    def refused_type(self, op: RegOp) -> Attribute | None:
        """The element type of the data of an instruction, if it may not hold that."""
        if not self.element_types or not op.operands:
            return None
        data = op.operand_groups()[self.data] if self.data else op.operands[0]
        dtype = cast(RegisterType, cast(SSAValue, data).type).dtype
        return None if dtype in self.element_types else dtype


@dataclass(frozen=True)
class Limit:
    """A form of instructions that the device does not take, though it takes others of them.

    It applies if an operand or result meets all conditions about registers, and the instruction
    itself all others. A condition that is left out is met.

    Attributes:
        refusal: what to say then.
        instructions: their names; any instruction if there are none.
        exceptions: instructions that it is not about.
        operands: the operands to look at, by name; all operands and results if there are none.
        element_types: what such a register holds.
        ranks: it has as many dimensions as one of these says.
        empty: it has no elements.
        attributes: the values that static arguments have, by name.
        follows: instructions, one of which computes an operand.
    """

    refusal: Refusal
    instructions: Sequence[str] = ()
    exceptions: Sequence[str] = ()
    operands: Sequence[str] = ()
    element_types: Sequence[Attribute] = ()
    ranks: Sequence[int] = ()
    empty: bool = False
    attributes: Mapping[str, object] = field(default_factory=dict[str, object])
    follows: Sequence[str] = ()

    def is_about(self, instruction: str) -> bool:
        """Whether it may apply to an instruction of that name."""
        if instruction in self.exceptions:
            return False
        return not self.instructions or instruction in self.instructions

    def applies(self, op: RegOp) -> bool:
        """Whether this is such a form of an instruction that it is about."""
        return (
            all(_written(op.get(name)) == value for name, value in self.attributes.items())
            and (not self.follows or any(_computed_by(v, self.follows) for v in op.operands))
            and (not self._is_about_registers or any(map(self._holds, self._registers(op))))
        )

    @property
    def _is_about_registers(self) -> bool:
        return any((self.operands, self.element_types, self.ranks, self.empty))

    def _registers(self, op: RegOp) -> Iterator[SSAValue]:
        if not self.operands:
            yield from (*op.operands, *op.results)
            return
        groups = op.operand_groups()
        for name in self.operands:
            group = groups[name]
            members = group if isinstance(group, list) else [group]
            yield from (member for member in members if member is not None)

    def _holds(self, value: SSAValue) -> bool:
        type = cast(RegisterType, value.type)
        return (
            (not self.element_types or type.dtype in self.element_types)
            and (not self.ranks or len(type.shape) in self.ranks)
            and (not self.empty or 0 in type.shape)
        )


def _written(value: object) -> object:
    """A static argument's value as a description has it: an element type by its name."""
    return str(value) if isinstance(value, Attribute) else value


def _computed_by(value: SSAValue, instructions: Sequence[str]) -> bool:
    owner = value.owner
    return isinstance(owner, Operation) and owner.name.removeprefix(PREFIX) in instructions


@dataclass(frozen=True)
class Target:
    """What a device takes, and where the rest goes.

    Attributes:
        name: as `assign-devices{target=NAME}` has it.
        title: what it is, in one line.
        device: the device of the registers, in lower case.
        fallback: the device of the instructions that it refuses; `None` if there is none.
        source: who says what the description says, where it does not say otherwise.
        element_types: what registers may hold; others are unverified.
        max_rank: how many dimensions they may have; `None` if any number.
        groups: every instruction of `reg`, once.
        limits: which forms of them the device does not take.
    """

    name: str
    title: str
    device: str
    fallback: str | None
    source: str
    element_types: frozenset[Attribute]
    max_rank: int | None
    groups: Sequence[Group]
    limits: Sequence[Limit]

    def refusal(self, op: Operation) -> Refusal | None:
        """Why the device does not take an instruction; `None` if it does.

        Weights, constants, copies and kernels on the host are no matter of the device's.
        """
        if (group := self._groups.get(op.name)) is None:
            return None
        if group.refusal is not None:
            return group.refusal
        instruction = cast(RegOp, op)
        for limit in self._limits[op.name]:
            if limit.applies(instruction):
                return limit.refusal
        return self._refused_register(instruction, group)

    def _refused_register(self, op: RegOp, group: Group) -> Refusal | None:
        name = op.name.removeprefix(PREFIX)
        max_rank = self.max_rank if group.max_rank is None else group.max_rank
        for value in (*op.operands, *op.results):
            tensor = cast(RegisterType, value.type).tensor
            dtype = tensor.element_type
            if dtype not in self.element_types and dtype not in group.element_types:
                reason = f"nobody has tried elements of type {dtype}"
                return Refusal(reason, self.source, verified=False)
            if max_rank is not None and len(tensor.shape) > max_rank:
                reason = f"{name} is known to take registers of up to {max_rank} dimensions"
                return Refusal(reason, self.source)
        if (dtype := group.refused_type(op)) is not None:
            taken = ", ".join(map(str, group.element_types))
            return Refusal(
                f"{name} is known to take data of types {taken}, not {dtype}", self.source
            )
        return None

    @cached_property
    def _groups(self) -> Mapping[str, Group]:
        return {f"{PREFIX}{name}": group for group in self.groups for name in group.instructions}

    @cached_property
    def _limits(self) -> Mapping[str, Sequence[Limit]]:
        return {
            name: [limit for limit in self.limits if limit.is_about(name.removeprefix(PREFIX))]
            for name in self._groups
        }
