"""What a search shows while it runs: how far it is, and the best so far."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from forge.tools.terminal import stderr_console

if TYPE_CHECKING:
    from forge.tuning.graph import CandidateGraph


@contextmanager
def tuning_progress(what: str, budget: int) -> Generator[Callable[[CandidateGraph], None]]:
    """Show on stderr how a search goes.

    Args:
        what: goes on.
        budget: how many programs will be tried.

    Yields:
        What to call with the graph whenever it has grown. On a terminal a bar shows how far it is,
        elsewhere a line says when there is a new best one.
    """
    console = stderr_console()
    if not console.is_terminal:
        best: list[float] = []

        def note(graph: CandidateGraph) -> None:
            if graph.best is not None and [graph.best.fitness] != best:
                best[:] = [graph.best.fitness]
                console.print(f"{what}: {graph.tried}/{budget}, {summary(graph)}")

        yield note
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console) as progress:
        task = progress.add_task("", total=budget)
        yield lambda graph: progress.update(task, completed=graph.tried, description=summary(graph))


def summary(graph: CandidateGraph) -> str:
    """The best so far, beside the default."""
    if not graph.nodes:
        return "the default first"
    if (best := graph.best) is None:
        return "nothing compiles yet"
    share = graph.nodes[0].fitness / best.fitness
    beside = f", {share:.2f} of the default's" if share else ", where the default is worth nothing"
    return f"best {best.evaluation.latency_us:.0f} µs{beside}"
