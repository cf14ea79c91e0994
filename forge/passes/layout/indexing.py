"""Indexing that takes all elements in the order in which they are."""

from __future__ import annotations

from math import prod

import numpy as np

from forge.dialects import aten
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense_array
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter


class ReshapeIndexed(Pattern[aten.IndexTensorOp]):
    # x[i, j, …]  →  reshape(x)      where the indices are constants that count the elements of x

    def match_and_rewrite(self, op: aten.IndexTensorOp, rewriter: Rewriter) -> None:
        shape, result = shaped(op.input.type).shape, shaped(op.result.type).shape
        if prod(shape) != prod(result) or 0 in shape:
            return None
        indices = op.operand_groups()["indices"]
        assert isinstance(indices, list)
        known = [None if i is None else i.owner for i in indices]
        if len(known) != len(shape) or not all(isinstance(owner, ConstantOp) for owner in known):
            return rewriter.no_match(op, "an index is missing, or no constant")
        positions = [dense_array(owner.value) for owner in known if isinstance(owner, ConstantOp)]
        wrapped = [np.mod(p, extent) for p, extent in zip(positions, shape, strict=True)]
        order = np.ravel_multi_index(tuple(np.broadcast_arrays(*wrapped)), shape).ravel()
        if not np.array_equal(order, np.arange(prod(shape))):
            return rewriter.no_match(op, "the indices take the elements in another order")
        return rewriter.replace(op, aten.ReshapeOp(op.input, result))
