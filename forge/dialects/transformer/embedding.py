"""Embedding tables."""

from __future__ import annotations

from xdsl.dialects.builtin import LocationAttr, TensorType
from xdsl.irdl import (
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from forge.ir.schema_op import Operand, SchemaOp


@irdl_op_definition
class EmbeddingOp(SchemaOp):
    """y[i…] = W[ids[i…]]: a row of the table for each id.

    ```mlir
    %y = transformer.embedding %w, %ids
        : (tensor<50257x768xf32>, tensor<1x128xi64>) -> tensor<1x128x768xf32>
    ```

    Args:
        weight: W, `[rows, size]`.
        ids: integers of any shape, each at least 0 and less than `rows`.

    Returns:
        y, `[*ids, size]`.
    """

    name = "transformer.embedding"
    irdl_options = (ParsePropInAttrDict(),)

    weight = operand_def(TensorType)
    ids = operand_def(TensorType)
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self, weight: Operand, ids: Operand, *, location: LocationAttr | None = None
    ) -> None:
        super().__init__((weight, ids), location=location)
