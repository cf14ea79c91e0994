"""Which strategies are best for the layers of Intel's NPU compiler on a platform: a table by shape.

The compiler makes layers of its own from OpenVINO's nodes. For each it decides how the NPU's tiles
share it, and into how many pieces it is cut that come one after the other; it does so layer by
layer, by an estimate of costs. What two neighbours decide need not fit together: then all that
passes between them goes through main memory. An entry says what is better:

    [["NCE.Eltwise"]]
    shape = { node = "Add", rows = 128, size = 768, then = "Add MVN" }
    strategy = { split = "SplitOverHeight" }
    found = "bert-base, 2 layers: 854 µs instead of 923"

`node` is OpenVINO's type of the node that the layer comes from, `rows` and `size` the extents of
that node's result, and `then` the types of the nodes that read it; a layer with weights has `in`,
too. Names of layers and of strategies are the compiler's. `C` and `H` are numbers of pieces.

Only what the compiler may choose by itself can be in a table. Its published source says what that
is (`checkStrategyCompatibility` of each operation, github.com/openvinotoolkit/npu_compiler); an
option that is meant for experiments does not check it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from forge.targets.shaped_entries import Shape, ShapedTable, entry_fields, entry_text, read_entries
from forge.targets.toml_files import SUFFIX, shipped_file, shipped_names

_FOLDER = Path(__file__).parent / "strategies"

_ALONE, _HEIGHT, _CHANNELS, _WIDTH = (
    "Clustering",
    "SplitOverHeight",
    "SplitOverKernel",
    "SplitOverWidth",
)
_POINTWISE = (_ALONE, _HEIGHT, _CHANNELS, _WIDTH)
SPLITS: Mapping[str, Sequence[str]] = {
    "NCE.Convolution": (_ALONE, _HEIGHT, _CHANNELS, "HKSwitch"),
    "NCE.DepthConvolution": (_ALONE, _HEIGHT, _CHANNELS, "HKSwitch"),
    "NCE.Eltwise": (_ALONE, _HEIGHT, "HKSwitch"),
    "NCE.MaxPool": (_ALONE, _HEIGHT, _CHANNELS, "HKSwitch"),
    "Add": _POINTWISE,
    "Divide": _POINTWISE,
    "Gelu": _POINTWISE,
    "Multiply": _POINTWISE,
    "Power": _POINTWISE,
    "Sigmoid": _POINTWISE,
    "Swish": _POINTWISE,
    "Tanh": _POINTWISE,
}
"""How tiles may share a layer of a kind: each has all of it, or rows, channels or columns of it."""

AXES = ("C", "H")
"""What may be cut into pieces: channels and rows of a layer's result."""
_MOST_PIECES = 4096


@dataclass(frozen=True)
class Strategy:
    """What to tell the compiler of a layer.

    Attributes:
        split: how tiles share it; `None` for what the compiler chooses.
        pieces: how many pieces of it come one after the other, by axis; none for what the compiler
            chooses.
    """

    split: str | None = None
    pieces: Mapping[str, int] = field(default_factory=dict[str, int])

    @staticmethod
    def of_values(kind: str, values: Mapping[str, Any]) -> Strategy:
        """The strategy with these fields, for a layer of this kind.

        Raises:
            ValueError: there is no such strategy, or it is not for such a layer.
        """
        if kind not in SPLITS:
            raise ValueError(f"only {', '.join(SPLITS)} have strategies")
        split = values.get("split")
        if split is not None and split not in SPLITS[kind]:
            raise ValueError(f"it can be split as {', '.join(SPLITS[kind])}, not as {split!r}")
        pieces = {name: value for name, value in values.items() if name != "split"}
        for axis, number in pieces.items():
            if axis not in AXES:
                raise ValueError(f"a strategy has no {axis}; it has split, {' and '.join(AXES)}")
            if type(number) is not int or not 1 <= number <= _MOST_PIECES:
                raise ValueError(f"{axis} is {number!r}, not a number from 1 to {_MOST_PIECES}")
        return Strategy(split, pieces)

    def values(self) -> dict[str, int | str]:
        """Its fields, as `of_values` takes them."""
        return {**({} if self.split is None else {"split": self.split}), **self.pieces}


@dataclass(frozen=True)
class StrategyEntry:
    """A strategy, and what it is for.

    Attributes:
        kind: the layer's, in the compiler's words without `VPU.`.
        shape: where the layer comes from, and its extents.
        strategy: what to tell the compiler.
        found: how that was found out, for people.
    """

    kind: str
    shape: Shape
    strategy: Strategy
    found: str = ""

    @property
    def name(self) -> str:
        """The layer's kind, as tables have it."""
        return self.kind

    def text(self) -> str:
        """The entry as TOML."""
        return entry_text(self.kind, self.shape, "strategy", self.strategy.values(), self.found)


@dataclass(frozen=True)
class StrategyTable(ShapedTable[StrategyEntry]):
    """The entries of a platform."""

    def find(self, kind: str, shape: Shape) -> Strategy | None:
        """What to tell the compiler of a layer of just this shape, if that is known.

        Unlike a form, a strategy that is best for a shape says little about one that is near: a
        number of pieces wins by how the last of them fits, and trying costs another compilation.
        """
        return self._strategies.get((kind, _key(shape)))

    @cached_property
    def _strategies(self) -> dict[tuple[str, frozenset[tuple[str, int | str]]], Strategy]:
        return {(entry.kind, _key(entry.shape)): entry.strategy for entry in self.entries}


def _key(shape: Shape) -> frozenset[tuple[str, int | str]]:
    return frozenset(shape.items())


def load_strategies(platform: str) -> StrategyTable:
    """The table of a platform, by its name or by the path of a `.toml` file.

    Raises:
        ForgeError: there is no such table, or it is wrong; the message names the entry.
    """
    if platform.endswith(SUFFIX):
        return read_strategies(Path(platform))
    return _known_strategies(platform.lower())


@cache
def _known_strategies(platform: str) -> StrategyTable:
    return read_strategies(
        shipped_file(_FOLDER, platform, "Forge has no strategies for a platform")
    )


def strategy_platforms() -> tuple[str, ...]:
    """The platforms that Forge has a table for, sorted."""
    return shipped_names(_FOLDER)


def read_strategies(path: Path) -> StrategyTable:
    """The table in a file.

    Raises:
        ForgeError: it cannot be read, or is wrong.
    """
    return StrategyTable(read_entries(path, "table of strategies", _entry))


def _entry(kind: str, table: Mapping[str, Any]) -> StrategyEntry:
    shape, values, found = entry_fields(table, "strategy")
    return StrategyEntry(kind, shape, Strategy.of_values(kind, values), found)
