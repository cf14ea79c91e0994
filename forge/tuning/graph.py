"""The candidates of a search, each with what it was made from and what it is worth, in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forge.errors import ForgeError
from forge.tuning.space import Candidate


@dataclass(frozen=True)
class Evaluation:
    """What a candidate is worth.

    Attributes:
        fitness: the higher the better; 0 for what does not compile, or changes the numbers.
        latency_us: what the platform's compiler predicts, without the embedding.
        message: why the fitness is 0.
        program: the same for candidates that make the same program; empty for one that makes none.
    """

    fitness: float
    latency_us: float | None = None
    message: str = ""
    program: str = ""


@dataclass(frozen=True)
class Node:
    """A candidate that has been tried.

    Attributes:
        number: its place in the order of trials.
        parent: the number of the candidate that it was made from; `None` for a starting point.
    """

    number: int
    parent: int | None
    candidate: Candidate
    evaluation: Evaluation

    @property
    def fitness(self) -> float:
        """What it is worth."""
        return self.evaluation.fitness

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        return {
            "number": self.number,
            "parent": self.parent,
            "candidate": self.candidate.to_json(),
            "fitness": self.evaluation.fitness,
            "latency_us": self.evaluation.latency_us,
            "message": self.evaluation.message,
            "program": self.evaluation.program,
        }

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Node:
        """What `to_json` gave."""
        names = ("fitness", "latency_us", "message", "program")
        evaluation = Evaluation(**{name: values[name] for name in names})
        candidate = Candidate.from_json(values["candidate"])
        return Node(values["number"], values["parent"], candidate, evaluation)


@dataclass
class CandidateGraph:
    """All candidates that have been tried, in order; edges go from a parent to its children.

    Attributes:
        path: where they are written, a batch a line behind a line about the search; `None` for a
            search that nobody resumes.
    """

    path: Path | None = None
    nodes: list[Node] = field(default_factory=list[Node])

    @staticmethod
    def open(path: Path, about: Mapping[str, Any]) -> CandidateGraph:
        """The graph in a file, or a new one that is written there.

        Args:
            path: the file. A last line that is not whole, as an interruption leaves it, is dropped.
            about: all that the search depends on.

        Raises:
            ForgeError: the file is of another search, or cannot be read or written.
        """
        header = json.dumps({"search": about}, sort_keys=True)
        try:
            lines = path.read_text().split("\n") if path.exists() else []
            if not lines or not lines[0]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{header}\n")
                return CandidateGraph(path)
            if lines[0] != header:
                raise ForgeError(
                    f"{path} is the log of another search",
                    hint="name another file, or remove it",
                )
            nodes = [Node.from_json(node) for line in lines[1:-1] for node in json.loads(line)]
            path.write_text("\n".join([*lines[:-1], ""]))
        except OSError as error:
            raise ForgeError(f"cannot use {path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ForgeError(f"{path} is not the log of a search: {error}") from error
        return CandidateGraph(path, nodes)

    def add(self, tried: Iterable[tuple[int | None, Candidate, Evaluation]]) -> Sequence[Node]:
        """Add a batch: the number of each one's parent, the candidate, and what it is worth.

        Raises:
            ForgeError: the file cannot be written.
        """
        batch = [Node(number, *node) for number, node in enumerate(tried, start=len(self.nodes))]
        if self.path is not None:
            try:
                with self.path.open("a") as file:
                    file.write(json.dumps([node.to_json() for node in batch]) + "\n")
            except OSError as error:
                raise ForgeError(f"cannot write {self.path}: {error.strerror}") from error
        self.nodes += batch
        return batch

    @property
    def best(self) -> Node | None:
        """The first of the best; `None` if nothing is worth anything."""
        return next(iter(self.ranking), None)

    @property
    def ranking(self) -> list[Node]:
        """The programs that are worth something, the best first, each as it was first found."""
        worth: dict[str, Node] = {}
        for node in self.nodes:
            if node.fitness > 0:
                worth.setdefault(node.evaluation.program, node)
        return sorted(worth.values(), key=lambda node: (-node.fitness, node.number))

    @property
    def tried(self) -> int:
        """How many programs have been tried, and how many candidates that make none."""
        programs = [node.evaluation.program for node in self.nodes]
        return len({program for program in programs if program}) + programs.count("")

    @property
    def candidates(self) -> set[Candidate]:
        """All that have been tried."""
        return {node.candidate for node in self.nodes}
