"""transformers models as modules of plain tensors, with the names of their inputs."""

from __future__ import annotations

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
