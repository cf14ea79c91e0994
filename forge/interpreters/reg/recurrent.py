"""Recurrent cells, and sequences of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.reg.layout import read_integers
from forge.interpreters.registry import Values, interprets

State = tuple[Tensor, ...]
Step = Callable[[Tensor, State, int], State]


def _activation(op: Any, place: int) -> Callable[[Tensor], Tensor]:
    """The `place`-th activation, the number 0 being that of the gates."""
    name = op.get("activations")[place]
    alphas, betas = list(op.get("activations_alpha")), list(op.get("activations_beta"))
    match name.lower():
        case "sigmoid":
            return torch.sigmoid
        case "tanh":
            return torch.tanh
        case "relu":
            return torch.relu
        case "hardsigmoid":
            alpha = alphas[place] if place < len(alphas) else 0.2
            beta = betas[place] if place < len(betas) else 0.5
            return lambda x: (alpha * x + beta).clamp(0, 1)
        case _:
            raise ValueError(f"unknown activation {name}")


def _clipped(op: Any, x: Tensor) -> Tensor:
    clip = op.get("clip")
    return x.clamp(-clip, clip) if clip > 0 and not math.isinf(clip) else x


def _lstm(op: Any, weights: State, x: Tensor, state: State) -> State:
    # The gates stand in the order forget, input, cell, output.
    w, r, b = weights
    hidden, cell = state
    gates = _clipped(op, x @ w.mT + hidden @ r.mT + b)
    forget, enter, candidate, leave = gates.chunk(4, -1)
    f, g, h = (_activation(op, place) for place in range(3))
    cell = f(forget) * cell + f(enter) * g(candidate)
    return f(leave) * h(_clipped(op, cell) if op.get("clip") else cell), cell


def _gru(op: Any, weights: State, x: Tensor, state: State) -> State:
    # The gates stand in the order update, reset, hidden.
    w, r, b = weights
    (hidden,) = state
    size = hidden.shape[-1]
    f, g = _activation(op, 0), _activation(op, 1)
    from_x = torch.split(x @ w.mT, size, -1)
    from_h = torch.split(hidden @ r.mT, size, -1)
    bias = torch.split(b, size, -1)
    update = f(_clipped(op, from_x[0] + from_h[0] + bias[0]))
    reset = f(_clipped(op, from_x[1] + from_h[1] + bias[1]))
    if op.get("linear_before_reset"):
        # A bias of its own for what is reset.
        candidate = from_x[2] + bias[2] + reset * (from_h[2] + bias[3])
    else:
        candidate = from_x[2] + (reset * hidden) @ r[2 * size :].mT + bias[2]
    return ((1 - update) * g(_clipped(op, candidate)) + update * hidden,)


def _rnn(op: Any, weights: State, x: Tensor, state: State) -> State:
    w, r, b = weights
    return (_activation(op, 0)(_clipped(op, x @ w.mT + state[0] @ r.mT + b)),)


_CELLS: dict[type[reg.RegOp], Callable[[Any, State, Tensor, State], State]] = {
    reg.LSTMCellOp: _lstm,
    reg.GRUCellOp: _gru,
    reg.RNNCellOp: _rnn,
    reg.LSTMSequenceOp: _lstm,
    reg.GRUSequenceOp: _gru,
    reg.RNNSequenceOp: _rnn,
}


@interprets(reg.LSTMCellOp, reg.GRUCellOp, reg.RNNCellOp)
def cell(op: Any, values: Values) -> Sequence[Tensor]:
    """One step: the new states."""
    x, *rest = (values[operand] for operand in op.operands)
    states, weights = rest[: len(op.results)], rest[len(op.results) :]
    return list(_CELLS[type(op)](op, tuple(weights), x, tuple(states)))


@interprets(reg.LSTMSequenceOp, reg.GRUSequenceOp, reg.RNNSequenceOp)
def sequence(op: Any, values: Values) -> Sequence[Tensor]:
    """All steps of sequences of different lengths, in one direction or in both.

    Returns:
        The hidden state after every step `[N, directions, T, H]`, zero past a sequence's end, and
        the last states `[N, directions, H]`.
    """
    x, *rest = (values[operand] for operand in op.operands)
    count = len(op.results) - 1
    states, lengths, weights = rest[:count], read_integers(rest[count]), rest[count + 1 :]
    directions = states[0].shape[1]
    outputs = torch.zeros(x.shape[0], directions, x.shape[1], states[0].shape[2], dtype=x.dtype)
    finals = [state.clone() for state in states]
    for n, length in enumerate(lengths):
        for direction in range(directions):
            backward = op.get("direction") == "reverse" or direction == 1
            state = tuple(s[n, direction] for s in states)
            own = tuple(weight[direction] for weight in weights)
            for time in reversed(range(length)) if backward else range(length):
                state = _CELLS[type(op)](op, own, x[n, time], state)
                outputs[n, direction, time] = state[0]
            for final, value in zip(finals, state, strict=True):
                final[n, direction] = value
    return [outputs, *finals]
