"""Shapes of embeddings."""

from __future__ import annotations

from forge.dialects.transformer.shapes.checks import check_same_float
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_integer


@shape_function("transformer.embedding")
def embedding(weight: Shaped, ids: Shaped) -> Shaped:
    """The shape of the ids, and then the size of a row."""
    check_same_float(weight=weight)
    if weight.rank != 2:
        raise ShapeError(f"weight must be [rows, size], got {weight}")
    if not is_integer(ids.dtype):
        raise ShapeError(f"ids must be integers, got {ids}")
    return Shaped((*ids.shape, weight.shape[1]), weight.dtype)
