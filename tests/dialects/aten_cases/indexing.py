"""Random arguments, good and bad ones, for the operators that read and write at places."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from hypothesis import strategies as st

from forge.dialects.aten.shapes.slicing import diagonal, select, slice
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import Shaped, f32, i1, i32, i64
from tests.dialects.aten_cases.drawing import Arguments, arguments, dim_of, over, shapes, tensors

INDEX_TYPES = st.sampled_from([i64, i64, i64, i64, i32, f32])


def smaller(shape: tuple[int, ...]) -> st.SearchStrategy[tuple[int, ...]]:
    """A shape of the same rank, no larger, mostly."""
    exact = st.tuples(*(st.integers(min(extent, 1), extent) for extent in shape))
    return exact | exact | st.tuples(*(st.integers(0, extent + 1) for extent in shape))


def index_tensors(shape: tuple[int, ...]) -> st.SearchStrategy[Shaped]:
    """Of some type that is no index at times; PyTorch does not look at that of an empty one."""
    return INDEX_TYPES.map(lambda dtype: Shaped(shape, dtype if prod(shape) else i64))


@st.composite
def element_places(draw: st.DrawFn, *, src: bool = False, **strategies: Any) -> dict[str, Any]:
    """`input`, `dim`, an `index` of its rank and perhaps a `src` that is no smaller."""
    input = draw(tensors(0, 3))
    drawn: dict[str, Any] = {"input": input, "dim": draw(dim_of(input))}
    index = draw(smaller(input.shape))
    drawn["index"] = draw(index_tensors(index))
    if src:
        larger = st.tuples(*(st.integers(extent, extent + 1) for extent in index))
        dtype = draw(st.sampled_from([input.dtype] * 9 + [f32]))
        drawn["src"] = Shaped(draw(larger | larger | smaller(index)), dtype)
    return drawn | {name: draw(strategy) for name, strategy in strategies.items()}


@st.composite
def slice_places(draw: st.DrawFn, *, source: bool = False, **strategies: Any) -> dict[str, Any]:
    """`input`, `dim`, an `index` vector and perhaps a `source` with as many slices."""
    input = draw(tensors(0, 3))
    drawn: dict[str, Any] = {"input": input, "dim": draw(dim_of(input))}
    count = draw(st.integers(0, 3))
    shape = draw(st.sampled_from([(count,)] * 7 + [(), (1, 2)]))
    drawn["index"] = draw(index_tensors(shape))
    if source:
        extents = list(input.shape)
        if extents and -len(extents) <= drawn["dim"] < len(extents):
            extents[drawn["dim"]] = draw(st.sampled_from([drawn["index"].numel] * 5 + [4]))
        dtype = draw(st.sampled_from([input.dtype] * 9 + [f32]))
        drawn["source"] = Shaped(tuple(extents), dtype)
    return drawn | {name: draw(strategy) for name, strategy in strategies.items()}


@st.composite
def index_lists(draw: st.DrawFn, dtypes: Any = INDEX_TYPES) -> dict[str, Any]:
    """`input` and `indices` that broadcast, some of them absent."""
    input = draw(tensors(1, 4))
    shape = draw(shapes(0, 2))
    indices: list[Shaped | None] = []
    for _ in range(draw(st.integers(1, input.rank + (draw(st.integers(0, 5)) == 0)))):
        own = tuple(draw(st.sampled_from([extent, 1])) for extent in shape)
        index = Shaped(own[draw(st.integers(0, len(own))) :], draw(dtypes))
        indices.append(draw(st.sampled_from([index, index, None])))
    if not any(indices):
        indices[0] = Shaped(shape, i64)
    return {"input": input, "indices": indices}


@st.composite
def put_lists(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(index_lists())
    dtype = draw(st.sampled_from([drawn["input"].dtype] * 5 + [f32]))
    return drawn | {"values": Shaped(draw(shapes(0, 2)), dtype), "accumulate": draw(st.booleans())}


def embeddings(base: Any, take: Callable[..., Shaped], **strategies: Any) -> Arguments:
    """`input`, where a part is, and a `src` of the shape that `take` gives the part, mostly."""

    @st.composite
    def draw_source(draw: st.DrawFn) -> dict[str, Any]:
        drawn = draw(over(base, **strategies))
        input = drawn["input"]
        try:
            shape = take(**drawn).shape
        except ShapeError:
            shape = ()
        if draw(st.integers(0, 5)) == 0:
            shape = draw(smaller(shape) | shapes())
        return drawn | {"src": Shaped(shape, draw(st.sampled_from([input.dtype] * 3 + [f32])))}

    return draw_source()


def sequences(input: Shaped) -> st.SearchStrategy[Shaped]:
    own = st.integers(0, 4).map(lambda extent: (*input.shape[:-1], extent))
    return st.builds(Shaped, own | own | shapes(0, 2), st.sampled_from([input.dtype] * 9 + [f32]))


SEARCHED = tensors(0, 3, st.sampled_from([f32, i64, i32]))


def searches(**others: Any) -> Arguments:
    return over(
        SEARCHED,
        sorted_sequence=sequences,
        out_int32__=st.booleans(),
        right__=st.booleans(),
        side__=st.sampled_from(["left", "right", "right", "middle"]),
        **others,
    )


CASES: dict[str, Arguments] = {
    "aten._unsafe_index.Tensor": index_lists(),
    "aten.bucketize.Tensor": over(
        SEARCHED, boundaries=sequences, out_int32__=st.booleans(), right__=st.booleans()
    ),
    "aten.diagonal_scatter": embeddings(
        tensors(2, 3), diagonal, offset__=st.integers(-2, 2), dim1__=dim_of, dim2__=dim_of
    ),
    "aten.gather": element_places(),
    "aten.index.Tensor": index_lists(),
    "aten.index_add": slice_places(source=True),
    "aten.index_copy": slice_places(source=True),
    "aten.index_fill.int_Scalar": slice_places(value=st.just(1)),
    "aten.index_fill.int_Tensor": slice_places(value=tensors(0, 0) | tensors(0, 1)),
    "aten.index_put": put_lists(),
    "aten.index_select": slice_places(),
    "aten.isin.Tensor_Scalar": arguments(elements=SEARCHED, test_element=st.integers(0, 3)),
    "aten.isin.Tensor_Tensor": arguments(elements=SEARCHED, test_elements=SEARCHED),
    "aten.masked_scatter": over(
        tensors(0, 3),
        mask=lambda x: smaller(x.shape).map(lambda shape: Shaped(shape, i1)) | tensors(0, 3),
        source=lambda x: st.builds(Shaped, shapes(), st.sampled_from([x.dtype] * 5 + [f32])),
    ),
    "aten.scatter.reduce": element_places(src=True, reduce=st.sampled_from(["add", "multiply"])),
    "aten.scatter.src": element_places(src=True),
    "aten.scatter.value": element_places(value=st.just(1)),
    "aten.scatter.value_reduce": element_places(
        value=st.just(1), reduce=st.sampled_from(["add", "multiply", "mean"])
    ),
    "aten.scatter_add": element_places(src=True),
    "aten.scatter_reduce.two": element_places(
        src=True,
        reduce=st.sampled_from(["sum", "prod", "mean", "amax", "amin", "add"]),
        include_self=st.booleans(),
    ),
    "aten.searchsorted.Tensor": searches()
    | searches(sorter__=sequences)
    | searches().map(lambda d: d | {"sorter": Shaped(d["sorted_sequence"].shape, i64)}),
    "aten.select_scatter": embeddings(tensors(1, 3), select, dim=dim_of, index=st.integers(-2, 1)),
    "aten.slice_scatter": embeddings(
        tensors(1, 3),
        slice,
        dim__=dim_of,
        start__=st.integers(-2, 2),
        end__=st.integers(-1, 6),
        step__=st.integers(0, 3),
    ),
    "aten.take": arguments(input=tensors(), index=shapes(0, 3).flatmap(index_tensors)),
    "aten.take_along_dim": over(
        tensors(0, 3),
        indices=lambda x: (smaller(x.shape) | shapes()).flatmap(index_tensors),
        dim__=dim_of,
    ),
}
