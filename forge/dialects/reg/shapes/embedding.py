"""Bags of table rows, summed or averaged; a row of the table may be of any shape."""

from __future__ import annotations

from forge.dialects.reg.shapes.checks import (
    check_extents,
    check_index,
    check_numeric,
    check_rank,
    check_same_dtype,
    literal_int,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _check_table(
    emb_table: Shaped, indices: Shaped, per_sample_weights: Shaped | None, **rest: Shaped | None
) -> None:
    check_same_dtype(emb_table=emb_table, per_sample_weights=per_sample_weights)
    check_same_dtype(indices=indices, **rest)
    check_numeric(emb_table, "emb_table")
    check_index(indices, "indices")
    if not emb_table.rank:
        raise ShapeError("emb_table must not be a scalar")
    if per_sample_weights is not None:
        check_extents(per_sample_weights, "per_sample_weights", indices.shape)


@shape_function("reg.EmbeddingBagOffsets")
def embedding_bag_offsets(
    emb_table: Shaped,
    indices: Shaped,
    offsets: Shaped,
    default_index: Shaped | None,
    per_sample_weights: Shaped | None,
    reduction: str = "sum",
) -> Shaped:
    _check_table(
        emb_table, indices, per_sample_weights, offsets=offsets, default_index=default_index
    )
    check_rank(indices, "indices", 1)
    check_rank(offsets, "offsets", 1)
    if default_index is not None:
        check_rank(default_index, "default_index", 0)
    if per_sample_weights is not None and reduction == "mean":
        raise ShapeError("a mean takes no per_sample_weights")
    return Shaped((*offsets.shape, *emb_table.shape[1:]), emb_table.dtype)


@shape_function("reg.EmbeddingBagOffsetsSum")
def embedding_bag_offsets_sum(
    emb_table: Shaped,
    indices: Shaped,
    offsets: Shaped,
    default_index: Shaped | None,
    per_sample_weights: Shaped | None,
) -> Shaped:
    return embedding_bag_offsets(emb_table, indices, offsets, default_index, per_sample_weights)


@shape_function("reg.EmbeddingBagPacked")
def embedding_bag_packed(
    emb_table: Shaped,
    indices: Shaped,
    per_sample_weights: Shaped | None,
    reduction: str = "sum",
) -> Shaped:
    _check_table(emb_table, indices, per_sample_weights)
    check_rank(indices, "indices", 2)
    if per_sample_weights is not None and reduction == "mean":
        raise ShapeError("a mean takes no per_sample_weights")
    return Shaped((indices.shape[0], *emb_table.shape[1:]), emb_table.dtype)


@shape_function("reg.EmbeddingBagPackedSum")
def embedding_bag_packed_sum(
    emb_table: Shaped, indices: Shaped, per_sample_weights: Shaped | None
) -> Shaped:
    return embedding_bag_packed(emb_table, indices, per_sample_weights)


@shape_function("reg.EmbeddingSegmentsSum")
def embedding_segments_sum(
    emb_table: Shaped,
    indices: Shaped,
    segment_ids: Shaped,
    num_segments: Shaped,
    default_index: Shaped | None,
    per_sample_weights: Shaped | None,
) -> Shaped:
    _check_table(
        emb_table,
        indices,
        per_sample_weights,
        segment_ids=segment_ids,
        num_segments=num_segments,
        default_index=default_index,
    )
    check_rank(indices, "indices", 1)
    check_extents(segment_ids, "segment_ids", indices.shape)
    check_rank(num_segments, "num_segments", 0)
    if default_index is not None:
        check_rank(default_index, "default_index", 0)
    segments = literal_int(num_segments, "num_segments")
    if segments < 0:
        raise ShapeError(f"num_segments must not be negative, got {segments}")
    return Shaped((segments, *emb_table.shape[1:]), emb_table.dtype)
