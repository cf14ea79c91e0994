"""Constants as attributes."""

import numpy as np
import pytest

from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense, dense_array
from forge.ir.tensors import ELEMENT_TYPES, is_complex, numpy_dtype
from forge.ir.text import parse_module, print_module

DTYPES = [name for name, dtype in ELEMENT_TYPES.items() if not is_complex(dtype) and name != "bf16"]


@pytest.mark.parametrize("name", DTYPES)
def test_a_constant_is_the_same_attribute_when_it_was_read(name: str) -> None:
    dtype = ELEMENT_TYPES[name]
    values = np.array([0, 1, 1]).astype(numpy_dtype(dtype))
    attribute = dense(values, dtype)
    assert (dense_array(attribute) == values).all()
    text = f"%0 = forge.constant {attribute}"
    constant = next(op for op in parse_module(text).walk() if isinstance(op, ConstantOp))
    assert constant.value == attribute
    assert str(attribute) in print_module(parse_module(text))
