"""Inputs to run a model on when the user gives none."""

from __future__ import annotations

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


def random_speech(shape: tuple[int, int, int], dtype: torch.dtype, generator: Generator) -> Tensor:
    """Log-mel features [batch, bins, frames] from -1 to 1, where Whisper's lie."""
    return (torch.rand(shape, generator=generator) * 2 - 1).to(dtype)


def random_image(
    shape: tuple[int, int, int, int], dtype: torch.dtype, generator: Generator
) -> Tensor:
    """Normalised pixels [batch, channels, height, width]."""
    return torch.randn(shape, generator=generator).to(dtype)
