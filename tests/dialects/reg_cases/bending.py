"""A case with one thing changed, so that it may be wrong."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from forge.ir.tensors import Shaped, numpy_dtype
from tests.dialects.reg_cases.drawing import ANY, Case, Draw, Operand

SHAPE_CHANGES = ("as it is", "extent", "more axes", "fewer axes", "value", "attribute")


@st.composite
def bent(draw: Draw, cases: st.SearchStrategy[Case]) -> Case:
    """A case whose shapes, known values or attributes may not fit together."""
    case = draw(cases)
    change = draw(st.sampled_from(SHAPE_CHANGES))
    if change == "as it is":
        return case
    if change == "attribute":
        return with_attribute(draw, case)
    return with_operand(draw, case, lambda operand: changed(draw, operand, change))


@st.composite
def retyped(draw: Draw, cases: st.SearchStrategy[Case]) -> Case:
    """A case one of whose operands has another element type."""
    return with_operand(draw, draw(cases), lambda operand: with_dtype(operand, draw(ANY)))


def with_operand(draw: Draw, case: Case, change) -> Case:
    operands: list[Operand] = list(case.operands)
    places = [
        (index, member)
        for index, operand in enumerate(operands)
        for member in ([None] if isinstance(operand, Shaped) else range(len(operand or ())))
    ]
    index, member = draw(st.sampled_from(places))
    operand = operands[index]
    if member is None:
        operands[index] = change(operand)
    else:
        members = list(operand)
        members[member] = change(members[member])
        operands[index] = members
    return replace(case, operands=operands)


def changed(draw: Draw, operand: Shaped, change: str) -> Shaped:
    if change == "value" and operand.literal is not None and operand.numel:
        return with_element(draw, operand)
    shape = list(operand.shape)
    if change == "extent" and shape:
        axis = draw(st.integers(0, len(shape) - 1))
        # OpenVINO's RDFT ends the process when its list of axes is empty.
        least = 0 if operand.literal is None else 1
        shape[axis] = max(least, shape[axis] + draw(st.sampled_from([-1, 1, 2])))
    elif change == "more axes":
        shape.insert(draw(st.integers(0, len(shape))), draw(st.integers(1, 2)))
    elif change == "fewer axes" and shape:
        shape.pop(draw(st.integers(0, len(shape) - 1)))
    literal = operand.literal
    return Shaped(
        tuple(shape), operand.dtype, None if literal is None else np.resize(literal, shape)
    )


def with_element(draw: Draw, operand: Shaped) -> Shaped:
    values = operand.literal.copy().reshape(-1)
    place = draw(st.integers(0, values.size - 1))
    step = draw(st.sampled_from([-2, -1, 1, 3]))
    if values.dtype.kind == "u":
        step = abs(step)
    values[place] += np.asarray(step, values.dtype)
    return replace(operand, literal=values.reshape(operand.shape))


def with_dtype(operand: Shaped, dtype) -> Shaped:
    if operand.literal is None:
        return Shaped(operand.shape, dtype)
    target = numpy_dtype(dtype)
    values = np.abs(operand.literal) if target.kind == "u" else operand.literal
    return Shaped(operand.shape, dtype, values.astype(target))


def with_attribute(draw: Draw, case: Case) -> Case:
    """One integer of an attribute changed, or a list of them made longer or shorter."""
    numeric = {
        name: value
        for name, value in case.attributes.items()
        if is_integer(value) or (isinstance(value, Sequence) and all(map(is_integer, value)))
    }
    if not numeric:
        return case
    name = draw(st.sampled_from(sorted(numeric)))
    value = numeric[name]
    step = draw(st.sampled_from([-1, 1, 2]))
    if isinstance(value, Sequence):
        value = list(value)
        if not value or draw(st.integers(0, 3)) == 0:
            value = value[:-1] if step < 0 else [*value, 1]
        else:
            place = draw(st.integers(0, len(value) - 1))
            value[place] = max(0, value[place] + step)
    else:
        value += step
    return replace(case, attributes={**case.attributes, name: value})


def is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
