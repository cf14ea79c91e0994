"""For every instruction of the reg dialect, operands and attributes that it may meet.

A case is mostly valid; `tests/dialects/test_reg_shapes.py` also bends it, to see what is refused.
"""

from tests.dialects.reg_cases import (
    contractions,
    embedding,
    images,
    indexing,
    layout,
    pointwise,
    recurrent,
    reduction,
    signal,
)
from tests.dialects.reg_cases.drawing import CASES, Case

__all__ = [
    "CASES",
    "Case",
    "contractions",
    "embedding",
    "images",
    "indexing",
    "layout",
    "pointwise",
    "recurrent",
    "reduction",
    "signal",
]
