"""The search: select a candidate, propose one made from it, try it, until it is enough.

Each of the four is a small object that another one can replace. Candidates are tried in batches of
a fixed size, and every batch draws its random numbers anew: a search with the same seed does the
same, with any number of workers, and also when it was interrupted and resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from forge.tuning.graph import CandidateGraph, Evaluation, Node
from forge.tuning.space import Candidate, Space

_ATTEMPTS = 200
"""So many proposals that are nothing new end a search: what is near has been tried."""


class SelectionPolicy(Protocol):
    """Says which candidate to go on from."""

    def select(self, graph: CandidateGraph, random: Random) -> Node: ...


class ProposalOperator(Protocol):
    """Makes a candidate from another one; it need not be new, nor admissible."""

    def propose(self, parent: Node, space: Space, random: Random) -> Candidate: ...


class Fitness(Protocol):
    """Tries candidates, several at once where it can."""

    def evaluate(self, candidates: Sequence[Candidate]) -> Sequence[Evaluation]: ...


class TerminationRule(Protocol):
    """Says when it is enough."""

    def left(self, graph: CandidateGraph) -> int:
        """How many candidates may still be tried."""
        ...


@dataclass(frozen=True)
class GeometricSelection:
    """The best candidate with some probability, else the next best with the same, and so on."""

    probability: float = 0.5

    def select(self, graph: CandidateGraph, random: Random) -> Node:
        ranking = graph.ranking or graph.nodes
        rank = 0
        while rank + 1 < len(ranking) and random.random() >= self.probability:
            rank += 1
        return ranking[rank]


@dataclass(frozen=True)
class ChangeFields:
    """Gives one field another value, and then, with some probability, one more, and so on.

    Fields of one site depend on each other more than on those of others: the next one is often of
    the same site.

    Attributes:
        again: the probability of one more.
        nearby: the probability that it is of the same site.
    """

    again: float = 0.5
    nearby: float = 0.7

    def propose(self, parent: Node, space: Space, random: Random) -> Candidate:
        candidate, choices = parent.candidate, space.choices
        while True:
            site, name, options = random.choice(choices)
            candidate = space.change(candidate, site, name, random.choice(options))
            if random.random() >= self.again:
                return candidate
            choices = space.choices
            if random.random() < self.nearby:
                choices = [choice for choice in choices if choice[0] == site]


@dataclass(frozen=True)
class Budget:
    """So many programs, and no more.

    Candidates that make a known program are free, up to ten for each that is not.
    """

    programs: int

    def left(self, graph: CandidateGraph) -> int:
        return min(self.programs - graph.tried, 10 * self.programs - len(graph.nodes))


@dataclass(frozen=True)
class Search:
    """A search for the best candidate.

    Attributes:
        space: what may be chosen.
        fitness: tries candidates.
        termination: says when it is enough.
        starts: what is tried first, the default before all.
        seed: of all random choices.
        batch: how many candidates are tried at once.
        selection: says which candidate to go on from.
        proposal: makes a candidate from it.
    """

    space: Space
    fitness: Fitness
    termination: TerminationRule
    starts: Sequence[Candidate] = (Candidate(),)
    seed: int = 0
    batch: int = 4
    selection: SelectionPolicy = GeometricSelection()
    proposal: ProposalOperator = ChangeFields()

    def run(self, graph: CandidateGraph, show: Callable[[CandidateGraph], None]) -> None:
        """Go on from what the graph has.

        Args:
            graph: gets what is tried.
            show: is called before the first batch, and after each.

        Raises:
            ForgeError: the graph cannot be written.
        """
        show(graph)
        while (left := self.termination.left(graph)) > 0:
            batch = self._starts() if not graph.nodes else self._proposals(graph)
            if not batch:
                return
            batch = batch[:left]
            evaluations = self.fitness.evaluate([candidate for _, candidate in batch])
            graph.add(
                (parent, candidate, evaluation)
                for (parent, candidate), evaluation in zip(batch, evaluations, strict=True)
            )
            show(graph)

    def _starts(self) -> list[tuple[int | None, Candidate]]:
        return [(None, start) for start in dict.fromkeys(self.starts)]

    def _proposals(self, graph: CandidateGraph) -> list[tuple[int | None, Candidate]]:
        if not self.space.choices:
            return []
        random = Random(f"{self.seed}/{len(graph.nodes)}")
        known = graph.candidates
        found: dict[Candidate, int] = {}
        for _ in range(_ATTEMPTS):
            parent = self.selection.select(graph, random)
            candidate = self.proposal.propose(parent, self.space, random)
            if candidate not in known and self.space.admits(candidate):
                found.setdefault(candidate, parent.number)
            if len(found) == self.batch:
                break
        return [(parent, candidate) for candidate, parent in found.items()]
