"""How fast a model could be at best: all that it has to move, moved at full speed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from xml.etree import ElementTree

from forge.backends.npu.model_files import LOOKUPS
from forge.errors import ForgeError

BANDWIDTH: Mapping[str, float] = {
    "NPU3720": 52e9,
    "NPU4000": 66e9,
    "NPU5010": 150e9,
    "NPU5020": 150e9,
}
"""Bytes a second between memory and the NPU, of both channels together: what the schedules of
Intel's compiler have for weights of 100 kB and more. It is no figure of a data sheet."""

_BITS = {"boolean": 8, "bf16": 16, "u1": 1, "u4": 4, "i4": 4, "nf4": 4}


@dataclass(frozen=True)
class Traffic:
    """The bytes that every run of a model moves.

    Attributes:
        weights: constants, without tables of which a run reads a few rows. The compiler rounds
            what is wider to f16.
        ports: inputs and outputs.
    """

    weights: int
    ports: int

    def bound_us(self, platform: str, dpu_us: float) -> float:
        """The latency in microseconds below which no schedule can be.

        All traffic at full speed, or the work of the matrix engines if that takes longer; as if
        one hid the other, and vector processors took no time.

        Args:
            platform: one of `PLATFORMS`.
            dpu_us: how long the matrix engines work.
        """
        return max((self.weights + self.ports) / BANDWIDTH[platform] * 1e6, dpu_us)


def read_traffic(model: Path) -> Traffic:
    """The traffic of a model of OpenVINO.

    Args:
        model: its `.xml` file; shapes are static.

    Raises:
        ForgeError: it cannot be read.
    """
    try:
        root = ElementTree.parse(model).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise ForgeError(f"cannot read {model}: {error}") from error
    nodes = {node.get("id", ""): node for node in root.iterfind("layers/layer")}
    readers: defaultdict[str, list[str]] = defaultdict(list)
    for edge in root.iterfind("edges/edge"):
        readers[edge.get("from-layer", "")].append(edge.get("to-layer", ""))

    def read_by(node: str) -> Iterator[str]:
        for reader in readers[node]:
            # Weights in a narrow type are converted first.
            if (kind := nodes[reader].get("type", "")) == "Convert":
                yield from read_by(reader)
            else:
                yield kind

    weights = sum(
        _constant_bytes(node)
        for name, node in nodes.items()
        if node.get("type") == "Const"
        and not all(kind.startswith(LOOKUPS) for kind in read_by(name))
    )
    ports = [("Parameter", "output/port"), ("Result", "input/port")]
    return Traffic(
        weights,
        sum(
            _bytes(port)
            for kind, path in ports
            for node in nodes.values()
            if node.get("type") == kind
            for port in node.iterfind(path)
        ),
    )


def _constant_bytes(node: ElementTree.Element) -> int:
    data = node.find("data")
    assert data is not None
    size = int(data.get("size", 0))
    return size // 2 if data.get("element_type") == "f32" else size


def _bytes(port: ElementTree.Element) -> int:
    precision = port.get("precision", "").lower()
    digits = "".join(filter(str.isdigit, precision))
    bits = _BITS.get(precision) or int(digits or 8)
    return prod(int(size.text or 0) for size in port.iterfind("dim")) * bits // 8
