"""Programs whose instructions run on several devices and the host: bound memory, order, threads.

OpenVINO's CPU plugin stands for the accelerator.
"""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import forge
from forge.backends.openvino import backend
from forge.backends.openvino.backend import CompiledProgram, compile_program, translate_program
from forge.backends.openvino.devices import resolve_device
from forge.interpreters import run
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.passes import pipeline_at
from forge.pipeline import build_pipeline
from forge.weights import ModuleWeights
from tests.passes.tiny_models import tiny_model

X = np.linspace(-1, 1, 8, dtype=np.float32).reshape(2, 4)


@pytest.fixture(autouse=True, scope="module")
def _npu() -> Iterator[None]:
    def resolve(device: str) -> str:
        return "CPU" if device == "npu" else resolve_device(device)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "resolve_device", resolve)
        yield


def compiled(text: str) -> CompiledProgram:
    module = parse_module(text)
    verify_module(module)
    return compile_program(translate_program(module, ModuleWeights({})), "CPU")


def on(device: str, shape: str = "2x4xf32", offset: int | None = None) -> str:
    return f"!reg.reg<{shape}, {device}{'' if offset is None else f', offset = {offset}'}>"


def copy(result: str, operand: str, source: str, target: str) -> str:
    return f"{result} = reg.copy {operand} : ({source}) -> {target}\n"


TWO_DEVICES = f"""
    func.func @main(%x: {on("cpu")}) -> {on("cpu")} {{
      %a = reg.Exp %x : ({on("cpu")}) -> {on("cpu", offset=0)}
      {copy("%n", "%a", on("cpu", offset=0), on("npu", offset=0))}
      %b = reg.Negative %n : ({on("npu", offset=0)}) -> {on("npu", offset=0)}
      {copy("%c", "%b", on("npu", offset=0), on("cpu", offset=0))}
      %y = reg.Abs %c : ({on("cpu", offset=0)}) -> {on("cpu")}
      func.return %y : {on("cpu")}
    }}"""


def test_two_devices_of_openvino_exchange_memory() -> None:
    program = compiled(TWO_DEVICES)
    executor = program.executable
    assert executor.tensor_types is None
    assert program.copied_bytes == 0
    # Two values cross, in 64 bytes each; the first and the last step see them, too.
    assert executor.layout.size == 128
    for scale in (1, 2):
        np.testing.assert_allclose(executor.run([X * scale])[0], np.exp(X * scale), rtol=1e-6)


def test_crossings_are_counted() -> None:
    translated = translate_program(parse_module(TWO_DEVICES), ModuleWeights({}))
    assert (translated.crossings, translated.crossing_bytes) == (2, 64)


# What the host writes at byte 0 is read by a device that starts later than the text says: its
# instruction waits for %d. Meanwhile the host writes something else to byte 0.
LATE_READER = f"""
    func.func @main(%x: {on("host")}) -> ({on("cpu")}, {on("host")}) {{
      %a = reg.host "aten.exp"(input = %x) : ({on("host")}) -> {on("host", offset=0)}
      {copy("%b", "%a", on("host", offset=0), on("cpu"))}
      %e = reg.host "aten.neg"(input = %x) : ({on("host")}) -> {on("host", offset=0)}
      %f = reg.host "aten.abs"(input = %e) : ({on("host", offset=0)}) -> {on("host", offset=64)}
      {copy("%g", "%f", on("host", offset=64), on("cpu"))}
      %y = reg.Add %b, %g : ({on("cpu")}, {on("cpu")}) -> {on("cpu")}
      %z = reg.host "aten.neg"(input = %f) : ({on("host", offset=64)}) -> {on("host")}
      func.return %y, %z : {on("cpu")}, {on("host")}
    }}"""


def test_a_device_that_reads_late_reads_what_was_written_for_it() -> None:
    program = compiled(LATE_READER)
    assert program.copied_bytes == 0
    for scale in (1, 2):
        x = X * scale
        y, z = program.executable.run([x])
        np.testing.assert_allclose(y, np.exp(x) + np.abs(x), rtol=1e-6)
        np.testing.assert_array_equal(z, -np.abs(x))


