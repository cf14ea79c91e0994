"""What a benchmark of the passes is asked for, and what it finds; both cross processes as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Job:
    """One measurement, made in a process of its own.

    Attributes:
        task: what to measure, a name in `forge.tools.bench.worker`.
        model: a name in the zoo.
        attention: what transformers computes attention with.
        layers: how many to keep; all if `None`.
        tokens: length of the input; the model's default if `None`.
        repetitions: how often to time.
        depths: the numbers of layers to time, or of instructions, for such tasks.
        cache: for a step of generation, how many earlier tokens there are.
        platforms: the NPUs to write the model for, for such a task.
        folder: where to write.
    """

    task: str
    model: str
    attention: str
    layers: int | None = None
    tokens: int | None = None
    repetitions: int = 5
    depths: Sequence[int] = ()
    cache: int | None = None
    platforms: Sequence[str] = ()
    folder: str = ""


@dataclass(frozen=True)
class Size:
    """How many operations a program has, weights and constants not counted.

    Attributes:
        ops: those that run at every call.
        at_load: those that no input reaches, which run once.
    """

    ops: int
    at_load: int


@dataclass(frozen=True)
class Blocks:
    """How many blocks of each kind a model has, or a program."""

    attention: int = 0
    norms: int = 0
    rotary_embeddings: int = 0
    mlps: int = 0
    short_convolutions: int = 0


@dataclass(frozen=True)
class PassTime:
    """A pass, and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Recognition:
    """What the passes make of one model.

    Attributes:
        layers: how many it has.
        calls: nodes of the exported FX graph that call something.
        before: the imported program.
        after: the program after the passes.
        unfused: the program after the passes at aggressiveness 0.
        present: blocks of the module tree.
        recognised: blocks that are one operation after the passes.
        operations: how often each operation of `after` occurs, by name.
        passes: in their order, in the fastest repetition.
        first_seconds: what all passes took in a fresh process, imports and caches included.
        lowering_seconds: what the conversion to registers took behind them.
        peak_memory: of the process after its first run, in bytes; `None` where that is unknown.
        base_memory: of the process before it built the model.
    """

    model: str
    attention: str
    layers: int
    calls: int
    before: Size
    after: Size
    unfused: Size
    present: Blocks
    recognised: Blocks
    operations: Mapping[str, int]
    passes: Sequence[PassTime]
    first_seconds: float
    lowering_seconds: float
    peak_memory: int | None
    base_memory: int | None

    @property
    def reduction(self) -> float:
        """The share of the operations that the passes save."""
        return 1 - self.after.ops / self.before.ops

    @property
    def fusion_gain(self) -> float:
        """The paper's FGR = cost(aggressiveness 0) / cost(1), where the cost is operations."""
        return self.unfused.ops / self.after.ops

    @property
    def seconds(self) -> float:
        """All passes together."""
        return sum(run.seconds for run in self.passes)

    @property
    def complete(self) -> bool:
        """Whether every block is recognised, and none that is not there."""
        return self.recognised == self.present

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recognition:
        """What `dataclasses.asdict` made."""
        parts: dict[str, Any] = {
            "passes": [PassTime(**run) for run in values["passes"]],
            **{name: Size(**values[name]) for name in ("before", "after", "unfused")},
            **{name: Blocks(**values[name]) for name in ("present", "recognised")},
        }
        return cls(**{**values, **parts})


@dataclass(frozen=True)
class Numerics:
    """How far the compiled program is from PyTorch.

    Attributes:
        layers: how many layers were compiled.
        all_layers: how many the model has.
        max_difference: the largest absolute difference of an output element to eager PyTorch.
        largest: the largest absolute output element.
        host_kernels: how many operations PyTorch computes in the program.
    """

    model: str
    attention: str
    layers: int
    all_layers: int
    max_difference: float
    largest: float
    host_kernels: int

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Numerics:
        """What `dataclasses.asdict` made."""
        return cls(**values)


@dataclass(frozen=True)
class DepthTimes:
    """What all passes take for a model cut to several depths.

    Attributes:
        depths: numbers of layers, ascending.
        seconds: the fastest of the repetitions for each of them.
    """

    model: str
    attention: str
    depths: Sequence[int]
    seconds: Sequence[float]

    def per_layer(self) -> list[float]:
        """Seconds for each layer more, from one depth to the next."""
        return [
            (later - earlier) / (deeper - shallower)
            for (shallower, earlier), (deeper, later) in pairwise(
                zip(self.depths, self.seconds, strict=True)
            )
        ]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> DepthTimes:
        """What `dataclasses.asdict` made."""
        return cls(**values)


@dataclass(frozen=True)
class Failure:
    """A job that did not end well."""

    task: str
    model: str
    attention: str
    reason: str

    def __str__(self) -> str:
        what = f"{self.model} with {self.attention} attention" if self.model else "long programs"
        return f"{self.task} of {what}: {self.reason}"


@dataclass(frozen=True)
class Results:
    """Everything that one command found."""

    recognitions: Sequence[Recognition]
    numerics: Sequence[Numerics]
    depths: Sequence[DepthTimes]
    failures: Sequence[Failure]
    versions: Mapping[str, str]

    def numerics_of(self, found: Recognition) -> Numerics | None:
        """The numbers of the same model and attention, if they were compared."""
        for numbers in self.numerics:
            if (numbers.model, numbers.attention) == (found.model, found.attention):
                return numbers
        return None

    def to_json(self) -> dict[str, Any]:
        """The results as dictionaries, lists, strings and numbers."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        versions = dict(values.pop("versions"))
        return {"versions": versions} | {
            name: [asdict(result) for result in results] for name, results in values.items()
        }
