"""What operators of `aten` make of known values, exactly as PyTorch does: one function each.

Integers and booleans are exact. Floats are moved, chosen, compared and cast; of arithmetic there is
what IEEE 754 rounds in one way only: sums, differences, products and quotients.
"""

from forge.analysis.folding import arithmetic, choice, movement
from forge.analysis.folding.elements import Array, array_of, attribute_of, has_array
from forge.analysis.folding.registry import find_fold

__all__ = [
    "Array",
    "arithmetic",
    "array_of",
    "attribute_of",
    "choice",
    "find_fold",
    "has_array",
    "movement",
]
