"""Halves and neighbours, however they were taken from a tensor and put together."""

import pytest
from xdsl.ir import SSAValue

from forge.dialects import aten
from forge.ir.text import parse_module
from forge.rewriting.halves import halves, join

X, HALF, PAIRS = "tensor<8x6xf32>", "tensor<8x3xf32>", "tensor<8x3x2xf32>"
ROWS = "tensor<8x2x3xf32>"


def values(lines: str) -> dict[str, SSAValue]:
    """What the named values of a few lines over %x and %z are."""
    text = lines.replace("X", X).replace("HALF", HALF).replace("PAIRS", PAIRS)
    module = parse_module(
        f"""
        func.func @main(%x: {X}, %z: {X}) {{
          {text.replace("ROWS", ROWS)}
          func.return
        }}
        """
    )
    main = next(iter(module.ops))
    found = {"x": main.regions[0].block.args[0]}
    for op in main.walk():
        found |= {result.name_hint: result for result in op.results if result.name_hint}
    return found


CHUNK = "%a, %b = aten.chunk %x {chunks = 2, dim = 1} : (X) -> (HALF, HALF)"
SPLIT = "%a, %b = aten.split_with_sizes %x {split_sizes = [3, 3], dim = -1} : (X) -> (HALF, HALF)"
SLICES = """
    %a = aten.slice.Tensor %x {dim = -1, end = -3} : (X) -> HALF
    %b = aten.slice.Tensor %x {dim = 1, start = 3} : (X) -> HALF
"""
EVERY_SECOND = """
    %a = aten.slice.Tensor %x {dim = -1, step = 2} : (X) -> HALF
    %b = aten.slice.Tensor %x {dim = 1, start = 1, end = 99, step = 2} : (X) -> HALF
"""
COLUMNS = """
    %m = aten.reshape %x {shape = [8, 3, 2]} : (X) -> PAIRS
    %a, %b = aten.unbind.int %m {dim = -1} : (PAIRS) -> (HALF, HALF)
"""
SELECTED_ROWS = """
    %m = aten.reshape %x {shape = [8, 2, 3]} : (X) -> ROWS
    %a = aten.select.int %m {dim = 1, index = -2} : (ROWS) -> HALF
    %b = aten.select.int %m {dim = 1, index = -1} : (ROWS) -> HALF
"""


@pytest.mark.parametrize(
    ("lines", "interleaved"),
    [
        (CHUNK, False),
        (SPLIT, False),
        (SLICES, False),
        (SELECTED_ROWS, False),
        (EVERY_SECOND, True),
        (COLUMNS, True),
    ],
)
def test_two_parts_are_the_halves_of_a_tensor(lines: str, interleaved: bool) -> None:
    found = values(lines)
    both = halves(found["a"], found["b"])
    assert both is not None
    assert both.whole is found["x"]
    assert both.interleaved == interleaved
    assert halves(found["b"], found["a"]) is None


@pytest.mark.parametrize(
    "lines",
    [
        "%a = aten.slice.Tensor %x {dim = 1, end = 3} : (X) -> HALF\n"
        "%b = aten.slice.Tensor %x {dim = 1, end = 3} : (X) -> HALF",
        "%a = aten.slice.Tensor %x {dim = 1, end = 2} : (X) -> tensor<8x2xf32>\n"
        "%b = aten.slice.Tensor %x {dim = 1, start = 2} : (X) -> tensor<8x4xf32>",
        "%a, %b = aten.chunk %x {chunks = 2, dim = 0} : (X) -> (tensor<4x6xf32>, tensor<4x6xf32>)",
        "%a = aten.neg %x : (X) -> X\n%b = aten.neg %z : (X) -> X",
    ],
)
def test_other_parts_are_not(lines: str) -> None:
    found = values(lines)
    assert halves(found["a"], found["b"]) is None


def test_halves_of_two_tensors_are_none() -> None:
    found = values(f"{CHUNK}\n%c, %d = aten.chunk %z {{chunks = 2, dim = 1}} : (X) -> (HALF, HALF)")
    assert halves(found["a"], found["d"]) is None


UNSQUEEZED = """
    %c = aten.unsqueeze %a {dim = 2} : (HALF) -> tensor<8x3x1xf32>
    %d = aten.unsqueeze %b {dim = -1} : (HALF) -> tensor<8x3x1xf32>
    %j = aten.cat [%c, %d] {dim = 2} : (tensor<8x3x1xf32>, tensor<8x3x1xf32>) -> PAIRS
    %y = aten.reshape %j {shape = [8, 6]} : (PAIRS) -> X
"""
STACKED = """
    %j = aten.stack [%a, %b] {dim = -1} : (HALF, HALF) -> PAIRS
    %y = aten.flatten.using_ints %j {start_dim = -2} : (PAIRS) -> X
"""
STACKED_AS_ROWS = """
    %j = aten.stack [%a, %b] {dim = 1} : (HALF, HALF) -> ROWS
    %y = aten.view %j {size = [8, 6]} : (ROWS) -> X
"""


@pytest.mark.parametrize(
    ("lines", "interleaved"),
    [
        ("%j = aten.cat [%a, %b] {dim = -1} : (HALF, HALF) -> X\n", False),
        (STACKED_AS_ROWS, False),
        (STACKED, True),
        (UNSQUEEZED, True),
    ],
)
def test_two_tensors_are_put_together(lines: str, interleaved: bool) -> None:
    found = values(CHUNK + "\n" + lines)
    op = found["j"].owner
    assert isinstance(op, aten.CatOp | aten.StackOp)
    both = join(op)
    assert both is not None
    assert (both.first, both.second) == (found["a"], found["b"])
    assert both.result is found.get("y", found["j"])
    assert both.interleaved == interleaved


@pytest.mark.parametrize(
    "lines",
    [
        "%j = aten.cat [%a, %b] {dim = 0} : (HALF, HALF) -> tensor<16x3xf32>",
        "%j = aten.cat [%a, %b, %a] {dim = 1} : (HALF, HALF, HALF) -> tensor<8x9xf32>",
        "%j = aten.stack [%a, %b] {dim = 0} : (HALF, HALF) -> tensor<2x8x3xf32>",
        "%j = aten.stack [%a, %b] {dim = 2} : (HALF, HALF) -> PAIRS",
        STACKED.replace("flatten.using_ints", "reshape")
        .replace("{start_dim = -2}", "{shape = [3, 16]}")
        .replace("(PAIRS) -> X", "(PAIRS) -> tensor<3x16xf32>"),
    ],
)
def test_or_along_another_dimension(lines: str) -> None:
    op = values(CHUNK + "\n" + lines)["j"].owner
    assert isinstance(op, aten.CatOp | aten.StackOp)
    assert join(op) is None
