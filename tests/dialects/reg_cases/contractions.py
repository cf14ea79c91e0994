"""Cases of matrix products, attention and convolutions."""

from typing import Any

from hypothesis import strategies as st
from xdsl.dialects.builtin import i1

from tests.dialects.reg_cases.drawing import (
    EXTENTS,
    FLOATS,
    INDICES,
    NUMBERS,
    Case,
    Draw,
    broadcastable,
    cases,
    ints,
    literal,
    shapes,
    tensor,
)

SMALL = st.integers(1, 3)
AUTO_PADS = st.sampled_from(["explicit", "explicit", "same_upper", "same_lower", "valid"])


@cases("MatMul")
def matmul(draw: Draw) -> Case:
    rows, inner, columns, batch, dtype = (
        *(draw(EXTENTS) for _ in range(3)),
        draw(shapes(0, 2)),
        draw(NUMBERS),
    )
    transpose_a, transpose_b = draw(st.booleans()), draw(st.booleans())
    left = (inner, rows) if transpose_a else (rows, inner)
    right = (columns, inner) if transpose_b else (inner, columns)
    a = (*broadcastable(draw, batch), *left) if draw(st.booleans()) else (inner,)
    b = (*broadcastable(draw, batch), *right) if draw(st.booleans()) else (inner,)
    attributes = {"transpose_a": transpose_a, "transpose_b": transpose_b}
    return Case([tensor(a, dtype), tensor(b, dtype)], attributes)


@cases("Einsum")
def einsum(draw: Draw) -> Case:
    extents = dict(zip("abcde", ints(draw, 5, 1, 4), strict=True))
    dtype, batch = draw(NUMBERS), draw(shapes(0, 2))
    terms: list[str] = []
    operands = []
    for _ in range(draw(SMALL)):
        term = "".join(draw(st.lists(st.sampled_from("abcde"), max_size=4)))
        shape = [extents[label] for label in term]
        if draw(st.booleans()):
            place = draw(st.integers(0, len(term)))
            term = f"{term[:place]}...{term[place:]}"
            shape[place:place] = broadcastable(draw, batch)
        terms.append(term)
        operands.append(tensor(shape, dtype))
    equation = ",".join(terms)
    labels = sorted(set(equation) & set("abcde"))
    output = "".join(draw(st.permutations(labels)))[: draw(st.integers(0, len(labels)))]
    dots = "..." if "..." in equation else ""
    equation += f"->{dots}{output}"
    return Case([operands], {"equation": equation})


@cases("ScaledDotProductAttention")
def scaled_dot_product_attention(draw: Draw) -> Case:
    batch, dtype = draw(shapes(1, 2)), draw(FLOATS)
    length, source, width, value_width = (draw(EXTENTS) for _ in range(4))
    operands = [
        tensor((*batch, length, width), dtype),
        tensor((*batch, source, width), dtype),
        tensor((*batch, source, value_width), dtype),
    ]
    given = draw(st.integers(0, 2))
    if given > 0:
        mask = (*broadcastable(draw, batch), length, source)
        operands.append(tensor(mask, dtype if draw(st.booleans()) else i1))
    if given > 1:
        operands.append(tensor((), dtype))
    return Case(operands, {"causal": draw(st.booleans())})


@cases("GroupedMatMul")
def grouped_matmul(draw: Draw) -> Case:
    groups, rows, inner, columns = (draw(EXTENTS) for _ in range(4))
    dtype = draw(NUMBERS)
    mat_b = tensor((groups, columns, inner), dtype)
    if draw(st.booleans()):
        return Case([tensor((groups, rows, inner), dtype), mat_b], {})
    return Case([tensor((rows, inner), dtype), mat_b, tensor((groups,), draw(INDICES))], {})


@cases("Inverse")
def inverse(draw: Draw) -> Case:
    size = draw(EXTENTS)
    data = tensor((*draw(shapes(0, 2)), size, size), draw(FLOATS))
    return Case([data], {"adjoint": draw(st.booleans())})


