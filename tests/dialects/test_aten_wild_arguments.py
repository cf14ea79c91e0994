"""Shape functions on arguments that nobody means: each refuses with a reason, or has an answer.

Text can hold anything, and the verifier hands it to the shape function; anything but a `ShapeError`
would reach a user as a traceback.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest

from forge.dialects.aten import Argument, AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.ir.shape_functions import MAX_ELEMENTS, ShapeError, infer
from forge.ir.tensors import ELEMENT_TYPES, Shaped, f32, i1, i64

DTYPES = [f32] * 20 + [i64, i1] * 5 + list(ELEMENT_TYPES.values())
EXTENTS = [0, 1, 2, 3, 4, 6]
INTS = [0, 1, 2, 3, 4, 5, 8, -1, -2, -7, MAX_ELEMENTS, -MAX_ELEMENTS - 1]
FLOATS = [0.0, 0.5, 1.0, 2.0, -1.0, 1e-5, 1e300, math.inf, -math.inf, math.nan]
TEXTS = ["", "none", "tanh", "sum", "mean", "add", "trunc", "same", "valid", "constant", "reflect"]
TEXTS += ["xy", "ij", "ij,jk->ik", "ij,jk", "i...,j", "...", "->", "a->b", "ii->i"]
VALUES: Mapping[str, Callable[[Random], Any]] = {
    "int": lambda random: random.choice(INTS),
    "ints": lambda random: random.choices(INTS, k=random.randrange(5)),
    "float": lambda random: random.choice(FLOATS),
    "floats": lambda random: random.choices(FLOATS, k=random.randrange(4)),
    "bool": lambda random: random.random() < 0.5,
    "bools": lambda random: random.choices([True, False], k=random.randrange(3)),
    "scalar": lambda random: random.choice([*INTS, *FLOATS, True]),
    "str": lambda random: random.choice(TEXTS),
    "dtype": lambda random: random.choice(DTYPES),
    "memory_format": lambda random: random.choice(["channels_last", "preserve_format", "x"]),
}


def tensor(random: Random, base: tuple[int, ...]) -> Shaped:
    """A tensor of the shape `base`, or of any other."""
    other = tuple(random.choices(EXTENTS, k=random.randrange(6)))
    return Shaped(random.choice([base, other]), random.choice(DTYPES))


def value(random: Random, argument: Argument, base: tuple[int, ...]) -> Any:
    """Anything that the argument's type admits."""
    if argument.kind == "tensor":
        return None if argument.nullable and random.random() < 0.4 else tensor(random, base)
    if argument.kind == "tensors":
        elements = [tensor(random, base) for _ in range(random.randrange(4))]
        absent = argument.nullable_elements and random.random() < 0.3
        return [None, *elements] if absent else elements
    return VALUES[argument.kind](random)


def arguments(random: Random, op_class: type[AtenOp]) -> dict[str, Any]:
    """Arguments for an operator, some of the optional ones left out."""
    base = tuple(random.choices(EXTENTS, k=random.randrange(6)))
    return {
        argument.name: value(random, argument, base)
        for argument in op_class.arguments()
        if argument.kind != "dropped" and (argument.is_operand or is_given(random, argument))
    }


def is_given(random: Random, argument: Argument) -> bool:
    required = not argument.nullable and argument.default is None
    return required or random.random() < 0.6


@pytest.mark.parametrize("op_class", OPERATIONS, ids=lambda op_class: op_class.name)
def test_wild_arguments_are_refused_or_have_an_answer(op_class: type[AtenOp]) -> None:
    random = Random(op_class.name)
    for _ in range(100):
        drawn = arguments(random, op_class)
        try:
            results = infer(op_class.name, **drawn)
        except ShapeError as error:
            assert str(error)
            continue
        assert all(0 <= extent <= MAX_ELEMENTS for result in results for extent in result.shape)
