"""Cases of pools and of resampled images."""

from math import prod

from hypothesis import strategies as st
from xdsl.dialects.builtin import f16, f32, f64, i8, i32, i64

from forge.ir.tensors import ui8
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
    cases,
    ints,
    literal,
    shapes,
    tensor,
)

SMALL = st.integers(1, 3)
AUTO_PADS = st.sampled_from(["explicit", "explicit", "same_upper", "same_lower", "valid"])


def pool(draw: Draw) -> tuple[Case, int]:
    rank = draw(SMALL)
    data = tensor((draw(EXTENTS), draw(EXTENTS), *ints(draw, rank, 3, 9)), draw(NUMBERS))
    attributes = {
        "kernel": ints(draw, rank, 1, 3),
        "strides": ints(draw, rank, 1, 3),
        "dilations": ints(draw, rank, 1, 2),
        "pads_begin": ints(draw, rank, 0, 2),
        "pads_end": ints(draw, rank, 0, 2),
        "rounding_type": draw(st.sampled_from(["floor", "ceil", "ceil_torch"])),
        "auto_pad": draw(AUTO_PADS),
    }
    return Case([data], attributes), rank


@cases("AvgPool")
def avg_pool(draw: Draw) -> Case:
    case, _ = pool(draw)
    attributes = {**case.attributes, "exclude_pad": draw(st.booleans())}
    if draw(st.booleans()):
        del attributes["dilations"]
    return Case(case.operands, attributes)


@cases("MaxPool")
def max_pool(draw: Draw) -> Case:
    case, rank = pool(draw)
    indices = {"index_element_type": draw(INDICES), "axis": draw(st.integers(0, rank + 1))}
    return Case(case.operands, {**case.attributes, **indices})


def adaptive_pool(draw: Draw) -> Case:
    shape = draw(shapes(3, 5))
    size = literal(ints(draw, len(shape) - 2, 1, 4), draw(INDICES))
    return Case([tensor(shape, draw(FLOATS)), size], {})


@cases("AdaptiveAvgPool")
def adaptive_avg_pool(draw: Draw) -> Case:
    return adaptive_pool(draw)


@cases("AdaptiveMaxPool")
def adaptive_max_pool(draw: Draw) -> Case:
    return Case(adaptive_pool(draw).operands, {"index_element_type": draw(INDICES)})


@cases("ROIAlign")
def roi_align(draw: Draw) -> Case:
    dtype, count = draw(FLOATS), draw(EXTENTS)
    operands = [
        tensor(draw(shapes(4, 4)), dtype),
        tensor((count, 4), dtype),
        tensor((count,), draw(INTEGERS)),
    ]
    attributes = {
        "pooled_h": draw(EXTENTS),
        "pooled_w": draw(EXTENTS),
        "sampling_ratio": 2,
        "spatial_scale": 0.5,
        "mode": draw(st.sampled_from(["avg", "max"])),
    }
    return Case(operands, attributes)


@cases("Interpolate")
def interpolate(draw: Draw) -> Case:
    shape = draw(shapes(1))
    dtype = draw(st.sampled_from([f32, f16, f64, i8, i32, i64, ui8]))
    axes = [axis % len(shape) for axis in axes_of(draw, len(shape), 1)]
    attributes: dict[str, object] = {"mode": draw(st.sampled_from(["nearest", "linear", "cubic"]))}
    if draw(st.booleans()):
        attributes["pads_begin"] = ints(draw, len(shape), 0, 2)
        attributes["pads_end"] = ints(draw, len(shape), 0, 2)
    if draw(st.booleans()):
        attributes["shape_calculation_mode"] = "scales"
        scales = draw(
            st.lists(
                st.sampled_from([0.5, 1.0, 1.5, 2.0, 1 / 3, 2 / 3, 0.1]),
                min_size=len(axes),
                max_size=len(axes),
            )
        )
        target = literal(scales, f32)
    else:
        target = literal(ints(draw, len(axes), 1, 9), draw(INDICES))
    return Case([tensor(shape, dtype), target, literal(axes, draw(INDICES))], attributes)


@cases("GridSample")
def grid_sample(draw: Draw) -> Case:
    shape = draw(shapes(4, 4))
    grid = tensor((shape[0], draw(EXTENTS), draw(EXTENTS), 2), draw(FLOATS))
    attributes = {
        "align_corners": draw(st.booleans()),
        "mode": draw(st.sampled_from(["bilinear", "bicubic", "nearest"])),
        "padding_mode": draw(st.sampled_from(["zeros", "border", "reflection"])),
    }
    return Case([tensor(shape, draw(FLOATS)), grid], attributes)


@cases("ExtractImagePatches")
def extract_image_patches(draw: Draw) -> Case:
    shape = (draw(EXTENTS), draw(EXTENTS), *ints(draw, 2, 5, 9))
    attributes = {
        "sizes": ints(draw, 2, 1, 3),
        "strides": ints(draw, 2, 1, 3),
        "rates": ints(draw, 2, 1, 2),
        "auto_pad": draw(st.sampled_from(["same_upper", "same_lower", "valid"])),
    }
    return Case([tensor(shape, draw(ANY))], attributes)


@cases("Col2Im")
def col2im(draw: Draw) -> Case:
    kernel, image = ints(draw, 2, 1, 3), ints(draw, 2, 5, 9)
    attributes = {
        "strides": ints(draw, 2, 1, 3),
        "dilations": ints(draw, 2, 1, 2),
        "pads_begin": ints(draw, 2, 0, 2),
        "pads_end": ints(draw, 2, 0, 2),
    }
    columns = prod(
        (
            image[axis]
            + attributes["pads_begin"][axis]
            + attributes["pads_end"][axis]
            - (kernel[axis] - 1) * attributes["dilations"][axis]
            - 1
        )
        // attributes["strides"][axis]
        + 1
        for axis in range(2)
    )
    batch = draw(shapes(0, 1))
    data = tensor((*batch, draw(EXTENTS) * prod(kernel), columns), draw(ANY))
    dtype = draw(INDICES)
    return Case([data, literal(image, dtype), literal(kernel, dtype)], attributes)
