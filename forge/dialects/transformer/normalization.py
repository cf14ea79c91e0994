"""Layer norm and RMS norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    DenseArrayBase,
    Float64Type,
    FloatAttr,
    LocationAttr,
    TensorType,
    f64,
    i64,
)
from xdsl.irdl import (
    AttrSizedOperandSegments,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from forge.dialects.transformer.forms import EmittedOp, NormForm
from forge.ir.schema_op import Operand

_ZERO = FloatAttr(0.0, f64)


@irdl_op_definition
class LayerNormOp(EmittedOp):
    """y = (x − mean(x)) / √(var(x) + eps) ⊙ w + b, over the last dimensions of x.

    The variance is the mean of squares, not divided by n − 1 (https://arxiv.org/abs/1607.06450).
    For 16-bit types it is computed in f32 and rounded once.

    ```mlir
    %y = transformer.layer_norm %x, weight = %w, bias = %b {normalized_shape = [768], eps = 1.0e-05}
        : (tensor<1x128x768xf32>, tensor<768xf32>, tensor<768xf32>) -> tensor<1x128x768xf32>
    ```

    Args:
        input: x.
        weight: w, `normalized_shape`.
        bias: b, `normalized_shape`.
        normalized_shape: the last dimensions of x, over which mean and variance are taken.
        eps: what keeps the root from zero; it is inside of it.

    Returns:
        y, of the shape of x.
    """

    name = "transformer.layer_norm"
    irdl_options = (ParsePropInAttrDict(), AttrSizedOperandSegments(as_property=True))
    FORM: ClassVar = NormForm

    input = operand_def(TensorType)
    weight = opt_operand_def(TensorType)
    bias = opt_operand_def(TensorType)
    normalized_shape = prop_def(DenseArrayBase.constr(i64))
    eps = prop_def(FloatAttr[Float64Type])
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        input: Operand,
        weight: Operand | None = None,
        bias: Operand | None = None,
        *,
        normalized_shape: Sequence[int],
        eps: float,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (input, weight, bias),
            {"normalized_shape": normalized_shape, "eps": eps},
            location=location,
        )


@irdl_op_definition
class RmsNormOp(EmittedOp):
    """y = x / √(mean(x²) + eps) ⊙ (weight_offset + w), over the last dimensions of x.

    See https://arxiv.org/abs/1910.07467. Gemma keeps w − 1 as its weight: its `weight_offset` is 1.
    For 16-bit types it is computed in f32 and rounded once.

    ```mlir
    %y = transformer.rms_norm %x, weight = %w {normalized_shape = [896], eps = 1.0e-06}
        : (tensor<1x128x896xf32>, tensor<896xf32>) -> tensor<1x128x896xf32>
    ```

    Args:
        input: x.
        weight: w, `normalized_shape`; without it, the last factor is 1.
        normalized_shape: the last dimensions of x, over which the mean is taken.
        eps: what keeps the root from zero; it is inside of it.
        weight_offset: what is added to the weight; it needs one.

    Returns:
        y, of the shape of x.
    """

    name = "transformer.rms_norm"
    irdl_options = (ParsePropInAttrDict(),)
    FORM: ClassVar = NormForm

    input = operand_def(TensorType)
    weight = opt_operand_def(TensorType)
    normalized_shape = prop_def(DenseArrayBase.constr(i64))
    eps = prop_def(FloatAttr[Float64Type])
    weight_offset = prop_def(FloatAttr[Float64Type], default_value=_ZERO)
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        input: Operand,
        weight: Operand | None = None,
        *,
        normalized_shape: Sequence[int],
        eps: float,
        weight_offset: float = 0.0,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (input, weight),
            {"normalized_shape": normalized_shape, "eps": eps, "weight_offset": weight_offset},
            location=location,
        )
