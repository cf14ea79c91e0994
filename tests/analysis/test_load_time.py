"""What no input reaches is found, and nothing else is."""

from __future__ import annotations

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block

from forge.analysis.load_time import load_time_ops
from forge.dialects.reg import HostOp
from forge.importer import capture, import_program
from forge.ir.text import parse_module
from forge.passes import DEFAULT_PIPELINE
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

X = "tensor<2x3xf32>"
FOUND = {
    "a weight's slice": f"""
      %w = forge.weight "w" : tensor<4x3xf32>
      %0 = aten.slice.Tensor %w {{end = 2}} : (tensor<4x3xf32>) -> {X}
      %1 = aten.mul.Tensor %0, %0 : ({X}, {X}) -> {X}""",
    "no operand at all": """
      %0 = aten.arange {end = 4} : () -> tensor<4xi64>
      %1 = aten.cumsum %0 {dim = 0} : (tensor<4xi64>) -> tensor<4xi64>""",
    "an input's shape": f"""
      %0 = aten.new_ones %x {{size = [2]}} : ({X}) -> tensor<2xf32>
      %1 = aten.zeros_like %x : ({X}) -> {X}""",
    "what is shaped like an input": f"""
      %w = forge.weight "w" : tensor<3xf32>
      %0 = aten.expand_as %w, %x : (tensor<3xf32>, {X}) -> {X}
      %1 = aten.neg %0 : ({X}) -> {X}""",
}
NOT_FOUND = {
    "an input": f"%0 = aten.neg %x : ({X}) -> {X}",
    "one of two operands": f"""
      %w = forge.weight "w" : {X}
      %0 = aten.add.Tensor %w, %x : ({X}, {X}) -> {X}""",
    "what depends on an input": f"""
      %w = forge.weight "w" : {X}
      %0 = aten.add.Tensor %x, %w : ({X}, {X}) -> {X}
      %1 = aten.mul.Tensor %0, %w : ({X}, {X}) -> {X}""",
    "an input that is shaped like a weight": f"""
      %w = forge.weight "w" : {X}
      %0 = aten.expand_as %x, %w : ({X}, {X}) -> {X}""",
    "memory as it comes": f"%0 = aten.empty_like %x : ({X}) -> {X}",
    "what may be random": f"""
      %w = forge.weight "w" : {X}
      %0 = aten.operator "mine.noise.default"(x = %w) : ({X}) -> {X}""",
    "a weight itself": f'%w = forge.weight "w" : {X}',
}


def body(text: str) -> Block:
    module = parse_module(f"func.func @main(%x: {X}) {{{text}\n  func.return\n}}")
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    return function.body.block


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_what_no_input_reaches_is_found(text: str) -> None:
    block = body(text)
    found = load_time_ops(block)
    expected = [op for op in block.ops if op.name.startswith("aten.")]
    assert [op for op in block.ops if op in found] == expected
    assert len(expected) == 2


@pytest.mark.parametrize("text", NOT_FOUND.values(), ids=NOT_FOUND)
def test_what_an_input_reaches_is_not(text: str) -> None:
    assert load_time_ops(body(text)) == set()


HOST_KERNELS = {
    "deterministic": ("aten.mul.Tensor", "input = %w, other = %w", True),
    "of a transformer": ("transformer.linear", "input = %w, weight = %w", True),
    "memory as it comes": ("aten.empty_like", "input = %w", False),
    "of an input": ("aten.add.Tensor", "input = %w, other = %x", False),
    # It would be called with the input.
    "of an input's shape": ("aten.zeros_like", "input = %x", False),
    "of another library": ("my.kernel.default", "x = %w", False),
    "of no known name": ("aten.no_such", "x = %w", False),
}


@pytest.mark.parametrize(("kernel", "operands", "found"), HOST_KERNELS.values(), ids=HOST_KERNELS)
def test_kernels_on_the_host(kernel: str, operands: str, found: bool) -> None:
    host = "!reg.reg<3x3xf32, host>"
    types = ", ".join([host] * operands.count("%"))
    text = f"""
        func.func @main(%x: {host}) {{
          %w = reg.weight "w" : {host}
          %0 = reg.host "{kernel}"({operands}) : ({types}) -> {host}
          func.return
        }}"""
    (function,) = parse_module(text).ops
    assert isinstance(function, FuncOp)
    block = function.body.block
    (op,) = (op for op in block.ops if op.name == "reg.host")
    assert load_time_ops(block) == ({op} if found else set())


@pytest.mark.parametrize(
    "pipeline",
    [
        DEFAULT_PIPELINE,
        f"{DEFAULT_PIPELINE},convert-to-reg",
        f"{DEFAULT_PIPELINE},convert-to-reg{{device=host}}",
    ],
)
def test_rotary_tables_are_load_time_at_every_level(pipeline: str) -> None:
    program = import_program(capture(*tiny_model("llama-3.2-1b")))
    apply(program.module, pipeline)
    (function,) = (op for op in program.module.walk() if isinstance(op, FuncOp))
    found = load_time_ops(function.body.block)
    kernels = [op.kernel.data if isinstance(op, HostOp) else op.name for op in found]
    names = {name.partition(".")[2].lower() for name in kernels}
    assert {"cos", "sin"} <= names
    # Every layer's work depends on the tokens.
    assert not names & {"attention", "rotary_embedding", "linear", "softmax"}
