"""Kernels of norms, embeddings and gated convolutions against the reference interpreter."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backends.host_instructions import Instruction, check, tensor

EXAMPLES = settings(max_examples=150, deadline=None, derandomize=True)
FLOATS = [torch.float32, torch.bfloat16, torch.float16, torch.float64]
dtypes = st.sampled_from([torch.float32, *FLOATS])
shapes = st.lists(st.integers(0, 4), min_size=0, max_size=2)
sizes = st.lists(st.integers(1, 9), min_size=1, max_size=2)


@EXAMPLES
@given(st.data(), dtypes, shapes, sizes, st.sampled_from([1e-5, 1e-2]), st.booleans())
def test_layer_norm(
    data: st.DataObject,
    dtype: torch.dtype,
    leading: list[int],
    size: list[int],
    eps: float,
    known: bool,
) -> None:
    draw = data.draw
    operands = {
        "input": tensor(draw, dtype, *leading, *size),
        "weight": draw(st.none() | st.builds(lambda: tensor(draw, dtype, *size))),
        "bias": draw(st.none() | st.builds(lambda: tensor(draw, dtype, *size))),
    }
    static = {"normalized_shape": size, "eps": eps}
    check("transformer.layer_norm", operands, static, ["weight", "bias"] if known else [])


@EXAMPLES
@given(st.data(), dtypes, shapes, sizes, st.sampled_from([0.0, 1.0]), st.booleans())
def test_rms_norm(
    data: st.DataObject,
    dtype: torch.dtype,
    leading: list[int],
    size: list[int],
    offset: float,
    known: bool,
) -> None:
    draw = data.draw
    weighted = offset != 0.0 or draw(st.booleans())
    operands = {
        "input": tensor(draw, dtype, *leading, *size),
        "weight": tensor(draw, dtype, *size) if weighted else None,
    }
    static = {"normalized_shape": size, "eps": 1e-6, "weight_offset": offset}
    check("transformer.rms_norm", operands, static, ["weight"] if known else [])


def test_an_rms_norm_may_take_the_place_of_its_input() -> None:
    x, weight = torch.randn(3, 8), torch.randn(8)
    static = {"normalized_shape": [8], "eps": 1e-6}
    instruction = Instruction("transformer.rms_norm", {"input": x, "weight": weight}, static)
    kernel = instruction.kernel("weight")
    (expected,) = instruction.run(kernel)
    kernel.call(x, x)
    torch.testing.assert_close(x, expected)


@EXAMPLES
@given(st.data(), dtypes, st.lists(st.integers(0, 3), max_size=3), st.booleans())
def test_embedding(data: st.DataObject, dtype: torch.dtype, shape: list[int], known: bool) -> None:
    integers = data.draw(st.sampled_from([torch.int64, torch.int32, torch.uint8]))
    ids = torch.randint(0, 7, shape).to(integers)
    if len(shape) >= 2 and data.draw(st.booleans()):
        ids = ids.mT.contiguous().mT
    operands = {"weight": tensor(data.draw, dtype, 7, 5), "ids": ids}
    check("transformer.embedding", operands, {}, ["weight"] if known else [])


@EXAMPLES
@given(st.data(), dtypes, st.booleans(), st.booleans())
def test_gated_convolution(
    data: st.DataObject, dtype: torch.dtype, biased: bool, known: bool
) -> None:
    draw = data.draw
    batch, tokens, size = draw(st.integers(1, 2)), draw(st.integers(1, 6)), draw(st.integers(1, 5))
    operands = {
        "input": tensor(draw, dtype, batch, tokens, 3 * size),
        "weight": tensor(draw, dtype, size, 1, draw(st.integers(1, 4))),
        "bias": tensor(draw, dtype, size) if biased else None,
    }
    check("transformer.gated_convolution", operands, {}, ["weight", "bias"] if known else [])


@EXAMPLES
@given(st.data(), dtypes, st.booleans(), st.booleans(), st.sampled_from([0, 0, 2, 3]))
def test_rotary_embedding(
    data: st.DataObject, dtype: torch.dtype, interleaved: bool, known: bool, rest: int
) -> None:
    draw = data.draw
    leading = draw(st.sampled_from([(), (3,), (1, 2, 5), (2, 2, 3), (1, 0, 3), (2, 1, 1, 3)]))
    rotated = draw(st.sampled_from([2, 6]))
    narrow = dtype in (torch.float16, torch.bfloat16)
    table_dtype = torch.float32 if narrow and draw(st.booleans()) else dtype
    table_shape = leading[draw(st.integers(0, len(leading))) :]
    table_shape = tuple(1 if draw(st.booleans()) else size for size in table_shape)
    parts = draw(st.sampled_from([1, 2]))
    tables = [tensor(draw, table_dtype, *table_shape, rotated // parts) for _ in range(2)]
    if parts == 1 and draw(st.booleans()):
        tables = [table[..., ::2].repeat_interleave(2, -1) for table in tables]
    operands = dict(zip(("cos", "sin"), tables, strict=True))
    operands["x"] = tensor(draw, dtype, *leading, rotated + rest)
    static = {"interleaved": interleaved, "rotary_dims": rotated if rest else None}
    check("transformer.rotary_embedding", operands, static, ["cos", "sin"] if known else [])
