"""What the zoo records of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from forge.zoo.parameters import count_parameters

DEFAULT_TOKENS = 128
"""The length of an example input where nobody says another."""


class Kind(Enum):
    """What a model reads and answers, which decides how it is wrapped."""

    DECODER = "token ids → logits of the next token at each position"
    TEXT_ENCODER = "token ids and mask → hidden states"
    SENTENCE_ENCODER = "token ids and mask → one unit vector a sentence"
    CROSS_DECODER = "token ids, and an encoder's answer and mask → logits at each position"
    AUDIO_ENCODER = "log-mel features → hidden states"
    IMAGE_CLASSIFIER = "images → logits of the classes"
    FEED_FORWARD = "feature vectors → logits of the classes"

    @property
    def reads_tokens(self) -> bool:
        return self not in (Kind.AUDIO_ENCODER, Kind.IMAGE_CLASSIFIER, Kind.FEED_FORWARD)


@dataclass(frozen=True)
class CatalogueEntry:
    """One model of the zoo.

    Attributes:
        config_class: transformers' configuration class, or the class in `forge.zoo.torch_models`.
        settings: the keyword arguments of that class, as published.
        depth_setting: which of them is the number of layers.
        source: where the hyper-parameters come from.
        attention: what transformers can compute attention with, the default first.
        norm_mean: what the weights of its norms lie around; 0 if the norms add one to them.
        query_scale: what its scores are scaled by in the weights of the queries, and nowhere else.
    """

    name: str
    description: str
    source: str
    kind: Kind
    config_class: str
    settings: Mapping[str, Any]
    hidden: int
    depth_setting: str = "num_hidden_layers"
    max_tokens_setting: str = "max_position_embeddings"
    attention: tuple[str, ...] = ("sdpa", "eager")
    norm_mean: float = 1.0
    query_scale: float = 1.0

    @property
    def layers(self) -> int:
        return self.settings[self.depth_setting]

    @property
    def max_tokens(self) -> int | None:
        """The longest sequence the model takes; None for one that reads no tokens."""
        return self.settings[self.max_tokens_setting] if self.kind.reads_tokens else None

    @property
    def initial_deviation(self) -> float | None:
        """The standard deviation of untrained matrices, where it is published."""
        return self.settings.get("initializer_range", self.settings.get("init_std"))

    def cut(self, layers: int) -> dict[str, Any]:
        """The settings of the same model with only its first `layers` layers."""
        settings: dict[str, Any] = {**self.settings, self.depth_setting: layers}
        if "layer_types" in settings:
            settings["layer_types"] = list(settings["layer_types"][:layers])
        return settings

    def parameters(self, layers: int | None = None) -> int:
        """The number of parameters, tied ones counted once."""
        cross = self.kind is Kind.CROSS_DECODER
        return count_parameters(self.config_class, self.cut(layers or self.layers), cross=cross)
