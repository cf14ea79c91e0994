"""What the shape functions of several operations check of their operands."""

from __future__ import annotations

from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import Shaped, is_float


def check_same_float(**operands: Shaped | None) -> None:
    """All operands that are there have one floating-point element type, that of the first.

    Raises:
        ShapeError: they do not; the message names the operand.
    """
    (first_name, first), *rest = (
        (name, operand) for name, operand in operands.items() if operand is not None
    )
    if not is_float(first.dtype):
        raise ShapeError(f"{first_name} must be floating-point, got {first}")
    for name, operand in rest:
        if operand.dtype != first.dtype:
            raise ShapeError(
                f"{name} has elements of type {operand.dtype}, {first_name} of type {first.dtype}"
            )


def check_shape(name: str, operand: Shaped | None, expected: tuple[int, ...]) -> None:
    """An operand, if it is there, has exactly the expected shape.

    Raises:
        ShapeError: it has another one.
    """
    if operand is not None and operand.shape != expected:
        raise ShapeError(f"{name} must have shape {list(expected)}, got {list(operand.shape)}")


def check_broadcasts(name: str, operand: Shaped, target: tuple[int, ...], target_name: str) -> None:
    """An operand can be broadcast to the target shape without changing it.

    Raises:
        ShapeError: it cannot.
    """
    missing = len(target) - operand.rank
    fits = missing >= 0 and all(
        extent in (1, wanted)
        for extent, wanted in zip(operand.shape, target[missing:], strict=True)
    )
    if not fits:
        raise ShapeError(
            f"{name} of shape {list(operand.shape)} cannot be broadcast to "
            f"{target_name} {list(target)}"
        )
