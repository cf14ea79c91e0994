"""Cases of operations that move elements, and of tensors made from numbers."""

from math import prod

from hypothesis import strategies as st
from xdsl.dialects.builtin import f16, f32, f64, i32, i64

from forge.ir.tensors import is_float
from tests.dialects.reg_cases.drawing import (
    ANY,
    EXTENTS,
    FLOATS,
    INDICES,
    NUMBERS,
    Case,
    Draw,
    axes_of,
    axis_of,
    broadcastable,
    cases,
    ints,
    literal,
    shapes,
    tensor,
    with_axis,
)

SMALL = st.integers(1, 3)


@cases("Reshape")
def reshape(draw: Draw) -> Case:
    shape = draw(shapes())
    special_zero = draw(st.booleans())
    pattern = list(draw(st.permutations(shape)))
    cut = draw(st.integers(0, len(pattern)))
    pattern = [*pattern[:cut], prod(pattern[cut:])]
    if special_zero:
        pattern = [
            0 if axis < len(shape) and shape[axis] == extent and draw(st.booleans()) else extent
            for axis, extent in enumerate(pattern)
        ]
    if draw(st.booleans()):
        pattern[draw(st.integers(0, len(pattern) - 1))] = -1
    operands = [tensor(shape, draw(ANY)), literal(pattern, draw(INDICES))]
    return Case(operands, {"special_zero": special_zero})


@cases("Transpose")
def transpose(draw: Draw) -> Case:
    shape = draw(shapes())
    order = draw(st.permutations(range(len(shape)))) if draw(st.booleans()) else []
    return Case([tensor(shape, draw(ANY)), literal(order, draw(INDICES))], {})


@cases("Squeeze")
def squeeze(draw: Draw) -> Case:
    shape = list(draw(shapes(1)))
    axes = axes_of(draw, len(shape))
    for axis in axes:
        shape[axis] = 1
    operand = literal(axes, draw(INDICES)) if axes and draw(st.booleans()) else None
    attributes = {"allow_axis_skip": draw(st.booleans())}
    return Case([tensor(shape, draw(ANY)), operand], attributes)


@cases("Unsqueeze")
def unsqueeze(draw: Draw) -> Case:
    shape, count = draw(shapes(0, 3)), draw(SMALL)
    axes = axes_of(draw, len(shape) + count, count)[:count]
    return Case([tensor(shape, draw(ANY)), literal(axes, draw(INDICES))], {})


@cases("Concat")
def concat(draw: Draw) -> Case:
    shape, dtype = draw(shapes(1)), draw(ANY)
    axis = axis_of(draw, len(shape))
    count = draw(SMALL)
    args = [tensor(with_axis(shape, axis, draw(EXTENTS)), dtype) for _ in range(count)]
    return Case([args], {"axis": axis})


@cases("Split")
def split(draw: Draw) -> Case:
    shape, count = draw(shapes(1)), draw(SMALL)
    axis = axis_of(draw, len(shape))
    data = tensor(with_axis(shape, axis, count * draw(SMALL)), draw(ANY))
    return Case([data, literal(axis, draw(INDICES))], {"num_splits": count})


@cases("VariadicSplit")
def variadic_split(draw: Draw) -> Case:
    shape, lengths = draw(shapes(1)), ints(draw, draw(SMALL), 0, 3)
    axis = axis_of(draw, len(shape))
    data = tensor(with_axis(shape, axis, sum(lengths)), draw(ANY))
    if draw(st.booleans()):
        lengths[draw(st.integers(0, len(lengths) - 1))] = -1
    along = literal(axis if draw(st.booleans()) else [axis], draw(INDICES))
    return Case([data, along, literal(lengths, draw(INDICES))], {})


@cases("Tile")
def tile(draw: Draw) -> Case:
    repeats = ints(draw, draw(st.integers(1, 4)), 0, 3)
    return Case([tensor(draw(shapes()), draw(ANY)), literal(repeats, draw(INDICES))], {})


