"""Rows of a table, added up in bags."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets


@interprets(reg.EmbeddingBagPackedOp, reg.EmbeddingBagPackedSumOp)
def embedding_bag_packed(op: Any, values: Values) -> Tensor:
    """One bag a row of indices."""
    rows = values[op.emb_table][values[op.indices].to(torch.int64)]
    if (weights := values.optional(op.per_sample_weights)) is not None:
        rows = rows * weights.reshape(*weights.shape, *[1] * (rows.dim() - 2))
    return (rows.mean(1) if _is_mean(op) else rows.sum(1)).to(rows.dtype)


def _is_mean(op: Any) -> bool:
    return "reduction" in op.properties and op.get("reduction") == "mean"


@interprets(reg.EmbeddingBagOffsetsOp, reg.EmbeddingBagOffsetsSumOp)
def embedding_bag_offsets(op: Any, values: Values) -> Tensor:
    """Bags of neighbouring indices, each from its offset to the next."""
    starts = read_integers(values[op.offsets])
    count = values[op.indices].numel()
    bags = [list(range(s, e)) for s, e in zip(starts, [*starts[1:], count], strict=True)]
    return _bags(op, values, bags)


@interprets(reg.EmbeddingSegmentsSumOp)
def embedding_segments(op: reg.EmbeddingSegmentsSumOp, values: Values) -> Tensor:
    """Bags of the indices of one segment."""
    segments = read_integers(values[op.segment_ids])
    bags = [
        [place for place, segment in enumerate(segments) if segment == bag]
        for bag in range(int(values[op.num_segments]))
    ]
    return _bags(op, values, bags)


def _bags(op: Any, values: Values, bags: list[list[int]]) -> Tensor:
    table, indices = values[op.emb_table], read_integers(values[op.indices])
    weights, default = values.optional(op.per_sample_weights), values.optional(op.default_index)
    results: list[Tensor] = []
    for bag in bags:
        rows = [table[indices[place]] * (1 if weights is None else weights[place]) for place in bag]
        if not rows:
            # An empty bag is the default row, or zeros.
            filled = default is not None and int(default) >= 0
            rows = [table[int(default)] if filled and default is not None else 0 * table[0]]
        total = torch.stack(rows).sum(0)
        results.append(total / len(rows) if _is_mean(op) else total)
    return torch.stack(results).to(table.dtype)
