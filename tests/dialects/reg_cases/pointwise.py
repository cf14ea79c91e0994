"""Cases of operations that work element by element."""

from hypothesis import strategies as st
from xdsl.dialects.builtin import bf16, f16, f32, i1

from tests.dialects.reg_cases.drawing import (
    ANY,
    FLOATS,
    INTEGERS,
    NUMBERS,
    Case,
    Draw,
    broadcastable,
    cases,
    maybe,
    shapes,
    tensor,
)


@cases(
    *("Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceiling", "Cos", "Cosh", "Erf"),
    *("Exp", "Floor", "HSigmoid", "HSwish", "Log", "Negative", "Relu", "Sigmoid", "Sign", "Sin"),
    *("Sinh", "Sqrt", "Tan", "Tanh"),
)
def numeric_unary(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(NUMBERS))], {})


@cases("ErfInv", "IsFinite", "IsNaN", "Mish", "SoftPlus", "SoftSign")
def float_unary(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(FLOATS))], {})


@cases("IsInf")
def is_inf(draw: Draw) -> Case:
    detect = {"detect_negative": draw(st.booleans()), "detect_positive": draw(st.booleans())}
    return Case([tensor(draw(shapes()), draw(FLOATS))], detect)


@cases("BitwiseNot")
def bitwise_not(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(st.one_of(INTEGERS, st.just(i1))))], {})


@cases("LogicalNot")
def logical_not(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), i1)], {})


@cases("Identity", "ShapeOf")
def any_unary(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(ANY))], {})


@cases("Round")
def rounding(draw: Draw) -> Case:
    mode = draw(st.sampled_from(["half_to_even", "half_away_from_zero"]))
    return Case([tensor(draw(shapes()), draw(NUMBERS))], {"mode": mode})


@cases("Clamp")
def clamp(draw: Draw) -> Case:
    bounds = draw(st.tuples(st.integers(-3, 3), st.integers(-2, 4)))
    attributes = {"min": float(bounds[0]), "max": float(bounds[1])}
    return Case([tensor(draw(shapes()), draw(NUMBERS))], attributes)


@cases("Elu")
def elu(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(FLOATS))], {"alpha": 1.5})


@cases("Gelu")
def gelu(draw: Draw) -> Case:
    mode = draw(st.sampled_from(["ERF", "TANH"]))
    return Case([tensor(draw(shapes()), draw(FLOATS))], {"approximation_mode": mode})


@cases("Swish")
def swish(draw: Draw) -> Case:
    dtype = draw(FLOATS)
    return Case([tensor(draw(shapes()), dtype), maybe(draw, tensor((), dtype))], {})


@cases("Selu", "HardSigmoid")
def two_parameters(draw: Draw) -> Case:
    dtype = draw(FLOATS)
    return Case([tensor(draw(shapes()), dtype), tensor((), dtype), tensor((), dtype)], {})


@cases("PRelu")
def prelu(draw: Draw) -> Case:
    dtype, shape = draw(FLOATS), draw(shapes(2))
    slope = shape[1:2] if draw(st.booleans()) else broadcastable(draw, shape)
    return Case([tensor(shape, dtype), tensor(slope, dtype)], {})


@cases("GRN")
def grn(draw: Draw) -> Case:
    return Case([tensor(draw(shapes(2)), draw(FLOATS))], {"bias": 0.5})


@cases("Convert")
def convert(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(ANY))], {"destination_type": draw(ANY)})


@cases("ConvertLike")
def convert_like(draw: Draw) -> Case:
    return Case([tensor(draw(shapes()), draw(ANY)), tensor(draw(shapes()), draw(ANY))], {})


def binary(draw: Draw, dtypes: st.SearchStrategy[object]) -> Case:
    shape, dtype = draw(shapes()), draw(dtypes)
    auto_broadcast = draw(st.sampled_from(["numpy", "none"]))
    operands = [shape, broadcastable(draw, shape) if auto_broadcast == "numpy" else shape]
    if draw(st.booleans()):
        operands.reverse()
    return Case([tensor(s, dtype) for s in operands], {"auto_broadcast": auto_broadcast})


@cases(
    *("Add", "Divide", "FloorMod", "Maximum", "Minimum", "Mod", "Multiply", "Power"),
    *("SquaredDifference", "Subtract"),
)
def arithmetic(draw: Draw) -> Case:
    return binary(draw, NUMBERS)


@cases("Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "NotEqual")
def comparison(draw: Draw) -> Case:
    return binary(draw, ANY)


@cases("LogicalAnd", "LogicalOr", "LogicalXor")
def logical(draw: Draw) -> Case:
    return binary(draw, st.just(i1))


@cases("BitwiseAnd", "BitwiseOr", "BitwiseXor")
def bitwise(draw: Draw) -> Case:
    return binary(draw, st.one_of(INTEGERS, st.just(i1)))


@cases("BitwiseLeftShift", "BitwiseRightShift")
def shift(draw: Draw) -> Case:
    return binary(draw, INTEGERS)


@cases("Select")
def select(draw: Draw) -> Case:
    shape, dtype = draw(shapes()), draw(ANY)
    condition, then, otherwise = (broadcastable(draw, shape) for _ in range(3))
    return Case([tensor(condition, i1), tensor(then, dtype), tensor(otherwise, dtype)], {})


@cases("FakeQuantize")
def fake_quantize(draw: Draw) -> Case:
    shape, dtype = draw(shapes()), draw(FLOATS)
    bounds = [tensor(broadcastable(draw, shape), dtype) for _ in range(4)]
    return Case([tensor(shape, dtype), *bounds], {"levels": 255})


@cases("FakeConvert")
def fake_convert(draw: Draw) -> Case:
    shape, dtype = draw(shapes()), draw(st.sampled_from([f16, bf16, f32]))
    scale = tensor(broadcastable(draw, shape), dtype)
    target = draw(st.sampled_from(["f8e4m3", "f8e5m2"]))
    operands = [tensor(shape, dtype), scale, maybe(draw, scale)]
    return Case(operands, {"destination_type": target})
