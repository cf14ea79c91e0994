"""What a program consists of: kernels on the host, and parts that a device runs in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from xdsl.ir import Operation

from forge.ir.tensors import Shaped

if TYPE_CHECKING:
    # It imports torch, which a program without kernels does not need.
    from forge.backends.vm.kernels import Kernel


@dataclass(frozen=True)
class KernelStep:
    """An instruction on the host.

    Attributes:
        op: the instruction, for messages.
        kernel: what computes it.
        inputs: the registers of the kernel's operands.
        outputs: the registers of its results.
        output_types: of these.
        offsets: where they are in the arena of the host; `None` for what is elsewhere.
        viewed: the register whose bytes the results are; `None` if they have bytes of their own.
        is_new: whether the results can only be new memory, which no operand shares.
        returns_list: whether the kernel, if it does not write, returns a sequence.
    """

    op: Operation
    kernel: Kernel
    inputs: Sequence[int]
    outputs: Sequence[int]
    output_types: Sequence[Shaped]
    offsets: Sequence[int | None]
    viewed: int | None
    is_new: bool
    returns_list: bool


class DeviceStep(Protocol):
    """A part of a program that a device runs in one go.

    Attributes:
        inputs: the registers that it reads.
        outputs: the registers that it writes.
        output_types: of these.
    """

    @property
    def inputs(self) -> Sequence[int]: ...
    @property
    def outputs(self) -> Sequence[int]: ...
    @property
    def output_types(self) -> Sequence[Shaped]: ...

    def bind(self, static: Set[int], *, as_tensors: bool) -> DeviceCall:
        """What runs it, if these registers are the same memory at every run of a frame.

        Args:
            static: the registers.
            as_tensors: whether registers hold torch tensors, or arrays.
        """
        ...


@dataclass(frozen=True)
class DeviceCall:
    """How a device runs its part.

    Attributes:
        prepare: takes the static registers, inputs first; what it gives is of one frame.
        run: takes that and the other inputs, and gives the other outputs.
        static: the registers that `prepare` takes.
        inputs: the registers that `run` takes.
        outputs: the registers for what it gives.
    """

    prepare: Callable[..., Any]
    run: Callable[..., Sequence[Any]]
    static: Sequence[int]
    inputs: Sequence[int]
    outputs: Sequence[int]
