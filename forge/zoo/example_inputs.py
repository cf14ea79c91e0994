"""Inputs to run a model on when the user gives none."""

from __future__ import annotations

from typing import Any

import torch
from torch import Generator, Tensor


def random_token_ids(shape: tuple[int, int], vocabulary: int, generator: Generator) -> Tensor:
    """Token ids i64[batch, tokens], any of the vocabulary."""
    return torch.randint(0, vocabulary, shape, generator=generator)


def padding_mask(shape: tuple[int, int]) -> Tensor:
    """A mask i64[batch, tokens] that hides the last eighth, so that ignoring it shows."""
    mask = torch.ones(shape, dtype=torch.int64)
    mask[:, shape[1] - shape[1] // 8 :] = 0
    return mask


def random_hidden_states(
    shape: tuple[int, int, int], dtype: torch.dtype, generator: Generator
) -> Tensor:
    """What an encoder might have answered [batch, tokens, hidden]."""
    return torch.randn(shape, generator=generator).to(dtype)


def cached_inputs(
    config: Any, ids: Tensor, cache: int, dtype: torch.dtype, generator: Generator
) -> tuple[Any, ...]:
    """What a `CachedDecoder` takes beside new tokens, whose cache has an eighth of free rows.

    Args:
        config: transformers' configuration of the decoder.
        ids: the new tokens, i64[batch, tokens].
        cache: how many rows of keys and values each layer has.
    """
    batch, tokens = ids.shape
    mask = padding_mask((batch, cache))
    filled = int(mask[0].sum())
    positions = torch.arange(filled, filled + tokens).repeat(batch, 1)
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads

    def rows() -> tuple[Tensor, ...]:
        shape = (batch, heads, cache, size)
        layers = range(config.num_hidden_layers)
        return tuple(torch.randn(shape, generator=generator).to(dtype) for _ in layers)

    return ids, torch.cat([mask, torch.ones_like(ids)], dim=1), positions, rows(), rows()


def random_speech(shape: tuple[int, int, int], dtype: torch.dtype, generator: Generator) -> Tensor:
    """Log-mel features [batch, bins, frames] from -1 to 1, where Whisper's lie."""
    return (torch.rand(shape, generator=generator) * 2 - 1).to(dtype)


def random_image(
    shape: tuple[int, int, int, int], dtype: torch.dtype, generator: Generator
) -> Tensor:
    """Normalised pixels [batch, channels, height, width]."""
    return torch.randn(shape, generator=generator).to(dtype)
