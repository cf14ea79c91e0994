"""Random arguments, good and bad ones, for the operators that see, slice and rearrange tensors."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import (
    Shaped,
    c64,
    c128,
    f32,
    f64,
    i64,
)
from tests.dialects.aten_cases.drawing import (
    DIMS,
    DTYPES,
    EXTENTS,
    MEMORY_FORMATS,
    POSITIONS,
    SMALL,
    Arguments,
    arguments,
    dim_of,
    dims_of,
    over,
    shapes,
    tensors,
)


@st.composite
def sizes_of(draw: st.DrawFn, numel: int) -> list[int]:
    """A shape of `numel` elements, perhaps with an extent −1."""
    size: list[int] = []
    rest = numel
    for _ in range(draw(st.integers(0, 3))):
        factor = draw(st.sampled_from([n for n in range(1, 7) if rest % n == 0]))
        size.append(factor)
        rest //= factor
    size.append(rest)
    if draw(st.booleans()):
        size[draw(st.integers(0, len(size) - 1))] = -1
    return size


def new_sizes(input: Shaped) -> st.SearchStrategy[list[int]]:
    return sizes_of(input.numel) | st.lists(st.integers(-2, 6), max_size=3)


@st.composite
def expansions(draw: st.DrawFn, input: Shaped) -> list[int]:
    """A size that `input` expands to, mostly."""
    size = [
        draw(EXTENTS) if extent == 1 else draw(st.sampled_from([extent, extent, extent, -1, 5]))
        for extent in input.shape
    ]
    # PyTorch does not look at what a scalar is expanded to, not even at a negative extent.
    added = st.sampled_from([2, 3, 1, 0, -1] if size else [2, 3, 1, 0])
    return draw(st.lists(added, max_size=2)) + size


@st.composite
def permutations(draw: st.DrawFn, input: Shaped) -> list[int]:
    order = draw(st.permutations(range(input.rank)))
    return [axis - input.rank if draw(st.booleans()) else axis for axis in order]


@st.composite
def movements(draw: st.DrawFn) -> dict[str, Any]:
    input = draw(tensors())
    source = draw(dims_of(input))
    return {
        "input": input,
        "source": source,
        "destination": draw(permutations(input))[: len(source)],
    }


@st.composite
def split_sizes(draw: st.DrawFn, name: str) -> dict[str, Any]:
    input = draw(tensors(1))
    dim = draw(st.integers(-input.rank, input.rank - 1))
    cuts = sorted(draw(st.lists(st.integers(0, input.shape[dim]), max_size=3)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, input.shape[dim]], strict=True)]
    if draw(st.integers(0, 5)) == 0:
        sizes.append(draw(st.integers(-1, 2)))
    return {"input": input, name: sizes, "dim": dim}


@st.composite
def unflattenings(draw: st.DrawFn) -> dict[str, Any]:
    input = draw(tensors())
    dim = draw(dim_of(input))
    in_range = -input.rank <= dim < input.rank
    sizes = sizes_of(input.shape[dim]) if in_range else st.just([1])
    return {"input": input, "dim": dim, "sizes": draw(sizes | st.lists(EXTENTS, max_size=2))}


@st.composite
def rolls(draw: st.DrawFn) -> dict[str, Any]:
    input = draw(tensors())
    dims = draw(dims_of(input) | st.just([]))
    count = draw(st.sampled_from([max(len(dims), 1)] * 5 + [0, 2]))
    shifts = draw(st.lists(POSITIONS, min_size=count, max_size=count))
    return {"input": input, "shifts": shifts} | ({"dims": dims} if draw(st.booleans()) else {})


@st.composite
def with_same(draw: st.DrawFn, min_size: int = 1, **strategies: Any) -> dict[str, Any]:
    """A list of tensors that differ in one dimension at most, mostly."""
    shape = draw(shapes(0, 3))
    members: list[Shaped] = []
    dtypes = DTYPES if draw(st.booleans()) else st.just(draw(DTYPES))
    axis = draw(st.integers(0, 3))
    for _ in range(draw(st.integers(min_size, 3))):
        extents = list(shape)
        if axis < len(extents) and draw(st.booleans()):
            extents[axis] = draw(EXTENTS)
        own = (0,) if draw(st.integers(0, 9)) == 0 else tuple(extents)
        members.append(Shaped(own, draw(dtypes)))
    dim = {name: draw(strategy) for name, strategy in strategies.items()}
    return {"tensors": members, **dim}


def stacks(**strategies: Any) -> Arguments:
    same = st.tuples(shapes(0, 3), st.lists(DTYPES, min_size=1, max_size=3)).map(
        lambda drawn: {"tensors": [Shaped(drawn[0], dtype) for dtype in drawn[1]]}
    )
    made = st.fixed_dictionaries(strategies)
    return st.tuples(same, made).map(lambda parts: parts[0] | parts[1]) | with_same(**strategies)


ANY = arguments(input=tensors())
VECTORS = st.tuples(DTYPES, st.lists(shapes(0, 1), min_size=1, max_size=3)).map(
    lambda drawn: [Shaped(shape, drawn[0]) for shape in drawn[1]]
)

CASES: dict[str, Arguments] = {
    "aten._unsafe_view": over(tensors(), size=new_sizes),
    "aten.adjoint": ANY,
    "aten.alias": ANY,
    "aten.broadcast_tensors": stacks(),
    "aten.broadcast_to": over(tensors(), size=expansions),
    "aten.cat": with_same(dim=DIMS),
    "aten.chunk": over(tensors(), chunks=SMALL, dim__=dim_of),
    "aten.clone": arguments(input=tensors(0, 5), memory_format__=MEMORY_FORMATS),
    "aten.column_stack": with_same(),
    "aten.concat": with_same(dim=DIMS),
    "aten.contiguous": arguments(input=tensors(0, 5), memory_format__=MEMORY_FORMATS),
    "aten.detach": ANY,
    "aten.diag": arguments(input=tensors(0, 3), diagonal__=SMALL),
    "aten.diag_embed": over(tensors(0, 3), offset__=SMALL, dim1__=dim_of, dim2__=dim_of),
    "aten.diagonal": over(tensors(), offset__=POSITIONS, dim1__=dim_of, dim2__=dim_of),
    "aten.expand": over(tensors(), size=expansions),
    "aten.expand_as": over(
        tensors(),
        other=lambda x: st.builds(
            Shaped, expansions(x).map(lambda size: tuple(abs(extent) for extent in size)), DTYPES
        ),
    ),
    "aten.flatten.using_ints": over(tensors(), start_dim__=dim_of, end_dim__=dim_of),
    "aten.flip": over(tensors(), dims=dims_of),
    "aten.hstack": with_same(),
    "aten.lift_fresh": ANY,
    "aten.lift_fresh_copy": ANY,
    "aten.mT": ANY,
    "aten.meshgrid": arguments(tensors=VECTORS),
    "aten.meshgrid.indexing": arguments(
        tensors=VECTORS, indexing=st.sampled_from(["ij", "xy", "yx"])
    ),
    "aten.movedim.int": over(tensors(), source=dim_of, destination=dim_of),
    "aten.movedim.intlist": movements(),
    "aten.narrow": over(
        tensors(1), dim=dim_of, start=st.integers(-2, 2), length=st.integers(-1, 2)
    ),
    "aten.numpy_T": ANY,
    "aten.permute": over(tensors(), dims=lambda x: permutations(x) | dims_of(x)),
    "aten.ravel": ANY,
    "aten.repeat": arguments(input=tensors(0, 3), repeats=st.lists(st.integers(-1, 3), max_size=4)),
    "aten.repeat_interleave.self_int": over(tensors(), repeats=SMALL, dim__=dim_of),
    "aten.reshape": over(tensors(), shape=new_sizes),
    "aten.resolve_conj": ANY,
    "aten.resolve_neg": ANY,
    "aten.roll": rolls(),
    "aten.rot90": over(tensors(), k__=POSITIONS, dims__=dims_of),
    "aten.select.int": over(tensors(), dim=dim_of, index=st.integers(-3, 2)),
    "aten.slice.Tensor": over(
        tensors(), dim__=dim_of, start__=POSITIONS, end__=POSITIONS, step__=SMALL
    ),
    "aten.split.Tensor": over(tensors(), split_size=SMALL, dim__=dim_of),
    "aten.split.sizes": split_sizes("split_size"),
    "aten.split_with_sizes": split_sizes("split_sizes"),
    "aten.squeeze": ANY,
    "aten.squeeze.dim": over(tensors(), dim=dim_of),
    "aten.squeeze.dims": over(tensors(), dim=dims_of),
    "aten.stack": stacks(dim=DIMS),
    "aten.swapaxes": over(tensors(), axis0=dim_of, axis1=dim_of),
    "aten.swapdims": over(tensors(), dim0=dim_of, dim1=dim_of),
    "aten.t": ANY,
    "aten.tensor_split.indices": over(
        tensors(), indices=st.lists(POSITIONS, max_size=3), dim__=dim_of
    ),
    "aten.tensor_split.sections": over(tensors(), sections=SMALL, dim__=dim_of),
    "aten.tile": arguments(input=tensors(0, 3), dims=st.lists(st.integers(-1, 3), max_size=4)),
    "aten.transpose.int": over(tensors(), dim0=dim_of, dim1=dim_of),
    "aten.tril": arguments(input=tensors(), diagonal__=POSITIONS),
    "aten.triu": arguments(input=tensors(), diagonal__=POSITIONS),
    "aten.unbind.int": over(tensors(), dim__=dim_of),
    "aten.unflatten.int": unflattenings(),
    "aten.unfold": over(
        tensors(), dimension=dim_of, size=st.integers(-1, 3), step=st.integers(0, 3)
    ),
    "aten.unsqueeze": over(tensors(), dim=DIMS),
    "aten.view": over(tensors(), size=new_sizes),
    # PyTorch also looks at strides here, which say something odd where an extent is 0.
    "aten.view.dtype": arguments(input=tensors().filter(lambda x: x.numel > 0), dtype=DTYPES),
    "aten.view_as": over(
        tensors(),
        other=lambda x: st.builds(
            Shaped,
            sizes_of(x.numel).map(lambda size: tuple(abs(extent) for extent in size)),
            DTYPES,
        ),
    ),
    "aten.view_as_complex": over(
        tensors(0, 2, st.sampled_from([f32, f64, i64])).map(
            lambda x: Shaped((*x.shape, 2), x.dtype)
        )
        | tensors()
    ),
    "aten.view_as_real": arguments(input=tensors(0, 3, st.sampled_from([c64, c128, f32]))),
    "aten.vstack": with_same(),
}