TURNED = on("host", "4x2xf32", 0)
STRIDED = f"""
    func.func @main(%x: {on("host")}) -> {on("cpu", "4x2xf32")} {{
      %a = reg.host "aten.exp"(input = %x) : ({on("host")}) -> {on("host", offset=0)}
      %t = reg.host "aten.t"(input = %a) : ({on("host", offset=0)}) -> {TURNED}
      {copy("%b", "%t", TURNED, on("cpu", "4x2xf32"))}
      %y = reg.Negative %b : ({on("cpu", "4x2xf32")}) -> {on("cpu", "4x2xf32")}
      func.return %y : {on("cpu", "4x2xf32")}
    }}"""


def test_strided_memory_is_copied_for_a_device_and_counted() -> None:
    program = compiled(STRIDED)
    assert program.copied_bytes == 32
    for scale in (1, 2):
        (y,) = program.executable.run([X * scale])
        np.testing.assert_allclose(y, -np.exp(X * scale).T, rtol=1e-6)


def test_strided_memory_of_a_kernel_is_counted_too() -> None:
    # A kernel that is given no place for its result.
    text = STRIDED.replace(", offset = 0", "")
    program = compiled(text)
    assert program.executable.layout.size == 0
    assert program.copied_bytes == 32
    np.testing.assert_allclose(program.executable.run([X])[0], -np.exp(X).T, rtol=1e-6)


RETURNED_VIEW = f"""
    func.func @main(%x: {on("cpu")}) -> {on("host", "4x2xf32")} {{
      %a = reg.Exp %x : ({on("cpu")}) -> {on("cpu")}
      {copy("%h", "%a", on("cpu"), on("host"))}
      %t = reg.host "aten.t"(input = %h) : ({on("host")}) -> {on("host", "4x2xf32")}
      func.return %t : {on("host", "4x2xf32")}
    }}"""


def test_a_view_of_what_a_device_computed_is_returned_in_memory_of_its_own() -> None:
    executor = compiled(RETURNED_VIEW).executable
    (first,) = executor.run([X])
    (second,) = executor.run([X * 2])
    np.testing.assert_allclose(first, np.exp(X).T, rtol=1e-6)
    np.testing.assert_allclose(second, np.exp(X * 2).T, rtol=1e-6)
    assert not np.shares_memory(first, second)


LOAD_TIME = f"""
    func.func @main(%x: {on("cpu")}) -> {on("cpu")} {{
      %w = reg.Constant {{value = dense<2.0> : tensor<2x4xf32>}} : () -> {on("host")}
      %e = reg.host "aten.exp"(input = %w) : ({on("host")}) -> {on("host")}
      {copy("%b", "%e", on("host"), on("cpu"))}
      %y = reg.Add %x, %b : ({on("cpu")}, {on("cpu")}) -> {on("cpu")}
      func.return %y : {on("cpu")}
    }}"""


def test_what_the_host_computes_at_load_time_is_bound_to_a_model() -> None:
    translated = translate_program(parse_module(LOAD_TIME), ModuleWeights({}))
    assert (translated.instructions, translated.computed_at_load) == (1, 1)
    executor = compile_program(translated, "CPU").executable
    np.testing.assert_allclose(executor.run([X])[0], X + np.exp(np.float32(2)), rtol=1e-6)


