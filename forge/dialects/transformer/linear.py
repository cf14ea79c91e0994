"""Linear layers, and the two-layer perceptrons that are made of them."""

from __future__ import annotations

from typing import ClassVar, cast

from xdsl.dialects.builtin import BoolAttr, LocationAttr, TensorType
from xdsl.ir import SSAValue
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
from xdsl.utils.exceptions import VerifyException

from forge.dialects.transformer.activation import Activation, ActivationAttr
from forge.dialects.transformer.forms import EmittedOp, GatedMlpForm, LinearForm, MlpForm
from forge.ir.schema_op import Operand
from forge.ir.tensors import shaped

_NONE = ActivationAttr(Activation.NONE)
_SILU = ActivationAttr(Activation.SILU)
_TRUE = BoolAttr.from_bool(True)


@irdl_op_definition
class LinearOp(EmittedOp):
    """y = r + act(x·Wᵀ + b), over the last dimension of x.

    ```mlir
    %y = transformer.linear %x, %w, bias = %b {activation = gelu_tanh}
        : (tensor<1x128x768xf32>, tensor<3072x768xf32>, tensor<3072xf32>) -> tensor<1x128x3072xf32>
    ```

    Args:
        input: x, `[..., in]`.
        weight: W, `[out, in]`; `[in, out]` if `transpose_weight` is false (y = act(x·W + b)).
        bias: b, `[out]`.
        residual: r, of the shape of y; nothing is added without it.
        activation: what is applied to the product and its bias, before r is added.
        transpose_weight: whether W is kept as PyTorch's `Linear` keeps it (GPT-2's `Conv1D`: no).

    Returns:
        y, `[..., out]`.
    """

    name = "transformer.linear"
    irdl_options = (ParsePropInAttrDict(), AttrSizedOperandSegments(as_property=True))
    FORM: ClassVar = LinearForm

    input = operand_def(TensorType)
    weight = operand_def(TensorType)
    bias = opt_operand_def(TensorType)
    residual = opt_operand_def(TensorType)
    activation = prop_def(ActivationAttr, default_value=_NONE)
    transpose_weight = prop_def(BoolAttr, default_value=_TRUE)
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        input: Operand,
        weight: Operand,
        bias: Operand | None = None,
        residual: Operand | None = None,
        *,
        activation: Activation = Activation.NONE,
        transpose_weight: bool = True,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (input, weight, bias, residual),
            {"activation": activation, "transpose_weight": transpose_weight},
            location=location,
        )

    @property
    def outputs(self) -> int:
        """How many features the layer computes."""
        return _features(self, self.weight)

    def verify_(self) -> None:
        """Check that the form fits the layer, besides what every operation checks.

        Raises:
            VerifyException: it does not, or a type is wrong.
        """
        super().verify_()
        _check_slices(self.outputs, "outputs", self.emission.slices)
        _check_orientation(self.input, self.emission.orientation)


class PerceptronOp(EmittedOp):
    """The base of layers with a hidden layer between two others."""

    @property
    def hidden(self) -> int:
        """How many features the hidden layer has."""
        return _features(self, cast("SSAValue", self.operand_groups()["up_weight"]))

    def verify_(self) -> None:
        """Check that the form fits the hidden layer, besides what every operation checks.

        Raises:
            VerifyException: it does not, or a type is wrong.
        """
        super().verify_()
        _check_slices(self.hidden, "hidden features", self.emission.slices)
        _check_orientation(self.operands[0], self.emission.up_orientation)


