"""From steps on numbered registers to a program that runs: memory, frames, instructions.

A register is *static* if it is the same memory at every run of a frame, and *new* if a run makes
it. On the host static are the registers that the program's text allocates. What a device computes
for another one, or takes from the host, is static, too, in memory planned here: between devices the
order of steps is another one than that of the text, and `reg.copy` only gives a name to bytes that
both sides see. Whatever views static memory is made when the frame is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from forge.allocation import ALIGNMENT, Request, plan
from forge.analysis.liveness import LiveInterval
from forge.backends.ports import Port
from forge.backends.vm.executor import Executor, Instruction, Result, execute, tensor_mode
from forge.backends.vm.frame import FrameLayout, Place, num_bytes
from forge.backends.vm.steps import DeviceStep, KernelStep
from forge.ir.tensors import Shaped, numpy_dtype

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class LinkedProgram:
    """A program that is ready to run, and what linking found out.

    Attributes:
        copied_bytes: what is copied at each run for devices that want contiguous memory.
    """

    executor: Executor
    copied_bytes: int


def link(
    steps: Sequence[KernelStep | DeviceStep],
    inputs: Sequence[Port],
    results: Sequence[int],
    registers: int,
    constants: Mapping[int, torch.Tensor],
) -> LinkedProgram:
    """Make a program that runs.

    Args:
        steps: in the order in which they run.
        inputs: what the first registers hold when a run starts.
        results: the registers that it returns.
        registers: how many there are.
        constants: what registers hold that is the same at every run.
    """
    linker = _Linker(steps, inputs, results, registers, constants)
    with tensor_mode() if linker.as_tensors else nullcontext():
        return linker.link()


@dataclass
class _Linker:
    steps: Sequence[KernelStep | DeviceStep]
    inputs: Sequence[Port]
    results: Sequence[int]
    count: int
    constants: Mapping[int, torch.Tensor]
    layout: FrameLayout = field(default_factory=FrameLayout)
    setup: list[Instruction] = field(default_factory=list[Instruction])
    instructions: list[Instruction] = field(default_factory=list[Instruction])
    copied_bytes: int = 0
    as_tensors: bool = field(init=False)

    def __post_init__(self) -> None:
        self.as_tensors = bool(self.constants) or any(
            isinstance(step, KernelStep) for step in self.steps
        )
        self.has_devices = not all(isinstance(step, KernelStep) for step in self.steps)
        # The register whose memory a register views; its own number if it views none.
        self.roots = list(range(self.count))
        for step in self.steps:
            if isinstance(step, KernelStep) and step.viewed is not None:
                for output in step.outputs:
                    self.roots[output] = self.roots[step.viewed]

    def link(self) -> LinkedProgram:
        self.layout = self._plan()
        self.static = {place.number for place in self.layout.places} | self.constants.keys()
        # What a frame's registers hold; those of a run are imagined, to know their strides.
        self.probe: list[Any] = [self.constants.get(n) for n in range(self.count)]
        self.layout.place(self.probe, as_tensors=self.as_tensors)
        self._imagine({number: port.type for number, port in enumerate(self.inputs)})
        last_uses = self._last_uses()
        for position, step in enumerate(self.steps):
            dead = [n for n in last_uses.get(position, ()) if n not in self.static]
            if isinstance(step, KernelStep):
                self._add_kernel(step, dead)
            else:
                self._add_device(step, dead)
        shared = self.static | set(range(len(self.inputs)))
        executor = Executor(
            registers=[self.constants.get(n) for n in range(self.count)],
            layout=self.layout,
            setup=self.setup,
            instructions=self.instructions,
            results=[Result(n, self.roots[n] in shared) for n in self.results],
            tensor_types=[port.type.dtype for port in self.inputs] if self.as_tensors else None,
        )
        return LinkedProgram(executor, self.copied_bytes)

    # -- memory --------------------------------------------------------------------------------

    def _plan(self) -> FrameLayout:
        """The arena of the host, as the text has it, and behind it what devices exchange."""
        exchanged = self._exchanged()
        returned = {self.roots[number] for number in self.results}
        places: list[Place] = []
        for step in self.steps:
            if isinstance(step, KernelStep) and not returned.intersection(step.outputs):
                places += _places(step)
        size = _aligned(max((place.end for place in places), default=0))
        lifetimes = self._lifetimes(exchanged.keys())
        planned = plan(
            [Request(_aligned(num_bytes(exchanged[n])), lifetimes[n]) for n in exchanged]
        )
        places = [place for place in places if place.number not in exchanged]
        for (number, type), offset in zip(exchanged.items(), planned.offsets, strict=True):
            places.append(Place(number, size + offset, type))
        return FrameLayout(size + planned.size, places)

    def _exchanged(self) -> dict[int, Shaped]:
        """What crosses from one device to another through memory of the frame."""
        allocated = {
            place.number: place.type
            for step in self.steps
            if isinstance(step, KernelStep)
            for place in _places(step)
        }
        returned = {self.roots[number] for number in self.results}
        exchanged: dict[int, Shaped] = {}
        for step in self.steps:
            if isinstance(step, KernelStep):
                continue
            for number, type in zip(step.outputs, step.output_types, strict=True):
                if number not in returned:
                    exchanged[number] = type
            for root in map(self.roots.__getitem__, step.inputs):
                if root in allocated and root not in returned:
                    exchanged[root] = allocated[root]
        return exchanged

    def _lifetimes(self, roots: Set[int]) -> dict[int, LiveInterval]:
        found: dict[int, LiveInterval] = {}
        for position, step in enumerate(self.steps):
            for number in (*step.inputs, *step.outputs):
                if (root := self.roots[number]) in roots:
                    start = found[root].start if root in found else position
                    found[root] = LiveInterval(start, position)
        return found

    def _last_uses(self) -> dict[int, list[int]]:
        """For each step the registers that nothing reads after it."""
        seen = set(self.results)
        last_uses: dict[int, list[int]] = {}
        for position in range(len(self.steps) - 1, -1, -1):
            step = self.steps[position]
            used = dict.fromkeys((*step.inputs, *step.outputs))
            last_uses[position] = [number for number in used if number not in seen]
            seen.update(used)
        return last_uses

    # -- instructions --------------------------------------------------------------------------

    def _add_kernel(self, step: KernelStep, dead: Sequence[int]) -> None:
        from forge.backends.vm.kernel_calls import make_instruction

        if step.viewed is not None and self._is_made_once(step, step.viewed):
            self.static |= set(step.outputs)
            return
        into_static = self.static.issuperset(step.outputs)
        self.instructions.append(make_instruction(step, dead, into_static=into_static))
        if into_static or not self.has_devices:
            return
        if step.viewed is not None and len(step.inputs) == 1:
            execute([make_instruction(step, (), into_static=False)], self.probe)
        else:
            self._imagine(dict(zip(step.outputs, step.output_types, strict=True)))

    def _is_made_once(self, step: KernelStep, viewed: int) -> bool:
        """Whether the results are views of static memory, for which frames have instructions."""
        from forge.backends.vm.kernel_calls import is_view, make_instruction

        if not self.static.issuperset(step.inputs):
            return False
        instruction = make_instruction(step, (), into_static=False)
        execute([instruction], self.probe)
        if not all(is_view(self.probe[number], self.probe[viewed]) for number in step.outputs):
            return False
        self.setup.append(instruction)
        return True

    def _add_device(self, step: DeviceStep, dead: Sequence[int]) -> None:
        outputs = zip(step.outputs, step.output_types, strict=True)
        self._imagine({number: type for number, type in outputs if number not in self.static})
        own = self.static.intersection((*step.inputs, *step.outputs))
        call = step.bind({n for n in own if self._is_contiguous(n)}, as_tensors=self.as_tensors)
        for number in call.inputs:
            if not self._is_contiguous(number):
                self.copied_bytes += self.probe[number].nbytes
        prepared = self._new_register()
        self.setup.append(Instruction(call.prepare, call.static, prepared, (), None))
        operands = (prepared, *call.inputs)
        if (results := _consecutive(call.outputs)) is not None:
            self.instructions.append(Instruction(call.run, operands, results, dead, None))
            return
        given = self._new_register()
        self.instructions.append(Instruction(call.run, operands, given, dead, None))
        for index, number in enumerate(call.outputs):
            self.instructions.append(Instruction(itemgetter(index), (given,), number, (), None))

    def _new_register(self) -> int:
        self.count += 1
        return self.count - 1

    def _is_contiguous(self, number: int) -> bool:
        return not self.as_tensors or self.probe[number].is_contiguous()

    def _imagine(self, types: Mapping[int, Shaped]) -> None:
        """Put tensors without data into registers that a run fills with contiguous ones."""
        if not self.as_tensors:
            return
        from forge.backends.vm.kernel_calls import without_data

        for number, type in types.items():
            self.probe[number] = without_data(type)


def _places(step: KernelStep) -> list[Place]:
    """Where the results of a kernel are, if all of them have bytes of their own in the arena."""
    if step.viewed is not None or (
        step.returns_list and not step.kernel.writes and len(step.outputs) > 1
    ):
        return []
    places = [
        Place(number, offset, type)
        for number, offset, type in zip(step.outputs, step.offsets, step.output_types, strict=True)
        if offset is not None and offset % numpy_dtype(type.dtype).itemsize == 0
    ]
    return places if len(places) == len(step.outputs) else []


def _consecutive(numbers: Sequence[int]) -> slice | None:
    """The registers of these numbers, if they stand side by side."""
    first = numbers[0] if numbers else 0
    found = slice(first, first + len(numbers))
    return found if list(numbers) == list(range(found.start, found.stop)) else None


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
