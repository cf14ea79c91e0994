"""Dimensions: negative ones, lists of them, and how extents broadcast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import Shaped

Shape = tuple[int, ...]


def wrap_dim(dim: int, rank: int) -> int:
    """The dimension that `dim` means, counted from the front; a scalar has a dimension 0 and −1.

    Raises:
        ShapeError: it is out of range.
    """
    extent = max(rank, 1)
    if not -extent <= dim < extent:
        raise ShapeError(
            f"dimension {dim} is out of range for rank {rank}: expected {-extent} to {extent - 1}"
        )
    return dim % extent


def wrap_dims(dims: Iterable[int], rank: int) -> tuple[int, ...]:
    """Several dimensions, counted from the front, in the given order.

    Raises:
        ShapeError: one is out of range, or named twice.
    """
    wrapped = tuple(wrap_dim(dim, rank) for dim in dims)
    if len(set(wrapped)) != len(wrapped):
        raise ShapeError(f"a dimension appears twice in {list(wrapped)}")
    return wrapped


def broadcast(*shapes: Sequence[int]) -> Shape:
    """The shape that all of `shapes` broadcast to.

    Raises:
        ShapeError: two extents differ and neither is 1.
    """
    rank = max((len(shape) for shape in shapes), default=0)
    result = [1] * rank
    for shape in shapes:
        for position, extent in enumerate(shape, start=rank - len(shape)):
            if extent == 1 or extent == result[position]:
                continue
            if result[position] != 1:
                listed = ", ".join(str(list(each)) for each in shapes)
                raise ShapeError(f"shapes {listed} do not broadcast")
            result[position] = extent
    return tuple(result)


def expect_broadcastable(source: Sequence[int], target: Sequence[int]) -> None:
    """Check that `source` expands to exactly `target`.

    Raises:
        ShapeError: it does not.
    """
    if broadcast(source, target) != tuple(target):
        raise ShapeError(f"shape {list(source)} does not expand to {list(target)}")


def expect_rank(tensor: Shaped, *ranks: int, name: str = "input") -> None:
    """Check the number of dimensions.

    Raises:
        ShapeError: it is none of `ranks`.
    """
    if tensor.rank not in ranks:
        wanted = " or ".join(str(rank) for rank in ranks)
        raise ShapeError(f"{name} must have rank {wanted}, got {tensor}")


def per_dimension(value: int | Sequence[int], count: int, name: str) -> Shape:
    """A list argument with one entry per spatial dimension; a single entry stands for all.

    Raises:
        ShapeError: it has another length.
    """
    values = (value,) if isinstance(value, int) else tuple(value)
    if len(values) == 1:
        return values * count
    if len(values) != count:
        raise ShapeError(f"{name} must have 1 or {count} entries, got {list(values)}")
    return values
