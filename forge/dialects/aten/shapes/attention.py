"""Scaled dot product attention."""

from __future__ import annotations

from xdsl.dialects.builtin import bf16, f16, f32, i1

from forge.dialects.aten.shapes.dimensions import expect_broadcastable, expect_rank
from forge.dialects.aten.shapes.linear_algebra import matmul_shape
from forge.dialects.aten.shapes.promotion import require_kind, require_same_dtype
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _repeat_heads(query: Shaped, tensor: Shaped, name: str) -> Shaped:
    # Each key and value head serves a group of query heads.
    if query.rank < 3 or tensor.rank < 3:
        raise ShapeError(f"enable_gqa needs operands with a heads dimension, got {name} {tensor}")
    heads, wanted = tensor.shape[-3], query.shape[-3]
    if heads == 0 or wanted % heads:
        raise ShapeError(f"{wanted} query heads do not divide into {heads} heads of {name}")
    return Shaped((*tensor.shape[:-3], wanted, *tensor.shape[-2:]), tensor.dtype)


def _check_mask(mask: Shaped, query: Shaped, scores: tuple[int, ...]) -> None:
    if mask.dtype not in (i1, f32, query.dtype):
        raise ShapeError(f"attn_mask must be of bool, f32 or {query.dtype}, got {mask}")
    expect_broadcastable(mask.shape, scores)


@shape_function("aten.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Shaped,
    key: Shaped,
    value: Shaped,
    attn_mask: Shaped | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Shaped:
    require_kind(require_same_dtype(query, key, value), "f", "the operands")
    if min(query.rank, key.rank, value.rank) < 2:
        raise ShapeError(f"the operands must have rank 2 or more: {query}, {key}, {value}")
    if enable_gqa:
        key, value = _repeat_heads(query, key, "key"), _repeat_heads(query, value, "value")
    transposed = (*key.shape[:-2], key.shape[-1], key.shape[-2])
    scores = matmul_shape(query.shape, transposed)
    if attn_mask is not None:
        if is_causal:
            raise ShapeError("attn_mask and is_causal exclude each other")
        _check_mask(attn_mask, query, scores)
    return Shaped(matmul_shape(scores, value.shape), query.dtype)


@shape_function("aten._scaled_dot_product_flash_attention_for_cpu")
def flash_attention_for_cpu(
    query: Shaped,
    key: Shaped,
    value: Shaped,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    attn_mask: Shaped | None = None,
    scale: float | None = None,
) -> tuple[Shaped, Shaped]:
    for name, tensor in (("query", query), ("key", key), ("value", value)):
        expect_rank(tensor, 4, name=name)
    output = scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal)
    if output.shape != query.shape:
        raise ShapeError("query, key and value must have the same batch, heads and head size")
    dtype = f32 if query.dtype in (f16, bf16) else query.dtype
    return output, Shaped(query.shape[:3], dtype)
