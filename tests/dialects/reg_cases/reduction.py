"""Cases of operations along axes, and of normalisations."""

from hypothesis import strategies as st
from xdsl.dialects.builtin import i1

from tests.dialects.reg_cases.drawing import (
    ANY,
    EXTENTS,
    FLOATS,
    INDICES,
    INTEGERS,
    NUMBERS,
    Case,
    Draw,
    axes_of,
    axis_of,
    cases,
    ints,
    literal,
    shapes,
    tensor,
)


def reduction(draw: Draw, dtypes: st.SearchStrategy[object]) -> Case:
    shape = draw(shapes(1))
    axes = axes_of(draw, len(shape))
    values = axes[0] if len(axes) == 1 and draw(st.booleans()) else axes
    operand = literal(values, draw(INDICES))
    return Case([tensor(shape, draw(dtypes)), operand], {"keep_dims": draw(st.booleans())})


@cases(*("ReduceL1", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum"))
def arithmetic_reduction(draw: Draw) -> Case:
    return reduction(draw, NUMBERS)


@cases("ReduceLogicalAnd", "ReduceLogicalOr")
def logical_reduction(draw: Draw) -> Case:
    return reduction(draw, st.just(i1))


@cases("CumSum")
def cumsum(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axis = literal(axis_of(draw, len(shape)), draw(INDICES))
    attributes = {"exclusive": draw(st.booleans()), "reverse": draw(st.booleans())}
    return Case([tensor(shape, draw(NUMBERS)), axis], attributes)


@cases("TopK")
def topk(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axis = axis_of(draw, len(shape))
    attributes = {
        "axis": axis,
        "mode": draw(st.sampled_from(["max", "min"])),
        "sort": draw(st.sampled_from(["value", "index", "none"])),
        "index_element_type": draw(INDICES),
    }
    k = literal(draw(st.integers(1, shape[axis])), draw(INTEGERS))
    return Case([tensor(shape, draw(NUMBERS)), k], attributes)


@cases("Bucketize")
def bucketize(draw: Draw) -> Case:
    buckets = tensor(draw(shapes(1, 1)), draw(NUMBERS))
    return Case([tensor(draw(shapes()), draw(NUMBERS)), buckets], {"output_type": draw(INDICES)})


@cases("SearchSorted")
def search_sorted(draw: Draw) -> Case:
    dtype, rows, length, count = draw(NUMBERS), draw(shapes(0, 3)), draw(EXTENTS), draw(EXTENTS)
    one_for_all = draw(st.booleans())
    sequence = (length,) if one_for_all else (*rows, length)
    operands = [tensor(sequence, dtype), tensor((*rows, count), dtype)]
    return Case(operands, {"output_type": draw(INDICES), "right_mode": draw(st.booleans())})


@cases("Reverse")
def reverse(draw: Draw) -> Case:
    shape = draw(shapes(1))
    data = tensor(shape, draw(ANY))
    if draw(st.booleans()):
        return Case([data, tensor((len(shape),), i1)], {"mode": "mask"})
    axes = [axis % len(shape) for axis in axes_of(draw, len(shape), 1)]
    return Case([data, literal(axes)], {"mode": "index"})


@cases("ReverseSequence")
def reverse_sequence(draw: Draw) -> Case:
    shape = draw(shapes(2))
    batch, sequence = draw(st.permutations(range(len(shape))))[:2]
    attributes = {"batch_axis": batch, "seq_axis": sequence}
    return Case([tensor(shape, draw(ANY)), tensor((shape[batch],), draw(INTEGERS))], attributes)


@cases("Roll")
def roll(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axes = axes_of(draw, len(shape), 1)
    shift = 2 if draw(st.booleans()) else ints(draw, len(axes), -3, 3)
    operands = [tensor(shape, draw(ANY)), literal(shift, draw(INDICES))]
    return Case([*operands, literal(axes, draw(INDICES))], {})


@cases("Softmax", "LogSoftmax")
def softmax(draw: Draw) -> Case:
    shape = draw(shapes(1))
    return Case([tensor(shape, draw(FLOATS))], {"axis": axis_of(draw, len(shape))})


@cases("BatchNormInference")
def batch_norm(draw: Draw) -> Case:
    shape, dtype = draw(shapes(2)), draw(FLOATS)
    channels = [tensor(shape[1:2], dtype) for _ in range(4)]
    return Case([tensor(shape, dtype), *channels], {"epsilon": 1e-5})


@cases("MVN")
def mvn(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axes = literal(axes_of(draw, len(shape), 1), draw(INDICES))
    attributes = {
        "normalize_variance": draw(st.booleans()),
        "eps": 1e-5,
        "eps_mode": draw(st.sampled_from(["INSIDE_SQRT", "OUTSIDE_SQRT"])),
    }
    return Case([tensor(shape, draw(FLOATS)), axes], attributes)


@cases("NormalizeL2")
def normalize_l2(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axes = literal([axis % len(shape) for axis in axes_of(draw, len(shape), 1)])
    attributes = {"eps": 1e-5, "eps_mode": draw(st.sampled_from(["add", "max"]))}
    return Case([tensor(shape, draw(FLOATS)), axes], attributes)


@cases("LRN")
def lrn(draw: Draw) -> Case:
    shape = draw(shapes(3))
    attributes = {"alpha": 1e-4, "beta": 0.75, "bias": 1.0, "size": draw(EXTENTS)}
    axes = literal([axis % len(shape) for axis in axes_of(draw, len(shape), 1)])
    return Case([tensor(shape, draw(FLOATS)), axes], attributes)


@cases("GroupNormalization")
def group_normalization(draw: Draw) -> Case:
    batch, groups, size = draw(EXTENTS), draw(EXTENTS), draw(EXTENTS)
    dtype, channels = draw(FLOATS), groups * size
    data = tensor((batch, channels, *draw(shapes(0, 3))), dtype)
    scale = tensor((channels,), dtype)
    return Case([data, scale, scale], {"num_groups": groups, "epsilon": 1e-5})
