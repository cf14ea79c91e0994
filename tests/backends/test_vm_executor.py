"""Programs on kernels of the host: registers, frames, memory, failures, threads."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from forge.backends.openvino.backend import CompiledProgram, compile_program, translate_program
from forge.backends.vm.executor import Executor
from forge.errors import ForgeError
from forge.ir.text import parse_module
from forge.ir.verifier import verify_module
from forge.weights import ModuleWeights
from tests.backends.numpy_types import NUMPY_TYPES

X = np.linspace(-1, 1, 8, dtype=np.float32).reshape(2, 4)


def compiled(text: str, **tensors: torch.Tensor) -> CompiledProgram:
    module = parse_module(text)
    verify_module(module)
    return compile_program(translate_program(module, ModuleWeights(tensors)), "host")


def host(text: str, **tensors: torch.Tensor) -> Executor:
    return compiled(text, **tensors).executable


def register(shape: str, offset: int | None = None, device: str = "host") -> str:
    return f"!reg.reg<{shape}, {device}{'' if offset is None else f', offset = {offset}'}>"


def unary(kernel: str, operand: str, before: str, after: str, static: str = "") -> str:
    return f'reg.host "aten.{kernel}"(input = {operand}) {static} : ({before}) -> {after}'


def function(body: Sequence[str], returned: str = "%y", type: str = register("2x4xf32")) -> str:
    types = ", ".join([type] * len(returned.split(",")))
    lines = "\n".join(body)
    return f"""
        func.func @main(%x: {register("2x4xf32")}) -> ({types}) {{
          {lines}
          func.return {returned} : {types}
        }}"""


F = register("2x4xf32")
AT_0, AT_64 = register("2x4xf32", 0), register("2x4xf32", 64)

CHAIN = function(
    [
        f"%a = {unary('relu', '%x', F, AT_0)}",
        f"%b = {unary('neg', '%a', AT_0, AT_64)}",
        f"%c = {unary('exp', '%b', AT_64, AT_64)}",
        f"%y = {unary('neg', '%c', AT_64, F)}",
    ]
)


def test_kernels_write_where_registers_are() -> None:
    executor = host(CHAIN)
    assert executor.layout.size == 128
    assert len(executor.instructions) == 4
    (y,) = executor.run([X])
    np.testing.assert_allclose(y, -np.exp(-np.maximum(X, 0)), rtol=1e-6)


def test_without_an_allocation_results_get_new_memory() -> None:
    executor = host(CHAIN.replace(", offset = 0", "").replace(", offset = 64", ""))
    assert executor.layout.size == 0
    np.testing.assert_array_equal(executor.run([X]), host(CHAIN).run([X]))


def test_results_are_new_at_every_run() -> None:
    executor = host(CHAIN)
    (first,) = executor.run([X])
    kept = first.copy()
    (second,) = executor.run([X * 2])
    assert not np.shares_memory(first, second)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize(
    ("type", "dtype"),
    [
        *NUMPY_TYPES,
        ("complex<f32>", np.complex64),
    ],
)
@pytest.mark.parametrize("shape", [(2, 3), (0, 3), ()])
def test_every_element_type_has_a_place_in_the_arena(
    type: str, dtype: type, shape: tuple[int, ...]
) -> None:
    extents = "".join(f"{extent}x" for extent in shape)
    elsewhere, placed = register(f"{extents}{type}"), register(f"{extents}{type}", 64)
    dims = "{dims = [0]}" if shape else "{dims = []}"
    text = f"""
        func.func @main(%x: {elsewhere}) -> {elsewhere} {{
          %a = {unary("flip", "%x", elsewhere, placed, dims)}
          %y = {unary("flip", "%a", placed, elsewhere, dims)}
          func.return %y : {elsewhere}
        }}"""
    x = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    executor = host(text)
    assert executor.layout.size >= 64
    (y,) = executor.run([x])
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, x)


TRANSPOSED = register("4x2xf32", 0)
VIEWS = function(
    [
        f"%a = {unary('relu', '%x', F, AT_0)}",
        f"%t = {unary('t', '%a', AT_0, TRANSPOSED)}",
        f"%s = {unary('t', '%t', TRANSPOSED, AT_0)}",
        f"%y = {unary('exp', '%s', AT_0, F)}",
    ]
)


def test_views_of_the_arena_are_made_once_a_frame() -> None:
    executor = host(VIEWS)
    assert [len(executor.setup), len(executor.instructions)] == [2, 2]
    for scale in (1, 3):
        np.testing.assert_allclose(executor.run([X * scale])[0], np.exp(np.maximum(X * scale, 0)))


def test_a_reshape_that_copies_runs_every_time() -> None:
    flat = register("8xf32", 64)
    executor = host(
        function(
            [
                f"%a = {unary('relu', '%x', F, AT_0)}",
                f"%t = {unary('t', '%a', AT_0, TRANSPOSED)}",
                f"%r = {unary('reshape', '%t', TRANSPOSED, flat, '{shape = [8]}')}",
                f"%y = {unary('neg', '%r', flat, register('8xf32'))}",
            ],
            type=register("8xf32"),
        )
    )
    assert [len(executor.setup), len(executor.instructions)] == [1, 3]
    for scale in (1, 3):
        (y,) = executor.run([X * scale])
        np.testing.assert_array_equal(y, -np.maximum(X * scale, 0).T.reshape(8))


def test_what_is_returned_is_nobody_elses() -> None:
    weight = torch.ones(2, 4)
    executor = host(
        function(
            [
                f'%w = reg.weight "w" : {F}',
                f"%v = {unary('alias', '%x', F, F)}",
                f"%a = {unary('relu', '%x', F, AT_0)}",
            ],
            "%x, %w, %v, %a",
        )
        .replace("%a : ", "%a : ")
        .replace(f"-> {AT_0}", f"-> {F}"),
        w=weight,
    )
    results = executor.run([X])
    expected = [X, weight.numpy(), X, np.maximum(X, 0)]
    for result, value in zip(results, expected, strict=True):
        np.testing.assert_array_equal(result, value)
        assert not np.shares_memory(result, X)
        assert not np.shares_memory(result, weight.numpy())


def test_a_kernel_that_gives_its_operand_back_does_not_share_it() -> None:
    # In this format the tensor is contiguous already, which only the kernel knows.
    image, at_0 = register("1x1x2x4xf32"), register("1x1x2x4xf32", 0)
    text = f"""
        func.func @main(%x: {image}) -> ({image}, {image}) {{
          %a = {unary("relu", "%x", image, at_0)}
          %y = {unary("contiguous", "%a", at_0, image, "{memory_format = 'channels_last'}")}
          %b = {unary("neg", "%x", image, at_0)}
          %z = {unary("neg", "%b", at_0, image)}
          func.return %y, %z : {image}, {image}
        }}""".replace("'", '"')
    x = X.reshape(1, 1, 2, 4)
    y, z = host(text).run([x])
    np.testing.assert_array_equal(y, np.maximum(x, 0))
    np.testing.assert_array_equal(z, x)


def test_several_results_of_one_kernel() -> None:
    half, at_0 = register("1x4xf32"), register("1x4xf32", 0)
    split = "{split_size = 1}"
    text = function(
        [
            f"%a = {unary('relu', '%x', F, AT_0)}",
            f'%p, %q = reg.host "aten.split.Tensor"(input = %a) {split}'
            f" : ({AT_0}) -> ({at_0}, {at_0})",
            f"%y = {unary('neg', '%q', at_0, half)}",
        ],
        type=half,
    )
    executor = host(text)
    assert [len(executor.setup), len(executor.instructions)] == [1, 2]
    np.testing.assert_array_equal(executor.run([X])[0], -np.maximum(X, 0)[1:])


def test_a_list_of_one_result() -> None:
    text = function(
        [
            f'%p = reg.host "aten.split.Tensor"(input = %x) {{split_size = 2}} : ({F}) -> {F}',
            f"%y = {unary('neg', '%p', F, F)}",
        ]
    )
    np.testing.assert_array_equal(host(text).run([X])[0], -X)


def test_what_depends_on_weights_alone_runs_once() -> None:
    transposed = register("4x2xf32")
    text = function(
        [
            f'%w = reg.weight "w" : {transposed}',
            f"%n = {unary('neg', '%w', transposed, transposed)}",
            f"%t = {unary('t', '%n', transposed, F)}",
            f'%y = reg.host "aten.mul.Tensor"(input = %x, other = %t) : ({F}, {F}) -> {F}',
        ]
    )
    weight = torch.arange(8.0).reshape(4, 2)
    program = translate_program(parse_module(text), ModuleWeights({"w": weight}))
    assert (program.instructions, program.computed_at_load) == (1, 2)
    assert program.computed_bytes == 32
    (y,) = compile_program(program, "host").executable.run([X])
    np.testing.assert_array_equal(y, X * -weight.T.numpy())


# -- failures ------------------------------------------------------------------------------

LOOKUP = f"""
    func.func @main(%x: {register("2xi64")}) -> {register("2x4xf32")} {{
      %w = reg.weight "w" : {register("3x4xf32")}
      %a = reg.host "aten.index_select"(input = %w, index = %x) {{dim = 0}}
          : ({register("3x4xf32")}, {register("2xi64")}) -> {AT_0}
          loc("embedding"("model.embed"("model.py":9:0)))
      %y = {unary("neg", "%a", AT_0, F)}
      func.return %y : {F}
    }}"""


def test_a_failure_is_named_and_does_not_last() -> None:
    executor = host(LOOKUP, w=torch.ones(3, 4))
    for _ in range(3):
        with pytest.raises(ForgeError, match=r"index[\s\S]*model.embed \(model.py:9\)"):
            executor.run([np.array([0, 7])])
        np.testing.assert_array_equal(executor.run([np.array([0, 2])])[0], -np.ones((2, 4)))


def test_an_arena_larger_than_memory_is_refused() -> None:
    far = register("2x4xf32", 1 << 60)
    text = function([f"%a = {unary('relu', '%x', F, far)}", f"%y = {unary('neg', '%a', far, F)}"])
    with pytest.raises(ForgeError, match="no memory for an arena of 1,152,921,504,606,84"):
        host(text)


def test_a_kernel_that_does_not_do_as_its_types_say_is_named() -> None:
    @torch.library.custom_op("forge_test::halve", mutates_args=())
    def halve(x: torch.Tensor) -> torch.Tensor:
        return x[:1].clone()

    text = function([f'%y = reg.host "forge_test.halve.default"(x = %x) : ({F}) -> {F}'])
    with pytest.raises(
        ForgeError, match=r"gave torch.float32\[1, 4\] instead of torch.float32\[2, 4\]"
    ):
        host(text).run([X])


# -- threads -------------------------------------------------------------------------------


def test_threads_have_frames_of_their_own() -> None:
    executor = host(CHAIN)
    wrong: list[int] = []

    def work(index: int) -> None:
        x = X * index
        expected = -np.exp(-np.maximum(x, 0))
        for _ in range(200):
            if not np.allclose(executor.run([x])[0], expected, rtol=1e-5):
                wrong.append(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
