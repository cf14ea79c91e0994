"""Cases of embedding bags."""

from hypothesis import strategies as st

from tests.dialects.reg_cases.drawing import (
    EXTENTS,
    INDICES,
    NUMBERS,
    Case,
    Draw,
    Operand,
    cases,
    literal,
    shapes,
    tensor,
)


def optional_tail(draw: Draw, operands: list[Operand], tail: list[Operand]) -> list[Operand]:
    return operands + tail[: draw(st.integers(0, len(tail)))]


def offsets_case(draw: Draw) -> Case:
    dtype, index, count = draw(NUMBERS), draw(INDICES), draw(EXTENTS)
    operands: list[Operand] = [
        tensor(draw(shapes(1, 3)), dtype),
        tensor((count,), index),
        tensor((draw(EXTENTS),), index),
    ]
    return Case(optional_tail(draw, operands, [tensor((), index), tensor((count,), dtype)]), {})


@cases("EmbeddingBagOffsetsSum")
def offsets_sum(draw: Draw) -> Case:
    return offsets_case(draw)


@cases("EmbeddingBagOffsets")
def offsets(draw: Draw) -> Case:
    case = offsets_case(draw)
    reductions = ["sum"] if len(case.operands) == 5 else ["sum", "mean"]
    return Case(case.operands, {"reduction": draw(st.sampled_from(reductions))})


def packed_case(draw: Draw) -> Case:
    dtype, shape = draw(NUMBERS), draw(shapes(2, 2))
    operands: list[Operand] = [tensor(draw(shapes(1, 3)), dtype), tensor(shape, draw(INDICES))]
    return Case(optional_tail(draw, operands, [tensor(shape, dtype)]), {})


@cases("EmbeddingBagPackedSum")
def packed_sum(draw: Draw) -> Case:
    return packed_case(draw)


@cases("EmbeddingBagPacked")
def packed(draw: Draw) -> Case:
    case = packed_case(draw)
    reductions = ["sum"] if len(case.operands) == 3 else ["sum", "mean"]
    return Case(case.operands, {"reduction": draw(st.sampled_from(reductions))})


@cases("EmbeddingSegmentsSum")
def segments_sum(draw: Draw) -> Case:
    dtype, index, count = draw(NUMBERS), draw(INDICES), draw(EXTENTS)
    operands: list[Operand] = [
        tensor(draw(shapes(1, 3)), dtype),
        tensor((count,), index),
        tensor((count,), index),
        literal(draw(EXTENTS), index),
    ]
    return Case(optional_tail(draw, operands, [tensor((), index), tensor((count,), dtype)]), {})
