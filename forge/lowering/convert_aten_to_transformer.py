"""From `aten` to `transformer`, where PyTorch already said what it meant in one operator."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, bf16, f16, f32, f64
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.dialects.forge import WeightOp
from forge.ir.tensors import Shaped, is_bool, is_float, shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, producer

# What PyTorch's rms_norm takes for eps when it is given none: that of the type it computes in.
_MACHINE_EPSILON: dict[Attribute, float] = {
    f16: 2.0**-23,
    bf16: 2.0**-23,
    f32: 2.0**-23,
    f64: 2.0**-52,
}


@dataclass(frozen=True)
class ConvertAtenToTransformerPass(ModulePass):
    """Replace PyTorch's composite operators by the transformer operations that they are.

    Converted are `linear`, `addmm`, `mm` and `matmul` with a weight, `layer_norm`, `rms_norm`,
    `embedding` and `scaled_dot_product_attention`, and their native variants. An operator whose
    arguments the transformer dialect cannot express (dropout in attention, a scaled `addmm`, batch
    dimensions that are broadcast) stays as it is.

        %y = aten.addmm %b, %x, %w : (tensor<6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> …

    becomes

        %y = transformer.linear %x, %w, bias = %b {transpose_weight = false} : …
    """

    name = "convert-aten-to-transformer"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(
            op,
            [
                ConvertLinear(),
                ConvertAddmm(),
                ConvertMatmul(),
                ConvertLayerNorm(),
                ConvertRmsNorm(),
                ConvertEmbedding(),
                ConvertAttention(),
            ],
        )


class ConvertLinear(Pattern[aten.LinearOp]):
    # linear(x, W, b)  →  x·Wᵀ + b

    def match_and_rewrite(self, op: aten.LinearOp, rewriter: Rewriter) -> None:
        if (reason := _unfit_layer(op.input, op.weight, op.bias, transposed=True)) is not None:
            return rewriter.no_match(op, reason)
        return rewriter.replace(op, transformer.LinearOp(op.input, op.weight, op.bias))


class ConvertAddmm(Pattern[aten.AddmmOp]):
    # addmm(b, x, W) = x·W + b, what Conv1D does; addmm(b, x, Wᵀ), what a decomposed linear does

    def match_and_rewrite(self, op: aten.AddmmOp, rewriter: Rewriter) -> None:
        if op.get("alpha") != 1 or op.get("beta") != 1:
            return rewriter.no_match(op, "the product or the bias is scaled")
        weight, transposed = _weight_and_layout(op.mat2)
        if (reason := _unfit_layer(op.mat1, weight, op.input, transposed)) is not None:
            return rewriter.no_match(op, reason)
        return _replace_product(op, op.mat1, weight, op.input, transposed, rewriter)


class ConvertMatmul(Pattern[aten.MmOp | aten.MatmulOp]):
    # x·W with a matrix W of the model's; a product of two activations is no linear layer

    def match_and_rewrite(self, op: aten.MmOp | aten.MatmulOp, rewriter: Rewriter) -> None:
        matrix = op.mat2 if isinstance(op, aten.MmOp) else op.other
        weight, transposed = _weight_and_layout(matrix)
        if producer(weight, WeightOp) is None:
            return rewriter.no_match(op, "the second operand is not a weight")
        if (reason := _unfit_layer(op.input, weight, None, transposed)) is not None:
            return rewriter.no_match(op, reason)
        return _replace_product(op, op.input, weight, None, transposed, rewriter)


class ConvertLayerNorm(Pattern[aten.LayerNormOp | aten.NativeLayerNormOp]):
    # (x − mean(x)) / √(var(x) + eps) ⊙ w + b

    def match_and_rewrite(
        self, op: aten.LayerNormOp | aten.NativeLayerNormOp, rewriter: Rewriter
    ) -> None:
        reason = _unfit_types(op.input, op.weight, op.bias) or _unfit_results(op)
        if reason is not None:
            return rewriter.no_match(op, reason)
        norm = transformer.LayerNormOp(
            op.input,
            op.weight,
            op.bias,
            normalized_shape=op.get("normalized_shape"),
            eps=op.get("eps"),
        )
        return _replace_first_result(op, norm, rewriter)


class ConvertRmsNorm(Pattern[aten.RmsNormOp | aten.InternalFusedRmsNormOp]):
    # x / √(mean(x²) + eps) ⊙ w

    def match_and_rewrite(
        self, op: aten.RmsNormOp | aten.InternalFusedRmsNormOp, rewriter: Rewriter
    ) -> None:
        reason = _unfit_types(op.input, op.weight) or _unfit_results(op)
        if reason is not None:
            return rewriter.no_match(op, reason)
        eps = op.get("eps")
        norm = transformer.RmsNormOp(
            op.input,
            op.weight,
            normalized_shape=op.get("normalized_shape"),
            eps=_MACHINE_EPSILON[_shaped(op.input).dtype] if eps is None else eps,
        )
        return _replace_first_result(op, norm, rewriter)


class ConvertEmbedding(Pattern[aten.EmbeddingOp]):
    # W[ids]; the padding index matters to gradients only

    def match_and_rewrite(self, op: aten.EmbeddingOp, rewriter: Rewriter) -> None:
        if not is_float(_shaped(op.weight).dtype):
            return rewriter.no_match(op, "the table is not floating-point")
        return rewriter.replace(op, transformer.EmbeddingOp(op.weight, op.indices))


_Attention = aten.ScaledDotProductAttentionOp | aten.InternalScaledDotProductFlashAttentionForCpuOp


class ConvertAttention(Pattern[_Attention]):
    # softmax(scale·q·kᵀ + mask)·v

    def match_and_rewrite(self, op: _Attention, rewriter: Rewriter) -> None:
        if (reason := self._unfit(op) or _unfit_results(op)) is not None:
            return rewriter.no_match(op, reason)
        attention = transformer.AttentionOp(
            op.query,
            op.key,
            op.value,
            op.attn_mask,
            scale=op.get("scale"),
            causal=op.get("is_causal"),
        )
        return _replace_first_result(op, attention, rewriter)

    def _unfit(self, op: _Attention) -> str | None:
        query, key, value = (_shaped(operand) for operand in (op.query, op.key, op.value))
        if op.get("dropout_p") != 0.0:
            return "there is dropout"
        if (reason := _unfit_types(op.query, op.key, op.value)) is not None:
            return reason
        mask_dtype = query.dtype if op.attn_mask is None else _shaped(op.attn_mask).dtype
        if mask_dtype != query.dtype and not is_bool(mask_dtype):
            return "the mask has neither booleans nor the query's element type"
        if min(query.rank, key.rank, value.rank) < 3:
            return "there is no dimension of heads"
        if not query.shape[:-3] == key.shape[:-3] == value.shape[:-3]:
            return "the batch dimensions are broadcast"
        # Without enable_gqa, one key/value head is broadcast: that is a group of all query heads.
        if key.shape[-3] != value.shape[-3] or query.shape[-3] % key.shape[-3]:
            return "the heads are broadcast"
        return None


def _replace_product(
    op: aten.AddmmOp | aten.MmOp | aten.MatmulOp,
    input: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    transposed: bool,
    rewriter: Rewriter,
) -> None:
    # A product of matrices needs the rows of x flattened; a linear layer takes them as they are.
    # The reshape then comes behind the layer, where it meets the one that undid the flattening.
    rows = _before_flattening(input)
    linear = transformer.LinearOp(rows, weight, bias, transpose_weight=transposed)
    if rows is input:
        return rewriter.replace(op, linear)
    rewriter.insert(linear, before=op)
    return rewriter.replace(op, aten.ReshapeOp(linear.result, shape=_shaped(op.result).shape))


def _unfit_results(op: Operation) -> str | None:
    if any(result.first_use is not None for result in op.results[1:]):
        return "what its gradient needs is used"
    return None


def _replace_first_result(op: Operation, new: Operation, rewriter: Rewriter) -> None:
    rewriter.insert(new, before=op)
    rewriter.replace(op, [new.results[0], *op.results[1:]])


def _before_flattening(value: SSAValue) -> SSAValue:
    """x, where `value` is a reshape of x that keeps its last dimension; otherwise `value`."""
    op = value.owner
    if not isinstance(op, aten.ViewOp | aten.ReshapeOp | aten.InternalUnsafeViewOp):
        return value
    before = _shaped(op.operands[0]).shape
    return op.operands[0] if before and before[-1] == _shaped(value).shape[-1] else value


def _shaped(value: SSAValue) -> Shaped:
    return shaped(value.type)


def _weight_and_layout(matrix: SSAValue) -> tuple[SSAValue, bool]:
    """The weight behind the right operand of a product, and whether the product transposes it."""
    op = matrix.owner
    # Of a matrix, and only that is a weight, all three swap the dimensions.
    swaps = isinstance(op, aten.MTOp | aten.NumpyTOp | aten.TOp)
    if swaps or (isinstance(op, Operation) and _swaps_two_dimensions(op)):
        return op.operands[0], True
    return matrix, False


def _swaps_two_dimensions(op: Operation) -> bool:
    if isinstance(op, aten.TransposeIntOp):
        return _shaped(op.input).rank == 2 and op.get("dim0") % 2 != op.get("dim1") % 2
    if isinstance(op, aten.PermuteOp):
        return [dim % 2 for dim in op.get("dims")] == [1, 0]
    return False


def _unfit_layer(
    input: SSAValue, weight: SSAValue, bias: SSAValue | None, transposed: bool
) -> str | None:
    """Why these are no linear layer of the transformer dialect; `None` if they are."""
    if _shaped(weight).rank != 2:
        return "the weight is not a matrix"
    outputs = _shaped(weight).shape[0 if transposed else 1]
    if bias is not None and _shaped(bias).shape != (outputs,):
        return "the bias is not a vector with one element for each output"
    return _unfit_types(input, weight, bias)


def _unfit_types(*operands: SSAValue | None) -> str | None:
    dtypes = {_shaped(operand).dtype for operand in operands if operand is not None}
    if len(dtypes) != 1:
        return "the operands have several element types"
    return None if is_float(next(iter(dtypes))) else "the operands are not floating-point"
