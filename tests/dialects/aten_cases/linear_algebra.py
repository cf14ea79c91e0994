"""Random arguments, good and bad ones, for products, distances, attention and embeddings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import Shaped, c64, f32, i1, i32, i64
from tests.dialects.aten_cases.drawing import (
    DIMS,
    Arguments,
    arguments,
    both,
    either,
    fitting,
    floating,
    shapes,
)

INDEX_DTYPES = st.sampled_from([i64, i64, i32, f32])
SCALE = st.sampled_from([1, 2, 0.5])


ADDED: dict[str, Any] = {"alpha__": SCALE, "beta__": SCALE}
PRODUCTS = [
    {"input": "B… n k", "other": "B… k m"},
    {"input": "k", "other": "B… k m"},
    {"input": "B… n k", "other": "k"},
    {"input": "k", "other": "k"},
    {"input": "B… n k", "other": "k m"},
]


@st.composite
def tensordots(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(fitting(input="a b c", other="c a d"))
    pairs = draw(st.sampled_from([([2], [0]), ([0, 2], [1, 0]), ([-1], [-3]), ([], []), ([1], [])]))
    return drawn | {"dims_self": pairs[0], "dims_other": pairs[1]}


EQUATIONS = (
    ("ij,jk->ik", "i j", "j k"),
    ("ij , jk", "i j", "j k"),
    ("bij,bjk->bik", "b i j", "b j k"),
    ("...ij,...jk->...ik", "B… i j", "B… j k"),
    ("bhid,bhjd->bhij", "b h i d", "b h j d"),
    ("i,j->ij", "i", "j"),
    ("ba,ca", "b a", "c a"),
    ("ii->i", "i i"),
    ("ij->ji", "i j"),
    ("...ij->...ji", "B… i j"),
    ("i...,i...->...", "i a", "i a"),
    ("ij,jk,kl->il", "i j", "j k", "k l"),
    ("ij,jk->iz", "i j", "j k"),
    ("ij->ii", "i j"),
    ("ij,jk->i", "i j"),
    ("i.j->ij", "i j"),
    ("i1->i", "i j"),
)


@st.composite
def einsums(draw: st.DrawFn) -> dict[str, Any]:
    equation, *formulas = draw(st.sampled_from(EQUATIONS))
    floats = st.sampled_from([f32, f32, c64])
    operands = {f"operand{index}": formula for index, formula in enumerate(formulas)}
    tensors = list(draw(fitting(floats, **operands)).values())
    # Whether element types may differ depends on which extents are 1: here they do not.
    dtype = tensors[0].dtype
    return {"equation": equation, "tensors": [Shaped(each.shape, dtype) for each in tensors]}


@st.composite
def attentions(draw: st.DrawFn, fixed_rank: bool = False) -> dict[str, Any]:
    batch = "b h" if fixed_rank or draw(st.booleans()) else "B…"
    formulas = {"query": f"{batch} l e", "key": f"{batch} s e", "value": f"{batch} s e"}
    if draw(st.booleans()) and not fixed_rank:
        formulas["value"] = f"{batch} s v"
    grouped = not fixed_rank and draw(st.integers(0, 3)) == 0
    if grouped:
        formulas = {"query": "b 6 l e", "key": "b 2 s e", "value": "b 3 s v"}
    masks = ["l s", "l s", "1 1 l s", "1 s", "b 1 1 s"]
    drawn = draw(floating(**formulas, attn_mask__=draw(st.sampled_from(masks))))
    if "attn_mask" in drawn and draw(st.booleans()):
        drawn["attn_mask"] = Shaped(drawn["attn_mask"].shape, i1)
    if draw(st.booleans()):
        drawn["is_causal"] = draw(st.booleans())
    if grouped and draw(st.integers(0, 4)):
        drawn["enable_gqa"] = True
    return drawn


def index_vectors(names: str) -> Arguments:
    return st.fixed_dictionaries(
        {name: st.builds(Shaped, shapes(1, 1), INDEX_DTYPES) for name in names.split()}
    )


@st.composite
def embedding_bags(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(floating(weight="n d")) | draw(index_vectors("indices offsets"))
    if draw(st.booleans()):
        drawn["offsets"] = Shaped(drawn["offsets"].shape, drawn["indices"].dtype)
    drawn |= draw(
        arguments(
            mode__=st.integers(0, 2), include_last_offset__=st.booleans(), padding_idx__=st.just(0)
        )
    )
    if draw(st.integers(0, 2)) == 0:
        samples = drawn["indices"].shape if draw(st.integers(0, 3)) else (2,)
        drawn["per_sample_weights"] = Shaped(samples, drawn["weight"].dtype)
    return drawn


CASES: dict[str, Arguments] = {
    "aten._cdist_forward": both(
        floating(x1="B… n k", x2="B… m k"),
        p=st.sampled_from([2.0, 1.0, 0.0, -1.0]),
        compute_mode=st.none() | st.integers(0, 3),
    ),
    "aten._embedding_bag": embedding_bags(),
    "aten._pdist_forward": both(floating(input="n k"), p__=st.sampled_from([2.0, 1.0])),
    "aten._scaled_dot_product_flash_attention_for_cpu": attentions(fixed_rank=True),
    "aten.addbmm": either(
        {"input": "n m", "batch1": "b n k", "batch2": "b k m"},
        {"input": "m", "batch1": "b n k", "batch2": "b k m"},
        **ADDED,
    ),
    "aten.addmm": either(
        {"input": "n m", "mat1": "n k", "mat2": "k m"},
        {"input": "m", "mat1": "n k", "mat2": "k m"},
        {"input": "", "mat1": "n k", "mat2": "k m"},
        **ADDED,
    ),
    # Where there is no row PyTorch returns `input` as it is.
    "aten.addmv": either(
        {"input": "n", "mat": "n k", "vec": "k"},
        {"input": "", "mat": "n k", "vec": "k"},
        **ADDED,
    ).filter(lambda drawn: drawn["mat"].shape[:1] != (0,)),
    "aten.addr": either(
        {"input": "n m", "vec1": "n", "vec2": "m"}, {"input": "m", "vec1": "n", "vec2": "m"}
    ),
    "aten.baddbmm": either(
        {"input": "b n m", "batch1": "b n k", "batch2": "b k m"},
        {"input": "n 1", "batch1": "b n k", "batch2": "b k m"},
        **ADDED,
    ),
    "aten.bilinear": fitting(input1="B… i", input2="B… j", weight="o i j", bias__="o"),
    "aten.bmm": fitting(input="b n k", mat2="b k m"),
    "aten.cdist": both(
        floating(x1="B… n k", x2="B… m k"),
        p__=st.sampled_from([2.0, 1.0, 0.0, -1.0]),
        compute_mode__=st.integers(0, 3),
    ),
    "aten.cross": either(
        {"input": "n 3", "other": "n 3"}, {"input": "n 3 m", "other": "1 3 m"}, dim__=DIMS
    ),
    "aten.dot": fitting(input="n", tensor="n"),
    "aten.einsum": einsums(),
    "aten.embedding": both(
        fitting(weight="n d"),
        indices=st.builds(Shaped, shapes(), INDEX_DTYPES),
        padding_idx__=st.just(0),
    ),
    "aten.inner": either(
        {"input": "a k", "other": "b k"},
        {"input": "k", "other": "a b k"},
        {"input": "", "other": "k"},
    ),
    "aten.linalg_cross": either(
        {"input": "n 3", "other": "n 3"}, {"input": "n 3 m", "other": "1 3 m"}, dim__=DIMS
    ),
    "aten.linear": either(
        {"input": "B… k", "weight": "m k", "bias__": "m"},
        {"input": "B… k", "weight": "m k", "bias__": "m"},
        {"input": "B… k", "weight": "k", "bias__": ""},
    ),
    "aten.matmul": either(*PRODUCTS),
    "aten.mm": fitting(input="n k", mat2="k m"),
    "aten.mv": fitting(input="n k", vec="k"),
    "aten.outer": fitting(input="n", vec2="m"),
    # With nothing to attend to PyTorch returns zeros, and looks at no shape.
    "aten.scaled_dot_product_attention": attentions().filter(
        lambda drawn: all(drawn[name].numel for name in ("query", "key", "value"))
    ),
    "aten.tensordot": tensordots(),
    "aten.vdot": fitting(input="n", other="n"),
}
