"""What strategies are worth on an NPU: how Intel's compiler is to split the layers it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from forge.backends.npu import CompiledBlob, NpuCompiler
from forge.backends.npu.model_files import write_model
from forge.backends.npu.sequence import in_sequence
from forge.backends.npu.strategies import Layer, layer_shape
from forge.backends.openvino.devices import NPU, register_device
from forge.compiler import translated_for
from forge.errors import ForgeError
from forge.targets.shaped_entries import Shape, shape_text
from forge.targets.strategies_table import (
    AXES,
    SPLITS,
    Strategy,
    StrategyEntry,
    StrategyTable,
)
from forge.tuning.graph import Evaluation
from forge.tuning.space import Candidate, Site, Space, Values

if TYPE_CHECKING:
    from forge.zoo import ZooModel

_OWN = ""
"""Stands for the compiler's own choice; of pieces, 0 does."""

_FEW_PIECES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 12)
_MANY_PIECES = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768)
"""For layers as long as the head of a decoder, down to so many channels in a piece:"""
_FEWEST_CHANNELS = 192


@dataclass(frozen=True)
class StrategyFitness:
    """Tries strategies with Intel's NPU compiler: inferences a second, as it predicts.

    Numbers need not be compared: the same layers compute the same, and a table can have nothing
    that the compiler would not choose by itself. What it refuses is worth nothing.

    Attributes:
        models: the `.xml` files of what the NPU runs of a program, in order.
        platform: for which NPU.
        compiler: compiles several candidates at once.
    """

    models: Sequence[Path]
    platform: str
    compiler: NpuCompiler

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, Shape]]:
        """The layers that have strategies: kind and shape by the site, those alike together."""
        found: dict[str, tuple[str, Shape]] = {}
        for model in self.models:
            layers, nodes = self.compiler.layers(model, self.platform)
            for layer in layers:
                if (shape := layer_shape(layer, nodes)) is not None:
                    found.setdefault(site_name(layer, shape), (layer.kind, shape))
        return found

    @cached_property
    def space(self) -> Space:
        """What can be chosen for them."""
        return Space([Site(name, _options(*where), _admits) for name, where in self.groups.items()])

    def selected(self, table: StrategyTable) -> Candidate:
        """What a table says of this program."""
        found = {name: table.find(*where) for name, where in self.groups.items()}
        return Candidate.of({name: s.values() for name, s in found.items() if s is not None})

    def entries(self, candidate: Candidate, found: str) -> Iterator[StrategyEntry]:
        """A table's entries for a candidate; what it leaves to the compiler is in none.

        Args:
            candidate: what is chosen.
            found: how that was found out, for people.
        """
        for name, (kind, shape) in self.groups.items():
            if values := candidate.at(name):
                yield StrategyEntry(kind, shape, Strategy.of_values(kind, values), found)

    def evaluate(self, candidates: Sequence[Candidate]) -> Sequence[Evaluation]:
        """Try candidates; the compiler works on all of them at once."""
        attempts = [self._submit(candidate) for candidate in candidates]
        return [_evaluation(candidate, jobs) for candidate, jobs in attempts]

    def _submit(self, candidate: Candidate) -> tuple[Candidate, Sequence[Future[CompiledBlob]]]:
        table = StrategyTable(list(self.entries(candidate, "")))
        return candidate, [
            self.compiler.submit(model, self.platform, strategies=table, charged=True)
            for model in self.models
        ]


def _evaluation(candidate: Candidate, jobs: Sequence[Future[CompiledBlob]]) -> Evaluation:
    program = repr(candidate.choices)
    try:
        schedule = in_sequence([job.result().schedule for job in jobs])
    except ForgeError as failure:
        return Evaluation(0.0, None, " ".join(failure.message.split()), program)
    latency = schedule.predicted_latency_without_embedding_us
    if refused := schedule.strategies_refused:
        return Evaluation(0.0, None, refused, program)
    return Evaluation(1e6 / latency, latency, program=program)


def site_name(layer: Layer, shape: Shape) -> str:
    """What a kind and shape of layer is called: `NCE.Eltwise node=Add rows=128 size=768`."""
    return f"{layer.kind} {shape_text(shape)}"


def _options(kind: str, shape: Shape) -> dict[str, Sequence[int | str]]:
    most = int(shape["size"]) // _FEWEST_CHANNELS
    pieces = (*_FEW_PIECES, *(number for number in _MANY_PIECES if number <= most))
    return {"split": (_OWN, *SPLITS[kind]), **dict.fromkeys(AXES, pieces)}


def _admits(values: Values) -> bool:
    """Pieces along one axis are enough."""
    return sum(axis in values for axis in AXES) <= 1


def written_models(model: ZooModel, platform: str, folder: Path) -> Sequence[Path]:
    """The files of what an NPU runs of a model, in the platform's own forms.

    Args:
        folder: where to write them; it must not be there.

    Raises:
        ForgeError: the model cannot be exported, imported or lowered.
    """
    call = (model.example_args, model.example_kwargs)
    translated = translated_for(platform, model.compilable, *call)
    paths: list[Path] = []
    for number, step in enumerate(translated.models):
        if step.device == register_device(NPU):
            part = folder / str(number)
            part.mkdir(parents=True)
            paths.append(write_model(step.model, part))
    return paths
