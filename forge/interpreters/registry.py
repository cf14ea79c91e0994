"""The meaning of each operation class, registered by the modules of this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar, cast

import torch
from xdsl.ir import Operation, SSAValue

from forge.errors import ForgeError
from forge.ir.interfaces import Evaluates
from forge.weights import WeightStore

OpT = TypeVar("OpT", bound=Operation)
Meaning = Callable[[OpT, "Values"], torch.Tensor | Sequence[torch.Tensor]]

_MEANINGS: dict[type[Operation], Meaning[Operation]] = {}


@dataclass
class Values:
    """The tensors computed so far, and the weights.

    Attributes:
        weights: where the tensors are that the program names.
        tensors: the tensor of each value that is still needed.
    """

    weights: WeightStore
    tensors: dict[SSAValue, torch.Tensor] = field(default_factory=dict[SSAValue, torch.Tensor])

    def __getitem__(self, value: SSAValue) -> torch.Tensor:
        return self.tensors[value]

    def optional(self, value: SSAValue | None) -> torch.Tensor | None:
        """The tensor of an operand that may be absent."""
        return None if value is None else self.tensors[value]


def interprets(*op_classes: type[OpT]) -> Callable[[Meaning[OpT]], Meaning[OpT]]:
    """Register the decorated function as what operations of these classes mean."""

    def register(meaning: Meaning[OpT]) -> Meaning[OpT]:
        for op_class in op_classes:
            if op_class in _MEANINGS:
                raise ValueError(f"{op_class.name} has two meanings")
            _MEANINGS[op_class] = cast("Meaning[Operation]", meaning)
        return meaning

    return register


def meaning_of(op: Operation) -> Meaning[Operation]:
    """The function that computes an operation's results.

    Raises:
        ForgeError: nothing says what the operation means.
    """
    if (meaning := _MEANINGS.get(type(op))) is not None:
        return meaning
    module = f"{__package__}.{op.name.partition('.')[0]}"
    if find_spec(module) is not None:
        import_module(module)
    if (meaning := _MEANINGS.get(type(op))) is not None:
        return meaning
    if isinstance(op, Evaluates):
        return _evaluate
    raise ForgeError("the reference interpreter does not know this operation", op=op)


def _evaluate(op: Operation, values: Values) -> torch.Tensor | Sequence[torch.Tensor]:
    return cast(Evaluates, op).evaluate(values)
