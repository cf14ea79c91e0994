"""The tables of `forge bench registers`, and the page that it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forge.tools.bench.grid import Grid
from forge.tools.bench.register_results import Order, Placement, RegisterFigures, Scaling
from forge.tools.bench.results import Failure

PAPER = {
    "gpt2": (333, 218, 86, 50),
    "granite-350m": (636, 412, 168, 87),
    "qwen2-0.5b": (652, 418, 174, 89),
    "llama-3.2-1b": (468, 324, 126, 70),
    "lfm2-2.6b": (834, 478, 248, 104),
    "llama-3.1-8b": (896, 468, 264, 93),
}
"""Registers and buffers, transitions before and after scheduling, of the Forge-UGC paper."""

_NONE = "–"
_EXPLANATION = """\
# Registers, memory and transitions

What Forge makes of models at level `reg`: whole models with their published configurations, at
batch 1, and no weight in memory.

This page is what one command wrote:

    {command}

- **Registers** are what the instructions compute that run at every call. Weights, constants, what
  is computed of these alone, arguments and returned values are none. The form `cpu` is OpenVINO's
  instructions, `host` is kernels of PyTorch, one for each operation.
- **Buffers** are counted as the paper does: linear scan over whole buffers of any size, in which
  registers follow each other. Views and results in the place of an operand need none.
  **ρ** = 1 − buffers / registers.
- The **arena** is what `allocate-buffers` plans with every planner, each register at its own bytes,
  and the **lower bound** the most bytes that are live at one time: no plan needs less.
  **Own memory** is what kernels bring along whose library returns new memory; it is not in the
  arena, and freed as soon as it is not needed.
- A **transition** is a change of device from one instruction to the next; weights, copies and what
  is computed at load time are none. `forge-ugc` is the device map of the paper; the others are
  described in [targets.md](targets.md). Three orders are of the same instructions on the same
  devices: that of the **FX** graph, the paper's **greedy** one (`device-affinity`), and **ours**
  (`convex-segments`), with a star if it is proved that no order of them has fewer. **Joined** is
  ours after `assign-devices{{join=true}}`, which moves cheap instructions, too. **Unfused** is the
  FX order of the program that no fusion has touched, and **saved** the share of its transitions
  that joined does not have. **MB copied** are those that a run then moves between devices.
