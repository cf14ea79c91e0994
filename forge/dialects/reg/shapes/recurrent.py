"""Recurrent cells and sequences. Gates are stacked along the first axis of W and R."""

from __future__ import annotations

from forge.dialects.reg.shapes.checks import (
    check_extents,
    check_float,
    check_integer,
    check_rank,
    check_same_dtype,
)
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _check_hidden_size(hidden_size: int, clip: float) -> None:
    if hidden_size < 1 or clip < 0:
        raise ShapeError(f"hidden_size {hidden_size} must be positive, clip {clip} not negative")


def _cell(
    gates: int,
    X: Shaped,
    states: dict[str, Shaped],
    weights: tuple[Shaped, Shaped, Shaped],
    hidden_size: int,
    bias_gates: int,
) -> Shaped:
    W, R, B = weights
    dtype = check_same_dtype(X=X, **states, W=W, R=R, B=B)
    check_float(X, "X")
    check_rank(X, "X", 2)
    batch, inputs = X.shape
    for name, state in states.items():
        check_extents(state, name, (batch, hidden_size))
    check_extents(W, "W", (gates * hidden_size, inputs))
    check_extents(R, "R", (gates * hidden_size, hidden_size))
    check_extents(B, "B", (bias_gates * hidden_size,))
    return Shaped((batch, hidden_size), dtype)


@shape_function("reg.LSTMCell")
def lstm_cell(
    X: Shaped,
    initial_hidden_state: Shaped,
    initial_cell_state: Shaped,
    W: Shaped,
    R: Shaped,
    B: Shaped,
    hidden_size: int,
    activations: list[str],
    activations_alpha: list[float],
    activations_beta: list[float],
    clip: float,
) -> tuple[Shaped, Shaped]:
    _check_hidden_size(hidden_size, clip)
    states = {
        "initial_hidden_state": initial_hidden_state,
        "initial_cell_state": initial_cell_state,
    }
    state = _cell(4, X, states, (W, R, B), hidden_size, 4)
    return state, state


@shape_function("reg.GRUCell")
def gru_cell(
    X: Shaped,
    initial_hidden_state: Shaped,
    W: Shaped,
    R: Shaped,
    B: Shaped,
    hidden_size: int,
    activations: list[str],
    activations_alpha: list[float],
    activations_beta: list[float],
    clip: float,
    linear_before_reset: bool,
) -> Shaped:
    """With `linear_before_reset` the bias has a fourth gate."""
    _check_hidden_size(hidden_size, clip)
    states = {"initial_hidden_state": initial_hidden_state}
    return _cell(3, X, states, (W, R, B), hidden_size, 4 if linear_before_reset else 3)


@shape_function("reg.RNNCell")
def rnn_cell(
    X: Shaped,
    initial_hidden_state: Shaped,
    W: Shaped,
    R: Shaped,
    B: Shaped,
    hidden_size: int,
    activations: list[str],
    activations_alpha: list[float],
    activations_beta: list[float],
    clip: float,
) -> Shaped:
    _check_hidden_size(hidden_size, clip)
    states = {"initial_hidden_state": initial_hidden_state}
    return _cell(1, X, states, (W, R, B), hidden_size, 1)


def _sequence(
    gates: int,
    X: Shaped,
    states: dict[str, Shaped],
    sequence_lengths: Shaped,
    weights: tuple[Shaped, Shaped, Shaped],
    hidden_size: int,
    bias_gates: int,
    direction: str,
) -> tuple[Shaped, Shaped]:
    W, R, B = weights
    dtype = check_same_dtype(X=X, **states, W=W, R=R, B=B)
    check_float(X, "X")
    check_integer(sequence_lengths, "sequence_lengths")
    check_rank(X, "X", 3)
    batch, steps, inputs = X.shape
    directions = 2 if direction == "bidirectional" else 1
    for name, state in states.items():
        check_extents(state, name, (batch, directions, hidden_size))
    check_extents(sequence_lengths, "sequence_lengths", (batch,))
    check_extents(W, "W", (directions, gates * hidden_size, inputs))
    check_extents(R, "R", (directions, gates * hidden_size, hidden_size))
    check_extents(B, "B", (directions, bias_gates * hidden_size))
    outputs = Shaped((batch, directions, steps, hidden_size), dtype)
    return outputs, Shaped((batch, directions, hidden_size), dtype)


@shape_function("reg.LSTMSequence")
def lstm_sequence(
    X: Shaped,
    initial_hidden_state: Shaped,
    initial_cell_state: Shaped,
    sequence_lengths: Shaped,
    W: Shaped,
    R: Shaped,
    B: Shaped,
    hidden_size: int,
    activations: list[str],
    activations_alpha: list[float],
    activations_beta: list[float],
    clip: float,
    direction: str,
) -> tuple[Shaped, Shaped, Shaped]:
    _check_hidden_size(hidden_size, clip)
    states = {
        "initial_hidden_state": initial_hidden_state,
        "initial_cell_state": initial_cell_state,
    }
    outputs, state = _sequence(4, X, states, sequence_lengths, (W, R, B), hidden_size, 4, direction)
    return outputs, state, state


@shape_function("reg.GRUSequence")
def gru_sequence(
    X: Shaped,
    H_t: Shaped,
    sequence_lengths: Shaped,
    W: Shaped,
    R: Shaped,
    B: Shaped,
    hidden_size: int,
    activations: list[str],
    activations_alpha: list[float],
    activations_beta: list[float],
    clip: float,
    linear_before_reset: bool,
    direction: str,
) -> tuple[Shaped, Shaped]:
    _check_hidden_size(hidden_size, clip)
    bias_gates = 4 if linear_before_reset else 3
    return _sequence(
        3, X, {"H_t": H_t}, sequence_lengths, (W, R, B), hidden_size, bias_gates, direction
    )


@shape_function("reg.RNNSequence")
def rnn_sequence(
    X: Shaped,
    H_t: Shaped,
    sequence_lengths: Shaped,
    W: Shaped,
    R: Shaped,
    B: Shaped,
    hidden_size: int,
    activations: list[str],
    activations_alpha: list[float],
    activations_beta: list[float],
    clip: float,
    direction: str,
) -> tuple[Shaped, Shaped]:
    _check_hidden_size(hidden_size, clip)
    return _sequence(1, X, {"H_t": H_t}, sequence_lengths, (W, R, B), hidden_size, 1, direction)
