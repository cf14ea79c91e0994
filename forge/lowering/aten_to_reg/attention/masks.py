"""What hides keys from queries."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import aten, reg
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense_array
from forge.ir.tensors import is_bool
from forge.lowering.aten_to_reg.creation import band
from forge.lowering.aten_to_reg.reductions import holds_a_number, reduce
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of, to_numbers
from forge.rewriting.attention_masks import HIDDEN

# A mask that comes through one of these holds in a row what its first operand holds there.
_KEEPS_ROWS = (
    aten.ExpandOp,
    aten.AliasOp,
    aten.ContiguousOp,
    aten.ToDtypeOp,
    aten.UnsqueezeOp,
)


def placed(mask: SSAValue, rank: int, b: RegBuilder) -> SSAValue:
    """A mask with at least two dimensions, and no more than the query's."""
    if rank_of(mask) > rank:
        b.reject("the mask has more dimensions than the query")
    if rank_of(mask) < 2:
        return b.reshape(mask, [*[1] * (2 - rank_of(mask)), *shape_of(mask)])
    return mask


def causal_mask(
    mask: SSAValue | None, queries: int, keys: int, window: int | None, b: RegBuilder
) -> SSAValue:
    """A mask that is causal, too."""
    visible = band(b, queries, keys, low=None if window is None else 1 - window, high=0)
    if mask is None:
        return visible
    return b.both(mask, visible) if is_bool(dtype_of(mask)) else b.select(visible, mask, -math.inf)


def causal_rows(queries: int, keys: int, first: int, b: RegBuilder) -> SSAValue:
    """What queries from the one at place `first` on see: `[queries, keys]` i1."""
    return band(b, queries, keys, high=first)


def numbers(mask: SSAValue, dtype: Attribute, b: RegBuilder) -> SSAValue:
    """A mask that is added to scores of type `dtype`; finite where it was made of booleans."""
    return b.once(_numbers, mask, dtype) if is_bool(dtype_of(mask)) else mask


def _numbers(mask: SSAValue, dtype: Attribute, b: RegBuilder) -> SSAValue:
    return b.select(mask, b.scalar(0.0, dtype), HIDDEN)


def opened(mask: SSAValue, b: RegBuilder) -> tuple[SSAValue, SSAValue]:
    """A mask that excludes everything nowhere, and whether each query had a key before."""
    axis = rank_of(mask) - 1
    if is_bool(dtype_of(mask)):
        answered = reduce(reg.ReduceLogicalOrOp, mask, [axis], True, b)
        return b.either(mask, b.negation(answered)), answered
    answered = holds_a_number(mask, axis, b)
    return b.select(answered, mask, 0.0), answered


def may_exclude_all(mask: SSAValue | None) -> bool:
    """Whether a mask of the source program may exclude every key of a query."""
    while mask is not None and isinstance(owner := mask.owner, _KEEPS_ROWS):
        mask = owner.operands[0]
    if mask is None or not isinstance(mask.owner, Operation):
        return True
    owner = mask.owner
    if isinstance(owner, ConstantOp):
        return _has_empty_row(owner)
    if isinstance(owner, aten.WhereScalarOp | aten.WhereScalarOtherOp):
        # Chosen from numbers: it takes an infinite one to exclude.
        chosen = [owner.get("other")]
        first: Sequence[float] | None = None
        if isinstance(owner, aten.WhereScalarOp):
            first = [owner.get("input")]
        elif isinstance(owner.input.owner, ConstantOp):
            first = _elements(owner.input.owner).ravel().tolist()
        return first is None or any(math.isinf(number) for number in [*chosen, *first])
    return True


def _elements(constant: ConstantOp) -> np.ndarray:
    return to_numbers(dense_array(constant.value), constant.value.get_element_type())


def _has_empty_row(constant: ConstantOp) -> bool:
    values = _elements(constant)
    if values.ndim == 0:
        return False
    excluded = values == 0 if values.dtype == bool else np.isneginf(values)
    return bool(excluded.all(axis=-1).any())
