"""Tuning from the first candidate to the forms that are best on the whole model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forge.errors import ForgeError
from forge.passes import DEFAULT_PIPELINE, npu_passes
from forge.tuning.graph import CandidateGraph, Evaluation, Node
from forge.tuning.search import Fitness, Search
from forge.tuning.space import Candidate

Show = Callable[[CandidateGraph], None]


@dataclass(frozen=True)
class Tuned:
    """What a search has found.

    Attributes:
        default: what a program without forms is worth.
        best: the best candidate, and what it is worth.
        evaluated_on: what both were tried on, for people.
    """

    default: Evaluation
    best: Candidate
    evaluation: Evaluation
    evaluated_on: str

    @property
    def ratio(self) -> float | None:
        """The best one's latency as a share of the default's; `None` if that does not compile."""
        if not self.default.fitness:
            return None
        return self.default.fitness / self.evaluation.fitness

    @property
    def found(self) -> str:
        """How it was found, in a line for a table."""
        before = f"{self.default.latency_us:.0f}" if self.default.latency_us else "no program"
        return f"{self.evaluated_on}: {self.evaluation.latency_us:.0f} µs instead of {before}"


def tune(search: Search, graph: CandidateGraph, evaluated_on: str, show: Show) -> Tuned:
    """Search, and leave out of the best candidate what brings nothing.

    Args:
        search: what to do; the default must be its first start.
        graph: what has been tried before; gets what is tried.
        evaluated_on: what the fitness tries candidates on, for people.
        show: is called with the graph whenever it has grown.

    Raises:
        ForgeError: no candidate is worth anything.
    """
    search.run(graph, show)
    if (best := graph.best) is None:
        reason = graph.nodes[0].evaluation.message
        raise ForgeError(f"none of {len(graph.nodes)} candidates is worth anything: {reason}")
    best = simplified(best, search.fitness, graph)
    return Tuned(graph.nodes[0].evaluation, best.candidate, best.evaluation, evaluated_on)


def simplified(node: Node, fitness: Fitness, graph: CandidateGraph) -> Node:
    """The candidate without the fields that it is no worse without."""
    known = {tried.candidate: tried for tried in graph.nodes}
    for choice in node.candidate.choices:
        rest = Candidate(tuple(kept for kept in node.candidate.choices if kept != choice))
        simpler = known.get(rest)
        if simpler is None:
            simpler = graph.add([(node.number, rest, fitness.evaluate([rest])[0])])[0]
        if simpler.fitness >= node.fitness:
            node = simpler
    return node


def confirmed(
    tuned: Tuned, others: Sequence[Candidate], fitness: Fitness, evaluated_on: str
) -> Tuned:
    """The best of some candidates on the whole model: small gains on few layers may not carry over.

    Args:
        tuned: what a search on a few layers has found.
        others: what it has found besides.
        fitness: tries candidates on the whole model.
        evaluated_on: what that is, for people.

    Raises:
        ForgeError: none of them is worth anything there.
    """
    candidates = list(dict.fromkeys([Candidate(), tuned.best, *others]))
    # One at a time: each is written for the compiler, and may be as large as the disk bears.
    evaluations = [fitness.evaluate([candidate])[0] for candidate in candidates]
    best = max(range(len(candidates)), key=lambda index: evaluations[index].fitness)
    if not evaluations[best].fitness:
        reason = evaluations[1].message
        raise ForgeError(f"nothing that was found is worth anything on {evaluated_on}: {reason}")
    return Tuned(evaluations[0], candidates[best], evaluations[best], evaluated_on)


def tuned_pipeline(platform: str, table: str) -> str:
    """The passes that compile for a platform with a table of one's own, as `forge-opt -p` takes it.

    Args:
        platform: such as `NPU4000`.
        table: the path of the table.
    """
    return f"{DEFAULT_PIPELINE},{npu_passes(platform, json.dumps(table))}"
