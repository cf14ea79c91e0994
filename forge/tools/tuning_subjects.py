"""What `forge tune` can search for: forms of operations, or strategies of Intel's NPU compiler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from forge.targets.shaped_entries import shape_text, value_text

if TYPE_CHECKING:
    from forge.targets.shaped_entries import Shape
    from forge.tuning.npu_fitness import NpuFitness
    from forge.tuning.npu_strategies import StrategyFitness
    from forge.tuning.search import Fitness
    from forge.tuning.session import Tuned
    from forge.tuning.space import Candidate, Space


class Subject(Protocol):
    """What is searched for, and the tables that keep it.

    Attributes:
        kind: what a table of it has, in the plural.
    """

    @property
    def kind(self) -> str: ...

    @property
    def fitness(self) -> Fitness: ...

    @property
    def space(self) -> Space: ...

    def known(self, tables: Sequence[str]) -> list[Candidate]:
        """What tables say, as places to start from: a user's, and Forge's own."""
        ...

    def chosen(self, tuned: Tuned) -> Iterator[str]:
        """A text for each kind and shape for which something else than the default is best."""
        ...

    def table(self, tuned: Tuned, path: Path | None) -> str:
        """A table of what was found, as TOML, with what a file has for other shapes.

        Raises:
            ForgeError: the file is no such table.
        """
        ...

    def usage(self, path: str) -> str:
        """How to use such a table."""
        ...


@dataclass(frozen=True)
class Forms:
    """Forms of operations; see `forge.targets.forms_table`."""

    fitness: NpuFitness
    kind = "forms"

    @property
    def space(self) -> Space:
        return self.fitness.program.space

    def known(self, tables: Sequence[str]) -> list[Candidate]:
        from forge.targets.forms_table import load_forms, table_platforms

        names = (*tables, *table_platforms())
        return [self.fitness.program.selected(load_forms(name)) for name in names]

    def chosen(self, tuned: Tuned) -> Iterator[str]:
        for entry in self.fitness.program.entries(tuned.best, tuned.found):
            if values := entry.form.values():
                yield _entry(entry.op, entry.shape, "form", values)

    def table(self, tuned: Tuned, path: Path | None) -> str:
        from forge.targets.forms_table import FormsTable, read_forms

        table = FormsTable(()) if path is None else read_forms(path)
        entries = self.fitness.program.entries(tuned.best, tuned.found)
        return table.with_entries(entries).text()

    def usage(self, path: str) -> str:
        from forge.tuning.session import tuned_pipeline

        pipeline = tuned_pipeline(self.fitness.platform, path)
        return f"the pipeline with that table:\n  -p '{pipeline}'"


@dataclass(frozen=True)
class Strategies:
    """Strategies of Intel's NPU compiler; see `forge.targets.strategies_table`.

    Attributes:
        model: what to compile, as the command line has it.
    """

    fitness: StrategyFitness
    model: str
    kind = "strategies"

    @property
    def space(self) -> Space:
        return self.fitness.space

    def known(self, tables: Sequence[str]) -> list[Candidate]:
        from forge.targets.strategies_table import load_strategies

        names = (*tables, self.fitness.platform)
        return [self.fitness.selected(load_strategies(name)) for name in names]

    def chosen(self, tuned: Tuned) -> Iterator[str]:
        for entry in self.fitness.entries(tuned.best, tuned.found):
            yield _entry(entry.kind, entry.shape, "strategy", entry.strategy.values())

    def table(self, tuned: Tuned, path: Path | None) -> str:
        from forge.targets.strategies_table import StrategyTable, read_strategies

        table = StrategyTable() if path is None else read_strategies(path)
        return table.with_entries(self.fitness.entries(tuned.best, tuned.found)).text()

    def usage(self, path: str) -> str:
        platform = self.fitness.platform
        return (
            "the command with that table:\n"
            f"  forge compile {self.model} --platform {platform} --strategies {path}"
        )


def _entry(name: str, shape: Shape, choice: str, values: Mapping[str, int | str]) -> str:
    fields = ", ".join(f"{key} = {value_text(value)}" for key, value in values.items())
    return f"  {name} {shape_text(shape)}\n    {choice} = {{{fields}}}"
