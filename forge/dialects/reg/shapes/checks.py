"""What the shape functions of several operations check of their operands."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Attribute

from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import Shaped, is_bool, is_float, is_integer


def literal_ints(operand: Shaped, name: str) -> list[int]:
    """The integers of an operand that a result's shape depends on.

    Raises:
        ShapeError: they are not known, not integers, or no list.
    """
    check_integer(operand, name)
    if operand.literal is None:
        raise ShapeError(f"{name} must be a reg.Constant: the result's shape depends on it")
    if operand.rank > 1:
        raise ShapeError(f"{name} must be a list, got {operand}")
    return [int(value) for value in operand.literal.reshape(-1)]


def literal_int(operand: Shaped, name: str) -> int:
    """The one integer of such an operand.

    Raises:
        ShapeError: it is not known, or more than one.
    """
    values = literal_ints(operand, name)
    if len(values) != 1:
        raise ShapeError(f"{name} must be one number, got {operand}")
    return values[0]


def normalize_axis(axis: int, rank: int, name: str = "axis") -> int:
    """`axis` counted from the front.

    Raises:
        ShapeError: there is no such axis.
    """
    if not -rank <= axis < rank:
        raise ShapeError(f"{name} {axis} is out of range for rank {rank}")
    return axis + rank if axis < 0 else axis


def check_axis(axis: int, rank: int) -> None:
    """The axis exists; a scalar has axis 0, as in PyTorch.

    Raises:
        ShapeError: it does not.
    """
    normalize_axis(axis, max(rank, 1))


def normalize_axes(axes: Sequence[int], rank: int, name: str = "axes") -> list[int]:
    """Different axes, counted from the front.

    Raises:
        ShapeError: one does not exist, or comes twice.
    """
    normalized = [normalize_axis(axis, rank, name) for axis in axes]
    if len(set(normalized)) != len(normalized):
        raise ShapeError(f"{name} {list(axes)} names an axis twice")
    return normalized


def check_same_dtype(**operands: Shaped | None) -> Attribute:
    """The element type that all operands that are there share.

    Raises:
        ShapeError: they have several.
    """
    given = {name: operand for name, operand in operands.items() if operand is not None}
    first = next(iter(given))
    for name, operand in given.items():
        if operand.dtype != given[first].dtype:
            raise ShapeError(
                f"{first} has elements of type {given[first].dtype}, {name} of {operand.dtype}"
            )
    return given[first].dtype


def check_integer(operand: Shaped, name: str) -> None:
    """The operand holds integers.

    Raises:
        ShapeError: it does not.
    """
    if not is_integer(operand.dtype):
        raise ShapeError(f"{name} must hold integers, got {operand}")


def check_index(operand: Shaped, name: str) -> None:
    """The operand holds i32 or i64.

    Raises:
        ShapeError: it does not.
    """
    if str(operand.dtype) not in ("i32", "i64"):
        raise ShapeError(f"{name} must hold i32 or i64, got {operand}")


def check_index_type(dtype: Attribute, name: str) -> None:
    """An attribute is one of the types that indices have.

    Raises:
        ShapeError: it is not.
    """
    if str(dtype) not in ("i32", "i64"):
        raise ShapeError(f"{name} must be i32 or i64, got {dtype}")


def check_float(operand: Shaped, name: str) -> None:
    """The operand holds floating-point numbers.

    Raises:
        ShapeError: it does not.
    """
    if not is_float(operand.dtype):
        raise ShapeError(f"{name} must be floating-point, got {operand}")


def check_numeric(operand: Shaped, name: str) -> None:
    """The operand holds real numbers, not booleans.

    Raises:
        ShapeError: it does not.
    """
    if not (is_float(operand.dtype) or is_integer(operand.dtype)):
        raise ShapeError(f"{name} must hold numbers, got {operand}")


def check_boolean(operand: Shaped, name: str) -> None:
    """The operand holds booleans.

    Raises:
        ShapeError: it does not.
    """
    if not is_bool(operand.dtype):
        raise ShapeError(f"{name} must hold booleans, got {operand}")


def check_rank(operand: Shaped, name: str, *ranks: int) -> None:
    """The operand has one of some ranks.

    Raises:
        ShapeError: it has another.
    """
    if operand.rank not in ranks:
        expected = " or ".join(map(str, ranks))
        raise ShapeError(f"{name} must have rank {expected}, got {operand}")


def check_extents(operand: Shaped, name: str, expected: Sequence[int]) -> None:
    """The operand has exactly the expected shape.

    Raises:
        ShapeError: it has another.
    """
    if operand.shape != tuple(expected):
        raise ShapeError(f"{name} must have shape {list(expected)}, got {list(operand.shape)}")


def broadcast(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape that all shapes broadcast to, by NumPy's rule.

    Raises:
        ShapeError: there is none.
    """
    rank = max(len(shape) for shape in shapes)
    result = [1] * rank
    for shape in shapes:
        for axis, extent in enumerate(shape, start=rank - len(shape)):
            if extent == result[axis] or extent == 1:
                continue
            if result[axis] != 1:
                listed = ", ".join(str(list(shape)) for shape in shapes)
                raise ShapeError(f"the shapes {listed} do not broadcast")
            result[axis] = extent
    return tuple(result)
