"""The schedule that Intel's NPU compiler predicts for what it has compiled.

Everything here comes from the compiler's own model of what its program costs. It is a prediction,
not a measurement on silicon.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from forge.files import written_beside


@dataclass(frozen=True)
class LayerTime:
    """What one node of OpenVINO's model costs, all times in microseconds.

    The compiler cuts a node into tasks, and gives them to several channels and clusters.

    Attributes:
        name: OpenVINO's friendly name; empty for what the compiler itself adds.
        kind: OpenVINO's type of the node, such as `MatMul`.
        dma_us: how long at least one of the node's tasks moves data.
        dpu_us: how long at least one is on the matrix engine.
        shave_us: how long at least one is on the vector processors.
        alone_us: how long nothing but this node's tasks runs, on any engine.
        start_us: when its first task starts.
        end_us: when its last task ends.
        location: which operation of PyTorch it comes from, and from which line where that is known.
    """

    name: str
    kind: str
    dma_us: float
    dpu_us: float
    shave_us: float
    alone_us: float
    start_us: float
    end_us: float
    location: str = ""

    @property
    def busy_us(self) -> float:
        """The engines' times together."""
        return self.dma_us + self.dpu_us + self.shave_us


@dataclass(frozen=True)
class Schedule:
    """What Intel's NPU compiler predicts for a model on one platform; times in microseconds.

    Attributes:
        platform: such as `NPU4000`.
        optimization_level: the compiler's, from 1 to 3.
        predicted_latency_us: from the first task's start to the last one's end.
        predicted_latency_without_embedding_us: the same, less the time in which only the embedding
            runs. The compiler charges a `Gather` for reading the whole table (1 ms and more, or 0.1
            on the oldest platform), and an `EmbeddingBag` for almost nothing, or for 33 ms. Both
            look like artefacts of its cost model, so this is the figure to compare programs by.
        dma_us: how long data is moved.
        dpu_us: how long the matrix engines work.
        shave_us: how long the vector processors work.
        dma_dpu_overlap_us: how long data is moved while matrix engines work.
        dma_shave_overlap_us: how long data is moved while vector processors work.
        shave_dpu_overlap_us: how long both kinds of engines work.
        idle_us: how long nothing runs.
        layers: by name of the node, those with the most work first.
        embeddings: the names of the nodes that count as the embedding: those that read rows of a
            constant table.
        uncharged: how many nodes of each type have work on the vector processors that costs nothing
            by the compiler's model, though it would on silicon. A form whose nodes are more of
            these than another's only looks faster.
        uncharged_products: the names of the nodes whose work on the matrix engines costs nothing by
            that model: those with results in f32. See `forge.backends.npu.charging`.
        blob_bytes: the size of what the NPU loads.
        compile_seconds: how long the compiler took for it, and for trying how to split its layers.
        strategies: how many of its layers the compiler split as a table says, not as it would by
            itself.
        strategies_refused: what the compiler said against that; it then splits all by itself.
        trace: the compiler's own trace, Chrome's JSON behind gzip; not part of `to_json`.
    """

    platform: str
    optimization_level: int
    predicted_latency_us: float
    predicted_latency_without_embedding_us: float
    dma_us: float
    dpu_us: float
    shave_us: float
    dma_dpu_overlap_us: float
    dma_shave_overlap_us: float
    shave_dpu_overlap_us: float
    idle_us: float
    layers: Sequence[LayerTime]
    embeddings: Sequence[str] = ()
    uncharged: Mapping[str, int] = field(default_factory=dict[str, int])
    uncharged_products: Sequence[str] = ()
    blob_bytes: int = 0
    compile_seconds: float = 0.0
    strategies: int = 0
    strategies_refused: str = ""
    trace: bytes = field(default=b"", repr=False, compare=False)

    def located(self, locations: Mapping[str, str]) -> Schedule:
        """The schedule with the locations of nodes, by their names, where they are known."""
        layers = tuple(
            replace(layer, location=locations.get(layer.name, layer.location))
            for layer in self.layers
        )
        return replace(self, layers=layers)

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes; without the trace."""
        values = asdict(self)
        del values["trace"]
        return values

    @staticmethod
    def from_json(values: Mapping[str, Any], trace: bytes = b"") -> Schedule:
        """What `to_json` gave, with its trace."""
        given: dict[str, Any] = dict(values)
        given["layers"] = tuple(LayerTime(**layer) for layer in given["layers"])
        for name in ("embeddings", "uncharged_products"):
            given[name] = tuple(given.get(name, ()))
        return Schedule(**given, trace=trace)

    def write_trace(self, path: Path) -> None:
        """Write the compiler's trace, which Perfetto (ui.perfetto.dev) shows.

        Args:
            path: compressed if it ends in `.gz`.

        Raises:
            ForgeError: it cannot be written.
        """
        content = self.trace if path.suffix == ".gz" else gzip.decompress(self.trace)
        with written_beside(path) as partial:
            partial.write_bytes(content)
