"""What `transformer` operations mean in OpenVINO's instructions."""

from __future__ import annotations

from xdsl.dialects.builtin import bf16, f16, f32
from xdsl.ir import SSAValue

from forge.dialects import reg, transformer
from forge.lowering import layers_to_reg
from forge.lowering.aten_to_reg.attention import Attention, attend
from forge.lowering.aten_to_reg.matrix_engine import normalized_rows
from forge.lowering.aten_to_reg.normalization import layer_norm, rms_norm
from forge.lowering.aten_to_reg.views import split_at
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, dtype_of, rank_of, shape_of

PATTERNS = ConversionPatterns(layers_to_reg.PATTERNS)


@PATTERNS.convert(transformer.AttentionOp)
def attention(op: transformer.AttentionOp, b: RegBuilder) -> SSAValue:
    return attend(
        Attention(
            b[op.query],
            b[op.key],
            b[op.value],
            b.optional(op.mask),
            op.mask,
            op.get("scale"),
            bool(op.get("causal")),
            op.get("softcap"),
            op.get("window"),
        ),
        b,
        op.emission,
    )


@PATTERNS.convert(transformer.LayerNormOp)
def layer_norm_op(op: transformer.LayerNormOp, b: RegBuilder) -> SSAValue:
    weight, bias = b.optional(op.weight), b.optional(op.bias)
    dims, eps = len(op.get("normalized_shape")), op.get("eps")
    if op.emission.statistics == "products":
        return normalized_rows(b[op.input], dims, weight, bias, eps, b, centered=True)
    return layer_norm(b[op.input], dims, weight, bias, eps, b)


@PATTERNS.convert(transformer.RmsNormOp)
def rms_norm_op(op: transformer.RmsNormOp, b: RegBuilder) -> SSAValue:
    weight, offset = b.optional(op.weight), op.get("weight_offset")
    if weight is not None and offset:
        # 1 + w is not rounded to 16 bits, as nothing else on the way is.
        is_short = dtype_of(weight) in (f16, bf16)
        weight = b.add(b.convert(weight, f32) if is_short else weight, offset)
    dims, eps = len(op.get("normalized_shape")), op.get("eps")
    if op.emission.statistics == "products":
        return normalized_rows(b[op.input], dims, weight, None, eps, b, centered=False)
    return rms_norm(b[op.input], dims, weight, eps, b)[0]


@PATTERNS.convert(transformer.GatedConvolutionOp)
def gated_convolution(op: transformer.GatedConvolutionOp, b: RegBuilder) -> SSAValue:
    # c ⊙ conv(b ⊙ x); channels come before tokens in a convolution.
    size, _, kernel = shape_of(b[op.weight])
    inner, outer, x = split_at(b[op.input], 2, [size] * 3, b)
    convolution = reg.GroupConvolutionOp(
        b.transpose(b.multiply(inner, x), [0, 2, 1]),
        b.reshape(b[op.weight], [size, 1, 1, kernel]),
        strides=[1],
        pads_begin=[kernel - 1],
        pads_end=[0],
        dilations=[1],
    )
    y = b.emit(convolution)
    if (bias := b.optional(op.bias)) is not None:
        y = b.add(y, b.reshape(bias, [1, size, 1]))
    return b.multiply(outer, b.transpose(y, [0, 2, 1]))


@PATTERNS.convert(transformer.EmbeddingOp)
def embedding(op: transformer.EmbeddingOp, b: RegBuilder) -> SSAValue:
    return b.gather(b[op.weight], b[op.ids])


@PATTERNS.convert(transformer.RotaryEmbeddingOp)
def rotary_embedding(op: transformer.RotaryEmbeddingOp, b: RegBuilder) -> SSAValue:
    # x·cos + rotate(x)·sin over the first dimensions; the rest passes through.
    x, cos, sin = b[op.x], b[op.cos], b[op.sin]
    axis = rank_of(x) - 1
    whole = shape_of(x)[axis]
    size = op.get("rotary_dims") or whole
    turned = b.convert(b.slice(x, axis, 0, size), dtype_of(cos))
    turn = _turned_pairs if op.get("interleaved") else _turned_halves
    turned = b.convert(turn(turned, cos, sin, b), dtype_of(x))
    return turned if size == whole else b.concat([turned, b.slice(x, axis, size, whole)], axis)


def _turned_halves(x: SSAValue, cos: SSAValue, sin: SSAValue, b: RegBuilder) -> SSAValue:
    # (x₁ ‖ x₂)·cos + (−x₂ ‖ x₁)·sin. Two slices and an axis counted from the back: in this form
    # OpenVINO's CPU plugin recognises the rotation and makes one kernel of it.
    axis, size = rank_of(x) - 1, shape_of(x)[-1]
    if shape_of(cos)[-1] != size:
        cos, sin = (b.concat([table, table], rank_of(table) - 1) for table in (cos, sin))
    first, second = b.slice(x, axis, 0, size // 2), b.slice(x, axis, size // 2, size)
    rotated = b.emit(reg.ConcatOp([b.emit(reg.NegativeOp(second)), first], axis=-1))
    return b.add(b.multiply(x, cos), b.multiply(rotated, sin))


def _turned_pairs(x: SSAValue, cos: SSAValue, sin: SSAValue, b: RegBuilder) -> SSAValue:
    # (x₀, x₁, x₂, x₃, …)·cos + (−x₁, x₀, −x₃, x₂, …)·sin
    *batch, size = shape_of(x)
    if shape_of(cos)[-1] != size:
        cos, sin = (_doubled(table, b) for table in (cos, sin))
    pairs = b.reshape(x, [*batch, size // 2, 2])
    even, odd = split_at(pairs, len(batch) + 1, [1, 1], b)
    rotated = b.emit(reg.ConcatOp([b.emit(reg.NegativeOp(odd)), even], axis=len(batch) + 1))
    return b.add(b.multiply(x, cos), b.multiply(b.reshape(rotated, shape_of(x)), sin))


def _doubled(table: SSAValue, b: RegBuilder) -> SSAValue:
    # (t₀, t₁, …) → (t₀, t₀, t₁, t₁, …)
    *batch, size = shape_of(table)
    pairs = b.broadcast(b.unsqueeze(table, len(batch) + 1), [*batch, size, 2])
    return b.reshape(pairs, [*batch, 2 * size])