@cases("Broadcast")
def broadcast(draw: Draw) -> Case:
    target, dtype = draw(shapes(1)), draw(ANY)
    mode = draw(st.sampled_from(["numpy", "explicit", "bidirectional"]))
    shape = literal(target, draw(INDICES))
    if mode != "explicit":
        return Case([tensor(broadcastable(draw, target), dtype), shape], {"mode": mode})
    axes = sorted(axis % len(target) for axis in axes_of(draw, len(target)))
    arg = tensor([target[axis] if draw(st.booleans()) else 1 for axis in axes], dtype)
    return Case([arg, shape, literal(axes)], {"mode": mode})


@cases("DepthToSpace")
def depth_to_space(draw: Draw) -> Case:
    block, spatial = draw(SMALL), draw(shapes(1, 3))
    channels = block ** len(spatial) * draw(SMALL)
    attributes = {
        "mode": draw(st.sampled_from(["blocks_first", "depth_first"])),
        "block_size": block,
    }
    return Case([tensor((draw(EXTENTS), channels, *spatial), draw(ANY))], attributes)


@cases("SpaceToDepth")
def space_to_depth(draw: Draw) -> Case:
    block, spatial = draw(SMALL), draw(shapes(1, 3))
    data = (draw(EXTENTS), draw(EXTENTS), *(extent * block for extent in spatial))
    attributes = {
        "mode": draw(st.sampled_from(["blocks_first", "depth_first"])),
        "block_size": block,
    }
    return Case([tensor(data, draw(ANY))], attributes)


