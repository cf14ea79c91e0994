"""Short convolutions, which take the place of attention in some layers."""

from __future__ import annotations

from xdsl.dialects.builtin import LocationAttr, TensorType
from xdsl.irdl import (
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from forge.ir.schema_op import Operand, SchemaOp


@irdl_op_definition
class GatedConvolutionOp(SchemaOp):
    """y = c ⊙ conv(b ⊙ x), over tokens; b, c and x are the thirds of the input's last dimension.

    conv is depthwise and causal: conv(z)ₜ = Σₖ w[k] ⊙ zₜ₋ₙ₊₁₊ₖ + bias for a kernel of n elements,
    where z is zero before the first token. It is the short convolution of LFM2
    (https://www.liquid.ai/blog/liquid-foundation-models-v2-our-second-series-of-generative-ai-models).

    ```mlir
    %y = transformer.gated_convolution %bcx, %w
        : (tensor<1x128x6144xf32>, tensor<2048x1x3xf32>) -> tensor<1x128x2048xf32>
    ```

    Args:
        input: b ‖ c ‖ x, `[batch, tokens, 3·size]`: what one linear layer computes.
        weight: w, `[size, 1, kernel]`, as PyTorch's `Conv1d` keeps a depthwise one.
        bias: one number for each channel, `[size]`.

    Returns:
        y, `[batch, tokens, size]`.
    """

    name = "transformer.gated_convolution"
    irdl_options = (ParsePropInAttrDict(),)

    input = operand_def(TensorType)
    weight = operand_def(TensorType)
    bias = opt_operand_def(TensorType)
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        input: Operand,
        weight: Operand,
        bias: Operand | None = None,
        *,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__((input, weight, bias), location=location)
