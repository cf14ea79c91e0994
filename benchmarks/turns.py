"""Programs that run in turns, so that whatever a machine does meanwhile, it does to all."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import torch
from contenders import Run

RUNS_A_TURN = 5
"""The first warms the weights up again after the others had their turn, and does not count."""
PAUSE = 0.25
"""Seconds: OpenMP's threads wait for work in a loop for a while before they sleep."""


def take_turns(
    programs: Mapping[str, Run],
    args: Sequence[torch.Tensor],
    turns: int,
    before_turn: Callable[[int], object] = lambda _: None,
) -> dict[str, list[float]]:
    """Milliseconds of each run that counts: those of one turn more, the first, do not."""
    milliseconds: dict[str, list[float]] = defaultdict(list)
    for turn in range(turns + 1):
        before_turn(turn)
        for who, run in programs.items():
            time.sleep(PAUSE)
            times = timed(run, args, RUNS_A_TURN)[1:]
            if turn:
                milliseconds[who] += times
    return milliseconds


def timed(run: Run, args: Sequence[torch.Tensor], runs: int) -> list[float]:
    """Milliseconds of each of some runs in a row."""
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        run(*args)
        times.append((time.perf_counter() - start) * 1e3)
    return times
