"""Shapes of attention and the rotary embedding."""

from __future__ import annotations

from math import inf

from xdsl.dialects.builtin import bf16, f16, f32

from forge.dialects.transformer.shapes.checks import check_broadcasts, check_same_float
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_bool


@shape_function("transformer.attention")
def attention(
    query: Shaped,
    key: Shaped,
    value: Shaped,
    mask: Shaped | None = None,
    scale: float | None = None,
    causal: bool = False,
    softcap: float | None = None,
    window: int | None = None,
) -> Shaped:
    """`[..., heads, length, value size]`."""
    if softcap is not None and not 0.0 < softcap < inf:
        raise ShapeError(f"softcap must be positive and finite, got {softcap}")
    if window is not None and not causal:
        raise ShapeError("window needs causal")
    if window is not None and window < 1:
        raise ShapeError(f"window must be at least 1, got {window}")
    check_same_float(query=query, key=key, value=value)
    for name, operand in (("query", query), ("key", key), ("value", value)):
        if operand.rank < 3:
            raise ShapeError(f"{name} must be [..., heads, length, size], got {operand}")
        if operand.shape[:-3] != query.shape[:-3]:
            raise ShapeError(
                f"{name} has batch dimensions {list(operand.shape[:-3])}, "
                f"query {list(query.shape[:-3])}"
            )
    heads, _, size = query.shape[-3:]
    kv_heads, source_length, key_size = key.shape[-3:]
    if key_size != size:
        raise ShapeError(f"key has heads of size {key_size}, query of size {size}")
    if value.shape[-3:-1] != (kv_heads, source_length):
        raise ShapeError(
            f"value has {value.shape[-3]} heads of length {value.shape[-2]}, "
            f"key {kv_heads} of length {source_length}"
        )
    if kv_heads == 0 or heads % kv_heads:
        raise ShapeError(f"{heads} query heads cannot share {kv_heads} key/value heads evenly")
    if mask is not None:
        if not is_bool(mask.dtype):
            check_same_float(query=query, mask=mask)
        check_broadcasts("mask", mask, (*query.shape[:-1], source_length), "the scores")
    return Shaped((*query.shape[:-1], value.shape[-1]), query.dtype)


@shape_function("transformer.rotary_embedding")
def rotary_embedding(
    x: Shaped,
    cos: Shaped,
    sin: Shaped,
    interleaved: bool = False,
    rotary_dims: int | None = None,
) -> Shaped:
    """The shape of x."""
    check_same_float(cos=cos, sin=sin)
    if x.dtype not in (f16, bf16) or cos.dtype != f32:
        check_same_float(x=x, cos=cos)
    if x.rank < 1:
        raise ShapeError("x must have at least one dimension")
    rotated = x.shape[-1] if rotary_dims is None else rotary_dims
    if rotated % 2 or not 0 < rotated <= x.shape[-1]:
        raise ShapeError(
            f"rotary_dims must be even, and at most the size of x, {x.shape[-1]}: got {rotated}"
        )
    for name, table in (("cos", cos), ("sin", sin)):
        if table.rank < 1 or table.shape[-1] not in (rotated, rotated // 2):
            raise ShapeError(
                f"{name} must have {rotated} or {rotated // 2} elements in its last dimension, "
                f"got {table}"
            )
        target = (*x.shape[:-1], table.shape[-1])
        check_broadcasts(name, table, target, "what is rotated,")
    if sin.shape != cos.shape:
        raise ShapeError(f"sin has shape {list(sin.shape)}, cos {list(cos.shape)}")
    return Shaped(x.shape, x.dtype)
