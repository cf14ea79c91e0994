"""Looking models up by name, and listing them. Nothing here imports torch."""

from __future__ import annotations

from typing import NamedTuple

from forge.errors import ForgeError
from forge.suggestions import did_you_mean
from forge.zoo.configurations import CATALOGUE
from forge.zoo.entry import CatalogueEntry


class ModelSummary(NamedTuple):
    """A row of the zoo's table."""

    name: str
    parameters: int
    layers: int
    hidden: int
    description: str
    source: str


def model_names() -> tuple[str, ...]:
    """The names of the zoo's models, those of the paper first."""
    return tuple(CATALOGUE)


def describe() -> tuple[ModelSummary, ...]:
    """The zoo as a table, without building a model."""
    return tuple(
        ModelSummary(
            entry.name,
            entry.parameters(),
            entry.layers,
            entry.hidden,
            entry.description,
            entry.source,
        )
        for entry in CATALOGUE.values()
    )


def find_entry(name: str) -> CatalogueEntry:
    """The entry of that name.

    Raises:
        ForgeError: no model has this name; near matches are listed.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    raise ForgeError(f"there is no model {name!r} in the zoo", hint=suggest_names(name))


def suggest_names(name: str) -> str:
    """The names nearest to a wrong one, or all of them when none is near."""
    return did_you_mean(name.lower(), CATALOGUE, f"the zoo has {', '.join(CATALOGUE)}", cutoff=0.5)


def checked_depth(entry: CatalogueEntry, layers: int | None) -> int:
    """The number of layers to build: the model's own, or a cut within it."""
    if layers is None:
        return entry.layers
    if not 1 <= layers <= entry.layers:
        raise ForgeError(
            f"{entry.name} has {entry.layers} layers and cannot be cut to {layers}",
            hint=f"choose a number of layers from 1 to {entry.layers}",
        )
    return layers
