"""How arguments are drawn: shapes, element types, tensors that fit together, mostly.

Each draw costs hypothesis more time than PyTorch takes for the operator, so a shape is two draws.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import (
    Shaped,
    bf16,
    c64,
    c128,
    f16,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
    ui8,
)

Arguments = st.SearchStrategy[dict[str, Any]]
Shape = tuple[int, ...]

_DTYPES = [f32, i64, i1, bf16, c64, ui8, i32, f64, f16, i8, i16, c128]
_EXTENTS = [2, 3, 1, 4, 0, 6]

DTYPES = st.sampled_from(_DTYPES)
FLOATS = st.sampled_from([f32, bf16, f16, f64])
MOSTLY_FLOATS = st.sampled_from([f32, bf16, f16, f64] * 4 + _DTYPES)
MOSTLY_ARITHMETIC = st.sampled_from([f32, f32, i64, c64] * 3 + _DTYPES)
MOSTLY_INTEGERS = st.sampled_from([i64, i32, i1, ui8, i8] * 4 + _DTYPES)
MOSTLY_COMPLEX = st.sampled_from([c64, c128] * 6 + _DTYPES)
EXTENTS = st.sampled_from(_EXTENTS)
DIMS = st.integers(-5, 5)
POSITIONS = st.integers(-7, 7)
SMALL = st.integers(-2, 8)
MEMORY_FORMATS = st.sampled_from(["contiguous_format", "channels_last", "channels_last_3d"])
RARELY = st.integers(0, 15).map(lambda number: number == 15)


def named(names: str) -> list[str]:
    """The dialect's names of operators."""
    return [f"aten.{name}" for name in names.split()]


# -- independent arguments -------------------------------------------------------------------


def _shapes_of_rank(rank: int) -> st.SearchStrategy[Shape]:
    base = len(_EXTENTS)

    def digits(number: int) -> Shape:
        return tuple(_EXTENTS[number // base**axis % base] for axis in range(rank))

    return st.integers(0, base**rank - 1).map(digits)


_SHAPES = [_shapes_of_rank(rank) for rank in range(6)]


def shapes(min_rank: int = 0, max_rank: int = 4) -> st.SearchStrategy[Shape]:
    return st.one_of(_SHAPES[min_rank : max_rank + 1])


def tensors(
    min_rank: int = 0, max_rank: int = 4, dtypes: Any = DTYPES
) -> st.SearchStrategy[Shaped]:
    return st.builds(Shaped, shapes(min_rank, max_rank), dtypes)


def arguments(**strategies: Any) -> Arguments:
    """Keyword arguments; a strategy called `name__` may leave its argument `name` out."""
    required = {name: s for name, s in strategies.items() if not name.endswith("__")}
    optional = {name[:-2]: s for name, s in strategies.items() if name.endswith("__")}
    return st.fixed_dictionaries(required, optional=optional)


def both(left: Arguments, **others: Any) -> Arguments:
    """Arguments drawn apart, put together."""
    return st.tuples(left, arguments(**others)).map(lambda parts: parts[0] | parts[1])


# -- arguments that depend on a tensor -------------------------------------------------------


def dim_of(input: Shaped) -> st.SearchStrategy[int]:
    """Mostly a dimension of `input`, counted from either end."""
    if input.rank == 0:
        return st.integers(-2, 1)
    own = st.integers(-input.rank, input.rank - 1)
    return own | own | DIMS


def dims_of(input: Shaped) -> st.SearchStrategy[list[int]]:
    """Mostly distinct dimensions of `input`."""
    axes = st.lists(st.integers(0, max(input.rank - 1, 0)), unique=True, max_size=input.rank)
    signed = axes.map(lambda axes: [axis - input.rank if axis % 2 else axis for axis in axes])
    return signed | signed | signed | st.lists(DIMS, max_size=3)


def over(base: st.SearchStrategy[Shaped], **strategies: Any) -> Arguments:
    """Arguments that depend on `input`: functions of it give their strategies."""

    def draw(input: Shaped) -> Arguments:
        made = {name: s(input) if callable(s) else s for name, s in strategies.items()}
        return arguments(input=st.just(input), **made)

    return base.flatmap(draw)


# -- tensors that fit together ---------------------------------------------------------------


def _shrunk(shape: Shape, number: int) -> Shape:
    # A shape that broadcasts to `shape`, mostly: which extents are 1, which are left out.
    ones, kept = number % 16, number // 16
    extents = [1 if ones >> axis & 1 else extent for axis, extent in enumerate(shape)]
    extents = extents[kept - 4 :] if 4 < kept < 8 else extents
    if extents and kept == 15:
        extents[0] = 5
    return tuple(extents)


@st.composite
def operands(draw: st.DrawFn, names: str, dtypes: Any = DTYPES, **others: Any) -> dict[str, Any]:
    """Tensors whose shapes broadcast and whose types differ, mostly; a `name__` may be absent."""
    shape = draw(shapes())
    common = draw(st.none() | dtypes)
    drawn: dict[str, Any] = {}
    for name in names.split():
        dtype = draw(dtypes) if common is None else common
        number = draw(st.integers(0, 255))
        if not name.endswith("__") or number % 4:
            drawn[name.removesuffix("__")] = Shaped(_shrunk(shape, number), dtype)
    return drawn | draw(arguments(**others))


@st.composite
def fitting(draw: st.DrawFn, dtypes: Any = MOSTLY_ARITHMETIC, **formulas: str) -> dict[str, Any]:
    """Tensors after formulas, `a="n k", b="k m"`: a letter stands for one extent throughout.

    `B…` is a batch: any shape, some of its extents 1. A `name__` may be absent. Now and then an
    extent, a rank or an element type is another one.
    """
    letters = sorted({letter for formula in formulas.values() for letter in formula.split()})
    extents = dict(zip(letters, draw(_shapes_of_rank(len(letters))), strict=True))
    batch = draw(shapes(0, 2)) if "B…" in letters else ()
    dtype = draw(dtypes)
    drawn: dict[str, Any] = {}
    for name, formula in formulas.items():
        change = draw(st.integers(0, 47))
        if name.endswith("__") and change % 2:
            continue
        shape: list[int] = []
        for letter in formula.split():
            if letter == "B…":
                shape += [1 if change % 8 == axis else extent for axis, extent in enumerate(batch)]
            else:
                shape.append(int(letter) if letter.isdigit() else extents[letter])
        if change == 47:
            shape = list(draw(shapes()))
        elif change == 46 and shape:
            shape[draw(st.integers(0, len(shape) - 1))] = 5
        own = draw(DTYPES) if change == 45 else dtype
        drawn[name.removesuffix("__")] = Shaped(tuple(shape), own)
    return drawn


def either(*formulas: dict[str, str], **others: Any) -> Arguments:
    """Tensors after one of several sets of formulas."""
    return both(st.one_of([fitting(**each) for each in formulas]), **others)


def floating(**formulas: str) -> Arguments:
    """Tensors after formulas, of a floating-point type, mostly."""
    return fitting(dtypes=MOSTLY_FLOATS, **formulas)
