"""Attention, and the rotary position embedding of its queries and keys."""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects.builtin import (
    I64,
    BoolAttr,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    LocationAttr,
    TensorType,
)
from xdsl.irdl import (
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from forge.dialects.transformer.forms import AttentionForm, EmittedOp, RotaryForm
from forge.ir.schema_op import Operand

_FALSE = BoolAttr.from_bool(False)


@irdl_op_definition
class AttentionOp(EmittedOp):
    """y = softmax(cap(scale·q·kᵀ) + mask)·v, for each head; cap(s) = softcap·tanh(s/softcap).

    With fewer key/value heads than query heads, each serves a group of consecutive query heads
    (grouped-query attention; multi-query with one): query head h reads key/value head
    h // (query heads / key/value heads).

    ```mlir
    %y = transformer.attention %q, %k, %v, mask = %m {scale = 0.125}
        : (tensor<1x14x128x64xf32>, tensor<1x2x128x64xf32>, tensor<1x2x128x64xf32>,
           tensor<1x1x128x128xi1>) -> tensor<1x14x128x64xf32>
    ```

    Args:
        query: q, `[..., heads, length, size]`.
        key: k, `[..., kv_heads, source length, size]`; `heads` is a multiple of `kv_heads`.
        value: v, `[..., kv_heads, source length, value size]`.
        mask: what can be broadcast to `[..., heads, length, source length]`: booleans (true where
            a query attends to a key), or numbers of the query's type that are added to the scores.
        scale: what the scores are multiplied with; 1/√size if absent.
        causal: whether query i attends to keys j ≤ i only (as PyTorch's `is_causal`, also where
            the lengths differ), besides what the mask says.
        softcap: what the scores are kept below, before the mask is added (Gemma 2,
            https://arxiv.org/abs/2408.00118); they are not capped if absent.
        window: how many keys a causal query attends to at most: its own and those right before
            it, i − window < j ≤ i (Mistral, https://arxiv.org/abs/2310.06825); all if absent.

    Returns:
        y, `[..., heads, length, value size]`. Where a query attends to no key at all, zero.
    """

    name = "transformer.attention"
    irdl_options = (ParsePropInAttrDict(),)
    FORM: ClassVar = AttentionForm

    query = operand_def(TensorType)
    key = operand_def(TensorType)
    value = operand_def(TensorType)
    mask = opt_operand_def(TensorType)
    scale = opt_prop_def(FloatAttr[Float64Type])
    causal = prop_def(BoolAttr, default_value=_FALSE)
    softcap = opt_prop_def(FloatAttr[Float64Type])
    window = opt_prop_def(IntegerAttr[I64])
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        query: Operand,
        key: Operand,
        value: Operand,
        mask: Operand | None = None,
        *,
        scale: float | None = None,
        causal: bool = False,
        softcap: float | None = None,
        window: int | None = None,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (query, key, value, mask),
            {"scale": scale, "causal": causal, "softcap": softcap, "window": window},
            location=location,
        )

    @property
    def groups(self) -> int:
        """How many query heads share one key/value head."""
        heads, kv_heads = (self.shaped_operand(value).shape[-3] for value in (self.query, self.key))
        return heads // kv_heads


@irdl_op_definition
class RotaryEmbeddingOp(EmittedOp):
    """y = x ⊙ cos + rotate(x) ⊙ sin, over the first `rotary_dims` of the last dimension.

    rotate(x₁ ‖ x₂) = −x₂ ‖ x₁ for the two halves of x; interleaved, for its neighbours:
    rotate(x)₂ᵢ = −x₂ᵢ₊₁ and rotate(x)₂ᵢ₊₁ = x₂ᵢ (https://arxiv.org/abs/2104.09864).
    Elements past `rotary_dims` stay as they are.

    ```mlir
    %y = transformer.rotary_embedding %x, %cos, %sin
        : (tensor<1x14x128x64xf32>, tensor<1x1x128x64xf32>, tensor<1x1x128x64xf32>)
        -> tensor<1x14x128x64xf32>
    ```

    Args:
        x: `[..., size]`.
        cos: what can be broadcast to `[..., rotary_dims]`, its last dimension already that long;
            or half as long, if the two elements that are rotated into each other share theirs.
            Of x's element type; or f32 for x of 16 bits, which is then rotated in f32 and rounded
            once.
        sin: of the type of `cos`.
        interleaved: whether neighbours are rotated, and not halves.
        rotary_dims: how many elements are rotated, an even number; all if absent.

    Returns:
        y, of the type of x.
    """

    name = "transformer.rotary_embedding"
    irdl_options = (ParsePropInAttrDict(),)
    FORM: ClassVar = RotaryForm

    x = operand_def(TensorType)
    cos = operand_def(TensorType)
    sin = operand_def(TensorType)
    interleaved = prop_def(BoolAttr, default_value=_FALSE)
    rotary_dims = opt_prop_def(IntegerAttr[I64])
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        x: Operand,
        cos: Operand,
        sin: Operand,
        *,
        interleaved: bool = False,
        rotary_dims: int | None = None,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            (x, cos, sin),
            {"interleaved": interleaved, "rotary_dims": rotary_dims},
            location=location,
        )
