"""The shape functions of `reg` against OpenVINO's own inference, for every instruction."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forge.dialects import reg
from forge.dialects.reg import RegOp
from forge.ir.attributes import from_attribute
from forge.ir.shape_functions import ShapeError, find_shape_function
from forge.ir.signature import signature_of
from forge.ir.tensors import Shaped
from tests.dialects.openvino_inference import inferred_by_openvino, make_node
from tests.dialects.reg_cases import CASES, Case
from tests.dialects.reg_cases.bending import bent, retyped

CLASSES = {op.name.removeprefix("reg."): op for op in reg.ops.OPERATIONS}

STRICTER: Mapping[str, str] = {
    **dict.fromkeys(
        ["AdaptiveAvgPool", "AdaptiveMaxPool"], "bins of no elements, a list of rank 2"
    ),
    **dict.fromkeys(
        [
            "Convolution",
            "ConvolutionBackpropData",
            "GroupConvolution",
            "GroupConvolutionBackpropData",
            "Col2Im",
        ],
        "images of no elements, attributes of no elements",
    ),
    **dict.fromkeys(
        ["GRUCell", "GRUSequence", "LSTMCell", "LSTMSequence", "RNNCell", "RNNSequence"],
        "an input size other than W's, a hidden_size other than the state's",
    ),
    **dict.fromkeys(
        [f"Reduce{kind}" for kind in ("L1", "L2", "Max", "Mean", "Min", "Prod", "Sum")]
        + ["NormalizeL2", "ReduceLogicalAnd", "ReduceLogicalOr", "Reverse", "Unsqueeze"],
        "an axis named twice",
    ),
    **dict.fromkeys(["DFT", "IDFT", "RDFT", "IRDFT"], "negative sizes"),
    **dict.fromkeys(["AvgPool", "MaxPool"], "pads of no elements where they are computed"),
    "ROIAlign": "regions of no elements",
    "Broadcast": "axes of a scalar",
    "CumSum": "an axis that does not exist",
    "ExtractImagePatches": "windows larger than the image",
    "FakeQuantize": "bounds of a higher rank than the data",
    "GroupedMatMul": "more or fewer offsets than groups",
    "ISTFT": "pairs of other than two numbers, no frames",
    "Interpolate": "more sizes than axes",
    "MVN": "axes that do not exist",
    "PRelu": "slopes that do not broadcast",
    "Reshape": "another number of elements",
    "Roll": "an axis of a scalar",
    "ScaledDotProductAttention": "a mask wider than the keys",
    "ScatterElementsUpdate": "several axes",
    "ScatterNDUpdate": "updates of another rank",
    "Selu": "several numbers for alpha or lambda",
    "SpaceToBatch": "negative pads and blocks",
    "StridedSlice": "a stride of 0 where a new axis is",
    "Squeeze": "axes of another extent than 1",
    "Tile": "negative counts",
    "TopK": "more elements than there are",
    "VariadicSplit": "lengths that do not add up",
}
"""What OpenVINO lets pass when it infers shapes, to fail or to compute nonsense when it runs."""

RELAXED = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=25
)


def all_attributes(op_class: type[RegOp], given: Mapping[str, object]) -> dict[str, object]:
    """The attributes, those that are not given with their defaults."""
    defaults = signature_of(op_class).defaults
    return {**{name: from_attribute(value) for name, value in defaults.items()}, **given}


# OpenVINO's Gather reports a scalar as a ValueError.
Refusal = RuntimeError | ValueError


def inferred_by_forge(op_class: type[RegOp], case: Case) -> list[Shaped] | ShapeError:
    specs = signature_of(op_class).operands
    given = [*case.operands, *[None] * (len(specs) - len(case.operands))]
    operands = {spec.name: operand for spec, operand in zip(specs, given, strict=True)}
    function = find_shape_function(op_class.name)
    assert function is not None
    try:
        inferred = function(**operands, **all_attributes(op_class, case.attributes))
    except ShapeError as error:
        return error
    return [inferred] if isinstance(inferred, Shaped) else list(inferred)


def expected_of_openvino(op_class: type[RegOp], case: Case) -> list[Shaped] | Refusal:
    try:
        attributes = all_attributes(op_class, case.attributes)
        return inferred_by_openvino(make_node(op_class, case.operands, attributes))
    except (RuntimeError, ValueError) as error:
        return error


def test_every_instruction_has_cases_and_a_shape_function() -> None:
    assert CLASSES.keys() == CASES.keys()
    assert not [name for name in CLASSES if find_shape_function(f"reg.{name}") is None]
    assert STRICTER.keys() <= CLASSES.keys()


@pytest.mark.parametrize("name", sorted(CASES))
@given(data=st.data())
@RELAXED
def test_shapes_agree_with_openvino(name: str, data: st.DataObject) -> None:
    case = data.draw(CASES[name])
    ours, theirs = inferred_by_forge(CLASSES[name], case), expected_of_openvino(CLASSES[name], case)
    if isinstance(ours, ShapeError):
        # Some draws do not fit together, such as a window that is larger than the image.
        assert isinstance(theirs, Refusal), (ours, theirs)
        return
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(CASES))
@given(data=st.data())
@RELAXED
def test_what_openvino_refuses_is_refused(name: str, data: st.DataObject) -> None:
    case = data.draw(bent(CASES[name]))
    ours, theirs = inferred_by_forge(CLASSES[name], case), expected_of_openvino(CLASSES[name], case)
    if isinstance(ours, ShapeError):
        assert isinstance(theirs, Refusal) or name in STRICTER, (ours, theirs)
        return
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(CASES))
@given(data=st.data())
@RELAXED
def test_element_types_that_openvino_refuses_are_refused(name: str, data: st.DataObject) -> None:
    # The other way round they need not agree: OpenVINO infers the shape of a Softmax of booleans.
    case = data.draw(retyped(CASES[name]))
    ours = inferred_by_forge(CLASSES[name], case)
    if not isinstance(ours, ShapeError):
        assert ours == expected_of_openvino(CLASSES[name], case)
