"""Place every instruction on the target's device, or on its fallback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from forge.analysis.load_time import DECOMPRESSION, is_constant, load_time_ops
from forge.dialects import reg
from forge.errors import ForgeError
from forge.lowering.convert_to_reg import REASON
from forge.rewriting.report import Refusal, RewriteReport, publish
from forge.scheduling import instructions_to_move, is_cheap
from forge.targets import Refusal as TargetRefusal
from forge.targets import Target, load_target, target_names

_JOINED = "its neighbours are here: that saves transitions"


@dataclass(frozen=True)
class AssignDevicesPass(ModulePass):
    """Move the instructions that a target's device does not take to its fallback device.

    A value that is needed on another device is copied once, right behind its definition. Weights,
    constants and what is computed of them alone are there before the program runs: each device
    that needs them has its own, and they are not counted as placed. Arguments and results of the
    program, and kernels on the host, stay where they are. An instruction that moves says why in
    its attribute `forge.reason`.

        %0 = reg.MatMul %x, %w : (…) -> !reg.reg<4x4xf32, npu>
        %1 = reg.DFT %0, %axes : (…) -> !reg.reg<4x4xf32, npu>

    becomes

        %0 = reg.MatMul %x, %w : (…) -> !reg.reg<4x4xf32, npu>
        %1 = reg.copy %0 : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, cpu>
        %2 = reg.DFT %1, %axes {forge.reason = "…"} : (…) -> !reg.reg<4x4xf32, cpu>

    Args:
        target: the name of a target (`npu3720`, `npu4000`, `npu5010`, `npu5020`, `cpu`,
            `forge-ugc`), or the path of a description, which ends in `.toml`.
        join: whether to move what works element by element to the fallback device, too, where that
            saves transitions and copies, as a minimum cut has it.
    """

    name = "assign-devices"

    target: str
    join: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        target = load_target(self.target)
        functions = [f for f in op.walk() if isinstance(f, FuncOp) and len(f.body.blocks) == 1]
        if not any(_uses_device(function, target.device) for function in functions):
            raise ForgeError(
                f"the program has no registers on {target.device}, the device of {target.name}",
                hint=f"convert-to-reg{{device={target.device}}} puts them there",
            )
        report = RewriteReport()
        placed: Counter[str] = Counter()
        for function in functions:
            devices = _choose_devices(function.body.block, target, report)
            if self.join:
                _join_neighbours(function.body.block, devices, target)
            _Assignment(function.body.block, devices).apply()
            placed.update(devices.values())
        for device in sorted(placed, key=lambda device: (device != target.device, device)):
            report.figures[f"instructions on {device}"] = placed[device]
        for reason, count in Counter(refusal.reason for refusal in report.refused).items():
            report.figures[f"moved, {reason}"] = count
        publish(report)


# -- which device ----------------------------------------------------------------------------------


def _uses_device(function: FuncOp, device: str) -> bool:
    values = [*function.body.block.args, *(v for op in function.walk() for v in op.results)]
    return any(isinstance(v.type, reg.RegisterType) and v.type.device == device for v in values)


def _choose_devices(block: Block, target: Target, report: RewriteReport) -> dict[Operation, str]:
    """The device of every instruction that runs; those that move get their reason."""
    devices: dict[Operation, str] = {}
    known = load_time_ops(block)
    for op in block.ops:
        if not _is_placed(type(op)):
            if not isinstance(op, reg.RegOp | ReturnOp | CallOp):
                raise ForgeError(
                    "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
                )
            continue
        if op in known:
            continue
        devices[op] = device = cast(reg.RegOp, op).device
        if DECOMPRESSION in op.attributes:
            # No arithmetic on its short type, of which the description says nothing.
            continue
        if device == target.device and (refusal := target.refusal(op)) is not None:
            devices[op] = _fallback(op, target, refusal)
            op.attributes[REASON] = StringAttr(str(refusal))
            report.refused.append(Refusal(target.name, op.name, op.location, str(refusal)))
    return devices


def _join_neighbours(block: Block, devices: dict[Operation, str], target: Target) -> None:
    """Move cheap instructions to the fallback device, too, where their neighbours are there."""
    if target.fallback is None:
        return
    described = target.fallback in target_names()
    fallback = load_target(target.fallback) if described else None

    def is_movable(op: Operation) -> bool:
        return is_cheap(op) and (fallback is None or fallback.refusal(op) is None)

    for op in instructions_to_move(block, devices, target.device, target.fallback, is_movable):
        devices[op] = target.fallback
        op.attributes[REASON] = StringAttr(_JOINED)


@cache
def _is_placed(op_class: type[Operation]) -> bool:
    """Whether operations of a class run on a device."""
    return (
        issubclass(op_class, reg.RegOp) and op_class is not reg.CopyOp and not is_constant(op_class)
    )


def _fallback(op: Operation, target: Target, refusal: TargetRefusal) -> str:
    """The device that takes what the target refuses.

    Raises:
        ForgeError: there is none.
    """
    if target.fallback is None:
        raise ForgeError(
            f"{target.name} does not take it: {refusal}",
            op=op,
            hint=f"{target.name} names no fallback device",
        )
    if target.fallback in target_names():
        fallback = load_target(target.fallback)
        if (again := fallback.refusal(op)) is not None:
            raise ForgeError(
                f"neither {target.name} ({refusal}) nor {fallback.name} takes it: {again}", op=op
            )
    return target.fallback


# -- moving them -----------------------------------------------------------------------------------


class _Assignment:
    """Moves instructions to their devices, and every value to where it is read.

    A value has a home on each device that reads it: where it is computed, or a copy of that. What
    is known before the program runs is computed anew on each of them instead.
    """

    def __init__(self, block: Block, devices: dict[Operation, str]) -> None:
        self._block = block
        self._ops = list(block.ops)
        # Those that are known run nowhere, and yet belong to the host.
        hosted = {op: reg.HOST for op in self._ops if type(op) is reg.HostOp}
        self._devices = devices | hosted
        # What other operations read stays where it is, because functions keep their types.
        self._kept = {
            op: [reg.device_of(operand.type) for operand in op.operands]
            for op in self._ops
            if type(op) in (ReturnOp, CallOp)
        }
        self._needs = self._find_needs()
        self._homes: dict[SSAValue, dict[str, SSAValue]] = {}
        self._tails: dict[Operation | Block, Operation] = {}

    def apply(self) -> None:
        """Rewrite the block."""
        for op in self._ops:
            if (device := self._devices.get(op)) is not None:
                self._put(op, device)
            elif type(op) is reg.CopyOp:
                self._adopt(op)
            elif op in self._kept:
                self._connect(op, self._kept[op])
            else:
                self._provide(op)
        for op in reversed(self._ops):
            if type(op) is reg.CopyOp and op.result.first_use is None:
                self._block.erase_op(op)

    def _find_needs(self) -> dict[Operation, dict[str, None]]:
        """The devices that read each operation's results, be it through copies."""
        needs: dict[Operation, dict[str, None]] = {op: {} for op in self._ops}
        for op in reversed(self._ops):
            if (device := self._devices.get(op)) is not None:
                readers = [(device,)] * len(op.operands)
            elif op in self._kept:
                readers = [(device,) for device in self._kept[op]]
            elif type(op) is reg.CopyOp:
                readers = [tuple(needs[op])]
            else:
                readers = [_versions(op, needs[op])] * len(op.operands)
            for operand, wanted in zip(op.operands, readers, strict=True):
                if (known := needs.get(cast(Operation, operand.owner))) is not None:
                    known.update(dict.fromkeys(wanted))
        return needs

    def _put(self, op: Operation, device: str) -> None:
        """Let an operation read and write registers of a device."""
        self._connect(op, [device] * len(op.operands))
        for result in op.results:
            type = cast(reg.RegisterType, result.type)
            if type.device != device:
                Rewriter.replace_value_with_new_type(result, type.on(device))

    def _connect(self, op: Operation, devices: Sequence[str]) -> None:
        homes = [self._home(v, device, op) for v, device in zip(op.operands, devices, strict=True)]
        if any(home is not v for home, v in zip(homes, op.operands, strict=True)):
            op.operands = homes

    def _provide(self, op: Operation) -> None:
        """Compute what is known on each device that reads it."""
        devices = _versions(op, self._needs[op])
        versions = [op, *(op.clone() for _ in devices[1:])]
        self._block.insert_ops_after(versions[1:], op)
        for version, device in zip(versions, devices, strict=True):
            self._put(version, device)
        for results in zip(*(version.results for version in versions), strict=True):
            homes = dict(zip(devices, results, strict=True))
            self._homes |= dict.fromkeys(results, homes)

    def _adopt(self, copy: reg.CopyOp) -> None:
        """Let a copy be the home of its value on its device, if that has none there yet."""
        homes = self._homes_of(copy.input)
        self._homes[copy.result] = homes
        if copy.device not in homes:
            homes[copy.device] = copy.result
            copy.detach()
            self._insert_copy(copy, next(iter(homes.values())))

    def _home(self, value: SSAValue, device: str, reader: Operation) -> SSAValue:
        """Where to read a value on a device."""
        homes = self._homes_of(value)
        if device not in homes:
            first = next(iter(homes.values()))
            owner = first.owner
            location = owner.location if isinstance(owner, Operation) else reader.location
            copy = reg.CopyOp(first, device=device, location=location)
            self._insert_copy(copy, first)
            homes[device] = copy.result
            self._homes[copy.result] = homes
        return homes[device]

    def _homes_of(self, value: SSAValue) -> dict[str, SSAValue]:
        """The homes of a value; the first is where it is computed."""
        if value not in self._homes:
            self._homes[value] = {reg.device_of(value.type): value}
        return self._homes[value]

    def _insert_copy(self, copy: reg.CopyOp, value: SSAValue) -> None:
        copy.operands = [value]
        self._insert_behind(value.owner, copy)

    def _insert_behind(self, definition: Operation | Block, op: Operation) -> None:
        """Insert behind an operation, or at the start of the block, in the order of the calls."""
        tail = self._tails.get(definition, definition)
        if isinstance(tail, Operation):
            self._block.insert_op_after(op, tail)
        elif (first := self._block.first_op) is not None:
            self._block.insert_op_before(op, first)
        self._tails[definition] = op


def _versions(op: Operation, readers: Iterable[str]) -> Sequence[str]:
    """The devices that compute what is known for those that read it; first where it is, if so."""
    here = reg.device_of(op.results[0].type)
    # The host has no instructions; what it reads of these is copied once.
    able = [device for device in readers if device != reg.HOST or is_constant(type(op))]
    if here in able or not able:
        return [here, *(device for device in able if device != here)]
    return able
