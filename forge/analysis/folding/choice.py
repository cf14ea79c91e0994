"""Operators that choose between elements: where, masked_fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.ir import Operation

from forge.analysis.folding.elements import Array, cast
from forge.analysis.folding.registry import folds
from forge.dialects import aten
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import Shaped


def _choose(condition: Array, chosen: Any, other: Any, result: Shaped) -> Array | None:
    first, second = (cast(np.asarray(side), result.dtype) for side in (chosen, other))
    if condition.dtype != np.bool_ or first is None or second is None:
        return None
    return np.where(condition, first, second)


@folds(aten.WhereSelfOp)
def _where(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array | None:
    condition, chosen, other = operands
    return _choose(condition, chosen, other, result)


@folds(aten.WhereScalarOp)
def _where_numbers(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    return _choose(operands[0], op.get("input"), op.get("other"), result)


@folds(aten.WhereScalarOtherOp)
def _where_or_number(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    condition, chosen = operands
    return _choose(condition, chosen, op.get("other"), result)


@folds(aten.WhereScalarSelfOp)
def _where_number(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    return _choose(operands[0], op.get("input"), operands[1], result)


@folds(aten.MaskedFillScalarOp)
def _masked_fill(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    source, mask = operands
    return _choose(mask, op.get("value"), source, result)


@folds(aten.MaskedFillTensorOp)
def _masked_fill_tensor(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array | None:
    source, mask, value = operands
    return _choose(mask, value, source, result)
