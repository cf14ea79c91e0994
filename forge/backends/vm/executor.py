"""Runs a linked program: one loop over instructions on numbered registers.

A frame is what one call at a time works in: a list of registers, some of which are views of the
frame's own memory, made once. Frames that are idle wait for the next call, so that threads share
the program and nothing else; a call works on a copy of the list, and what it did not put into the
frame's memory goes with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xdsl.ir import Attribute, Operation

from forge.backends.memory import Array, array_to_tensor, tensor_to_array
from forge.backends.vm.frame import FrameLayout
from forge.errors import ForgeError

FAILURES = (RuntimeError, IndexError, TypeError, ValueError, NotImplementedError)
"""What a kernel of PyTorch raises when it cannot compute these values."""


class Instruction(NamedTuple):
    """One call on registers.

    Attributes:
        call: takes what is in `operands`, in their order.
        operands: the numbers of the registers that it is given.
        results: where what it returns goes: a register, or consecutive ones for a sequence. `None`
            if it only writes into registers that it is given.
        dead: the registers to empty afterwards, because nothing needs them any more.
        op: what it came from, for messages.
    """

    call: Callable[..., Any]
    operands: Sequence[int]
    results: int | slice | None
    dead: Sequence[int]
    op: Operation | None


class Result(NamedTuple):
    """A register that the program returns.

    Attributes:
        number: which one.
        is_shared: whether its memory is somebody else's: the caller's, a weight's or the frame's.
    """

    number: int
    is_shared: bool


@dataclass(frozen=True)
class Executor:
    """A program that is ready to run. It may be run by several threads at once.

    Attributes:
        registers: what a frame starts with: constants, and `None`.
        layout: the memory of a frame.
        setup: makes a frame: what is the same at every run, such as views of its memory.
        instructions: what each run does.
        results: what it returns.
        tensor_types: the element types of the inputs if registers hold torch tensors; `None` if
            they hold arrays, and nothing needs torch.
    """

    registers: Sequence[Any] = field(repr=False)
    layout: FrameLayout
    setup: Sequence[Instruction] = field(repr=False)
    instructions: Sequence[Instruction] = field(repr=False)
    results: Sequence[Result]
    tensor_types: Sequence[Attribute] | None
    _idle: deque[list[Any]] = field(default_factory=deque[list[Any]], repr=False)

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The outputs for one array an input; nothing of them is kept or used again.

        Raises:
            ForgeError: an instruction fails on these values.
        """
        if self.tensor_types is None:
            return self._run_in_frame(inputs)
        with tensor_mode():
            return self._run_in_frame(inputs)

    def _run_in_frame(self, inputs: Sequence[Array]) -> list[Array]:
        try:
            frame = self._idle.pop()
        except IndexError:
            frame = self._make_frame()
        try:
            return self._run(frame.copy(), inputs)
        finally:
            self._idle.append(frame)

    def _run(self, registers: list[Any], inputs: Sequence[Array]) -> list[Array]:
        if self.tensor_types is None:
            registers[: len(inputs)] = inputs
            execute(self.instructions, registers)
            found = [(registers[number], is_shared) for number, is_shared in self.results]
            return [array.copy() if is_shared else array for array, is_shared in found]
        registers[: len(inputs)] = map(array_to_tensor, inputs, self.tensor_types)
        execute(self.instructions, registers)
        tensors = [(registers[number], is_shared) for number, is_shared in self.results]
        return [tensor_to_array(t.clone() if is_shared else t) for t, is_shared in tensors]

    def _make_frame(self) -> list[Any]:
        registers = [*self.registers]
        self.layout.place(registers, as_tensors=self.tensor_types is not None)
        execute(self.setup, registers)
        return registers


@contextmanager
def tensor_mode() -> Generator[None]:
    """Run kernels inside of the `with` block as the program says, whatever the caller has set."""
    import torch

    with torch.inference_mode():
        if not torch.is_autocast_enabled("cpu"):
            yield
            return
        with torch.autocast("cpu", enabled=False):
            yield


def execute(instructions: Sequence[Instruction], registers: list[Any]) -> None:
    """Run instructions, one after the other.

    Raises:
        ForgeError: one of them fails; the message names it.
    """
    read = registers.__getitem__
    op = None
    try:
        for call, operands, results, dead, op in instructions:  # noqa: B007 (read where it fails)
            computed = call(*map(read, operands))
            if results is not None:
                registers[results] = computed
            for number in dead:
                registers[number] = None
    except FAILURES as error:
        reason = str(error).partition("\n")[0]
        raise ForgeError(f"failed on the host: {reason}", op=op) from error
