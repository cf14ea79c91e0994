"""How many layers of a model can be compiled with weights to compare its numbers."""

from __future__ import annotations

from forge.zoo.entry import CatalogueEntry

COMFORTABLE_PARAMETERS = 600_000_000
"""Models of up to so many parameters are compared whole, others as far as they have no more."""
MEMORY_LIMIT = 12 * 10**9
"""Bytes that the weights may take, PyTorch's and a device's copy of them together."""
_BYTES = 2 * 4


def numeric_depth(entry: CatalogueEntry) -> int:
    """The number of layers to compare, at full width and in f32.

    At least two, and as many as have a layer of each kind; but one if those take too much memory.
    """
    depth = entry.layers
    least = least_depth(entry)
    while depth > least and entry.parameters(depth) > COMFORTABLE_PARAMETERS:
        depth -= 1
    return depth if entry.parameters(depth) * _BYTES <= MEMORY_LIMIT else 1


def least_depth(entry: CatalogueEntry) -> int:
    """How many layers show all that a model is made of."""
    kinds: list[str] = list(entry.settings.get("layer_types", ()))
    return min(entry.layers, max([2, *(kinds.index(kind) + 1 for kind in set(kinds))]))
