"""What is computed while compiling is what PyTorch computes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from forge.analysis.constants import MAX_ELEMENTS, find_constants
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.ir.text import parse_module
from forge.weights import RandomWeights
from tests.passes.tiny_models import tiny_model

I3, F3, B3 = "tensor<3xi64>", "tensor<3xf32>", "tensor<3xbf16>"
CONSTANTS = f"""
  %v = forge.constant dense<[5, -2, 7]> : {I3}
  %i = forge.constant dense<[2, 0, -1]> : {I3}
  %b = forge.constant dense<[true, false, true]> : tensor<3xi1>
  %m = forge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %f = forge.constant dense<0.0> : tensor<f32>
  %h = forge.constant dense<[7, -7, 3]> : tensor<3xi8>
  %g = forge.constant dense<[[2, 0]]> : tensor<1x2xi64>
  %v2 = forge.constant dense<[0, 1, 0]> : {I3}
  %r3 = forge.constant dense<[0.1, -2.5, 3.0]> : tensor<3xf32>
  %w = forge.constant dense<[1.0, 2.0, -3.0]> : tensor<3xf32>
  %bf = forge.constant dense<[0.1, -2.5, 3.0]> : tensor<3xbf16>
  %big = forge.constant dense<[1.0e10, 1.0, 2.0]> : tensor<3xf32>
