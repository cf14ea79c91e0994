"""What weights and constants alone make is computed once, with PyTorch's numbers, and in place."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from forge.backends.load_time import LoadTimeValues
from forge.backends.load_time.rules import _RULES  # pyright: ignore[reportPrivateUsage]
from forge.backends.openvino.backend import translate_program
from forge.backends.ports import main_function
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.ir.shape_functions import ShapeError
from forge.ir.text import parse_module
from forge.passes import DEFAULT_PIPELINE
from forge.weights import ModuleWeights, RandomWeights, WeightStore
from tests.dialects.reg_cases import CASES
from tests.dialects.reg_cases.building import make_program
from tests.passes.checking import apply

RULES = {op_class.name.removeprefix("reg."): op_class for op_class in _RULES}
# Rounded once from f64 here, and by a library there.
ROUNDED = ["Cos", "Exp", "Log", "Power", "Sin", "Sqrt"]


def values_of(module: ModuleOp, weights: WeightStore) -> tuple[LoadTimeValues, list[SSAValue]]:
    block = main_function(module).body.block
    assert block.last_op is not None
    known = LoadTimeValues(block, weights, lambda value: value)
    return known, list(block.last_op.operands)


def assert_within_one_ulp(actual: Any, expected: Any) -> None:
    np.testing.assert_array_equal(np.isnan(actual), np.isnan(expected))
    numbers = ~np.isnan(actual)
    np.testing.assert_array_max_ulp(actual[numbers], expected[numbers], 1)


@pytest.mark.parametrize("name", sorted(RULES))
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_is_what_the_instruction_means(name: str, data: st.DataObject) -> None:
    try:
        module = make_program(RULES[name], data.draw(CASES[name]), of_weights=True)
    except ShapeError:
        assume(False)
        return
    weights = RandomWeights(module)
    known, returned = values_of(module, weights)
    assume(all(value in known for value in returned))
    try:
        computed = [known.array(value) for value in returned]
    except ForgeError as error:
        # A random index may be past the end.
        assume("reads past" not in str(error))
        raise
    try:
        meant = run(module, weights, [])
    except ForgeError as error:
        # PyTorch has few kernels for unsigned integers.
        assume("not implemented for" not in str(error))
        raise
    for array, expected in zip(computed, meant, strict=True):
        wide = expected.view(torch.uint16) if expected.dtype == torch.bfloat16 else expected
        if name == "MatMul":
            # Sums of a few products, in f32 there; the digits that cancel out are not compared.
            np.testing.assert_allclose(array, wide.numpy(), rtol=1e-5, atol=1e-5)
        elif name in ROUNDED:
            assert_within_one_ulp(array, wide.numpy())
        else:
            assert array.dtype == wide.numpy().dtype
            np.testing.assert_array_equal(array, wide.numpy())


def text_of(body: str, result: str) -> ModuleOp:
    return parse_module(f"func.func @main() -> {result} {{{body}\n  func.return %y : {result}\n}}")


def constant(name: str, values: str, type: str) -> str:
    return (
        f"  %{name} = reg.Constant {{value = dense<{values}> : tensor<{type}>}} "
        f": () -> !reg.reg<{type}, cpu>\n"
    )


I1, R = "!reg.reg<1xi64, cpu>", "!reg.reg<{}, cpu>".format
W = '\n  %w = reg.weight "w" : !reg.reg<8x4xf32, cpu>\n'
VIEWS = {
    "rows": (
        constant("b", "4", "1xi64")
        + constant("e", "6", "1xi64")
        + constant("s", "1", "1xi64")
        + constant("a", "0", "1xi64")
        + f"  %y = reg.Slice %w, %b, %e, %s, axes = %a : ({R('8x4xf32')}, {I1}, {I1}, {I1}, {I1})"
        f" -> {R('2x4xf32')}",
        R("2x4xf32"),
        16,
    ),
    "another shape": (
        constant("s", "[2, 16]", "2xi64") + "  %y = reg.Reshape %w, %s {special_zero = false}"
        f" : ({R('8x4xf32')}, {R('2xi64')}) -> {R('2x16xf32')}",
        R("2x16xf32"),
        0,
    ),
    "positions that are counted up": (
        constant("i", "[[3, 4, 5]]", "1x3xi64")
        + constant("a", "0", "i64")
        + f"  %y = reg.Gather %w, %i, %a : ({R('8x4xf32')}, {R('1x3xi64')}, {R('i64')})"
        f" -> {R('1x3x4xf32')}",
        R("1x3x4xf32"),
        12,
    ),
    "a part of rows": (
        constant("a", "0", "i64")
        + f"  %x, %y = reg.Split %w, %a {{num_splits = 2}} : ({R('8x4xf32')}, {R('i64')})"
        f" -> ({R('4x4xf32')}, {R('4x4xf32')})",
        R("4x4xf32"),
        16,
    ),
}


@pytest.mark.parametrize(("body", "result", "offset"), VIEWS.values(), ids=VIEWS)
def test_rows_are_the_weights_own_memory(body: str, result: str, offset: int) -> None:
    weight = torch.randn(8, 4)
    known, (value,) = values_of(text_of(W + body, result), ModuleWeights({"w": weight}))
    array = known.array(value)
    assert np.shares_memory(array, weight.numpy())
    assert array.ctypes.data == weight.data_ptr() + 4 * offset
    assert (known.computed, known.computed_bytes) == (1, 0)


def test_columns_are_one_new_array() -> None:
    body = (
        constant("a", "1", "i64")
        + f"  %x, %y = reg.Split %w, %a {{num_splits = 2}} : ({R('8x4xf32')}, {R('i64')})"
        f" -> ({R('8x2xf32')}, {R('8x2xf32')})"
    )
    weight = torch.randn(8, 4)
    known, (value,) = values_of(text_of(W + body, R("8x2xf32")), ModuleWeights({"w": weight}))
    array = known.array(value)
    assert array is known.array(value)
    assert array.flags.c_contiguous and not np.shares_memory(array, weight.numpy())
    np.testing.assert_array_equal(array, weight[:, 2:].numpy())
    assert known.computed_bytes == 8 * 2 * 4


MIB = 1 << 20


def peak_of(compute: Callable[[], object]) -> int:
    """The most memory that numpy and Python held at a time, in bytes."""
    tracemalloc.start()
    try:
        compute()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def split_weights(count: int, axis: int) -> tuple[ModuleOp, ModuleWeights]:
    """`count` weights of 8 MiB, each cut into two halves."""
    type, half = R("2048x1024xf32"), R("1024x1024xf32" if axis == 0 else "2048x512xf32")
    body = constant("a", str(axis), "i64") + "".join(
        f'  %w{n} = reg.weight "w{n}" : {type}\n'
        f"  %a{n}, %b{n} = reg.Split %w{n}, %a {{num_splits = 2}}"
        f" : ({type}, {R('i64')}) -> ({half}, {half})\n"
        for n in range(count)
    )
    names = [f"%{half}{n}" for n in range(count) for half in "ab"]
    results = ", ".join([half] * len(names))
    text = (
        f"func.func @main() -> ({results}) {{\n{body}"
        f"  func.return {', '.join(names)} : {results}\n}}"
    )
    weights = {f"w{n}": torch.zeros(2048, 1024) for n in range(count)}
    return parse_module(text), ModuleWeights(weights)


def test_slices_of_rows_take_no_memory() -> None:
    module, weights = split_weights(4, axis=0)
    programs: list[object] = [translate_program(*split_weights(1, axis=0))]
    # The models as well: OpenVINO's constants are over the same memory.
    assert peak_of(lambda: programs.append(translate_program(module, weights))) < MIB


def test_slices_of_columns_take_no_more_than_themselves() -> None:
    module, weights = split_weights(4, axis=1)
    known, values = values_of(module, weights)
    assert 32 * MIB <= peak_of(lambda: [known.array(value) for value in values]) < 33 * MIB
    assert known.computed_bytes == 32 * MIB


def test_what_only_leads_to_results_is_dropped() -> None:
    big, small = R("2048x1024xf32"), R("2048x1xf32")
    count = 4
    body = (
        constant("b", "0", "1xi64") + constant("e", "1", "1xi64") + constant("a", "1", "1xi64")
    ) + "".join(
        f'  %w{n} = reg.weight "w{n}" : {big}\n'
        f"  %d{n} = reg.Add %w{n}, %w{n} : ({big}, {big}) -> {big}\n"
        f"  %m{n} = reg.Multiply %d{n}, %d{n} : ({big}, {big}) -> {big}\n"
        f"  %c{n} = reg.Slice %m{n}, %b, %e, %e, axes = %a"
        f" : ({big}, {I1}, {I1}, {I1}, {I1}) -> {small}\n"
        for n in range(count)
    )
    results = ", ".join([small] * count)
    text = (
        f"func.func @main() -> ({results}) {{\n{body}"
        f"  func.return {', '.join(f'%c{n}' for n in range(count))} : {results}\n}}"
    )
    weights = ModuleWeights({f"w{n}": torch.zeros(2048, 1024) for n in range(count)})
    known, values = values_of(parse_module(text), weights)
    # Two of the 8 MiB at a time, for one weight at a time, and not eight.
    assert peak_of(lambda: [known.array(value) for value in values]) < 17 * MIB


def unary(op: str, source: str, result: str, attributes: str = "") -> ModuleOp:
    return text_of(
        f'\n  %w = reg.weight "w" : {R(source)}\n'
        f"  %y = reg.{op} %w{attributes} : ({R(source)}) -> {R(result)}",
        R(result),
    )


def binary(op: str, first: str, second: str, result: str) -> ModuleOp:
    return text_of(
        f'\n  %a = reg.weight "a" : {R(first)}\n  %b = reg.weight "b" : {R(second)}\n'
        f"  %y = reg.{op} %a, %b : ({R(first)}, {R(second)}) -> {R(result)}",
        R(result),
    )


LEFT = {
    "arithmetic on f16": binary("Add", "4xf16", "4xf16", "4xf16"),
    "arithmetic on bf16": binary("Multiply", "4xbf16", "4xbf16", "4xbf16"),
    "sines of bf16": unary("Sin", "4xbf16", "4xbf16"),
    "sums of products": binary("MatMul", "4x4xf32", "4x4xf32", "4x4xf32"),
    "quotients of integers": binary("Divide", "4xi64", "4xi64", "4xi64"),
    "weights that are widened": unary(
        "Convert", "1024x1024xbf16", "1024x1024xf32", " {destination_type = f32}"
    ),
    "what a library computes": unary("Erf", "4xf32", "4xf32"),
    "weights that are repeated": text_of(
        '\n  %w = reg.weight "w" : !reg.reg<1024x1024xf32, cpu>\n'
        + constant("s", "[8, 1024, 1024]", "3xi64")
        + f'  %y = reg.Broadcast %w, %s {{mode = "numpy"}}'
        f" : ({R('1024x1024xf32')}, {R('3xi64')}) -> {R('8x1024x1024xf32')}",
        R("8x1024x1024xf32"),
    ),
}


@pytest.mark.parametrize("module", LEFT.values(), ids=LEFT)
def test_it_is_left_to_openvino(module: ModuleOp) -> None:
    known, (value,) = values_of(module, RandomWeights(module))
    assert value not in known


@pytest.mark.parametrize("transpose_b", [False, True])
@pytest.mark.parametrize("rows", [3, 2000])
def test_a_matrix_times_a_vector_is_rounded_once(transpose_b: bool, rows: int) -> None:
    size = 700
    matrix = f"{rows}x{size}xf32" if transpose_b else f"{size}x{rows}xf32"
    vector, result = R(f"{size}xf32"), R(f"{rows}xf32")
    attributes = " {transpose_b = true}" if transpose_b else ""
    module = text_of(
        f'\n  %v = reg.weight "v" : {vector}\n  %w = reg.weight "w" : {R(matrix)}\n'
        f"  %y = reg.MatMul %v, %w{attributes} : ({vector}, {R(matrix)}) -> {result}",
        result,
    )
    weights = RandomWeights(module)
    known, (value,) = values_of(module, weights)
    v, w = (weights.array(name).astype(np.float64) for name in ("v", "w"))
    expected = (w @ v if transpose_b else v @ w).astype(np.float32)
    np.testing.assert_allclose(known.array(value), expected, rtol=2e-7, atol=0)


def test_what_needs_something_that_is_left_is_left_as_well() -> None:
    module = text_of(
        f'\n  %w = reg.weight "w" : {R("4xf32")}\n'
        f"  %e = reg.Erf %w : ({R('4xf32')}) -> {R('4xf32')}\n"
        f"  %y = reg.Add %e, %w : ({R('4xf32')}, {R('4xf32')}) -> {R('4xf32')}",
        R("4xf32"),
    )
    known, (value,) = values_of(module, RandomWeights(module))
    assert value not in known and not known.ops


def test_an_index_past_the_end_is_named_with_its_operation() -> None:
    module = text_of(
        W
        + constant("i", "[8]", "1xi64")
        + constant("a", "0", "i64")
        + f"  %y = reg.Gather %w, %i, %a : ({R('8x4xf32')}, {R('1xi64')}, {R('i64')})"
        f" -> {R('1x4xf32')}",
        R("1x4xf32"),
    )
    with pytest.raises(ForgeError, match=r"reg.Gather: reads past the 8 entries[\s\S]*<text>:"):
        translate_program(module, RandomWeights(module))


def test_a_kernel_on_the_host_takes_what_was_computed() -> None:
    host = "!reg.reg<4xf32, host>"
    module = parse_module(
        f"func.func @main(%x: {host}) -> {host} {{\n"
        f'  %w = reg.weight "w" : {R("4xf32")}\n'
        f"  %d = reg.Add %w, %w : ({R('4xf32')}, {R('4xf32')}) -> {R('4xf32')}\n"
        f"  %h = reg.copy %d : ({R('4xf32')}) -> {host}\n"
        f'  %y = reg.host "aten.add.Tensor"(input = %x, other = %h) : ({host}, {host}) -> {host}\n'
        f"  func.return %y : {host}\n}}"
    )
    program = translate_program(module, RandomWeights(module))
    assert not program.models
    assert (program.instructions, program.computed_at_load) == (1, 1)


# -- what models compute of constants alone ----------------------------------------------------


def compute(module: torch.nn.Module, *inputs: torch.Tensor) -> tuple[LoadTimeValues, Any]:
    """What a module without inputs that matter computes, all at load time."""
    program = import_program(capture(module.eval(), inputs))
    apply(program.module, f"{DEFAULT_PIPELINE},convert-to-reg")
    known, (value,) = values_of(program.module, program.weights)
    assert value in known
    return known, known.array(value)


class RotaryTable(torch.nn.Module):
    """cos ‖ sin of positions times frequencies, as Llama computes them."""

    def __init__(self, size: int, base: float) -> None:
        super().__init__()
        exponents = torch.arange(0, size, 2, dtype=torch.int64).float() / size
        self.register_buffer("frequencies", 1.0 / base**exponents)
        self.frequencies: torch.Tensor

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        positions = torch.arange(ids.shape[1])[None, :, None].float()
        angles = (self.frequencies[None, :, None] @ positions.transpose(1, 2)).transpose(1, 2)
        both = torch.cat((angles, angles), dim=-1)
        return torch.stack((both.cos() * 1.0, both.sin() * 1.0))


@pytest.mark.parametrize("base", [1e4, 5e5])
def test_rotary_tables_are_within_one_ulp(base: float) -> None:
    module, ids = RotaryTable(64, base), torch.zeros(1, 2048, dtype=torch.int64)
    known, table = compute(module, ids)
    assert known.computed_bytes == table.nbytes
    assert_within_one_ulp(table, module(ids).numpy())


class Buckets(torch.nn.Module):
    """T5's buckets of relative positions."""

    def __init__(self, bidirectional: bool) -> None:
        super().__init__()
        self.bidirectional = bidirectional

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        from transformers.models.t5.modeling_t5 import T5Attention

        places = torch.arange(ids.shape[1])
        return T5Attention._relative_position_bucket(  # pyright: ignore[reportPrivateUsage]
            places[None, :] - places[:, None], self.bidirectional, 32, 128
        )


@pytest.mark.parametrize("bidirectional", [True, False])
def test_buckets_of_positions_are_the_same(bidirectional: bool) -> None:
    module, ids = Buckets(bidirectional), torch.zeros(1, 512, dtype=torch.int64)
    _, buckets = compute(module, ids)
    np.testing.assert_array_equal(buckets, module(ids).numpy())