@cases("BatchToSpace")
def batch_to_space(draw: Draw) -> Case:
    spatial = draw(shapes(1, 3))
    blocks = [1, *ints(draw, len(spatial), 1, 3)]
    begin, end = ([0, *(draw(st.integers(0, extent // 2)) for extent in spatial)] for _ in range(2))
    data = tensor((prod(blocks) * draw(SMALL), *spatial), draw(ANY))
    dtype = draw(INDICES)
    return Case([data, *(literal(values, dtype) for values in (blocks, begin, end))], {})


@cases("SpaceToBatch")
def space_to_batch(draw: Draw) -> Case:
    rank = draw(SMALL)
    blocks, counts = [1, *ints(draw, rank, 1, 3)], ints(draw, rank, 1, 3)
    shape, begin, end = [draw(EXTENTS)], [0], [0]
    for block, count in zip(blocks[1:], counts, strict=True):
        begin.append(draw(st.integers(0, block * count - 1)))
        end.append(draw(st.integers(0, block * count - 1 - begin[-1])))
        shape.append(block * count - begin[-1] - end[-1])
    dtype = draw(INDICES)
    operands = [literal(values, dtype) for values in (blocks, begin, end)]
    return Case([tensor(shape, draw(ANY)), *operands], {})


@cases("ShuffleChannels")
def shuffle_channels(draw: Draw) -> Case:
    shape, group = draw(shapes(1)), draw(SMALL)
    axis = axis_of(draw, len(shape))
    data = tensor(with_axis(shape, axis, group * draw(SMALL)), draw(ANY))
    return Case([data], {"axis": axis, "group": group})


@cases("Slice")
def slice_case(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axes = axes_of(draw, len(shape), 1)
    dtype = draw(INDICES)
    operands = [literal(values, dtype) for values in slice_lists(draw, len(axes))]
    if draw(st.booleans()):
        operands.append(literal(axes, dtype))
    return Case([tensor(shape, draw(ANY)), *operands], {})


def slice_lists(draw: Draw, count: int) -> list[list[int]]:
    """Starts, stops and steps."""
    steps = draw(st.lists(st.sampled_from([1, 1, 2, 3, -1, -2]), min_size=count, max_size=count))
    return [ints(draw, count, -7, 7), ints(draw, count, -7, 7), steps]


@cases("SliceScatter")
def slice_scatter(draw: Draw) -> Case:
    shape, data_type, dtype = draw(shapes(1)), draw(ANY), draw(INDICES)
    axes = axes_of(draw, len(shape), 1)
    lists = slice_lists(draw, len(axes))
    part = list(shape)
    for axis, start, stop, step in zip(axes, *lists, strict=True):
        part[axis] = len(range(*slice(start, stop, step).indices(shape[axis])))
    operands = [literal(values, dtype) for values in (*lists, axes)]
    return Case([tensor(shape, data_type), tensor(part, data_type), *operands], {})


@cases("StridedSlice")
def strided_slice(draw: Draw) -> Case:
    shape, dtype = draw(shapes(1)), draw(INDICES)
    kinds = ["range"] * draw(st.integers(0, len(shape)))
    for index in range(len(kinds)):
        kinds[index] = draw(st.sampled_from(["range", "range", "single"]))
    if draw(st.booleans()):
        kinds.insert(draw(st.integers(0, len(kinds))), "new_axis")
    if not kinds or draw(st.booleans()):
        kinds.insert(draw(st.integers(0, len(kinds))), "ellipsis")
    starts, stops, steps = slice_lists(draw, len(kinds))
    for index, kind in enumerate(kinds):
        if kind == "single":
            starts[index], steps[index] = 0, 1
    attributes = {
        "begin_mask": ints(draw, len(kinds), 0, 1),
        "end_mask": ints(draw, len(kinds), 0, 1),
        "new_axis_mask": [int(kind == "new_axis") for kind in kinds],
        "shrink_axis_mask": [int(kind == "single") for kind in kinds],
        "ellipsis_mask": [int(kind == "ellipsis") for kind in kinds],
    }
    operands = [literal(values, dtype) for values in (starts, stops, steps)]
    return Case([tensor(shape, draw(ANY)), *operands], attributes)


@cases("Pad")
def pad(draw: Draw) -> Case:
    shape, data_type, dtype = draw(shapes()), draw(ANY), draw(INDICES)
    mode = draw(st.sampled_from(["constant", "edge", "reflect", "symmetric"]))
    begin, end = ([draw(st.integers(-1, extent)) for extent in shape] for _ in range(2))
    if mode == "reflect":
        begin, end = ([pad - 1 for pad in pads] for pads in (begin, end))
    operands = [literal(begin, dtype), literal(end, dtype)]
    if mode == "constant" and draw(st.booleans()):
        operands.append(tensor((), data_type))
    return Case([tensor(shape, data_type), *operands], {"pad_mode": mode})


@cases("Range")
def range_case(draw: Draw) -> Case:
    output_type = draw(NUMBERS)
    floating = is_float(output_type)
    numbers = st.integers(-12, 12).map(lambda n: n / 4) if floating else st.integers(-9, 9)
    dtypes = st.sampled_from([f32, f64, f16] if floating else [i64, i32, f32])
    step = draw(numbers.filter(bool))
    operands = [literal(value, draw(dtypes)) for value in (draw(numbers), draw(numbers), step)]
    return Case(operands, {"output_type": output_type})


@cases("Eye")
def eye(draw: Draw) -> Case:
    operands = [literal(draw(EXTENTS), draw(INDICES)) for _ in range(2)]
    operands.append(tensor((), draw(INDICES)))
    if draw(st.booleans()):
        operands.append(literal(draw(shapes(1, 3)), draw(INDICES)))
    return Case(operands, {"output_type": draw(NUMBERS)})


@cases("RandomUniform")
def random_uniform(draw: Draw) -> Case:
    dtype = draw(st.one_of(FLOATS, INDICES))
    shape = literal(draw(shapes(1)), draw(INDICES))
    return Case([shape, tensor((), dtype), tensor((), dtype)], {"output_type": dtype})
