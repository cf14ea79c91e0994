"""What `forge bench npu` asks for, and what it finds; it crosses processes and runs as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from forge.backends.npu import Schedule
from forge.backends.npu.bound import Traffic
from forge.backends.npu.energy import Energy, estimate_energy
from forge.zoo.catalogue import find_entry
from forge.zoo.entry import DEFAULT_TOKENS

FORGE = "forge"
OPENVINO = "openvino"
FLOAT_MASK = "float-mask"
"""Who made a model: Forge; OpenVINO's own conversion; the same with its boolean masks as floats."""


@dataclass(frozen=True)
class Case:
    """A model to compile.

    Attributes:
        model: its name in the zoo.
        tokens: length of its input; the model's default if `None`.
        cache: for a step of generation, how many earlier tokens there are.
        layers: how many to keep; all if `None`.
    """

    model: str
    tokens: int | None = None
    cache: int | None = None
    layers: int | None = None

    @property
    def input(self) -> str:
        """What goes in, in a few words."""
        if self.cache is not None:
            return f"{self.tokens or 1} after {self.cache}"
        reads_tokens = find_entry(self.model).kind.reads_tokens
        return str(self.tokens or DEFAULT_TOKENS) if reads_tokens else "image"

    @property
    def title(self) -> str:
        """The model and what goes in."""
        return f"{self.model}, {self.input}"


@dataclass(frozen=True)
class Sources:
    """A case as files for the NPU's compiler.

    Attributes:
        files: the `.xml` files by side, for Forge's by side and platform: `forge-NPU4000`.
        failures: why there is no file, by the same names.
        weights: bytes of weights that a run reads.
        ports: bytes of inputs and outputs.
        layers: how many the model has here.
    """

    files: Mapping[str, str]
    failures: Mapping[str, str]
    weights: int
    ports: int
    layers: int


@dataclass(frozen=True)
class Figures:
    """What the compiler predicts at the better of its levels; times in microseconds.

    Attributes:
        level: that level.
        latency: of one run.
        without_embedding: less the time in which only the embedding runs.
        dma, dpu, shave: how long each kind of engine works.
        energy: see `forge.backends.npu.energy`.
        uncharged: how many nodes the compiler's model charges nothing for, though they take time.
        blob_bytes: the size of what the NPU loads.
        compile_seconds: how long the compiler took.
        strategies: how many of its layers the compiler split as a table says.
    """

    level: int
    latency: float
    without_embedding: float
    dma: float
    dpu: float
    shave: float
    energy: Energy
    uncharged: int
    blob_bytes: int
    compile_seconds: float
    strategies: int = 0

    @classmethod
    def of(cls, schedule: Schedule) -> Figures:
        """The figures of a schedule."""
        return cls(
            schedule.optimization_level,
            schedule.predicted_latency_us,
            schedule.predicted_latency_without_embedding_us,
            schedule.dma_us,
            schedule.dpu_us,
            schedule.shave_us,
            estimate_energy(schedule),
            sum(schedule.uncharged.values()),
            schedule.blob_bytes,
            schedule.compile_seconds,
            schedule.strategies,
        )


@dataclass(frozen=True)
class Outcome:
    """One model, as one side makes it, for one platform.

    Attributes:
        layers, weights, ports: as in `Sources`.
        figures: `None` if the compiler did not take it.
        failure: what it said then.
    """

    case: Case
    platform: str
    side: str
    layers: int
    weights: int
    ports: int
    figures: Figures | None = None
    failure: str = ""

    @property
    def key(self) -> tuple[Case, str, str]:
        """What it is the outcome of: the case, the platform and the side."""
        return self.case, self.platform, self.side

    @property
    def traffic(self) -> Traffic:
        """The bytes that a run moves."""
        return Traffic(self.weights, self.ports)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Outcome:
        """What `dataclasses.asdict` made."""
        figures: dict[str, Any] | None = values["figures"]
        parts: dict[str, Any] = {"case": Case(**values["case"])}
        if figures is not None:
            energy: dict[str, Any] = {"energy": Energy(**figures["energy"])}
            parts["figures"] = Figures(**{**figures, **energy})
        return cls(**{**values, **parts})


@dataclass(frozen=True)
class Comparison:
    """One model on one platform, as Forge makes it and as it is to be compared."""

    forge: Outcome
    other: Outcome | None

    @property
    def ratio(self) -> float | None:
        """Forge's predicted latency over the other's, both without the embedding."""
        return self._ratio("without_embedding")

    @property
    def ratio_with_embedding(self) -> float | None:
        """The same of the whole latencies."""
        return self._ratio("latency")

    @property
    def energy_ratio(self) -> float | None:
        """The same of the estimated energies."""
        mine, theirs = self._figures()
        return mine.energy.total / theirs.energy.total if mine and theirs else None

    @property
    def is_marked(self) -> bool:
        """Whether OpenVINO's own conversion does not compile, so that it is something else."""
        return self.other is not None and self.other.side != OPENVINO

    def _figures(self) -> tuple[Figures | None, Figures | None]:
        return self.forge.figures, self.other and self.other.figures

    def _ratio(self, name: str) -> float | None:
        mine, theirs = self._figures()
        return getattr(mine, name) / getattr(theirs, name) if mine and theirs else None


@dataclass(frozen=True)
class Results:
    """All outcomes so far."""

    outcomes: Sequence[Outcome]

    def find(self, case: Case, platform: str, side: str) -> Outcome | None:
        """That outcome, if it is there."""
        for outcome in self.outcomes:
            if outcome.key == (case, platform, side):
                return outcome
        return None

    def comparisons(self) -> list[Comparison]:
        """A comparison for each model and platform that Forge has an outcome for."""
        return [
            Comparison(mine, self._other(mine.case, mine.platform))
            for mine in self.outcomes
            if mine.side == FORGE
        ]

    def _other(self, case: Case, platform: str) -> Outcome | None:
        others = [self.find(case, platform, side) for side in (OPENVINO, FLOAT_MASK)]
        found = [each for each in others if each is not None]
        return next((each for each in found if each.figures), found[0] if found else None)

    def is_complete(self, case: Case, platform: str) -> bool:
        """Whether a case was compiled for a platform, by both sides."""
        return all(self.find(case, platform, side) for side in (FORGE, OPENVINO))

    def of(self, cases: Sequence[Case], platforms: Sequence[str]) -> Results:
        """Those of some cases and platforms, in their order."""
        return Results(
            [
                outcome
                for case in cases
                for platform in platforms
                for outcome in self.outcomes
                if (outcome.case, outcome.platform) == (case, platform)
            ]
        )

    def with_outcome(self, outcome: Outcome) -> Results:
        """These and another outcome, instead of what was known of the same."""
        others = [each for each in self.outcomes if each.key != outcome.key]
        return Results([*others, outcome])

    def to_json(self) -> list[dict[str, Any]]:
        """What `from_json` reads."""
        return [asdict(outcome) for outcome in self.outcomes]

    @classmethod
    def from_json(cls, values: Sequence[Mapping[str, Any]]) -> Results:
        """What `to_json` gave."""
        return cls([Outcome.from_json(each) for each in values])
