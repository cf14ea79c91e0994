"""Type promotion against PyTorch: every pair of element types, every way to hold them."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from xdsl.ir import Attribute

from forge.dialects.aten.shapes.promotion import promote, result_type
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import ELEMENT_TYPES, Shaped, c64, f16
from forge.ir.torch_types import TO_ELEMENT_TYPE, torch_dtype

TYPES = list(ELEMENT_TYPES.values())
NUMBERS = (True, 2, 0.5)


@pytest.mark.parametrize("left", TYPES, ids=str)
def test_types_promote_as_in_pytorch(left: Attribute) -> None:
    for right in TYPES:
        try:
            expected = torch.promote_types(torch_dtype(left), torch_dtype(right))
        except RuntimeError:
            with pytest.raises(ShapeError, match="no common type"):
                promote(left, right)
        else:
            assert promote(left, right) == TO_ELEMENT_TYPE[expected]


@pytest.mark.parametrize("left", TYPES, ids=str)
def test_dimensions_count_before_scalars_and_scalars_before_numbers(left: Attribute) -> None:
    for right, left_shape, right_shape in product(TYPES, [(2,), ()], [(2,), ()]):
        tensors = (Shaped(left_shape, left), Shaped(right_shape, right))
        check_result_type(*tensors)
    for number, shape in product(NUMBERS, [(2,), ()]):
        check_result_type(Shaped(shape, left), number)


def check_result_type(left: Shaped, right: Shaped | float) -> None:
    made = [
        torch.empty(x.shape, dtype=torch_dtype(x.dtype)) if isinstance(x, Shaped) else x
        for x in (left, right)
    ]
    try:
        expected = TO_ELEMENT_TYPE.get(torch.result_type(*made))
    except RuntimeError:
        expected = None
    if expected is None:
        with pytest.raises(ShapeError, match=r"no common type|not supported"):
            result_type(left, right)
    else:
        assert result_type(left, right) == expected


def test_half_precision_complex_numbers_are_refused_by_name() -> None:
    with pytest.raises(ShapeError, match="complex<f16> is not supported"):
        result_type(Shaped((2,), f16), Shaped((), c64))


def test_there_is_no_type_of_nothing() -> None:
    with pytest.raises(ShapeError, match="at least one operand"):
        result_type()
