"""Recognise norms that were written out."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, bf16, f16, f32
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.tensors import Shaped, shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, producer, single_user
from forge.rewriting.arithmetic import plus_scalar, squared


@dataclass(frozen=True)
class FuseNormalizationPass(ModulePass):
    """Replace an RMS norm in its parts by `transformer.rms_norm`.

    The mean is over the last dimensions and keeps them, epsilon is inside the root, and nothing
    else uses what lies between. A norm that is computed in f32 and converted back, as Llama does
    for 16-bit types, is recognised with its conversions. A weight that follows is included, also
    Gemma's 1 + w.

        %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : …
        %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : …
        %2 = aten.add.Scalar %1 {other = 1.0e-06} : …
        %3 = aten.rsqrt %2 : …
        %4 = aten.mul.Tensor %x, %3 : …
        %5 = aten.mul.Tensor %w, %4 : …

    becomes

        %5 = transformer.rms_norm %x, weight = %w {normalized_shape = [896], eps = 1.0e-06} : …
    """

    name = "fuse-normalization"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseRmsNorm(), FuseRmsNormWeight(), FuseRmsNormConversion()])


class FuseRmsNorm(Pattern[aten.RsqrtOp]):
    # x · rsqrt(mean(x²) + eps)  →  rms_norm(x)

    def match_and_rewrite(self, op: aten.RsqrtOp, rewriter: Rewriter) -> None:
        shifted = plus_scalar(op.input)
        mean = producer(op.input if shifted is None else shifted[0], aten.MeanDimOp)
        if mean is None or (x := squared(mean.input)) is None:
            return None
        if shifted is None or shifted[1] < 0.0:
            return rewriter.no_match(op, "no epsilon is added to the mean of squares")
        normalized_shape = _trailing_shape(mean)
        if normalized_shape is None:
            return rewriter.no_match(op, "the mean is not over the last dimensions, or drops them")
        between = (mean.input, mean.result, op.input)
        if not all(value.has_one_use() for value in between):
            return rewriter.no_match(op, "the mean of squares has other users")
        scale = single_user(op.result)
        if not isinstance(scale, aten.MulTensorOp):
            return rewriter.no_match(op, "the root is not used to scale x alone")
        scaled = scale.other if scale.input is op.result else scale.input
        if scaled is not x or scale.result.type != x.type:
            return rewriter.no_match(
                op, "the root scales something else than what it is the root of"
            )
        if shaped(mean.result.type).dtype != shaped(x.type).dtype:
            return rewriter.no_match(op, "the mean has another element type than x")
        norm = transformer.RmsNormOp(x, normalized_shape=normalized_shape, eps=shifted[1])
        return rewriter.replace(scale, norm)


class FuseRmsNormWeight(Pattern[transformer.RmsNormOp]):
    # rms_norm(x) ⊙ w  →  rms_norm(x, w);  rms_norm(x) ⊙ (c + w)  →  rms_norm(x, w) {offset = c}

    def match_and_rewrite(self, op: transformer.RmsNormOp, rewriter: Rewriter) -> None:
        scale = single_user(op.result)
        if op.weight is not None or not isinstance(scale, aten.MulTensorOp):
            return None
        factor = scale.other if scale.input is op.result else scale.input
        wanted = Shaped(tuple(op.get("normalized_shape")), shaped(op.result.type).dtype)
        if shaped(factor.type) != wanted:
            return rewriter.no_match(op, f"what it is multiplied by is no {wanted}")
        weight, offset = plus_scalar(factor) or (factor, 0.0)
        norm = transformer.RmsNormOp(
            op.input,
            weight,
            normalized_shape=op.get("normalized_shape"),
            eps=op.get("eps"),
            weight_offset=offset,
        )
        return rewriter.replace(scale, norm)


class FuseRmsNormConversion(Pattern[transformer.RmsNormOp]):
    # f16(rms_norm(f32(x)))  →  rms_norm(x), which is computed in f32 for 16-bit types

    def match_and_rewrite(self, op: transformer.RmsNormOp, rewriter: Rewriter) -> None:
        back = single_user(op.result)
        if (x := _widened(op.input)) is None or not isinstance(back, aten.ToDtypeOp):
            return None
        if back.result.type != x.type:
            return rewriter.no_match(op, f"its result is not converted back to {x.type}")
        weight = None if op.weight is None else _widened(op.weight)
        if (weight is None) != (op.weight is None):
            return rewriter.no_match(op, "its weight is not converted as its input is")
        if weight is not None and shaped(weight.type).dtype != shaped(x.type).dtype:
            return rewriter.no_match(op, "its weight has another element type than its input")
        norm = transformer.RmsNormOp(
            x,
            weight,
            normalized_shape=op.get("normalized_shape"),
            eps=op.get("eps"),
            weight_offset=op.get("weight_offset"),
        )
        return rewriter.replace(back, norm)


def _trailing_shape(mean: aten.MeanDimOp) -> tuple[int, ...] | None:
    """The extents that a mean is over, if they are the last ones and it keeps them."""
    shape = shaped(mean.input.type).shape
    dims = sorted(dim % len(shape) for dim in mean.get("dim") or ())
    if not dims or not mean.get("keepdim") or dims != list(range(dims[0], len(shape))):
        return None
    return shape[dims[0] :]


def _widened(value: SSAValue) -> SSAValue | None:
    """x, where `value` is x of a 16-bit type as f32."""
    conversion = producer(value, aten.ToDtypeOp)
    if conversion is None or shaped(value.type).dtype != f32:
        return None
    return conversion.input if shaped(conversion.input.type).dtype in (f16, bf16) else None
