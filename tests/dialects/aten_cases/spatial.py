"""Random arguments, good and bad ones, for operators on images: convolution, pooling, resizing."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import Shaped, c64, c128, f32
from tests.dialects.aten_cases.drawing import (
    DTYPES,
    FLOATS,
    MOSTLY_ARITHMETIC,
    MOSTLY_FLOATS,
    RARELY,
    Arguments,
    arguments,
    both,
    dims_of,
    floating,
    named,
    over,
    shapes,
    tensors,
)

EXTENT = st.sampled_from([5, 3, 4, 2, 6, 1, 7])


def per_dimension(values: Any, spatial: int) -> st.SearchStrategy[list[int]]:
    """One entry for each spatial dimension, or one for all."""
    return st.lists(values, min_size=spatial, max_size=spatial) | st.lists(
        values, min_size=1, max_size=1
    )


@st.composite
def images(
    draw: st.DrawFn, spatial: int, dtypes: Any = MOSTLY_FLOATS, batch: bool | None = None
) -> Shaped:
    """Batch (perhaps none), channels, extents; rarely another rank or an extent of 0."""
    if draw(RARELY):
        return draw(tensors(0, 5, dtypes))
    batched = draw(st.booleans()) if batch is None else batch
    shape = [draw(st.integers(1, 4)) for _ in range(1 + batched)]
    shape += [draw(EXTENT) for _ in range(spatial)]
    if draw(RARELY):
        shape[draw(st.integers(0, len(shape) - 1))] = 0
    return Shaped(tuple(shape), draw(dtypes))


# -- convolution ---------------------------------------------------------------------------

STRIDE = st.sampled_from([1] * 8 + [2] * 6 + [3, 3, 0])
STEPS = st.sampled_from([1, 1, 2])
DILATION = st.sampled_from([1] * 12 + [2] * 6 + [0])
PADDING = st.sampled_from([0] * 8 + [1] * 6 + [2, 2, -1])


@st.composite
def convolutions(
    draw: st.DrawFn, spatial: int, transposed: bool = False, **others: Any
) -> dict[str, Any]:
    """Input, weight and perhaps a bias whose channels fit, mostly."""
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    into, out = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    weight = [into, out // groups] if transposed else [out, into // groups]
    weight += [draw(st.sampled_from([1, 2, 3])) for _ in range(spatial)]
    image = draw(images(spatial, MOSTLY_ARITHMETIC))
    shape = list(image.shape)
    if len(shape) > spatial and not draw(RARELY):
        shape[-1 - spatial] = into
    drawn: dict[str, Any] = {
        "input": Shaped(tuple(shape), image.dtype),
        "weight": Shaped(tuple(weight), draw(DTYPES) if draw(RARELY) else image.dtype),
    }
    if draw(st.booleans()):
        drawn["bias"] = Shaped((out + draw(RARELY),), image.dtype)
    return drawn | draw(arguments(**others)) | {"groups": groups}


def steps(spatial: int, transposed: bool = False, suffix: str = "__") -> dict[str, Any]:
    """Where the windows lie."""
    # Transposed kernels do not look at a dilation of 0.
    values = {"stride": STRIDE, "padding": PADDING, "dilation": STEPS if transposed else DILATION}
    if transposed or not suffix:
        values["output_padding"] = st.sampled_from([0, 0, 1])
    return {name + suffix: per_dimension(each, spatial) for name, each in values.items()}


def convolutions_of(transposed: bool, spatial: int) -> Arguments:
    drawn = convolutions(spatial, transposed, **steps(spatial, transposed, suffix=""))
    return both(drawn, transposed=st.just(transposed))


CONVOLUTIONS: dict[str, Arguments] = {
    "aten.convolution": st.one_of(
        [convolutions_of(transposed, n) for transposed in (False, True) for n in (1, 2, 3)]
    )
}
for _n in (1, 2, 3):
    CONVOLUTIONS[f"aten.conv{_n}d"] = convolutions(_n, **steps(_n))
    CONVOLUTIONS[f"aten.conv{_n}d.padding"] = convolutions(
        _n,
        stride__=st.just([1]) | per_dimension(STRIDE, _n),
        padding__=st.sampled_from(["same", "valid", "same", "full"]),
        dilation__=per_dimension(DILATION, _n),
    )
    CONVOLUTIONS[f"aten.conv_transpose{_n}d" + ("" if _n == 1 else ".input")] = convolutions(
        _n, transposed=True, **steps(_n, transposed=True)
    )

# -- pooling -------------------------------------------------------------------------------

KERNEL = st.sampled_from([2, 3, 1, 4])
POOL_PADDING = st.sampled_from([0, 0, 1])


def windows(spatial: int, **others: Any) -> Arguments:
    return arguments(
        input=images(spatial, MOSTLY_FLOATS),
        kernel_size=per_dimension(KERNEL, spatial),
        stride__=st.just([]) | per_dimension(STRIDE, spatial),
        padding__=per_dimension(POOL_PADDING, spatial),
        ceil_mode__=st.booleans(),
        **others,
    )


def adaptive(spatial: int) -> Arguments:
    # A kernel asked for nothing looks at no type, and a mean over all takes any rank.
    some = st.lists(st.integers(1, 4), min_size=spatial, max_size=spatial)
    any = st.lists(st.integers(-1, 4), min_size=spatial, max_size=spatial)
    drawn = arguments(input=images(spatial), output_size=some) | arguments(
        input=images(spatial, FLOATS), output_size=any
    )
    ranks = (spatial + 1, spatial + 2)
    return drawn.filter(lambda d: d["input"].rank in ranks or {*d["output_size"]} != {1})


POOLS: dict[str, Arguments] = {}
for _n in (1, 2, 3):
    _dilated = windows(_n, dilation__=per_dimension(DILATION, _n))
    POOLS[f"aten.max_pool{_n}d"] = POOLS[f"aten.max_pool{_n}d_with_indices"] = _dilated
    _divided: dict[str, Any] = {} if _n == 1 else {"divisor_override__": st.sampled_from([2, 0, 1])}
    POOLS[f"aten.avg_pool{_n}d"] = windows(_n, count_include_pad__=st.booleans(), **_divided)
    _adaptive = adaptive(_n)
    POOLS[f"aten.adaptive_avg_pool{_n}d"] = POOLS[f"aten.adaptive_max_pool{_n}d"] = _adaptive
    if _n > 1:
        POOLS[f"aten._adaptive_avg_pool{_n}d"] = _adaptive

# -- padding -------------------------------------------------------------------------------


def borders(spatial: int) -> Arguments:
    amounts = st.lists(st.integers(-1, 3), min_size=2 * spatial, max_size=2 * spatial)
    return arguments(input=images(spatial, DTYPES), padding=amounts)


@st.composite
def pads(draw: st.DrawFn) -> dict[str, Any]:
    spatial = draw(st.integers(1, 3))
    input = draw(images(spatial, DTYPES))
    amounts = st.lists(st.integers(-1, 3), min_size=2 * spatial, max_size=2 * spatial)
    drawn = {"input": input, "pad": draw(amounts)}
    modes = st.sampled_from(["constant", "reflect", "replicate", "circular", "mirror"])
    return drawn | draw(
        arguments(mode__=modes, value__=st.just(0.5) if draw(RARELY) else st.none())
    )


FACTOR = st.sampled_from([1, 1, 2, 2, 3, 0])
PADS: dict[str, Arguments] = {
    "aten.channel_shuffle": arguments(input=tensors(3, 4) | tensors(), groups=FACTOR),
    "aten.constant_pad_nd": arguments(
        input=tensors(), pad=st.lists(st.integers(-2, 3), max_size=6), value__=st.just(1)
    ),
    "aten.pad": pads(),
    "aten.pixel_shuffle": arguments(
        input=st.builds(Shaped, shapes(3, 4).map(lambda s: (*s[:-3], 4 * s[-3], *s[-2:])), DTYPES)
        | tensors(),
        upscale_factor=FACTOR,
    ),
    "aten.pixel_unshuffle": arguments(input=tensors(3, 4) | tensors(), downscale_factor=FACTOR),
}
for _n in (1, 2, 3):
    PADS[f"aten.reflection_pad{_n}d"] = PADS[f"aten.replication_pad{_n}d"] = borders(_n)

# -- resampling ----------------------------------------------------------------------------


def to_size(spatial: int, **others: Any) -> Arguments:
    sizes = st.lists(st.integers(1, 6), min_size=spatial, max_size=spatial)
    bad = st.lists(st.integers(-1, 4), max_size=spatial)
    # Over an empty batch the meta kernel of upsample_nearest2d and its kin stumbles.
    batches = images(spatial, batch=True).filter(lambda input: input.shape[:1] != (0,))
    return arguments(input=batches, output_size=sizes | sizes | bad, **others)


@st.composite
def by_scale(draw: st.DrawFn, spatial: int, **others: Any) -> dict[str, Any]:
    factors = st.lists(st.sampled_from([2.0, 1.5, 0.5, 1.0]), min_size=spatial, max_size=spatial)
    drawn = draw(to_size(spatial, **others))
    if draw(st.integers(0, 2)):
        del drawn["output_size"]
    if "output_size" not in drawn or draw(RARELY):
        drawn["scale_factors"] = draw(factors)
    return drawn


UPSAMPLES: dict[str, Arguments] = {}
CORNERS: dict[str, Any] = {"align_corners": st.booleans()}
for _name, _n, _others in (
    ("upsample_nearest1d", 1, {}),
    ("upsample_nearest2d", 2, {}),
    ("upsample_nearest3d", 3, {}),
    ("upsample_linear1d", 1, CORNERS),
    ("upsample_bilinear2d", 2, CORNERS),
    ("upsample_bicubic2d", 2, CORNERS),
    ("upsample_trilinear3d", 3, CORNERS),
):
    UPSAMPLES[f"aten.{_name}"] = to_size(_n, **_others)
    UPSAMPLES[f"aten.{_name}.vec"] = by_scale(_n, **_others)

GRID: dict[str, Any] = {
    "interpolation_mode": st.sampled_from([0, 0, 1, 1, 2]),
    "padding_mode": st.integers(0, 2),
    "align_corners": st.booleans(),
}
GRID_2D = both(floating(input="n c h w", grid="n a b 2"), **GRID)
GRID_3D = both(floating(input="n c d h w", grid="n a b e 3"), **GRID)


@st.composite
def affine_grids(draw: st.DrawFn) -> dict[str, Any]:
    spatial = draw(st.sampled_from([2, 3]))
    drawn = draw(both(floating(theta=f"n {spatial} {spatial + 1}"), align_corners=st.booleans()))
    batch = drawn["theta"].shape[:1] or (1,)
    size = [*batch, 3, *draw(st.lists(EXTENT, min_size=spatial, max_size=spatial))]
    return drawn | {"size": size}


COLUMN: dict[str, Any] = {
    "kernel_size": st.lists(KERNEL, min_size=2, max_size=2),
    "dilation": st.lists(DILATION, min_size=2, max_size=2),
    "padding": st.lists(POOL_PADDING, min_size=2, max_size=2),
    "stride": st.lists(STRIDE, min_size=2, max_size=2),
}


@st.composite
def columns(draw: st.DrawFn) -> dict[str, Any]:
    """As many columns as there are windows, mostly."""
    drawn = draw(arguments(**COLUMN, output_size=st.lists(EXTENT, min_size=2, max_size=2)))
    blocks, rows = 1, 2
    for extent, kernel, dilation, padding, stride in zip(
        *(drawn[n] for n in ("output_size", "kernel_size", "dilation", "padding", "stride")),
        strict=True,
    ):
        blocks *= max((extent + 2 * padding - dilation * (kernel - 1) - 1) // max(stride, 1) + 1, 1)
        rows *= kernel
    shape = [rows + draw(RARELY), blocks + draw(RARELY)]
    batch = draw(st.sampled_from([[], [2], [0]]))
    return drawn | {"input": Shaped((*batch, *shape), draw(MOSTLY_FLOATS))}


def signals(dtypes: Any) -> st.SearchStrategy[Shaped]:
    """Tensors that mostly have elements."""
    return tensors(1, 4, dtypes).map(
        lambda input: (
            input
            if 0 in input.shape[:1]
            else Shaped(tuple(n or 2 for n in input.shape), input.dtype)
        )
    )


def some_dims_of(input: Shaped) -> st.SearchStrategy[list[int]]:
    return st.sampled_from([[-1], [0], list(range(input.rank))]) | dims_of(input)


COMPLEX = st.sampled_from([c64, c64, c64, c128, f32])
FFT: dict[str, Any] = {"normalization": st.integers(0, 2)}

CASES: dict[str, Arguments] = {
    **CONVOLUTIONS,
    **POOLS,
    **PADS,
    **UPSAMPLES,
    **dict.fromkeys(
        named("_upsample_bicubic2d_aa.vec _upsample_bilinear2d_aa.vec"), by_scale(2, **CORNERS)
    ),
    "aten._fft_c2c": over(signals(COMPLEX), dim=dims_of, forward=st.booleans(), **FFT),
    "aten._fft_c2r": over(
        signals(COMPLEX), dim=some_dims_of, last_dim_size=st.integers(0, 6), **FFT
    ),
    "aten._fft_r2c": over(signals(MOSTLY_FLOATS), dim=some_dims_of, onesided=st.booleans(), **FFT),
    "aten.affine_grid_generator": affine_grids(),
    "aten.col2im": columns(),
    "aten.grid_sampler": GRID_2D | GRID_3D,
    "aten.grid_sampler_2d": GRID_2D | GRID_2D | GRID_3D,
    "aten.grid_sampler_3d": GRID_3D | GRID_3D | GRID_2D,
    "aten.im2col": arguments(input=images(2, DTYPES), **COLUMN),
}