@pytest.mark.parametrize("text", [TWO_DEVICES, LATE_READER, STRIDED])
def test_threads_have_memory_of_their_own(text: str) -> None:
    executor = compiled(text).executable
    inputs = [X * scale for scale in range(8)]
    expected = [[y.copy() for y in executor.run([x])] for x in inputs]
    wrong: list[int] = []

    def work(index: int) -> None:
        for _ in range(50):
            results = executor.run([inputs[index]])
            if not all(map(np.array_equal, results, expected[index])):
                wrong.append(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# -- models and random programs ------------------------------------------------------------


@pytest.mark.parametrize("name", ["gpt2", "bert-base", "llama-3.2-1b"])
def test_models_on_two_devices_agree_with_eager(name: str) -> None:
    module, inputs = tiny_model(name, 2)
    passes = f"{pipeline_at(1.0)},convert-to-reg{{device=npu}},assign-devices{{target=forge-ugc}}"
    passes += ",schedule-instructions,allocate-buffers"
    program = forge.compile(module, inputs, device="CPU", pipeline=passes)
    report = program.report
    assert report.crossings > 0
    assert report.copied_bytes == 0
    assert 0 < report.arena_bytes < report.crossing_bytes
    expected = module(*inputs)
    for _ in range(2):
        torch.testing.assert_close(program(*inputs), expected, rtol=0, atol=2.1e-5)


SQUARE = (4, 4)
ELEMENTWISE = {"host": ("aten.neg", "aten.abs", "aten.relu"), "": ("Negative", "Abs", "Relu")}
VIEWS = (("aten.t", ""), ("aten.reshape", "{shape = [4, 4]}"), ("aten.contiguous", ""))


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Instructions on square matrices, each on some device; what is computed may be read later."""
    lines: list[str] = []
    values = [("%x", "host")]

    def on_device(value: tuple[str, str], device: str) -> str:
        name, home = value
        if home == device:
            return name
        lines.append(copy(f"{name}c{len(lines)}", name, on(home, "4x4xf32"), on(device, "4x4xf32")))
        return f"{name}c{len(lines) - 1}"

    for index in range(draw(st.integers(1, 14))):
        device = draw(st.sampled_from(["host", "cpu", "npu"]))
        type, result = on(device, "4x4xf32"), f"%v{index}"
        first = on_device(draw(st.sampled_from(values)), device)
        kind = draw(st.sampled_from(["unary", "binary", "view"]))
        if kind == "binary":
            second = on_device(draw(st.sampled_from(values)), device)
            call = f'reg.host "aten.add.Tensor"(input = {first}, other = {second})'
            if device != "host":
                call = f"reg.Add {first}, {second}"
            lines.append(f"{result} = {call} : ({type}, {type}) -> {type}\n")
        else:
            kernels = [(name, "") for name in ELEMENTWISE["host" if device == "host" else ""]]
            kernels = list(VIEWS) if kind == "view" and device == "host" else kernels
            name, static = draw(st.sampled_from(kernels))
            call = f'reg.host "{name}"(input = {first}) {static}'
            call = call if device == "host" else f"reg.{name} {first}"
            lines.append(f"{result} = {call} : ({type}) -> {type}\n")
        values.append((result, device))
    returned = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
    types = ", ".join(on(device, "4x4xf32") for _, device in returned)
    names = ", ".join(name for name, _ in returned)
    return (
        f"func.func @main(%x: {on('host', '4x4xf32')}) -> ({types}) {{\n"
        f"{''.join(lines)}func.return {names} : {types}\n}}"
    )


@settings(max_examples=60)
@given(programs(), st.booleans())
def test_random_programs_compute_what_they_mean(text: str, scheduled: bool) -> None:
    module = parse_module(text)
    passes = "schedule-instructions,allocate-buffers" if scheduled else "allocate-buffers"
    for module_pass in build_pipeline(passes):
        module_pass.apply(make_context(), module)
    translated = translate_program(module, ModuleWeights({}))
    executor = compile_program(translated, "CPU").executable
    kept: list[tuple[list[np.ndarray], list[torch.Tensor]]] = []
    for seed in range(3):
        x = np.random.default_rng(seed).standard_normal(SQUARE).astype(np.float32)
        before = x.copy()
        expected = run(module, ModuleWeights({}), [torch.tensor(x)])
        kept.append((executor.run([x]), expected))
        np.testing.assert_array_equal(x, before)
    for results, expected in kept:
        for result, value in zip(results, expected, strict=True):
            np.testing.assert_array_equal(result, value.numpy())
