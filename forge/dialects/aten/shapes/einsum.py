"""`einsum`: reading an equation.

An equation is `operand,operand->result`: a letter per dimension, `...` for the dimensions that
broadcast. Without `->` the result has the ellipsis, then the letters that occur once, capitals
first and in alphabetical order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from forge.dialects.aten.shapes.dimensions import Shape, broadcast
from forge.dialects.aten.shapes.promotion import require_kind, require_same_dtype
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped

ELLIPSIS = "..."


def _subscripts(text: str) -> list[str]:
    labels: list[str] = []
    rest = text.replace(" ", "")
    while rest:
        label = ELLIPSIS if rest.startswith(ELLIPSIS) else rest[0]
        if label != ELLIPSIS and not (label.isascii() and label.isalpha()):
            raise ShapeError(f'"{label}" is not a subscript in "{text}"')
        labels.append(label)
        rest = rest[len(label) :]
    if labels.count(ELLIPSIS) > 1:
        raise ShapeError(f'"{text}" has more than one ellipsis')
    return labels


def _bind(
    labels: list[str], shape: Shape, extents: dict[str, int], broadcasts: list[Shape]
) -> None:
    hidden = len(shape) - sum(label != ELLIPSIS for label in labels)
    if hidden < 0 or (hidden > 0 and ELLIPSIS not in labels):
        raise ShapeError(f'"{"".join(labels)}" does not name the dimensions of {list(shape)}')
    position = 0
    own: dict[str, int] = {}
    for label in labels:
        if label == ELLIPSIS:
            broadcasts.append(shape[position : position + hidden])
            position += hidden
            continue
        extent = shape[position]
        position += 1
        if own.setdefault(label, extent) != extent:
            raise ShapeError(f"subscript {label} has extents {own[label]} and {extent}")
    for label, extent in own.items():
        (extents[label],) = broadcast((extents.get(label, 1),), (extent,))


@shape_function("aten.einsum")
def einsum(equation: str, tensors: Sequence[Shaped], path: Sequence[int] | None = None) -> Shaped:
    left, arrow, right = equation.partition("->")
    operands = [_subscripts(text) for text in left.split(",")]
    if len(operands) != len(tensors):
        raise ShapeError(f'"{equation}" has {len(operands)} operands, got {len(tensors)}')
    require_kind(require_same_dtype(*tensors), "ifc", "the operands")
    extents: dict[str, int] = {}
    broadcasts: list[Shape] = []
    for labels, tensor in zip(operands, tensors, strict=True):
        _bind(labels, tensor.shape, extents, broadcasts)
    if arrow:
        result = _subscripts(right)
    else:
        counts = Counter(label for labels in operands for label in labels)
        once = sorted(label for label, count in counts.items() if count == 1 and label != ELLIPSIS)
        result = [ELLIPSIS, *once] if ELLIPSIS in counts else once
    shape: list[int] = []
    for label in result:
        if label == ELLIPSIS:
            shape += broadcast(*broadcasts)
        elif result.count(label) > 1 or label not in extents:
            raise ShapeError(f'subscript {label} of the result of "{equation}" must occur once')
        else:
            shape.append(extents[label])
    return Shaped(tuple(shape), tensors[0].dtype)
