"""What the passes for an NPU are there for: Intel's compiler fails without them, or keeps more."""

from __future__ import annotations

import pytest

from forge.backends.npu import PLATFORMS, NpuCompilationError, NpuCompiler
from forge.backends.openvino.backend import translate_program
from forge.backends.openvino.bindings import Model
from forge.ir.text import parse_module
from forge.weights import RandomWeights
from tests.passes.checking import apply

# Keys that are projected, brought into heads, rotated, and shared by two heads each.
SHARED_KEYS = """
!q = tensor<1x4x16x32xf32>
!k = tensor<1x2x16x32xf32>
!table = tensor<1x1x16x32xf32>
func.func @main(%x: tensor<1x16x128xf32>, %q: !q, %v: !k) -> !q {
  %w = forge.weight "k_proj.weight" : tensor<64x128xf32>
  %cos = forge.weight "cos" : !table
  %sin = forge.weight "sin" : !table
  %0 = transformer.linear %x, %w : (tensor<1x16x128xf32>, tensor<64x128xf32>) -> tensor<1x16x64xf32>
  %1 = aten.reshape %0 {shape = [1, 16, 2, 32]} : (tensor<1x16x64xf32>) -> tensor<1x16x2x32xf32>
  %2 = aten.permute %1 {dims = [0, 2, 1, 3]} : (tensor<1x16x2x32xf32>) -> !k
  %3 = transformer.rotary_embedding %2, %cos, %sin : (!k, !table, !table) -> !k
  %4 = transformer.attention %q, %3, %v {causal = true} : (!q, !k, !k) -> !q
  func.return %4 : !q
}
"""
LINEAR = """
!x = !reg.reg<1x16x512xf32, npu>
!w = !reg.reg<512x512xf32, npu>
func.func @main(%x: !x) -> !x {
  %w = reg.weight "w" : !w
  %0 = reg.MatMul %x, %w {transpose_b = true} : (!x, !w) -> !x
  func.return %0 : !x
}
"""


def model_of(text: str, pipeline: str) -> Model:
    module = parse_module(text)
    apply(module, pipeline)
    return translate_program(module, RandomWeights(module)).single_model()


def test_rotated_keys_that_heads_share(npu_compiler: NpuCompiler) -> None:
    lowering = "convert-to-reg{device=npu}"
    with pytest.raises(NpuCompilationError, match=r"UnrollPermuteDMA.*size of merged sub"):
        npu_compiler.compile(model_of(SHARED_KEYS, lowering), "NPU3720", level=2)
    legal = model_of(SHARED_KEYS, f"legalize-grouped-heads,apply-forms,{lowering}")
    assert npu_compiler.compile(legal, "NPU3720", level=2).schedule.predicted_latency_us > 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_compressed_weights_stay_short(npu_compiler: NpuCompiler, platform: str) -> None:
    elements = 512 * 512
    sizes = {
        form: npu_compiler.compile(
            model_of(LINEAR, f"compress-weights{{type={form}}}"), platform, level=2
        ).schedule.blob_bytes
        for form in ("f16", "i8", "i4")
    }
    assert sizes["f16"] - sizes["i8"] > 0.9 * elements
    assert sizes["i8"] - sizes["i4"] > 0.4 * elements
