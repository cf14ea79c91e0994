"""Attributes of `reg` against those of OpenVINO's nodes: names, spellings, versions."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openvino import Node

from forge.dialects import reg
from forge.dialects.reg import RegOp
from forge.ir.attributes import from_attribute
from forge.ir.signature import signature_of
from tests.dialects.openvino_inference import make_node, openvino_value
from tests.dialects.reg_cases import CASES, Case

CLASSES = {op.name.removeprefix("reg."): op for op in reg.ops.OPERATIONS}
CHOICES = [
    (name, attribute, choice)
    for name, op in CLASSES.items()
    for attribute, choices in op.CHOICES.items()
    for choice in choices
]
PADS = {"pads_begin", "pads_end"}
RELAXED = settings(max_examples=3, suppress_health_check=list(HealthCheck))


def attributes_of(op_class: type[RegOp], case: Case) -> dict[str, object]:
    defaults = signature_of(op_class).defaults
    given = {name: from_attribute(value) for name, value in defaults.items()}
    return given | dict(case.attributes)


def node_of(name: str, case: Case, attributes: dict[str, object]) -> Node:
    try:
        return make_node(CLASSES[name], case.operands, attributes)
    except RuntimeError:
        # Some draws do not fit together, such as a window that is larger than the image.
        assume(False)
        raise


def same(ours: object, theirs: object) -> bool:
    """Whether two values are equal; OpenVINO keeps single precision, and fills up empty lists."""
    if isinstance(ours, float):
        return math.isclose(ours, float(str(theirs)), rel_tol=1e-6)
    if isinstance(ours, Sequence) and not isinstance(ours, str):
        filled = not ours and isinstance(theirs, list) and len(set(theirs)) <= 1
        return filled or list(ours) == theirs
    return ours == theirs


@pytest.mark.parametrize("name", sorted(CLASSES))
@given(data=st.data())
@RELAXED
def test_attributes_are_those_of_openvino(name: str, data: st.DataObject) -> None:
    op_class, case = CLASSES[name], data.draw(CASES[name])
    attributes = attributes_of(op_class, case)
    assert attributes.keys() == set(signature_of(op_class).properties)
    node = node_of(name, case, attributes)
    ours = {
        op_class.OPENVINO_NAMES.get(key, key): openvino_value(value)
        for key, value in attributes.items()
    }
    theirs = node.get_attributes()
    assert ours.keys() == theirs.keys()
    # OneHot counts its axis from the front once it knows the rank; pads are computed where asked.
    computed = {"axis"} if ours.get("auto_pad", "explicit") == "explicit" else PADS
    differing = {key for key in ours if not same(ours[key], theirs[key])} - computed
    assert not differing, [(key, ours[key], theirs[key]) for key in differing]
    assert node.get_type_info().name == name
    assert node.get_type_info().version_id == op_class.OPSET


@pytest.mark.parametrize(("name", "attribute", "choice"), CHOICES)
@given(data=st.data())
@RELAXED
def test_choices_are_spelled_as_openvino_spells_them(
    name: str, attribute: str, choice: str, data: st.DataObject
) -> None:
    case = data.draw(CASES[name])
    attributes = attributes_of(CLASSES[name], case) | {attribute: choice}
    assert node_of(name, case, attributes).get_attributes()[attribute] == choice