def windows(draw: Draw, rank: int) -> dict[str, Any]:
    """The attributes of a convolution over `rank` spatial axes."""
    return {
        "strides": ints(draw, rank, 1, 3),
        "dilations": ints(draw, rank, 1, 2),
        "pads_begin": ints(draw, rank, 0, 2),
        "pads_end": ints(draw, rank, 0, 2),
        "auto_pad": draw(AUTO_PADS),
    }


def forward(draw: Draw, grouped: bool) -> Case:
    rank, dtype, groups = draw(SMALL), draw(NUMBERS), draw(SMALL) if grouped else 1
    inputs, outputs = draw(SMALL), draw(SMALL)
    data = tensor((draw(SMALL), groups * inputs, *ints(draw, rank, 4, 9)), dtype)
    front = (groups, outputs, inputs) if grouped else (outputs, inputs)
    filters = tensor((*front, *ints(draw, rank, 1, 3)), dtype)
    return Case([data, filters], windows(draw, rank))


@cases("Convolution")
def convolution(draw: Draw) -> Case:
    return forward(draw, grouped=False)


@cases("GroupConvolution")
def group_convolution(draw: Draw) -> Case:
    return forward(draw, grouped=True)


def backward(draw: Draw, grouped: bool) -> Case:
    rank, dtype, groups = draw(SMALL), draw(NUMBERS), draw(SMALL) if grouped else 1
    inputs, outputs = draw(SMALL), draw(SMALL)
    data = tensor((draw(SMALL), groups * inputs, *ints(draw, rank, 1, 5)), dtype)
    front = (groups, inputs, outputs) if grouped else (inputs, outputs)
    operands = [data, tensor((*front, *ints(draw, rank, 1, 3)), dtype)]
    if draw(st.booleans()):
        operands.append(literal(ints(draw, rank, 1, 9), draw(INDICES)))
    attributes = windows(draw, rank)
    if draw(st.booleans()):
        attributes["output_padding"] = ints(draw, rank, 0, 2)
    return Case(operands, attributes)


@cases("ConvolutionBackpropData")
def convolution_backprop(draw: Draw) -> Case:
    return backward(draw, grouped=False)


@cases("GroupConvolutionBackpropData")
def group_convolution_backprop(draw: Draw) -> Case:
    return backward(draw, grouped=True)


@cases("DeformableConvolution")
def deformable_convolution(draw: Draw) -> Case:
    batch, inputs, outputs, group, deformable = (draw(SMALL) for _ in range(5))
    dtype, kernel, attributes = draw(FLOATS), ints(draw, 2, 1, 3), windows(draw, 2)
    channels = group * inputs * deformable
    spatial = ints(draw, 2, 5, 9)
    counts = [window_count(attributes, axis, spatial[axis], kernel[axis]) for axis in range(2)]
    taps = deformable * kernel[0] * kernel[1]
    operands = [
        tensor((batch, channels, *spatial), dtype),
        tensor((batch, 2 * taps, *counts), dtype),
        tensor((group * outputs, inputs * deformable, *kernel), dtype),
    ]
    if draw(st.booleans()):
        operands.append(tensor((batch, taps, *counts), dtype))
    groups = {"group": group, "deformable_group": deformable}
    return Case(operands, {**attributes, **groups})


def window_count(attributes: dict[str, Any], axis: int, extent: int, kernel: int) -> int:
    """How many windows there are along an axis."""
    stride = attributes["strides"][axis]
    if str(attributes["auto_pad"]).startswith("same"):
        return -(-extent // stride)
    window = (kernel - 1) * attributes["dilations"][axis] + 1
    if attributes["auto_pad"] == "explicit":
        extent += attributes["pads_begin"][axis] + attributes["pads_end"][axis]
    return max((extent - window) // stride + 1, 1)