"""

FOLDED = [
    "aten.arange {end = 5} : () -> tensor<5xi64>",
    "aten.arange.start {start = 2, end = 5} : () -> tensor<3xi64>",
    "aten.arange.start_step {start = 9, end = 2, step = -3} : () -> tensor<3xi64>",
    f"aten.add.Scalar %v {{other = 2, alpha = 3}} : ({I3}) -> {I3}",
    f"aten.add.Tensor %v, %i {{alpha = 2}} : ({I3}, {I3}) -> {I3}",
    f"aten.add.Tensor %v, %b : ({I3}, tensor<3xi1>) -> {I3}",
    f"aten.add.Tensor %m, %v : (tensor<2x3xi64>, {I3}) -> tensor<2x3xi64>",
    "aten.add.Scalar %h {other = 100} : (tensor<3xi8>) -> tensor<3xi8>",
    f"aten.sub.Scalar %v {{other = 1}} : ({I3}) -> {I3}",
    f"aten.sub.Tensor %v, %i : ({I3}, {I3}) -> {I3}",
    f"aten.mul.Tensor %v, %i : ({I3}, {I3}) -> {I3}",
    f"aten.mul.Scalar %v {{other = true}} : ({I3}) -> {I3}",
    f"aten.eq.Tensor %v, %i : ({I3}, {I3}) -> tensor<3xi1>",
    f"aten.ne.Scalar %v {{other = 5}} : ({I3}) -> tensor<3xi1>",
    f"aten.le.Tensor %m, %v : (tensor<2x3xi64>, {I3}) -> tensor<2x3xi1>",
    f"aten.lt.Scalar %v {{other = 0}} : ({I3}) -> tensor<3xi1>",
    f"aten.gt.Tensor %v, %i : ({I3}, {I3}) -> tensor<3xi1>",
    f"aten.ge.Scalar %v {{other = 5}} : ({I3}) -> tensor<3xi1>",
    "aten.__and__.Tensor %b, %b : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>",
    "aten.logical_or %b, %b : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>",
    "aten.bitwise_xor.Tensor %b, %b : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>",
    "aten.logical_not %b : (tensor<3xi1>) -> tensor<3xi1>",
    "aten.cumsum %b {dim = -1} : (tensor<3xi1>) -> tensor<3xi64>",
    "aten.cumsum %m {dim = 0} : (tensor<2x3xi64>) -> tensor<2x3xi64>",
    f"aten.diff %v : ({I3}) -> tensor<2xi64>",
    f"aten.diff %v, prepend = %i {{n = 2}} : ({I3}, {I3}) -> tensor<4xi64>",
    f"aten.diff %v, append = %i : ({I3}, {I3}) -> tensor<5xi64>",
    f"aten.index.Tensor %v, [%i] : ({I3}, {I3}) -> {I3}",
    f"aten.unsqueeze %v {{dim = 1}} : ({I3}) -> tensor<3x1xi64>",
    "aten.view %m {size = [3, -1]} : (tensor<2x3xi64>) -> tensor<3x2xi64>",
    f"aten.expand %v {{size = [2, -1]}} : ({I3}) -> tensor<2x3xi64>",
    "aten.transpose.int %m {dim0 = 0, dim1 = -1} : (tensor<2x3xi64>) -> tensor<3x2xi64>",
    "aten.permute %m {dims = [1, 0]} : (tensor<2x3xi64>) -> tensor<3x2xi64>",
    "aten.slice.Tensor %m {dim = 1, start = -2, end = 9223372036854775807}"
    " : (tensor<2x3xi64>) -> tensor<2x2xi64>",
    "aten.select.int %m {dim = 1, index = -1} : (tensor<2x3xi64>) -> tensor<2xi64>",
    "aten.cat [%m, %m] {dim = 1} : (tensor<2x3xi64>, tensor<2x3xi64>) -> tensor<2x6xi64>",
    "aten.tril %m {diagonal = 1} : (tensor<2x3xi64>) -> tensor<2x3xi64>",
    "aten.triu %m {diagonal = -1} : (tensor<2x3xi64>) -> tensor<2x3xi64>",
    "aten.to.dtype %v {dtype = f32} : (tensor<3xi64>) -> tensor<3xf32>",
    "aten.to.dtype %v {dtype = i1} : (tensor<3xi64>) -> tensor<3xi1>",
    "aten.to.dtype %v {dtype = i8} : (tensor<3xi64>) -> tensor<3xi8>",
    "aten.full {size = [2], fill_value = -3.5, dtype = f32} : () -> tensor<2xf32>",
    "aten.new_ones %x {size = [2], dtype = i1} : (tensor<3xf32>) -> tensor<2xi1>",
    "aten.zeros_like %x {dtype = i64} : (tensor<3xf32>) -> tensor<3xi64>",
    "aten.where.ScalarOther %b, %f {other = -3.4028234663852886e+38}"
    " : (tensor<3xi1>, tensor<f32>) -> tensor<3xf32>",
    f"aten.where.self %b, %v, %i : (tensor<3xi1>, {I3}, {I3}) -> {I3}",
    f"aten.masked_fill.Scalar %v, %b {{value = 4}} : ({I3}, tensor<3xi1>) -> {I3}",
    # Arithmetic that has one rounding only.
    "aten.add.Scalar %f {other = 1.0} : (tensor<f32>) -> tensor<f32>",
    f"aten.add.Tensor %r3, %w : ({F3}, {F3}) -> {F3}",
    f"aten.add.Tensor %r3, %v : ({F3}, {I3}) -> {F3}",
    f"aten.sub.Scalar %r3 {{other = 0.3}} : ({F3}) -> {F3}",
    f"aten.rsub.Scalar %r3 {{other = 1.0}} : ({F3}) -> {F3}",
    f"aten.rsub.Scalar %v {{other = 1}} : ({I3}) -> {I3}",
    f"aten.mul.Tensor %r3, %b : ({F3}, tensor<3xi1>) -> {F3}",
    f"aten.mul.Scalar %r3 {{other = -3.4028234663852886e+38}} : ({F3}) -> {F3}",
    f"aten.mul.Scalar %v {{other = 0.5}} : ({I3}) -> {F3}",
    f"aten.div.Scalar %r3 {{other = 3.0}} : ({F3}) -> {F3}",
    f"aten.div.Scalar %v {{other = 3}} : ({I3}) -> {F3}",
    f"aten.div.Tensor %r3, %f : ({F3}, tensor<f32>) -> {F3}",
    f"aten.mul.Tensor %bf, %bf : ({B3}, {B3}) -> {B3}",
    f"aten.add.Scalar %bf {{other = 0.5}} : ({B3}) -> {B3}",
    f"aten.mul.Tensor %bf, %r3 : ({B3}, {F3}) -> {F3}",
    f"aten.neg %r3 : ({F3}) -> {F3}",
    f"aten.abs %v : ({I3}) -> {I3}",
    f"aten.min.other %v, %i : ({I3}, {I3}) -> {I3}",
    f"aten.maximum %r3, %w : ({F3}, {F3}) -> {F3}",
    f"aten.clamp %v {{min = 0, max = 6}} : ({I3}) -> {I3}",
    f"aten.clamp_min %v {{min = 0}} : ({I3}) -> {I3}",
    f"aten.cumsum %w {{dim = 0}} : ({F3}) -> {F3}",
    # Comparisons of floats, and casts of them.
    "aten.eq.Scalar %f {other = 0.0} : (tensor<f32>) -> tensor<i1>",
    f"aten.gt.Tensor %r3, %w : ({F3}, {F3}) -> tensor<3xi1>",
    f"aten.lt.Scalar %bf {{other = 0.5}} : ({B3}) -> tensor<3xi1>",
    f"aten.to.dtype %r3 {{dtype = i64}} : ({F3}) -> {I3}",
    f"aten.to.dtype %r3 {{dtype = i1}} : ({F3}) -> tensor<3xi1>",
    f"aten.to.dtype %r3 {{dtype = bf16}} : ({F3}) -> {B3}",
    f"aten.to.dtype %r3 {{dtype = f16}} : ({F3}) -> tensor<3xf16>",
    f"aten.to.dtype %bf {{dtype = f64}} : ({B3}) -> tensor<3xf64>",
    f"aten.to.dtype %v {{dtype = bf16}} : ({I3}) -> {B3}",
    "aten.arange {end = 3.0} : () -> tensor<3xf32>",
    # Elements of bf16 and of tensors of other shapes.
    f"aten.where.ScalarOther %b, %bf {{other = -3.3895313892515355e+38}}"
    f" : (tensor<3xi1>, {B3}) -> {B3}",
    f"aten.where.ScalarSelf %b, %r3 {{input = 0.0}} : (tensor<3xi1>, {F3}) -> {F3}",
    f"aten.where.Scalar %b {{input = 0.0, other = 1.5}} : (tensor<3xi1>) -> {F3}",
    f"aten.masked_fill.Tensor %r3, %b, %f : ({F3}, tensor<3xi1>, tensor<f32>) -> {F3}",
    "aten.full {size = [2], fill_value = 0.1, dtype = bf16} : () -> tensor<2xbf16>",
    f"aten.full_like %x {{fill_value = 0.1}} : ({F3}) -> {F3}",
    f"aten.new_full %x {{size = [2], fill_value = 2}} : ({F3}) -> tensor<2xf32>",
    "aten.gather %m, %g {dim = 1} : (tensor<2x3xi64>, tensor<1x2xi64>) -> tensor<1x2xi64>",
    f"aten.index_select %m, %v2 {{dim = 1}} : (tensor<2x3xi64>, {I3}) -> tensor<2x3xi64>",
    f"aten.repeat %v {{repeats = [2, 1]}} : ({I3}) -> tensor<2x3xi64>",
    f"aten.flip %v {{dims = [0]}} : ({I3}) -> {I3}",
    f"aten.stack [%v, %i] {{dim = 1}} : ({I3}, {I3}) -> tensor<3x2xi64>",
    "aten.t %m : (tensor<2x3xi64>) -> tensor<3x2xi64>",
    "aten.swapaxes %m {axis0 = 0, axis1 = 1} : (tensor<2x3xi64>) -> tensor<3x2xi64>",
    "aten.scalar_tensor {s = 2.5} : () -> tensor<f32>",
]

UNKNOWN = [
    # It depends on an input.
    "aten.add.Scalar %x {other = 1.0} : (tensor<3xf32>) -> tensor<3xf32>",
    "aten.view %x {size = [3, 1]} : (tensor<3xf32>) -> tensor<3x1xf32>",
    # What has more than one rounding, or is not exact.
    f"aten.add.Tensor %r3, %w {{alpha = 0.3}} : ({F3}, {F3}) -> {F3}",
    f"aten.cumsum %r3 {{dim = 0}} : ({F3}) -> {F3}",
    f"aten.cumsum %big {{dim = 0}} : ({F3}) -> {F3}",
    f"aten.cos %r3 : ({F3}) -> {F3}",
    f"aten.mul.Scalar %bf {{other = 0.1}} : ({B3}) -> {B3}",
    f"aten.lt.Scalar %r3 {{other = 0.1}} : ({F3}) -> tensor<3xi1>",
    f"aten.lt.Scalar %v {{other = 0.5}} : ({I3}) -> tensor<3xi1>",
    f"aten.lt.Tensor %v, %r3 : ({I3}, {F3}) -> tensor<3xi1>",
    "aten.arange.start_step {start = 0.0, end = 1.0, step = 0.3} : () -> tensor<4xf32>",
    # A float that no integer of the type is.
    f"aten.to.dtype %big {{dtype = i32}} : ({F3}) -> tensor<3xi32>",
    # An index that PyTorch refuses when it runs.
    f"aten.index.Tensor %b, [%v] : (tensor<3xi1>, {I3}) -> tensor<3xi1>",
    # Absent and boolean indices move dimensions about.
    f"aten.index.Tensor %m, [none, %i] : (tensor<2x3xi64>, {I3}) -> tensor<2x3xi64>",
    # Too large to compute here.
    f"aten.ones {{size = [{MAX_ELEMENTS + 1}], dtype = i1}} : () -> tensor<{MAX_ELEMENTS + 1}xi1>",
]


def program(line: str) -> str:
    type = line.rsplit("-> ", 1)[1]
    return (
        f"func.func @main(%x: tensor<3xf32>) -> {type} {{{CONSTANTS}"
        f"  %r = {line}\n  func.return %r : {type}\n}}"
    )


@pytest.mark.parametrize("line", FOLDED)
def test_it_is_what_pytorch_computes(line: str) -> None:
    module = parse_module(program(line))
    block = next(iter(module.ops)).regions[0].block
    value = block.last_op.operands[0]  # pyright: ignore[reportOptionalMemberAccess]
    known = find_constants(block).get(value)
    (expected,) = run(module, RandomWeights(module, 0), [torch.zeros(3)])
    # bf16, which numpy lacks, is kept in f32.
    wide = expected.float() if expected.dtype == torch.bfloat16 else expected
    assert known is not None and known.dtype == wide.numpy().dtype
    np.testing.assert_array_equal(known, wide.numpy())


@pytest.mark.parametrize("line", UNKNOWN)
def test_what_is_not_exact_or_not_known_is_left_alone(line: str) -> None:
    block = next(iter(parse_module(program(line)).ops)).regions[0].block
    assert block.last_op is not None
    assert block.last_op.operands[0] not in find_constants(block)


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b", "granite-350m", "bert-base", "vit-base"])
def test_masks_of_real_models_are_known_or_depend_on_an_input(name: str) -> None:
    module, args = tiny_model(name)
    imported = import_program(capture(module, args))
    block = next(iter(imported.module.ops)).regions[0].block
    known = find_constants(block)
    masks = [
        op.operands[3]
        for op in block.ops
        if op.name == "aten.scaled_dot_product_attention" and len(op.operands) > 3
    ]
    assert masks
    # BERT's comes from its attention_mask; all others are made of positions alone.
    assert all((mask in known) == (name != "bert-base") for mask in masks)
