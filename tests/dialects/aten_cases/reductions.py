"""Random arguments, good and bad ones, for reductions, scans and sorting."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import Shaped, f32, f64
from tests.dialects.aten_cases.drawing import (
    DIMS,
    DTYPES,
    MOSTLY_FLOATS,
    Arguments,
    arguments,
    dim_of,
    dims_of,
    named,
    operands,
    over,
    shapes,
    tensors,
)

FLOATING = tensors(dtypes=MOSTLY_FLOATS)
# Nothing to choose from is one case of many.
FULL = st.builds(Shaped, shapes().map(lambda s: tuple(max(n, 1) for n in s)), DTYPES) | tensors()
KEEPDIM = {"keepdim__": st.booleans()}
DTYPE = {"dtype__": st.sampled_from([f32, f64]) | st.just(f64) | DTYPES}
SUMS = st.sampled_from([2, 1.0, 0, 3.5])
EXTREMA = st.sampled_from([float("inf"), -float("inf"), -1])
CORRECTION: dict[str, Any] = {"correction__": st.sampled_from([0, 1, 0.5]), **KEEPDIM}
UNBIASED: dict[str, Any] = {"unbiased__": st.booleans(), **KEEPDIM}


def dims_or_none(input: Shaped) -> st.SearchStrategy[list[int] | None]:
    return dims_of(input) | st.none()


def norms(order: str, **others: Any) -> Arguments:
    """Norms; those that are a maximum only over tensors with elements.

    On others the meta kernel takes the extent of a negative dimension for 0.
    """
    filled = FLOATING.filter(lambda input: input.numel > 0)
    return over(FLOATING, **{order: SUMS}, **others) | over(filled, **{order: EXTREMA}, **others)


@st.composite
def differences(draw: st.DrawFn) -> dict[str, Any]:
    """A tensor, and others to go before and after it."""
    input = draw(tensors(1))
    dim = draw(dim_of(input))
    drawn = {"input": input, "n": draw(st.integers(-1, 3)), "dim": dim}
    for name in draw(st.lists(st.sampled_from(["prepend", "append"]), unique=True)):
        shape = list(input.shape)
        axis = dim % input.rank if draw(st.integers(0, 9)) else 0
        shape[axis] = draw(st.integers(0, 3))
        drawn[name] = Shaped(tuple(shape), draw(st.just(input.dtype) | DTYPES))
    return drawn


CASES: dict[str, Arguments] = {
    **dict.fromkeys(named("all any"), arguments(input=tensors())),
    **dict.fromkeys(named("max min median"), arguments(input=FULL)),
    **dict.fromkeys(named("all.dim any.dim"), over(tensors(), dim=dim_of, **KEEPDIM)),
    **dict.fromkeys(named("all.dims any.dims"), over(tensors(), dim__=dims_or_none, **KEEPDIM)),
    **dict.fromkeys(named("amax amin"), over(FULL, dim__=dims_of, **KEEPDIM)),
    **dict.fromkeys(named("aminmax argmax argmin"), over(FULL, dim__=dim_of, **KEEPDIM)),
    **dict.fromkeys(named("max.dim min.dim median.dim"), over(FULL, dim=dim_of, **KEEPDIM)),
    **dict.fromkeys(named("mean sum prod"), arguments(input=tensors(), **DTYPE)),
    **dict.fromkeys(
        named("nanmean nansum"), over(FLOATING | tensors(), dim__=dims_or_none, **KEEPDIM, **DTYPE)
    ),
    **dict.fromkeys(
        named("mean.dim sum.dim_IntList"), over(tensors(), dim=dims_or_none, **KEEPDIM, **DTYPE)
    ),
    **dict.fromkeys(named("std var"), arguments(input=FLOATING, unbiased__=st.booleans())),
    **dict.fromkeys(
        named("std.correction std_mean.correction var.correction var_mean.correction"),
        over(FLOATING, dim__=dims_or_none, **CORRECTION),
    ),
    **dict.fromkeys(
        named("std.dim std_mean.dim var.dim var_mean.dim"),
        over(FLOATING, dim=dims_or_none, **UNBIASED),
    ),
    **dict.fromkeys(named("cummax cummin logcumsumexp"), over(FULL, dim=dim_of)),
    **dict.fromkeys(named("cumprod cumsum"), over(tensors(), dim=dim_of, **DTYPE)),
    "aten.argsort": over(tensors(), dim__=dim_of, descending__=st.booleans()),
    "aten.argsort.stable": over(
        tensors(), stable=st.booleans(), dim__=dim_of, descending__=st.booleans()
    ),
    "aten.cosine_similarity": operands(
        "x1 x2", dtypes=MOSTLY_FLOATS, dim__=st.integers(-2, 1) | DIMS
    ),
    "aten.count_nonzero.dim_IntList": over(tensors(), dim=dims_of),
    "aten.diff": differences() | over(tensors(), n__=st.integers(-1, 3), dim__=dim_of),
    "aten.kthvalue": over(FULL, k=st.sampled_from([1, 1, 2, 3, 0]), dim__=dim_of, **KEEPDIM),
    "aten.linalg_vector_norm": norms("ord__", dim__=dims_or_none, **KEEPDIM, **DTYPE),
    "aten.logsumexp": over(tensors(), dim=dims_of, **KEEPDIM),
    "aten.norm.Scalar": norms("p__"),
    "aten.norm.ScalarOpt_dim": norms("p", dim=dims_of, **KEEPDIM),
    "aten.norm.ScalarOpt_dim_dtype": norms(
        "p", dim=dims_of, keepdim=st.booleans(), dtype=DTYPE["dtype__"]
    ),
    "aten.norm.ScalarOpt_dtype": norms("p", dtype=DTYPE["dtype__"]),
    "aten.prod.dim_int": over(tensors(), dim=dim_of, **KEEPDIM, **DTYPE),
    "aten.sort": over(tensors(), dim__=dim_of, descending__=st.booleans()),
    "aten.sort.stable": over(
        tensors(), stable=st.booleans(), dim__=dim_of, descending__=st.booleans()
    ),
    "aten.trace": arguments(input=tensors(2, 2) | tensors(2, 2) | tensors()),
    "aten.topk": over(FULL, k=st.integers(-1, 4), dim__=dim_of, largest__=st.booleans()),
}
