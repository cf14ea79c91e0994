"""Shape functions against PyTorch, operator by operator, on random arguments.

A shape function accepts what PyTorch's meta kernel accepts, with the same results. It may refuse
more than the meta kernel, which often does not look at element types, if the CPU's kernel refuses
it too.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from xdsl.utils.test_value import create_ssa_value

from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.ir.shape_functions import ShapeError, infer
from forge.ir.tensors import Shaped, f32, tensor_type
from tests.dialects.aten_cases import CASES, FAMILIES
from tests.dialects.aten_reference import infer_by_meta_kernel, refused_on_cpu

CLASSES: dict[str, type[AtenOp]] = {op_class.name: op_class for op_class in OPERATIONS}

# PyTorch warns of experimental types and deprecated defaults as it goes.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

MANY = settings(EXAMPLES, max_examples=1000, phases=[Phase.generate])


def test_every_operator_has_arguments_to_be_tried_with() -> None:
    assert CASES.keys() == CLASSES.keys()
    assert len(CASES) == sum(len(family.CASES) for family in FAMILIES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_results_are_those_of_pytorch(name: str) -> None:
    accepted = 0

    @EXAMPLES
    @given(CASES[name])
    def check(arguments: dict[str, Any]) -> None:
        nonlocal accepted
        accepted += agrees(CLASSES[name], arguments)

    check()
    if not accepted:
        # A choosy operator may refuse so few; among many there must be one that it takes.
        find(CASES[name], lambda arguments: agrees(CLASSES[name], arguments), settings=MANY)


@pytest.mark.parametrize("name", ["aten.dropout", "aten.native_dropout"])
def test_dropout_in_training_is_refused(name: str) -> None:
    with pytest.raises(ShapeError, match="eval mode"):
        infer(name, input=Shaped((2, 3), f32), p=0.1, train=True)


def agrees(op_class: type[AtenOp], arguments: dict[str, Any]) -> bool:
    """Compare with PyTorch; whether the arguments were accepted."""
    expected = infer_by_meta_kernel(op_class, arguments)
    try:
        inferred = infer(op_class.name, **arguments)
    except ShapeError as error:
        if not isinstance(expected, str):
            assert refused_on_cpu(op_class, arguments), f"refused without need: {error}"
        return False
    assert inferred == expected
    check_operation(op_class, arguments, inferred)
    return True


def check_operation(
    op_class: type[AtenOp], arguments: dict[str, Any], results: tuple[Shaped, ...]
) -> None:
    """The operation built from the arguments has these results, and verifies."""
    required = [arg for arg in op_class.arguments() if arg.nullable and arg.default is None]
    values = {arg.name: None for arg in required if arg.name} | arguments
    op = op_class(**{name: operand(value) for name, value in values.items()})
    op.verify()
    assert op.result_types == tuple(tensor_type(r.shape, r.dtype) for r in results)


def operand(value: Any) -> Any:
    """A tensor or a list of them as SSA values; anything else as it is."""
    if isinstance(value, Shaped):
        return create_ssa_value(tensor_type(value.shape, value.dtype))
    if isinstance(value, list) and any(isinstance(element, Shaped) for element in value):
        return [operand(element) for element in value]
    return value
