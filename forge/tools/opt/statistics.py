"""`--mlir-pass-statistics`: what passes count, and how often their patterns matched."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from forge.tools.opt.headings import heading

if TYPE_CHECKING:
    from forge.pipeline import PassRun


def add_statistics_arguments(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("about what passes do (names and output as in mlir-opt)")
    group.add_argument(
        "--mlir-pass-statistics",
        action="store_true",
        help="print what each pass counted, to stderr",
    )
    group.add_argument(
        "--mlir-pass-statistics-display",
        choices=("list", "pipeline"),
        default="pipeline",
        help="add up all runs of a pass, or show each where it ran (default: pipeline)",
    )


def statistics_report(runs: Sequence[PassRun], display: str) -> str:
    """The table of what passes counted; `display` as the option."""
    lines = heading("Pass statistics report")
    if display == "pipeline":
        lines.append("'builtin.module' Pipeline")
        for run in runs:
            lines += [f"  {run.name}", *_rows(_counts(run), "    ")]
        return "\n".join(lines)
    totals: dict[str, dict[str, tuple[int, str]]] = {}
    for run in runs:
        total = totals.setdefault(run.name.partition("{")[0], {})
        for name, (count, description) in _counts(run).items():
            total[name] = (count + total.get(name, (0, ""))[0], description)
    for name in sorted(totals):
        lines += [name, *_rows(totals[name], "  ")]
    return "\n".join(lines)


def _counts(run: PassRun) -> dict[str, tuple[int, str]]:
    """What a pass counted, by name, with what it means."""
    refused: dict[str, int] = {}
    for refusal in run.rewrites.refused:
        refused[refusal.pattern] = refused.get(refusal.pattern, 0) + 1
    counts = {"operations": (run.ops_after - run.ops_before, "How many more there are after it")}
    for pattern in run.rewrites.patterns.values():
        name = pattern.pattern
        counts[f"{name}.tried"] = (pattern.attempted, "Operations that it was tried on")
        counts[f"{name}.applied"] = (pattern.matched, "How often it changed the program")
        counts[f"{name}.missed"] = (refused.get(name, 0), "Operations that it almost matched")
    for name, figure in run.rewrites.figures.items():
        counts[name] = (figure, "Counted by the pass")
    return counts


def _rows(counts: dict[str, tuple[int, str]], indent: str) -> Iterator[str]:
    width = max(len(str(count)) for count, _ in counts.values())
    names = max(map(len, counts))
    for name, (count, description) in counts.items():
        yield f"{indent}(S) {count:{width}} {name:{names}} - {description}"
