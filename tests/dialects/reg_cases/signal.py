"""Cases of Fourier transforms."""

from hypothesis import strategies as st
from xdsl.dialects.builtin import bf16, f16, f32

from tests.dialects.reg_cases.drawing import (
    EXTENTS,
    FLOATS,
    INDICES,
    Case,
    Draw,
    axes_of,
    cases,
    literal,
    shapes,
    tensor,
)

TRANSFORMED = st.sampled_from([f32, f16, bf16])


def transform(draw: Draw, pairs: tuple[int, ...], least: int) -> Case:
    shape = draw(shapes(1, 3))
    axes = axes_of(draw, len(shape), least)
    # OpenVINO counts an axis from the back without the axis of the pairs.
    operands = [tensor((*shape, *pairs), draw(TRANSFORMED)), literal(axes, draw(INDICES))]
    if axes and draw(st.booleans()):
        sizes = draw(
            st.lists(st.one_of(EXTENTS, st.just(-1)), min_size=len(axes), max_size=len(axes))
        )
        operands.append(literal(sizes, draw(INDICES)))
    return Case(operands, {})


@cases("DFT", "IDFT")
def dft(draw: Draw) -> Case:
    return transform(draw, (2,), 1)


@cases("RDFT")
def rdft(draw: Draw) -> Case:
    return transform(draw, (), 1)


@cases("IRDFT")
def irdft(draw: Draw) -> Case:
    return transform(draw, (2,), 1)


@cases("STFT")
def stft(draw: Draw) -> Case:
    dtype, size, step = draw(FLOATS), draw(EXTENTS), draw(EXTENTS)
    length = size + draw(st.integers(0, 12))
    operands = [
        tensor((*draw(shapes(0, 1)), length), dtype),
        tensor((draw(st.integers(1, size)),), dtype),
        literal(size, draw(INDICES)),
        literal(step, draw(INDICES)),
    ]
    return Case(operands, {"transpose_frames": draw(st.booleans())})


@cases("ISTFT")
def istft(draw: Draw) -> Case:
    dtype, size, step = draw(FLOATS), draw(EXTENTS), draw(EXTENTS)
    operands = [
        tensor((*draw(shapes(0, 1)), size // 2 + 1, draw(EXTENTS), 2), dtype),
        tensor((draw(st.integers(1, size)),), dtype),
        literal(size, draw(INDICES)),
        literal(step, draw(INDICES)),
    ]
    if draw(st.booleans()):
        operands.append(literal(draw(EXTENTS), draw(INDICES)))
    return Case(operands, {"center": draw(st.booleans()), "normalized": draw(st.booleans())})
