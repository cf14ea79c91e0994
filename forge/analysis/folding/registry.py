"""Which function computes an operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from xdsl.ir import Operation

from forge.analysis.folding.elements import Array
from forge.ir.tensors import Shaped

Fold = Callable[[Any, Sequence[Array], Shaped], "Array | None"]
"""From an operation, what is known of its operands and its result's type to its value, if any."""

FoldT = TypeVar("FoldT", bound=Fold)

_FOLDS: dict[type[Operation], Fold] = {}


def folds(*op_classes: type[Operation]) -> Callable[[FoldT], FoldT]:
    """Register the decorated function for operators with one result."""

    def register(fold: FoldT) -> FoldT:
        for op_class in op_classes:
            _FOLDS[op_class] = fold
        return fold

    return register


def find_fold(op_class: type[Operation]) -> Fold | None:
    """The function that computes operations of a class; `None` if none does."""
    return _FOLDS.get(op_class)
