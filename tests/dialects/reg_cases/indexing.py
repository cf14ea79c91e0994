"""Cases of operations that pick elements by index."""

from hypothesis import strategies as st

from tests.dialects.reg_cases.drawing import (
    ANY,
    EXTENTS,
    INDICES,
    INTEGERS,
    NUMBERS,
    Case,
    Draw,
    axis_of,
    cases,
    literal,
    shapes,
    tensor,
    with_axis,
)


@cases("Gather")
def gather(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axis = axis_of(draw, len(shape))
    batch = draw(st.integers(0, axis % len(shape)))
    indices = (*shape[:batch], *draw(shapes(0, 2)))
    data = tensor(shape, draw(ANY))
    operands = [data, tensor(indices, draw(INTEGERS)), literal(axis, draw(INDICES))]
    return Case(operands, {"batch_dims": batch})


@cases("GatherElements")
def gather_elements(draw: Draw) -> Case:
    shape = draw(shapes(1))
    axis = axis_of(draw, len(shape))
    indices = with_axis(shape, axis, draw(EXTENTS))
    return Case([tensor(shape, draw(ANY)), tensor(indices, draw(INDICES))], {"axis": axis})


@cases("GatherND")
def gather_nd(draw: Draw) -> Case:
    shape = draw(shapes(1))
    batch = draw(st.integers(0, len(shape) - 1))
    length = draw(st.integers(1, len(shape) - batch))
    indices = (*shape[:batch], *draw(shapes(0, 2)), length)
    operands = [tensor(shape, draw(ANY)), tensor(indices, draw(INTEGERS))]
    return Case(operands, {"batch_dims": batch})


@cases("GatherTree")
def gather_tree(draw: Draw) -> Case:
    shape, dtype = draw(shapes(3, 3)), draw(NUMBERS)
    ids = tensor(shape, dtype)
    return Case([ids, ids, tensor(shape[1:2], dtype), tensor((), dtype)], {})


@cases("ScatterUpdate")
def scatter_update(draw: Draw) -> Case:
    shape, indices, dtype = draw(shapes(1)), draw(shapes(0, 2)), draw(ANY)
    axis = axis_of(draw, len(shape))
    along = axis % len(shape)
    updates = tensor((*shape[:along], *indices, *shape[along + 1 :]), dtype)
    operands = [tensor(shape, dtype), tensor(indices, draw(INTEGERS)), updates]
    return Case([*operands, literal(axis, draw(INDICES))], {})


@cases("ScatterElementsUpdate")
def scatter_elements_update(draw: Draw) -> Case:
    shape, dtype = draw(shapes(1)), draw(NUMBERS)
    indices = tuple(draw(st.integers(1, extent)) for extent in shape)
    attributes = {
        "reduction": draw(st.sampled_from(["none", "sum", "prod", "min", "max", "mean"])),
        "use_init_val": draw(st.booleans()),
    }
    operands = [tensor(shape, dtype), tensor(indices, draw(INTEGERS)), tensor(indices, dtype)]
    return Case([*operands, literal(axis_of(draw, len(shape)), draw(INDICES))], attributes)


@cases("ScatterNDUpdate")
def scatter_nd_update(draw: Draw) -> Case:
    shape, dtype = draw(shapes(1)), draw(NUMBERS)
    length, places = draw(st.integers(1, len(shape))), draw(shapes(0, 2))
    updates = tensor((*places, *shape[length:]), dtype)
    attributes = {"reduction": draw(st.sampled_from(["none", "sum", "sub", "prod", "min", "max"]))}
    operands = [tensor(shape, dtype), tensor((*places, length), draw(INDICES)), updates]
    return Case(operands, attributes)


@cases("OneHot")
def one_hot(draw: Draw) -> Case:
    shape, dtype = draw(shapes(0, 3)), draw(ANY)
    value = tensor((), dtype)
    operands = [tensor(shape, draw(INTEGERS)), literal(draw(EXTENTS), draw(INTEGERS)), value, value]
    attributes = {
        "axis": axis_of(draw, len(shape) + 1),
        "negative_indices_mode": draw(st.sampled_from(["ignore_negative", "normalize"])),
    }
    return Case(operands, attributes)
