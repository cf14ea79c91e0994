"""Random arguments, good and bad ones, for arithmetic, activations and conversions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import Shaped, f64, i1
from tests.dialects.aten_cases.drawing import (
    DTYPES,
    MEMORY_FORMATS,
    MOSTLY_COMPLEX,
    MOSTLY_FLOATS,
    MOSTLY_INTEGERS,
    Arguments,
    arguments,
    dim_of,
    named,
    operands,
    over,
    tensors,
)

NUMBERS = st.sampled_from([2, 0.5, True, 1, 0, 1.5, False])


def masked(**others: Any) -> Arguments:
    """`input` and a `mask` that is mostly boolean."""
    masks = st.tuples(operands("input mask"), st.sampled_from([i1, i1, i1, None]))
    bools = masks.map(
        lambda drawn: (
            drawn[0] | ({"mask": Shaped(drawn[0]["mask"].shape, drawn[1])} if drawn[1] else {})
        )
    )
    return st.tuples(bools, arguments(**others)).map(lambda parts: parts[0] | parts[1])


@st.composite
def conditional(draw: st.DrawFn, names: str, **others: Any) -> dict[str, Any]:
    """A `condition` that is mostly boolean, and what it chooses from."""
    drawn = draw(operands(f"condition {names}", **others))
    if draw(st.integers(0, 5)):
        drawn["condition"] = Shaped(drawn["condition"].shape, i1)
    return drawn


@st.composite
def prelus(draw: st.DrawFn) -> dict[str, Any]:
    """A weight for all channels or one each."""
    input = draw(tensors(dtypes=MOSTLY_FLOATS))
    channels = input.shape[1] if input.rank > 1 else 1
    shape = draw(st.sampled_from([(), (1,), (channels,), (channels,), (channels,), (3,), (1, 1)]))
    dtype = draw(st.sampled_from([input.dtype] * 7 + [f64]))
    return {"input": input, "weight": Shaped(shape, dtype)}


UNARY = arguments(input=tensors())
FLOAT_UNARY = arguments(input=tensors(dtypes=MOSTLY_FLOATS))
BINARY = operands("input other")
WITH_NUMBER = arguments(input=tensors(), other=NUMBERS)
ALPHA = st.sampled_from([1, 2, 0.5, True])
SCALAR = st.builds(Shaped, st.sampled_from([(), (), (), (1,)]), DTYPES)
CONVERSION: dict[str, Any] = {
    "non_blocking__": st.booleans(),
    "memory_format__": st.sampled_from(["preserve_format"]) | MEMORY_FORMATS,
}
COPY = CONVERSION | {"copy__": st.booleans()}

CASES: dict[str, Arguments] = {
    **dict.fromkeys(
        named(
            """abs acos acosh angle asin asinh atan atanh bitwise_not ceil conj_physical cos cosh
            deg2rad erf erfc erfinv exp exp2 expm1 floor isfinite isinf isnan isneginf isposinf
            lgamma log log10 log1p log2 logical_not neg positive rad2deg real reciprocal relu relu6
            round rsqrt sigmoid sign sgn signbit sin sinc sinh sqrt square tan tanh trunc"""
        ),
        UNARY,
    ),
    **dict.fromkeys(
        named("frac hardsigmoid hardswish log_sigmoid mish selu silu"),
        FLOAT_UNARY,
    ),
    **dict.fromkeys(
        named(
            """atan2 copysign.Tensor div.Tensor eq.Tensor floor_divide fmax fmin fmod.Tensor
            ge.Tensor gt.Tensor isclose le.Tensor logical_and logical_or logical_xor lt.Tensor
            max.other maximum min.other minimum mul.Tensor ne.Tensor remainder.Tensor
            true_divide.Tensor xlogy.Tensor"""
        ),
        BINARY,
    ),
    **dict.fromkeys(
        named(
            """__and__.Tensor __lshift__.Tensor __or__.Tensor __rshift__.Tensor __xor__.Tensor
            bitwise_and.Tensor bitwise_left_shift.Tensor bitwise_or.Tensor
            bitwise_right_shift.Tensor bitwise_xor.Tensor"""
        ),
        operands("input other", dtypes=MOSTLY_INTEGERS),
    ),
    **dict.fromkeys(
        named(
            """copysign.Scalar div.Scalar eq.Scalar floor_divide.Scalar fmod.Scalar ge.Scalar
            gt.Scalar le.Scalar lt.Scalar mul.Scalar ne.Scalar remainder.Scalar
            true_divide.Scalar"""
        ),
        WITH_NUMBER,
    ),
    **dict.fromkeys(
        named(
            """__and__.Scalar __lshift__.Scalar __or__.Scalar __rshift__.Scalar __xor__.Scalar
            bitwise_and.Scalar bitwise_left_shift.Tensor_Scalar bitwise_or.Scalar
            bitwise_right_shift.Tensor_Scalar bitwise_xor.Scalar"""
        ),
        arguments(input=tensors(dtypes=MOSTLY_INTEGERS), other=st.sampled_from([2, 1, True, 0.5])),
    ),
    **dict.fromkeys(
        named("hypot logaddexp logaddexp2"), operands("input other", dtypes=MOSTLY_FLOATS)
    ),
    **dict.fromkeys(
        named("add.Tensor sub.Tensor rsub.Tensor"), operands("input other", alpha__=ALPHA)
    ),
    **dict.fromkeys(
        named("add.Scalar sub.Scalar rsub.Scalar"),
        arguments(input=tensors(), other=NUMBERS, alpha__=ALPHA),
    ),
    "aten._to_copy": arguments(input=tensors(0, 5), dtype__=DTYPES, **CONVERSION),
    "aten.addcdiv": operands("input tensor1 tensor2", value__=ALPHA),
    "aten.addcmul": operands("input tensor1 tensor2", value__=ALPHA),
    "aten.celu": arguments(input=tensors(dtypes=MOSTLY_FLOATS), alpha__=st.sampled_from([1, 0.5])),
    "aten.clamp": arguments(input=tensors(), min__=NUMBERS, max__=NUMBERS),
    "aten.clamp.Tensor": operands("input min__ max__"),
    "aten.clamp_max": arguments(input=tensors(), max=NUMBERS),
    "aten.clamp_max.Tensor": operands("input max"),
    "aten.clamp_min": arguments(input=tensors(), min=NUMBERS),
    "aten.clamp_min.Tensor": operands("input min"),
    "aten.clip": arguments(input=tensors(), min__=NUMBERS, max__=NUMBERS),
    "aten.clip.Tensor": operands("input min__ max__"),
    "aten.complex": operands("real imag", dtypes=MOSTLY_FLOATS),
    "aten.copy": operands("input src", non_blocking__=st.booleans()),
    "aten.div.Scalar_mode": arguments(
        input=tensors(), other=NUMBERS, rounding_mode__=st.sampled_from(["floor", "trunc", "up"])
    ),
    "aten.div.Tensor_mode": operands(
        "input other", rounding_mode__=st.sampled_from(["floor", "trunc", "up"])
    ),
    "aten.elu": arguments(
        input=tensors(dtypes=MOSTLY_FLOATS),
        alpha__=NUMBERS,
        scale__=NUMBERS,
        input_scale__=NUMBERS,
    ),
    "aten.fill.Scalar": arguments(input=tensors(), value=NUMBERS),
    "aten.fill.Tensor": arguments(input=tensors(), value=SCALAR),
    "aten.gelu": arguments(
        input=tensors(dtypes=MOSTLY_FLOATS),
        approximate__=st.sampled_from(["none", "tanh", "tanh", "sigmoid"]),
    ),
    "aten.glu": over(tensors(dtypes=MOSTLY_FLOATS), dim__=dim_of),
    "aten.hardshrink": arguments(input=tensors(dtypes=MOSTLY_FLOATS), lambd__=NUMBERS),
    "aten.hardtanh": arguments(
        input=tensors(), min_val__=st.sampled_from([-1, 0, 0.5]), max_val__=st.sampled_from([1, 6])
    ),
    "aten.heaviside": operands("input values"),
    "aten.imag": arguments(input=tensors(dtypes=MOSTLY_COMPLEX)),
    "aten.leaky_relu": arguments(
        input=tensors(dtypes=MOSTLY_FLOATS), negative_slope__=st.sampled_from([1, 0.5])
    ),
    "aten.lerp.Scalar": operands("input end", dtypes=MOSTLY_FLOATS, weight=NUMBERS),
    "aten.lerp.Tensor": operands("input end weight", dtypes=MOSTLY_FLOATS),
    "aten.logit": arguments(input=tensors(), eps__=st.sampled_from([1e-6, 0.5])),
    "aten.masked_fill.Scalar": masked(value=NUMBERS),
    "aten.masked_fill.Tensor": masked(value=SCALAR),
    "aten.nan_to_num": arguments(input=tensors(), nan__=st.just(0.5), posinf__=st.just(1.5)),
    "aten.polar": operands("abs angle", dtypes=MOSTLY_FLOATS),
    "aten.pow.Scalar": arguments(input=NUMBERS, exponent=tensors()),
    "aten.pow.Tensor_Scalar": arguments(input=tensors(), exponent=NUMBERS | st.just(-2)),
    "aten.pow.Tensor_Tensor": operands("input exponent"),
    "aten.prelu": prelus(),
    "aten.remainder.Scalar_Tensor": arguments(input=NUMBERS, other=tensors()),
    "aten.round.decimals": arguments(
        input=tensors(dtypes=MOSTLY_FLOATS), decimals=st.integers(-1, 2)
    ),
    "aten.softplus": arguments(
        input=tensors(dtypes=MOSTLY_FLOATS), beta__=NUMBERS, threshold__=NUMBERS
    ),
    "aten.softshrink": arguments(input=tensors(dtypes=MOSTLY_FLOATS), lambd__=NUMBERS),
    "aten.threshold": arguments(input=tensors(), threshold=NUMBERS, value=NUMBERS),
    "aten.to.device": arguments(input=tensors(0, 5), dtype=DTYPES, **COPY),
    "aten.to.dtype": arguments(input=tensors(0, 5), dtype=DTYPES, **COPY),
    "aten.to.dtype_layout": arguments(input=tensors(0, 5), dtype__=DTYPES, **COPY),
    "aten.to.other": arguments(input=tensors(0, 5), other=tensors(), **COPY),
    "aten.type_as": arguments(input=tensors(), other=tensors()),
    "aten.where.Scalar": conditional("", input=NUMBERS, other=NUMBERS),
    "aten.where.ScalarOther": conditional("input", other=NUMBERS),
    "aten.where.ScalarSelf": conditional("other", input=NUMBERS),
    "aten.where.self": conditional("input other"),
}
