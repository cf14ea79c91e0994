"""Random arguments, good and bad ones, for softmax, normalization and dropout."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.tensors import Shaped, bf16, f16, f32, f64
from tests.dialects.aten_cases.drawing import (
    DTYPES,
    EXTENTS,
    MOSTLY_FLOATS,
    RARELY,
    Arguments,
    arguments,
    dim_of,
    named,
    over,
    tensors,
)

FLOATING = tensors(dtypes=MOSTLY_FLOATS)
# The channels are 1, 2, 3, 4 or 6.
GROUPS = st.sampled_from([1, 1, 1, 2, 2, 3, 0])
EPSILON = st.just(1e-5)


@st.composite
def parameters(
    draw: st.DrawFn, input: Shaped, shape: tuple[int, ...], names: str
) -> dict[str, Shaped]:
    """Parameters of one shape, in the input's type or f32, mostly; a `name__` may be absent."""
    drawn: dict[str, Shaped] = {}
    dtype = f32 if input.dtype in (f16, bf16) and draw(st.booleans()) else input.dtype
    for name in names.split():
        if name.endswith("__") and draw(st.booleans()):
            continue
        own = (draw(EXTENTS),) if draw(RARELY) else shape
        drawn[name.removesuffix("__")] = Shaped(own, draw(DTYPES) if draw(RARELY) else dtype)
    return drawn


@st.composite
def over_trailing(draw: st.DrawFn, names: str, **others: Any) -> dict[str, Any]:
    """`normalized_shape` is the end of the input's shape, mostly."""
    input = draw(FLOATING)
    shape = input.shape[draw(st.integers(0, input.rank)) :]
    if draw(RARELY):
        shape = (*shape, 2)
    drawn = draw(parameters(input, shape, names)) | draw(arguments(**others))
    return drawn | {"input": input, "normalized_shape": list(shape)}


@st.composite
def over_channels(draw: st.DrawFn, names: str, **others: Any) -> dict[str, Any]:
    """Parameters with one entry per channel."""
    input = draw(tensors(1 if draw(RARELY) else 2, 4, MOSTLY_FLOATS))
    channels = input.shape[1:2] or (1,)
    return draw(parameters(input, channels, names)) | draw(arguments(**others)) | {"input": input}


@st.composite
def over_groups(draw: st.DrawFn) -> dict[str, Any]:
    """The explicit sizes are those of the input, mostly."""
    drawn = draw(over_channels("weight__ bias__", group=GROUPS, eps=EPSILON))
    shape = drawn["input"].shape
    batch, channels = shape[0] if shape else 1, shape[1] if len(shape) > 1 else 1
    rest = 1
    for extent in shape[2:]:
        rest *= extent
    return drawn | {"N": draw(EXTENTS) if draw(RARELY) else batch, "C": channels, "HxW": rest}


RUNNING = "weight__ bias__ running_mean__ running_var__"
BATCH: dict[str, Any] = {"momentum": st.just(0.1), "eps": EPSILON, "cudnn_enabled": st.booleans()}

CASES: dict[str, Arguments] = {
    **dict.fromkeys(
        named("_safe_softmax log_softmax.int softmax.int"),
        over(FLOATING, dim=dim_of, dtype__=st.sampled_from([f32, f64]) | DTYPES),
    ),
    **dict.fromkeys(
        named("_log_softmax _softmax"),
        over(FLOATING, dim=dim_of, half_to_float=st.sampled_from([False, False, True])),
    ),
    "aten._fused_rms_norm": over_trailing("weight__", eps__=EPSILON),
    "aten._native_batch_norm_legit.no_stats": over_channels(
        "weight__ bias__",
        training=st.sampled_from([True, True, False]),
        momentum=st.just(0.1),
        eps=EPSILON,
    ),
    "aten._native_batch_norm_legit_no_training": over_channels(
        "weight__ bias__ running_mean running_var", momentum=st.just(0.1), eps=EPSILON
    ),
    "aten.batch_norm": over_channels(RUNNING, training=st.booleans(), **BATCH)
    | over_channels("weight bias running_mean running_var", training=st.just(False), **BATCH),
    # Dropout in training is random and refused: see test_dropout_in_training_is_refused.
    "aten.dropout": arguments(
        input=tensors(), p=st.sampled_from([0.0, 0.5, 1.0, 1.5]), train=st.just(False)
    )
    | arguments(input=FLOATING, p=st.just(0.0), train=st.just(True)),
    "aten.group_norm": over_channels("weight__ bias__", num_groups=GROUPS, eps__=EPSILON),
    "aten.instance_norm": over_channels(RUNNING, use_input_stats=st.booleans(), **BATCH)
    | over_channels("weight__ bias__", use_input_stats=st.just(True), **BATCH),
    "aten.layer_norm": over_trailing("weight__ bias__", eps__=EPSILON),
    "aten.native_dropout": arguments(
        input=tensors(), p=st.sampled_from([0.0, 0.5, 1.0, 1.5]), train=st.just(False)
    )
    | arguments(input=FLOATING, p=st.just(0.0), train=st.sampled_from([True, None])),
    "aten.native_group_norm": over_groups(),
    "aten.native_layer_norm": over_trailing("weight__ bias__", eps=EPSILON),
    "aten.rms_norm": over_trailing("weight__", eps__=EPSILON),
}
