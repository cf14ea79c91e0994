"""What a search may choose: for each kind and shape of operation, the fields of its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from forge.dialects.transformer.forms import Value

Values = Mapping[str, Value]
"""Fields that differ from their defaults."""


@dataclass(frozen=True)
class Site:
    """Something that is chosen in one way throughout a program.

    Attributes:
        name: unique among the sites of a program, such as `transformer.mlp rows=128 in=768 …`.
        options: what each field may be, its default first.
        admits: whether such fields go together, and fit the operations.
    """

    name: str
    options: Mapping[str, Sequence[Value]]
    admits: Callable[[Values], bool]


@dataclass(frozen=True)
class Candidate:
    """A choice for each site; what is left out is the default.

    Attributes:
        choices: site, field and value, sorted.
    """

    choices: tuple[tuple[str, str, Value], ...] = ()

    @staticmethod
    def of(values: Mapping[str, Values]) -> Candidate:
        """The candidate with these values by site and field."""
        return Candidate(
            tuple(
                sorted(
                    (site, name, v) for site, fields in values.items() for name, v in fields.items()
                )
            )
        )

    def at(self, site: str) -> dict[str, Value]:
        """The fields of a site that differ from their defaults."""
        return {name: value for place, name, value in self.choices if place == site}

    def to_json(self) -> list[list[Any]]:
        """What `json.dumps` takes."""
        return [list(choice) for choice in self.choices]

    @staticmethod
    def from_json(choices: Iterable[Sequence[Any]]) -> Candidate:
        """What `to_json` gave."""
        return Candidate(tuple((site, name, value) for site, name, value in choices))


@dataclass(frozen=True)
class Space:
    """All candidates."""

    sites: Sequence[Site]

    @cached_property
    def choices(self) -> Sequence[tuple[str, str, Sequence[Value]]]:
        """Each site and field that has a choice, with its options."""
        return [
            (site.name, name, options)
            for site in self.sites
            for name, options in site.options.items()
            if len(options) > 1
        ]

    def change(self, candidate: Candidate, site: str, name: str, value: Value) -> Candidate:
        """The candidate with one field of another value."""
        default = next(s for s in self.sites if s.name == site).options[name][0]
        choices = [choice for choice in candidate.choices if choice[:2] != (site, name)]
        if value != default:
            choices.append((site, name, value))
        return Candidate(tuple(sorted(choices)))

    def admits(self, candidate: Candidate) -> bool:
        """Whether every site admits what the candidate has for it."""
        return all(site.admits(candidate.at(site.name)) for site in self.sites)
