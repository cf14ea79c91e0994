"""Contractions: MatMul, Einsum, attention, grouped products, inverses."""

from __future__ import annotations

from forge.dialects.reg.shapes.checks import (
    broadcast,
    check_extents,
    check_float,
    check_index,
    check_numeric,
    check_rank,
    check_same_dtype,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_bool


@shape_function("reg.MatMul")
def matmul(A: Shaped, B: Shaped, transpose_a: bool, transpose_b: bool) -> Shaped:
    """A vector is a row on the left and a column on the right, whatever is to be transposed."""
    dtype = check_same_dtype(A=A, B=B)
    check_numeric(A, "A")
    if not A.rank or not B.rank:
        raise ShapeError(f"a scalar has no matrix product: {A} · {B}")
    left = (1, *A.shape) if A.rank == 1 else A.shape
    right = (*B.shape, 1) if B.rank == 1 else B.shape
    if transpose_a and A.rank > 1:
        left = (*left[:-2], left[-1], left[-2])
    if transpose_b and B.rank > 1:
        right = (*right[:-2], right[-1], right[-2])
    if left[-1] != right[-2]:
        raise ShapeError(f"{A} · {B}: {left[-1]} columns do not meet {right[-2]} rows")
    rows = left[-2:-1] if A.rank > 1 else ()
    columns = right[-1:] if B.rank > 1 else ()
    return Shaped((*broadcast(left[:-2], right[:-2]), *rows, *columns), dtype)


@shape_function("reg.Einsum")
def einsum(inputs: list[Shaped], equation: str) -> Shaped:
    if not inputs:
        raise ShapeError("Einsum needs an operand")
    dtype = check_same_dtype(**{f"inputs[{index}]": item for index, item in enumerate(inputs)})
    check_numeric(inputs[0], "inputs[0]")
    left, arrow, output = equation.replace(" ", "").partition("->")
    if not arrow:
        # Without one OpenVINO and NumPy order the result's labels differently.
        raise ShapeError(f"the equation {equation!r} has no arrow")
    terms = left.split(",")
    if len(terms) != len(inputs):
        raise ShapeError(f"the equation {equation!r} is for {len(terms)} operands")
    extents: dict[str, tuple[int, ...]] = {}
    for term, operand in zip(terms, inputs, strict=True):
        for label, found in _labels(term, operand.rank, operand.shape).items():
            extents[label] = _merge(label, extents.get(label, found), found)
    return Shaped(_output_shape(output, extents), dtype)


ELLIPSIS = "..."


def _split(term: str) -> list[str]:
    """The labels of a term, an ellipsis being one."""
    before, dots, after = term.partition(ELLIPSIS)
    labels = [*before, *([ELLIPSIS] if dots else []), *after]
    if any(label != ELLIPSIS and not (label.isascii() and label.isalpha()) for label in labels):
        raise ShapeError(f"{term!r} is no term of an Einsum equation")
    return labels


def _labels(term: str, rank: int, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    labels = _split(term)
    named = sum(label != ELLIPSIS for label in labels)
    if named > rank or (named < rank and ELLIPSIS not in labels):
        raise ShapeError(f"the term {term!r} does not fit a rank of {rank}")
    extents: dict[str, tuple[int, ...]] = {}
    axis = 0
    for label in labels:
        count = rank - named if label == ELLIPSIS else 1
        found = shape[axis : axis + count]
        axis += count
        if extents.setdefault(label, found) != found:
            raise ShapeError(f"the label {label} is {extents[label][0]} and {found[0]}")
    return extents


def _merge(label: str, known: tuple[int, ...], found: tuple[int, ...]) -> tuple[int, ...]:
    if label != ELLIPSIS and known != found and 1 not in (*known, *found):
        raise ShapeError(f"the label {label} is {known[0]} and {found[0]}")
    return broadcast(known, found)


def _output_shape(output: str, extents: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    labels = _split(output)
    if len(set(labels)) != len(labels) or not set(labels) <= set(extents) | {ELLIPSIS}:
        raise ShapeError(f"the result's term {output!r} repeats a label or has one of no operand")
    return tuple(extent for label in labels for extent in extents.get(label, ()))


@shape_function("reg.ScaledDotProductAttention")
def scaled_dot_product_attention(
    query: Shaped,
    key: Shaped,
    value: Shaped,
    attn_mask: Shaped | None,
    scale: Shaped | None,
    sink: Shaped | None,
    causal: bool,
) -> Shaped:
    """Query [N…, L, E], key [N…, S, E], value [N…, S, Ev], mask [N…, L, S] → [N…, L, Ev]."""
    mask = None if attn_mask is None or is_bool(attn_mask.dtype) else attn_mask
    dtype = check_same_dtype(
        query=query, key=key, value=value, attn_mask=mask, scale=scale, sink=sink
    )
    check_float(query, "query")
    for name, operand in (("query", query), ("key", key), ("value", value)):
        if operand.rank < 3:
            raise ShapeError(f"{name} must have rank 3 or more, got {operand}")
    batch = broadcast(query.shape[:-2], key.shape[:-2], value.shape[:-2])
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ShapeError(f"query {query}, key {key} and value {value} do not fit together")
    length, source = query.shape[-2], key.shape[-2]
    if attn_mask is not None and attn_mask.numel != 1:
        check_attention_mask(attn_mask, (*batch, length, source))
    if scale is not None and scale.numel != 1:
        raise ShapeError(f"scale must be one number, got {scale}")
    return Shaped((*batch, length, value.shape[-1]), dtype)


def check_attention_mask(mask: Shaped, scores: tuple[int, ...]) -> None:
    """The mask broadcasts to the scores' shape.

    Raises:
        ShapeError: it does not.
    """
    if mask.rank < 2 or mask.rank > len(scores) or broadcast(mask.shape, scores) != scores:
        raise ShapeError(f"attn_mask {mask} does not broadcast to the scores {list(scores)}")


@shape_function("reg.GroupedMatMul")
def grouped_matmul(mat_a: Shaped, mat_b: Shaped, offsets: Shaped | None) -> Shaped:
    """[T, K] in groups that end at offsets, or [G, M, K]; mat_b is [G, N, K]."""
    dtype = check_same_dtype(mat_a=mat_a, mat_b=mat_b)
    check_rank(mat_a, "mat_a", 2, 3)
    check_rank(mat_b, "mat_b", 3)
    groups, columns, inner = mat_b.shape
    if mat_a.shape[-1] != inner:
        raise ShapeError(f"{mat_a} has {mat_a.shape[-1]} columns, {mat_b} takes {inner}")
    if mat_a.rank == 3 and mat_a.shape[0] != groups:
        raise ShapeError(f"{mat_a} has {mat_a.shape[0]} groups, {mat_b} has {groups}")
    if (mat_a.rank == 2) != (offsets is not None):
        raise ShapeError("offsets go with a mat_a of rank 2, and only with it")
    if offsets is not None:
        check_index(offsets, "offsets")
        check_extents(offsets, "offsets", (groups,))
    return Shaped((*mat_a.shape[:-1], columns), dtype)


@shape_function("reg.Inverse")
def inverse(data: Shaped, adjoint: bool) -> Shaped:
    check_float(data, "data")
    if data.rank < 2 or data.shape[-1] != data.shape[-2]:
        raise ShapeError(f"data must hold square matrices, got {data}")
    return Shaped(data.shape, data.dtype)
