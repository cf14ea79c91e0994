"""Seeded random weights, so that a model of the zoo is the same model on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import sqrt
from typing import NamedTuple
from zlib import crc32

from torch import Generator, Tensor, nn

# How far norm weights and biases lie from the one and zero of an untrained model. At one and
# zero exactly, a compiler that loses them would still be right.
_SPREAD = 0.02

# Values drawn by one generator: enough to keep a core busy, few enough to share out a matrix.
_CHUNK = 1 << 22


class _Draw(NamedTuple):
    """Values to draw into a tensor: normally distributed, or uniformly from mean - std to + std."""

    name: str
    values: Tensor
    mean: float
    std: float
    uniform: bool = False


def fill_with_random_weights(
    module: nn.Module,
    seed: int,
    std: float | None,
    norm_mean: float = 1.0,
    query_scale: float = 1.0,
) -> None:
    """Give every parameter, and the statistics of batch norms, values drawn for its own name.

    A value depends on the seed, the name and the position alone, so that the layers of a cut
    model are those of the whole one.

    Args:
        std: standard deviation of matrices, `initializer_range` of a published configuration;
            None for 1/√inputs, which keeps the scale of what passes through.
        norm_mean: what the weights of norms lie around.
        query_scale: how much smaller T5's projections `q` are. Scores are nowhere else scaled;
            without it they would be so far apart that rounding decides which of them count.
    """
    draws = [
        _parameter_draw(name, tensor, std, norm_mean) for name, tensor in module.named_parameters()
    ]
    draws = [
        draw._replace(std=draw.std * query_scale) if draw.name.endswith(".q.weight") else draw
        for draw in draws
    ]
    draws += [draw for name, value in module.named_buffers() for draw in _buffer_draws(name, value)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_fill, seed), _chunks(draws)))


def _parameter_draw(name: str, parameter: Tensor, std: float | None, norm_mean: float) -> _Draw:
    is_weight = name.endswith("weight")
    if is_weight and parameter.ndim == 1:  # the scale of a norm
        return _Draw(name, parameter.detach(), norm_mean, _SPREAD)
    if not is_weight:  # biases, class tokens, learned positions
        return _Draw(name, parameter.detach(), 0.0, _SPREAD)
    if std is None or parameter.ndim > 2:  # convolutions: few inputs, so a fixed scale is too small
        std = 1 / sqrt(parameter[0].numel())
    return _Draw(name, parameter.detach(), 0.0, std)


def _buffer_draws(name: str, buffer: Tensor) -> Iterator[_Draw]:
    if name.endswith("running_mean"):
        yield _Draw(name, buffer, 0.0, 0.1)
    elif name.endswith("running_var"):
        yield _Draw(name, buffer, 1.0, 0.5, uniform=True)


def _chunks(draws: list[_Draw]) -> Iterator[_Draw]:
    for draw in draws:
        flat = draw.values.view(-1)
        for start in range(0, flat.numel(), _CHUNK):
            chunk = flat[start : start + _CHUNK]
            yield draw._replace(name=f"{draw.name}:{start}", values=chunk)


def _fill(seed: int, draw: _Draw) -> None:
    generator = Generator().manual_seed(crc32(f"{seed}:{draw.name}".encode()))
    if draw.uniform:
        draw.values.uniform_(draw.mean - draw.std, draw.mean + draw.std, generator=generator)
    else:
        draw.values.normal_(draw.mean, draw.std, generator=generator)
