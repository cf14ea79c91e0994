"""Cut a `reg` function where its device changes: each segment runs in one go.

OpenVINO runs whole models, the host one kernel at a time. A segment is what stands together in the
text, or as large as the program's dependencies allow, where that gives fewer segments: instructions
of a device stay together until one of them needs a value that another device computed from theirs.
Constants and weights, and what is computed of them alone, run nowhere: they belong to every segment
that uses them. So does what is left to the device of that, such as widening a compressed weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.load_time import is_deterministic
from forge.backends.load_time import LoadTimeValues
from forge.backends.ports import returned_values
from forge.dialects import reg
from forge.errors import ForgeError
from forge.weights import WeightStore


@dataclass
class Segment:
    """Instructions of one device, in the program's order.

    Attributes:
        device: as registers name it; `host` for kernels of PyTorch.
        inputs: values that come from outside, except what is known.
        outputs: values that are needed outside.
        passed: outputs that it gives as they are: arguments, and what is known.
    """

    device: str
    ops: list[Operation] = field(default_factory=list[Operation])
    inputs: list[SSAValue] = field(default_factory=list[SSAValue])
    outputs: list[SSAValue] = field(default_factory=list[SSAValue])
    passed: list[SSAValue] = field(default_factory=list[SSAValue])

    @property
    def results(self) -> list[SSAValue]:
        """All outputs; those that it only passes come last."""
        return [*self.outputs, *self.passed]

    @property
    def on_host(self) -> bool:
        """Whether these are kernels of PyTorch."""
        return self.device == reg.HOST


@dataclass
class Plan:
    """A function, cut into segments.

    Attributes:
        segments: in an order in which they can run.
        origins: where a value is that `reg.copy` only moved.
        returned: the values that the function returns, after `origins`.
        known: the values that are there before the program runs.
    """

    segments: list[Segment]
    origins: dict[SSAValue, SSAValue]
    returned: list[SSAValue]
    known: LoadTimeValues

    def origin(self, value: SSAValue) -> SSAValue:
        """The value that `value` is a copy of; itself if it is none."""
        return self.origins.get(value, value)


def cut(function: FuncOp, weights: WeightStore) -> Plan:
    """Cut a function of `reg` instructions into segments.

    Args:
        function: what to cut.
        weights: where the weights are.

    Raises:
        ForgeError: an operation is no instruction.
    """
    block = function.body.block
    origins = _origins(block)
    known = LoadTimeValues(block, weights, lambda value: origins.get(value, value))
    returned = [origins.get(value, value) for value in returned_values(function)]
    running = _running(block, known)
    plan = Plan([], origins, returned, known)
    local = _local(running, plan)
    shared = [op for op in running if op.results[0] not in local]
    # After scheduling, the order of the text is the one to keep; before, it may be any.
    plan.segments = min(_in_textual_order(shared), _in_stages(shared, origins), key=len)
    for segment in plan.segments:
        segment.ops = _with_local(segment.ops, local, plan)
    _pass_through(plan)
    _connect(plan)
    return plan


def _running(block: Block, known: LoadTimeValues) -> list[reg.RegOp]:
    """The instructions that a device executes."""
    running: list[reg.RegOp] = []
    for op in block.ops:
        if type(op) is ReturnOp:
            continue
        if not isinstance(op, reg.RegOp):
            raise ForgeError(
                "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
            )
        if type(op) is not reg.CopyOp and op.results[0] not in known:
            running.append(op)
    return running


def _local(ops: Sequence[reg.RegOp], plan: Plan) -> dict[SSAValue, reg.RegOp]:
    """What is computed of known values alone, by its results: every segment can do that itself."""
    elsewhere = {plan.origin(o) for op in ops if op.device == reg.HOST for o in op.operands}
    elsewhere.update(plan.returned)
    local: dict[SSAValue, reg.RegOp] = {}
    for op in ops:
        if (
            op.operands
            and op.device != reg.HOST
            and is_deterministic(type(op))
            and not elsewhere.intersection(op.results)
            and all(o in plan.known or plan.origin(o) in local for o in op.operands)
        ):
            local |= dict.fromkeys(op.results, op)
    return local


def _with_local(
    ops: Iterable[Operation], local: dict[SSAValue, reg.RegOp], plan: Plan
) -> list[Operation]:
    """Instructions of a segment, each after the local ones that it needs."""
    complete: dict[Operation, None] = {}
    pending = list(ops)[::-1]
    while pending:
        op = pending[-1]
        owners = [local[o] for o in map(plan.origin, op.operands) if o in local]
        if missing := [owner for owner in owners if owner not in complete]:
            pending += missing
            continue
        complete[pending.pop()] = None
    return list(complete)


def _in_textual_order(ops: Sequence[reg.RegOp]) -> list[Segment]:
    """A segment wherever the device changes from one instruction to the next."""
    segments: list[Segment] = []
    for op in ops:
        if not segments or segments[-1].device != op.device:
            segments.append(Segment(op.device))
        segments[-1].ops.append(op)
    return segments


def _in_stages(ops: Sequence[reg.RegOp], origins: dict[SSAValue, SSAValue]) -> list[Segment]:
    """A segment for each device and stage; those of one stage do not depend on each other."""
    stages: dict[SSAValue, tuple[int, str]] = {}
    segments: dict[tuple[int, str], Segment] = {}
    on_host = 0
    for op in ops:
        device = op.device
        stage = _stage([origins.get(value, value) for value in op.operands], device, stages)
        if device == reg.HOST:
            # Kernels keep their order: PyTorch's may draw random numbers.
            stage = on_host = max(stage, on_host)
        place = (stage, device)
        stages |= dict.fromkeys(op.results, place)
        if (segment := segments.get(place)) is None:
            segment = segments[place] = Segment(device)
        segment.ops.append(op)
    # Sorting is stable.
    return [segments[key] for key in sorted(segments, key=lambda key: key[0])]


def _origins(block: Block) -> dict[SSAValue, SSAValue]:
    """Where a value is that `reg.copy` only moved."""
    origins: dict[SSAValue, SSAValue] = {}
    for op in block.ops:
        # Classes are compared, not tested with `isinstance`: theirs is a slow one.
        if type(op) is reg.CopyOp:
            origins[op.result] = origins.get(op.input, op.input)
    return origins


def _stage(
    operands: Iterable[SSAValue], device: str, stages: dict[SSAValue, tuple[int, str]]
) -> int:
    """The first stage in which an instruction can run: one later wherever the device changes."""
    stage = 0
    for operand in operands:
        # Arguments, and what is known, are there from the start.
        earlier, other = stages.get(operand, (0, device))
        stage = max(stage, earlier if other == device else earlier + 1)
    return stage


def _pass_through(plan: Plan) -> None:
    """Let a model copy what is returned as it came: arguments, and what is known.

    On the host alone there is no model; who runs the kernels copies it.
    """
    computed = {result for segment in plan.segments for op in segment.ops for result in op.results}
    passed = dict.fromkeys(value for value in plan.returned if value not in computed)
    if not passed:
        return
    model = next((segment for segment in plan.segments if not segment.on_host), None)
    if model is None:
        devices = [device for value in passed if (device := reg.device_of(value.type)) != reg.HOST]
        if not devices:
            return
        model = Segment(devices[0])
        plan.segments.append(model)
    model.passed = list(passed)


def _connect(plan: Plan) -> None:
    """Find what each segment takes and gives."""
    homes: dict[SSAValue, Segment] = {
        result: segment for segment in plan.segments for op in segment.ops for result in op.results
    }
    needed: dict[SSAValue, None] = dict.fromkeys(plan.returned)
    for segment in plan.segments:
        inputs = dict.fromkeys(value for value in segment.passed if value not in plan.known)
        own = {result for op in segment.ops for result in op.results}
        for op in segment.ops:
            for operand in map(plan.origin, op.operands):
                if operand not in own and operand not in plan.known:
                    inputs[operand] = None
        segment.inputs = list(inputs)
        needed.update(inputs)
    for value in needed:
        if (home := homes.get(value)) is not None:
            home.outputs.append(value)


def host_ops(segments: Sequence[Segment]) -> list[reg.HostOp]:
    """The kernels that run on the host."""
    return [
        op
        for segment in segments
        if segment.on_host
        for op in segment.ops
        if isinstance(op, reg.HostOp)
    ]
