"""Shape functions: what an operation's results are, from its operands and static arguments.

One registry serves every dialect. Builders call a shape function to find the result types,
verifiers call the same one to check them, and tests compare it with PyTorch and OpenVINO.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from forge.ir.tensors import Shaped

ShapeFunction = Callable[..., "Shaped | tuple[Shaped, ...] | list[Shaped]"]
FunctionT = TypeVar("FunctionT", bound=ShapeFunction)

_REGISTRY: dict[str, ShapeFunction] = {}


MAX_ELEMENTS = 2**63 - 1
"""The most elements that a tensor can have: sizes are signed 64-bit numbers, as in PyTorch."""


class ShapeError(ValueError):
    """The operands and static arguments do not fit together."""


def shape_function(*op_names: str) -> Callable[[FunctionT], FunctionT]:
    """Register the decorated function as the shape function of the named operations.

    It is called with keyword arguments named after the operation's operands and properties:
    tensors as `Shaped` (`None` where an optional one is absent, a list for a variadic one), the
    rest as Python values. It returns one `Shaped` per result, or raises `ShapeError`.
    """

    def register(function: FunctionT) -> FunctionT:
        for name in op_names:
            if name in _REGISTRY:
                raise ValueError(f"{name} has two shape functions")
            _REGISTRY[name] = function
        return function

    return register


def find_shape_function(op_name: str) -> ShapeFunction | None:
    """The shape function registered for an operation, if any."""
    return _REGISTRY.get(op_name)


def infer(op_name: str, **arguments: Any) -> tuple[Shaped, ...]:
    """Apply the shape function of `op_name`; one `Shaped` per result.

    Raises:
        ShapeError: the arguments do not fit together.
        KeyError: the operation has no shape function.
    """
    return checked_results(_REGISTRY[op_name](**arguments))


def checked_results(
    inferred: Shaped | tuple[Shaped, ...] | list[Shaped],
) -> tuple[Shaped, ...]:
    """What a shape function returned, one `Shaped` per result.

    Raises:
        ShapeError: a result has more elements than 64-bit sizes can count.
    """
    results = (inferred,) if isinstance(inferred, Shaped) else tuple(inferred)
    for result in results:
        if result.shape and max(max(result.shape), result.numel) > MAX_ELEMENTS:
            raise ShapeError(f"the result {result} has more elements than can be counted")
    return results
