"""OpenVINO's models as the files that the NPU compiler reads, and what their nodes are called."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from forge.errors import ForgeError

if TYPE_CHECKING:
    from forge.backends.openvino.bindings import Model

LOOKUPS = ("Gather", "EmbeddingBag", "EmbeddingSegmentsSum")
"""How the types of nodes begin that read rows of a table."""

LOCATION = "forge_location"
"""The run-time information with a node's location in PyTorch; see the OpenVINO backend."""

# OpenVINO numbers the nodes that nobody has named, through all models of a process. The names of
# inputs and outputs are in the blob.
_UNNAMED = re.compile(rb' name="[A-Za-z]+_\d+(?:_compressed)?" type="(?!Parameter|Result)')
_NEVER_BLAMED = ("Const", "Parameter", "Result")


@dataclass(frozen=True)
class Node:
    """A node of a model.

    Attributes:
        kind: OpenVINO's type of it.
        shape: of its first result; none for a node without a result.
        operand: the shape of its first operand.
        readers: the types of the nodes that read its results, each once, sorted.
    """

    kind: str
    shape: Sequence[int]
    operand: Sequence[int]
    readers: Sequence[str]


def write_model(model: Model, folder: Path) -> Path:
    """Write a model as it is, its weights in the types they have; the path of its `.xml` file."""
    from forge.backends.openvino.files import write_ir

    path = folder / "model.xml"
    write_ir(model, path)
    return path


def locations(model: Model) -> dict[str, str]:
    """The locations of a model's nodes, by the nodes' names, where the model knows them."""
    known: dict[str, Any] = {node.get_friendly_name(): node.rt_info for node in model.get_ops()}
    return {name: str(info[LOCATION].value) for name, info in known.items() if LOCATION in info}


def digest(model: Path) -> str:
    """What identifies a model: the same for models that differ in numbers that OpenVINO gave.

    Raises:
        ForgeError: a file is missing.
    """
    weights = model.with_suffix(".bin")
    try:
        hashed = hashlib.sha256(_UNNAMED.sub(b' type="', model.read_bytes()))
        with weights.open("rb") as file:
            hashed.update(hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise ForgeError(f"cannot read {error.filename}: {error.strerror}") from error
    return hashed.hexdigest()


def table_lookups(model: Path) -> list[str]:
    """The names of the nodes that read rows of a constant table, as embeddings do.

    Args:
        model: its `.xml` file.
    """
    root = ElementTree.parse(model).getroot()
    nodes = {node.get("id"): node for node in root.iterfind("layers/layer")}
    data = {
        edge.get("to-layer"): edge.get("from-layer")
        for edge in root.iterfind("edges/edge")
        if edge.get("to-port") == "0"
    }

    def is_constant(node: str | None) -> bool:
        while node is not None and nodes[node].get("type") == "Convert":
            node = data.get(node)
        return node is not None and nodes[node].get("type") == "Const"

    return [
        node.get("name", "")
        for number, node in nodes.items()
        if node.get("type", "").startswith(LOOKUPS) and is_constant(data.get(number))
    ]


def read_nodes(model: Path) -> dict[str, Node]:
    """The nodes of a model by their names.

    Args:
        model: its `.xml` file.
    """
    root = ElementTree.parse(model).getroot()
    kinds = {node.get("id", ""): node.get("type", "") for node in root.iterfind("layers/layer")}
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for edge in root.iterfind("edges/edge"):
        readers[edge.get("from-layer", "")].add(kinds[edge.get("to-layer", "")])
    return {
        node.get("name", ""): Node(
            kinds[number],
            _extents(node.find("output/port")),
            _extents(node.find("input/port")),
            sorted(readers[number]),
        )
        for number, node in ((node.get("id", ""), node) for node in root.iterfind("layers/layer"))
    }


def _extents(port: ElementTree.Element | None) -> tuple[int, ...]:
    return () if port is None else tuple(int(dim.text or "") for dim in port.iterfind("dim"))


def find_node(model: Path, said: str) -> str | None:
    """The node that the compiler speaks of, if that is certain.

    Args:
        model: its `.xml` file.
        said: what the compiler printed.

    Returns:
        The name of the only node with that name, or of the only one of the type, in the words of
        the compiler: `'IE.Acos' op operand #0 must be …`.
    """
    kinds = {
        layer.get("name", ""): layer.get("type", "")
        for layer in ElementTree.parse(model).iter("layer")
    }
    named = [
        name
        for name, kind in kinds.items()
        if kind not in _NEVER_BLAMED and re.search(rf"(?<!\w){re.escape(name)}(?![\w#])", said)
    ]
    if named:
        # A name may be a part of another one.
        return max(named, key=len)
    return _only_one_of_type(kinds, said)


def _only_one_of_type(kinds: Mapping[str, str], said: str) -> str | None:
    mentioned = set(re.findall(r"\bIE\.(\w+)", said))
    of_type = [name for name, kind in kinds.items() if kind in mentioned]
    return of_type[0] if len(of_type) == 1 else None
