"""Intel's NPU compiler itself, on models of a few nodes."""

import numpy as np
import openvino
import pytest
from openvino import opset13

from forge.backends.npu import PLATFORMS, NpuCompilationError, NpuCompiler

LOCATION = "linear in model.fc (model.py:3)"


def small_model() -> openvino.Model:
    """A linear layer and a softmax, named as Forge names them."""
    x = opset13.parameter([1, 16, 64], np.float32, name="x")
    weight = opset13.constant(np.random.default_rng(0).normal(size=(64, 64)).astype(np.float16))
    linear = opset13.matmul(x, opset13.convert(weight, "f32"), False, True)
    linear.set_friendly_name("linear in model.fc/MatMul")
    linear.rt_info["forge_location"] = LOCATION
    softmax = opset13.softmax(linear, -1)
    softmax.set_friendly_name("softmax in model/Softmax")
    softmax.output(0).set_names({"y"})
    result = opset13.result(softmax)
    result.set_friendly_name("y")
    return openvino.Model([result], [x], "main")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_model_becomes_a_blob_with_a_schedule(npu_compiler: NpuCompiler, platform: str) -> None:
    compiled = npu_compiler.compile(small_model(), platform, keep_blob=True)
    blob, schedule = compiled.blob, compiled.schedule
    assert blob is not None
    # An ELF file, and behind it what OpenVINO adds.
    assert blob.startswith(b"\x7fELF")
    assert b"OVNPU" in blob[-16:]
    assert schedule.blob_bytes == len(blob)
    assert schedule.platform == platform
    assert 0 < schedule.predicted_latency_us < 1000
    assert schedule.predicted_latency_without_embedding_us == schedule.predicted_latency_us
    layers = {layer.name: layer for layer in schedule.layers}
    assert layers["linear in model.fc/MatMul"].dpu_us > 0
    assert layers["linear in model.fc/MatMul"].location == LOCATION
    assert layers["softmax in model/Softmax"].shave_us > 0


def test_a_refusal_names_the_operation(npu_compiler: NpuCompiler) -> None:
    x = opset13.parameter([4], np.int32, name="x")
    acos = opset13.acos(x)
    acos.set_friendly_name("acos in model/Acos")
    acos.rt_info["forge_location"] = "acos in model (model.py:9)"
    model = openvino.Model([opset13.result(acos)], [x], "main")
    with pytest.raises(NpuCompilationError) as caught:
        npu_compiler.compile(model, "NPU4000")
    assert "'IE.Acos' op operand #0 must be" in str(caught.value)
    assert "at acos in model (model.py:9)" in str(caught.value)


def test_numbers_that_openvino_gives_nodes_are_no_difference(npu_compiler: NpuCompiler) -> None:
    first = npu_compiler.compile(small_model(), "NPU4000").schedule
    assert npu_compiler.compile(small_model(), "NPU4000").schedule == first