- Times are the fastest of several runs.
"""


def tables(found: Sequence[RegisterFigures], scalings: Sequence[Scaling]) -> list[Grid]:
    """All tables that have a row."""
    grids = [
        _memory(found),
        _transitions(found),
        _times(found),
        _bytecode(found),
        *_scale(scalings),
    ]
    return [grid for grid in grids if grid.rows]


def document(
    found: Sequence[RegisterFigures],
    scalings: Sequence[Scaling],
    failures: Sequence[Failure],
    versions: Mapping[str, str],
    command: str,
) -> str:
    """All tables, with what their columns mean."""
    parts = [_EXPLANATION.format(command=command)]
    parts += [table.to_markdown() for table in tables(found, scalings)]
    if failures:
        lines = "\n".join(f"- {failure}" for failure in failures)
        parts.append(f"## What failed\n\n{lines}\n")
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    parts.append(f"Versions: {named}.\n")
    return "\n".join(parts)


def _memory(found: Sequence[RegisterFigures]) -> Grid:
    rows: list[list[str]] = []
    for each in found:
        paper = PAPER.get(each.model)
        for own in each.allocations:
            rows.append(
                [
                    *(each.model, own.device, str(own.registers), str(own.buffers)),
                    f"{100 * own.reduction:.1f} %",
                    _NONE if paper is None else _reduction(paper[0], paper[1]),
                    *(_megabytes(own.arena), _megabytes(own.lower_bound)),
                    f"{100 * own.excess:.1f} %",
                    *(_megabytes(own.own_memory) if own.own_memory else _NONE, own.planner),
                ]
            )
    columns = ("registers", "buffers", "ρ", "the paper's", "arena MB", "lower bound MB", "excess")
    return Grid(
        "Registers and memory", ("model", "form", *columns, "own memory MB", "planner"), rows
    )


def _reduction(registers: int, buffers: int) -> str:
    return f"{registers} → {buffers}, {100 * (1 - buffers / registers):.1f} %"


def _transitions(found: Sequence[RegisterFigures]) -> Grid:
    rows = [row for each in found for row in _placement_rows(each)]
    columns = (
        "devices",
        "unfused",
        "FX order",
        "greedy",
        "ours",
        "joined",
        "saved",
        "MB copied",
        "the paper's",
    )
    return Grid("Transitions", ("model", "target", *columns), rows, names=3)


def _placement_rows(each: RegisterFigures) -> Iterator[list[str]]:
    """A row for all targets that are alike."""
    targets: dict[tuple[str, ...], list[str]] = {}
    for placement in each.placements:
        targets.setdefault(_placement_cells(each.model, placement), []).append(placement.target)
    for cells, names in targets.items():
        yield [each.model, ", ".join(names), *cells]


def _placement_cells(model: str, placement: Placement) -> tuple[str, ...]:
    before, greedy, ours = _orders(placement)
    paper = PAPER.get(model) if placement.target == "forge-ugc" else None
    return (
        ", ".join(f"{count} {device}" for device, count in placement.devices.items()),
        *map(str, (placement.unfused, before.transitions, greedy.transitions)),
        f"{ours.transitions}{'*' if placement.optimal else ''}",
        str(placement.joined.transitions),
        _share(placement.unfused, placement.joined.transitions),
        _megabytes(placement.joined.copied),
        _NONE if paper is None else f"{paper[2]} → {paper[3]}, {_share(paper[2], paper[3])}",
    )


def _orders(placement: Placement) -> tuple[Order, Order, Order]:
    found = placement.orders
    return found["fx-order"], found["device-affinity"], found["convex-segments"]


def _share(before: int, after: int) -> str:
    return f"{100 * (1 - after / before):.1f} %" if before else _NONE


def _times(found: Sequence[RegisterFigures]) -> Grid:
    rows: list[list[str]] = []
    for each in found:
        scheduling = max(_orders(placement)[2].seconds for placement in each.placements)
        for own in each.allocations:
            seconds = (own.liveness_seconds, own.planning_seconds, own.proof_seconds)
            rows.append([each.model, own.device, *map(_milliseconds, (*seconds, scheduling))])
    columns = ("liveness", "all planners", "proof", "scheduling, slowest target")
    return Grid("Milliseconds", ("model", "form", *columns), rows)


def _bytecode(found: Sequence[RegisterFigures]) -> Grid:
    rows = [
        [
            *(each.model, str(each.bytecode.instructions)),
            *(_kilobytes(each.bytecode.text), _kilobytes(each.bytecode.size)),
            *map(_milliseconds, (each.bytecode.write_seconds, each.bytecode.read_seconds)),
        ]
        for each in found
    ]
    columns = ("instructions", "text kB", "bytecode kB", "write ms", "read and verify ms")
    return Grid("Bytecode of the form host", ("model", *columns), rows, names=1)


def _scale(scalings: Sequence[Scaling]) -> Iterator[Grid]:
    for scaling in scalings:
        yield Grid(
            "Seconds for programs of many instructions",
            ("instructions", "liveness", "all planners", "proof", "scheduling"),
            [
                [
                    f"{size.instructions:,}",
                    *(
                        f"{seconds:.2f}"
                        for seconds in (size.liveness, size.planning, size.proof, size.scheduling)
                    ),
                ]
                for size in scaling.sizes
            ],
            names=0,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f}"


def _kilobytes(size: int) -> str:
    return f"{size / 1e3:.0f}"


def _milliseconds(seconds: float) -> str:
    return f"{1e3 * seconds:.1f}"
