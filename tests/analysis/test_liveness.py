"""Live intervals."""

from xdsl.dialects.func import FuncOp

from forge.analysis.liveness import LiveInterval, live_intervals, peak
from forge.ir.text import parse_module

TEXT = """
func.func @main(%x: tensor<4xf32>, %unused: tensor<4xf32>) -> tensor<4xf32> {
  %a = aten.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %b = aten.neg %a : (tensor<4xf32>) -> tensor<4xf32>
  %dead = aten.neg %a : (tensor<4xf32>) -> tensor<4xf32>
  %c = aten.add.Tensor %a, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %c : tensor<4xf32>
}
"""


def test_values_live_from_their_definition_to_their_last_use() -> None:
    function = next(op for op in parse_module(TEXT).ops if isinstance(op, FuncOp))
    intervals = live_intervals(function.body.block)
    by_name = {value.name_hint: (i.start, i.end) for value, i in intervals.items()}
    assert by_name == {
        "x": (-1, 3),
        "unused": (-1, -1),
        "a": (0, 3),
        "b": (1, 1),
        "dead": (2, 2),
        "c": (3, 4),
    }


def test_overlapping_is_mutual_and_includes_the_ends() -> None:
    first, second, third = LiveInterval(0, 2), LiveInterval(2, 3), LiveInterval(3, 4)
    assert first.overlaps(second) and second.overlaps(first)
    assert not first.overlaps(third) and not third.overlaps(first)


def test_the_peak_is_the_largest_sum() -> None:
    sizes = [(LiveInterval(0, 2), 5), (LiveInterval(2, 3), 7), (LiveInterval(3, 4), 1)]
    assert peak(sizes) == 12
    assert peak([]) == 0