@irdl_op_definition
class MlpOp(PerceptronOp):
    """y = r + W₂·act(W₁·x + b₁) + b₂: two linear layers with an activation between them.

    ```mlir
    %y = transformer.mlp %x, %w1, %w2, up_bias = %b1, down_bias = %b2 {activation = gelu_erf}
        : (…) -> tensor<1x128x768xf32>
    ```

    Args:
        input: x, `[..., in]`.
        up_weight: W₁, `[hidden, in]`; `[in, hidden]` if `transpose_weight` is false.
        down_weight: W₂, `[out, hidden]`; `[hidden, out]` if `transpose_weight` is false.
        up_bias: b₁, `[hidden]`.
        down_bias: b₂, `[out]`.
        residual: r, of the shape of y; nothing is added without it.
        activation: what is applied between the layers.
        transpose_weight: whether both weights are kept as PyTorch's `Linear` keeps them.

    Returns:
        y, `[..., out]`.
    """

    name = "transformer.mlp"
    irdl_options = (ParsePropInAttrDict(), AttrSizedOperandSegments(as_property=True))
    FORM: ClassVar = MlpForm

    input = operand_def(TensorType)
    up_weight = operand_def(TensorType)
    down_weight = operand_def(TensorType)
    up_bias = opt_operand_def(TensorType)
    down_bias = opt_operand_def(TensorType)
    residual = opt_operand_def(TensorType)
    activation = prop_def(ActivationAttr)
    transpose_weight = prop_def(BoolAttr, default_value=_TRUE)
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        input: Operand,
        up_weight: Operand,
        down_weight: Operand,
        up_bias: Operand | None = None,
        down_bias: Operand | None = None,
        residual: Operand | None = None,
        *,
        activation: Activation,
        transpose_weight: bool = True,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (input, up_weight, down_weight, up_bias, down_bias, residual),
            {"activation": activation, "transpose_weight": transpose_weight},
            location=location,
        )


@irdl_op_definition
class GatedMlpOp(PerceptronOp):
    """y = r + W₃·(act(W₁·x + b₁) ⊙ (W₂·x + b₂)) + b₃: a perceptron with a gate on its hidden layer.

    With SiLU it is SwiGLU, with GELU it is GEGLU (https://arxiv.org/abs/2002.05202).

    ```mlir
    %y = transformer.gated_mlp %x, %gate, %up, %down : (…) -> tensor<1x128x896xf32>
    ```

    Args:
        input: x, `[..., in]`.
        gate_weight: W₁, `[hidden, in]`; `[in, hidden]` if `transpose_weight` is false.
        up_weight: W₂, of the shape of W₁.
        down_weight: W₃, `[out, hidden]`; `[hidden, out]` if `transpose_weight` is false.
        gate_bias: b₁, `[hidden]`.
        up_bias: b₂, `[hidden]`.
        down_bias: b₃, `[out]`.
        residual: r, of the shape of y; nothing is added without it.
        activation: what is applied to the gate.
        transpose_weight: whether all weights are kept as PyTorch's `Linear` keeps them.

    Returns:
        y, `[..., out]`.
    """

    name = "transformer.gated_mlp"
    irdl_options = (ParsePropInAttrDict(), AttrSizedOperandSegments(as_property=True))
    FORM: ClassVar = GatedMlpForm

    input = operand_def(TensorType)
    gate_weight = operand_def(TensorType)
    up_weight = operand_def(TensorType)
    down_weight = operand_def(TensorType)
    gate_bias = opt_operand_def(TensorType)
    up_bias = opt_operand_def(TensorType)
    down_bias = opt_operand_def(TensorType)
    residual = opt_operand_def(TensorType)
    activation = prop_def(ActivationAttr, default_value=_SILU)
    transpose_weight = prop_def(BoolAttr, default_value=_TRUE)
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        input: Operand,
        gate_weight: Operand,
        up_weight: Operand,
        down_weight: Operand,
        gate_bias: Operand | None = None,
        up_bias: Operand | None = None,
        down_bias: Operand | None = None,
        residual: Operand | None = None,
        *,
        activation: Activation = Activation.SILU,
        transpose_weight: bool = True,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (input, gate_weight, up_weight, down_weight, gate_bias, up_bias, down_bias, residual),
            {"activation": activation, "transpose_weight": transpose_weight},
            location=location,
        )


def _features(op: EmittedOp, weight: SSAValue) -> int:
    """How many features a layer with this weight computes."""
    return shaped(weight.type).shape[0 if op.get("transpose_weight") else 1]


def _check_slices(features: int, kind: str, slices: int) -> None:
    if slices > max(features, 1):
        raise VerifyException(f"{features} {kind} cannot be computed in {slices} slices")


def _check_orientation(input: SSAValue, orientation: str) -> None:
    if orientation != "rows" and shaped(input.type).rank < 2:
        raise VerifyException("a vector has no columns for the form's orientation")
