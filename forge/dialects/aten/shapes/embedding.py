"""Rows of a table by index, one by one or summed by bag."""

from __future__ import annotations

from xdsl.dialects.builtin import f16, f32, i32, i64

from forge.dialects.aten.shapes.dimensions import expect_rank
from forge.dialects.aten.shapes.promotion import require_kind
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped

SUM, MEAN, MAX = 0, 1, 2


def _require_indices(tensor: Shaped, name: str) -> None:
    if tensor.dtype not in (i32, i64):
        raise ShapeError(f"{name} must have element type i32 or i64, got {tensor}")


@shape_function("aten.embedding")
def embedding(weight: Shaped, indices: Shaped, **_: object) -> Shaped:
    expect_rank(weight, 2, name="weight")
    _require_indices(indices, "indices")
    return Shaped((*indices.shape, weight.shape[1]), weight.dtype)


@shape_function("aten._embedding_bag")
def embedding_bag(
    weight: Shaped,
    indices: Shaped,
    offsets: Shaped,
    mode: int = SUM,
    per_sample_weights: Shaped | None = None,
    include_last_offset: bool = False,
    padding_idx: int = -1,
    **_: object,
) -> tuple[Shaped, Shaped, Shaped, Shaped]:
    expect_rank(weight, 2, name="weight")
    expect_rank(indices, 1, name="indices")
    expect_rank(offsets, 1, name="offsets")
    require_kind(weight.dtype, "f", "weight")
    _require_indices(indices, "indices")
    _require_indices(offsets, "offsets")
    if per_sample_weights is not None:
        _check_sample_weights(per_sample_weights, indices, mode)
    bags = offsets.shape[0] - int(include_last_offset)
    if bags < 0:
        raise ShapeError("include_last_offset needs at least one offset")
    output = Shaped((bags, weight.shape[1]), weight.dtype)
    # What the other results hold is for the backward pass; the fastest kernel skips one.
    fast = mode == SUM and weight.dtype in (f16, f32) and padding_idx < 0
    offset2bag = Shaped((0,) if fast else indices.shape, offsets.dtype)
    maxima = Shaped(output.shape if mode == MAX else (bags,), offsets.dtype)
    return output, offset2bag, Shaped((bags,), offsets.dtype), maxima


def _check_sample_weights(per_sample_weights: Shaped, indices: Shaped, mode: int) -> None:
    if mode != SUM:
        raise ShapeError("per_sample_weights need mode 0, the sum")
    if per_sample_weights.shape != indices.shape:
        raise ShapeError(f"per_sample_weights must have shape {list(indices.shape)}")
