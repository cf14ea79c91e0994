"""The compiler's own layers, how it splits them, and how to make it split them otherwise.

Two options of Intel's compiler read and write its decisions: `write-strategy-to-json` and
`read-strategy-from-json`, files in the directory that it works in, with an object a layer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from forge.backends.npu.model_files import Node
from forge.backends.npu.trace import KIND
from forge.errors import ForgeError
from forge.targets.shaped_entries import Shape
from forge.targets.strategies_table import SPLITS, Strategy, StrategyTable

WRITTEN = "strategy_out.json"
READ = "strategy_in.json"
"""What the compiler calls the files; no option changes that."""

_DIALECT = "VPU."
_NONE = "NONE"
_WITH_WEIGHTS = "NCE.Convolution"


@dataclass(frozen=True)
class Layer:
    """A layer that the compiler has made, and its own strategy for it.

    Attributes:
        name: the node's that it comes from, and what has become of that.
        kind: the compiler's, without the dialect.
        strategy: how the compiler splits it.
    """

    name: str
    kind: str
    strategy: Strategy

    @property
    def node(self) -> str:
        """The name of the node that it comes from."""
        return self.name.partition(KIND)[0]


def read_layers(text: bytes) -> list[Layer]:
    """The layers in the file that the compiler writes; none where an older one writes nothing.

    Raises:
        ForgeError: it is not as expected.
    """
    if not text:
        return []
    try:
        content: dict[str, dict[str, Any]] = json.loads(text)
        return [
            Layer(name, fields["layerType"].removeprefix(_DIALECT), _strategy(fields))
            for name, fields in content.items()
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForgeError(
            f"the strategies that the NPU compiler writes are not as expected: {error!r}"
        ) from error


def _strategy(fields: Mapping[str, Any]) -> Strategy:
    split, tiles = fields["multiClusterStrategy"], fields["tilingStrategy"]
    pieces: dict[str, int] = {} if tiles == _NONE else tiles
    return Strategy(None if split == _NONE else split, {a: n for a, n in pieces.items() if n > 1})


def layer_shape(layer: Layer, nodes: Mapping[str, Node]) -> Shape | None:
    """What the best strategy of a layer may depend on; `None` if a table can have none for it."""
    node = nodes.get(layer.node)
    if node is None or layer.kind not in SPLITS:
        return None
    *rows, size = (1, *node.shape)
    shape: dict[str, int | str] = {"node": node.kind, "rows": prod(rows), "size": size}
    if layer.kind == _WITH_WEIGHTS:
        shape["in"] = (1, *node.operand)[-1]
    shape["then"] = " ".join(node.readers)
    return shape


def better_strategies(
    layers: Sequence[Layer], nodes: Mapping[str, Node], table: StrategyTable
) -> dict[str, Strategy]:
    """What a table says of layers, by their names, where that is not what the compiler does."""
    found: dict[str, Strategy] = {}
    for layer in layers:
        shape = layer_shape(layer, nodes)
        wanted = None if shape is None else table.find(layer.kind, shape)
        if wanted is not None and not _is_followed(wanted, layer.strategy):
            found[layer.name] = wanted
    return found


def followed(wanted: Mapping[str, Strategy], layers: Sequence[Layer]) -> int:
    """How many layers are split as they were to be."""
    made = {layer.name: layer.strategy for layer in layers}
    return sum(
        name in made and _is_followed(strategy, made[name]) for name, strategy in wanted.items()
    )


def _is_followed(wanted: Strategy, made: Strategy) -> bool:
    if wanted.split is not None and wanted.split != made.split:
        return False
    pieces = {axis: number for axis, number in wanted.pieces.items() if number > 1}
    return not wanted.pieces or pieces == made.pieces


def strategies_text(strategies: Mapping[str, Strategy]) -> str:
    """The file that the compiler reads; the same text for the same strategies."""
    return json.dumps({n: _fields(s) for n, s in strategies.items()}, sort_keys=True)


def _fields(strategy: Strategy) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if strategy.split is not None:
        fields["multiClusterStrategy"] = strategy.split
    if strategy.pieces:
        fields["tilingStrategy"] = {axis: strategy.pieces.get(axis, 1) for axis in "NCHW"}
    return fields
