"""transformers models as modules of plain tensors, with the names of their inputs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, cast

from torch import Tensor, nn
from torch.nn.functional import normalize

from forge.errors import ForgeError


class Decoder(nn.Module):
    """input_ids i64[batch, tokens] → logits [batch, tokens, vocabulary], without a cache."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor) -> Tensor:
        return _answer(self.model(input_ids=input_ids, use_cache=False))


class CachedDecoder(nn.Module):
    """A step of generation: new tokens, and a cache of the keys and values of earlier ones.

    input_ids i64[batch, tokens], attention_mask i64[batch, cache + tokens], position_ids
    i64[batch, tokens], and for each layer past_keys and past_values [batch, heads, cache, size] →
    logits [batch, tokens, vocabulary], and for each layer new keys and values [batch, heads,
    tokens, size]

    Shapes are the same at every step, as a device without dynamic shapes needs: the mask says which
    rows of the cache are filled, in any order, for the positions are given. Only the rows of the
    new tokens come out, since whoever holds the cache has the others; it writes them where it will.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self._caches: Any = import_module("transformers.cache_utils")

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        position_ids: Tensor,
        past_keys: Sequence[Tensor],
        past_values: Sequence[Tensor],
    ) -> tuple[Tensor, Sequence[Tensor], Sequence[Tensor]]:
        cache = self._caches.DynamicCache()
        cache.layers = list(map(self._layer, past_keys, past_values))
        append, new_keys, new_values = cache.update, list[Tensor](), list[Tensor]()

        def update(key: Tensor, value: Tensor, *args: Any, **kwargs: Any) -> Any:
            new_keys.append(key)
            new_values.append(value)
            return append(key, value, *args, **kwargs)

        cache.update = update
        outputs = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=cache,
            use_cache=True,
        )
        return _answer(outputs), new_keys, new_values

    def _layer(self, keys: Tensor, values: Tensor) -> Any:
        layer = self._caches.DynamicLayer()
        layer.lazy_initialization(keys, values)
        # Given to the cache itself, they would be concatenated with an empty tensor first.
        layer.keys, layer.values = keys, values
        return layer


class TextEncoder(nn.Module):
    """input_ids and attention_mask i64[batch, tokens] → logits, or the last hidden state."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return _answer(self.model(input_ids=input_ids, attention_mask=attention_mask))


class CrossDecoder(nn.Module):
    """The decoder of an encoder and a decoder, with the head that makes logits.

    decoder_input_ids i64[batch, tokens], encoder_hidden_states [batch, source, hidden],
    encoder_attention_mask i64[batch, source] → logits [batch, tokens, vocabulary]
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        # Its answer is an input. Without it, this module's parameters are those it computes with.
        cast("Any", model).base_model.encoder = None

    def forward(
        self,
        decoder_input_ids: Tensor,
        encoder_hidden_states: Tensor,
        encoder_attention_mask: Tensor,
    ) -> Tensor:
        outputs = self.model(
            decoder_input_ids=decoder_input_ids,
            encoder_outputs=(encoder_hidden_states,),
            attention_mask=encoder_attention_mask,
            use_cache=False,
        )
        return _answer(outputs)


class AudioEncoder(nn.Module):
    """The encoder of a speech model: input_features [batch, bins, frames] → last hidden state."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.encoder: nn.Module = cast("Any", model).get_encoder()

    def forward(self, input_features: Tensor) -> Tensor:
        return _answer(self.encoder(input_features=input_features))


class ImageModel(nn.Module):
    """pixel_values [batch, channels, height, width] → logits, or the last hidden state."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: Tensor) -> Tensor:
        return _answer(self.model(pixel_values=pixel_values))


class SentenceEncoder(nn.Module):
    """input_ids and attention_mask i64[batch, tokens] → unit vectors [batch, hidden].

    The mean of the hidden states of real tokens, normalised: what sentence-transformers does for
    all-MiniLM-L6-v2. The dot product of two answers is their cosine similarity.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        real = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * real).sum(dim=1) / real.sum(dim=1).clamp(min=1e-9)
        return normalize(mean, p=2.0, dim=-1)


def _answer(outputs: Any) -> Tensor:
    for name in ("logits", "last_hidden_state"):
        if isinstance(answer := getattr(outputs, name, None), Tensor):
            return answer
    raise ForgeError(
        f"a model that answers with {type(outputs).__name__} has neither logits nor hidden states",
        hint="write a factory that wraps it to return a tensor: module.py:factory",
    )
