"""What an operation of another package may say of itself, so that Forge can lower and run it.

Forge's own operations have their lowerings and meanings in tables of Forge's. An operation of
another package has methods instead, found when the operation is met: nothing is registered, and
nothing is imported for operations that a program does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from xdsl.ir import SSAValue

if TYPE_CHECKING:
    import torch

    from forge.interpreters.registry import Values
    from forge.lowering.reg_builder import RegBuilder


@runtime_checkable
class LowersToReg(Protocol):
    """An operation that `convert-to-reg` can take to instructions on registers."""

    def lower_to_reg(self, b: RegBuilder) -> SSAValue | Sequence[SSAValue]:
        """Emit what the operation means, and return a register for each result.

        Args:
            b: what emits instructions. `b[operand]` is the register of an operand, `b.device` the
                device, and `b.reject(reason)` refuses the operation.
        """
        ...


@runtime_checkable
class Evaluates(Protocol):
    """An operation that the reference interpreter can run."""

    def evaluate(self, values: Values) -> torch.Tensor | Sequence[torch.Tensor]:
        """Compute a tensor for each result; `values[operand]` is the tensor of an operand."""
        ...
