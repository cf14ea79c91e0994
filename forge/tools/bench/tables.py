"""The tables of `forge bench passes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from itertools import pairwise

from forge.tools.bench.grid import Grid
from forge.tools.bench.results import DepthTimes, Numerics, PassTime, Recognition, Results

PAPER_REDUCTION = {
    "gpt2": 17.4,
    "granite-350m": 18.7,
    "qwen2-0.5b": 18.9,
    "llama-3.2-1b": 16.7,
    "lfm2-2.6b": 21.9,
    "llama-3.1-8b": 20.3,
}
"""Percent of the nodes that the paper's passes remove from its models."""

_NONE = "–"
_FEW = 6
_MODEL = ("model", "attention code")
_BLOCKS = ("attention", "norms", "rotary", "MLPs", "short convolutions")


def tables(results: Results) -> list[Grid]:
    """All tables that have a row."""
    found = results.recognitions
    grids = [_blocks(found), _operations(found), _costs(results), _passes(found)]
    grids += _depths(results.depths)
    return [grid for grid in grids if grid.rows]


def _blocks(found: Sequence[Recognition]) -> Grid:
    """What is recognised of what is present."""
    rows: list[list[str]] = []
    for each in found:
        pairs = zip(astuple(each.recognised), astuple(each.present), strict=True)
        counts = [f"{seen}/{there}" if seen or there else _NONE for seen, there in pairs]
        rows.append([each.model, each.attention, *counts, "yes" if each.complete else "no"])
    return Grid("Blocks recognised of blocks present", (*_MODEL, *_BLOCKS, "complete"), rows)


def _operations(found: Sequence[Recognition]) -> Grid:
    """How many operations are left."""
    rows: list[list[str]] = []
    for each in found:
        paper = PAPER_REDUCTION.get(each.model)
        rows.append(
            [
                *(each.model, each.attention),
                *(str(each.calls), str(each.before.ops), str(each.after.ops)),
                f"{100 * each.reduction:.1f} %",
                _NONE if paper is None else f"{paper} %",
                f"{each.before.at_load} → {each.after.at_load}",
                f"{each.fusion_gain:.2f}",
            ]
        )
    columns = ("FX calls", "before", "after", "reduction", "the paper's", "at load", "FGR")
    return Grid("Operations before and after the passes", (*_MODEL, *columns), rows)


def _costs(results: Results) -> Grid:
    """Time, memory and accuracy."""
    rows: list[list[str]] = []
    for each in results.recognitions:
        numbers = results.numerics_of(each)
        rows.append(
            [
                *(each.model, each.attention, str(each.layers)),
                *(_milliseconds(each.seconds), _milliseconds(each.first_seconds)),
                *(_milliseconds(each.lowering_seconds), _megabytes(each.peak_memory)),
                *_difference(numbers),
            ]
        )
    times = ("layers", "passes ms", "first ms", "lowering ms", "peak MB")
    numerics = ("max difference", "outputs up to", "compared layers")
    return Grid("Time, memory and numbers", (*_MODEL, *times, *numerics), rows)


def _passes(found: Sequence[Recognition]) -> Grid:
    """The passes below each other for a few models, else beside each other."""
    title = "Milliseconds of each pass"
    names = list(dict.fromkeys(run.name for each in found for run in each.passes))
    times = [[_pass_time(each.passes, name) for name in names] for each in found]
    if len(found) > _FEW:
        rows = [[each.model, each.attention, *row] for each, row in zip(found, times, strict=True)]
        return Grid(title, (*_MODEL, *names), rows)
    models = [f"{each.model}, {each.attention}" for each in found]
    columns = list(zip(*times, strict=True))
    rows = [[name, *column] for name, column in zip(names, columns, strict=True)]
    return Grid(title, ("pass", *models), rows, names=1)


def _pass_time(passes: Sequence[PassTime], name: str) -> str:
    seconds = [run.seconds for run in passes if run.name == name]
    return _milliseconds(sum(seconds)) if seconds else _NONE


def _depths(measured: Sequence[DepthTimes]) -> Iterator[Grid]:
    """One table for all models that were timed at the same depths."""
    for depths in dict.fromkeys(tuple(times.depths) for times in measured):
        same = [times for times in measured if tuple(times.depths) == depths]
        steps = [f"{a} → {b}" for a, b in pairwise(depths)]
        yield Grid(
            "Milliseconds of all passes by number of layers",
            (*_MODEL, *map(str, depths), *(f"a layer, {step}" for step in steps)),
            [
                [
                    *(times.model, times.attention),
                    *map(_milliseconds, times.seconds),
                    *(f"{1e3 * seconds:.2f}" for seconds in times.per_layer()),
                ]
                for times in same
            ],
        )


def _milliseconds(seconds: float) -> str:
    return f"{1e3 * seconds:.1f}"


def _megabytes(size: int | None) -> str:
    return _NONE if size is None else f"{size / 1e6:.0f}"


def _difference(numbers: Numerics | None) -> list[str]:
    if numbers is None:
        return [_NONE] * 3
    layers = "all" if numbers.layers == numbers.all_layers else str(numbers.layers)
    return [f"{numbers.max_difference:.1e}", f"{numbers.largest:.1f}", layers]
