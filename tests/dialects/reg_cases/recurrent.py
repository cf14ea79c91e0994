"""Cases of recurrent cells and sequences."""

from hypothesis import strategies as st

from tests.dialects.reg_cases.drawing import EXTENTS, FLOATS, INDICES, Case, Draw, cases, tensor


def cell(draw: Draw, gates: int, states: int, bias_gates: int) -> Case:
    batch, inputs, hidden, dtype = draw(EXTENTS), draw(EXTENTS), draw(EXTENTS), draw(FLOATS)
    operands = [
        tensor((batch, inputs), dtype),
        *[tensor((batch, hidden), dtype)] * states,
        tensor((gates * hidden, inputs), dtype),
        tensor((gates * hidden, hidden), dtype),
        tensor((bias_gates * hidden,), dtype),
    ]
    return Case(operands, {"hidden_size": hidden})


@cases("LSTMCell")
def lstm_cell(draw: Draw) -> Case:
    return cell(draw, 4, 2, 4)


@cases("GRUCell")
def gru_cell(draw: Draw) -> Case:
    linear = draw(st.booleans())
    case = cell(draw, 3, 1, 4 if linear else 3)
    return Case(case.operands, {**case.attributes, "linear_before_reset": linear})


@cases("RNNCell")
def rnn_cell(draw: Draw) -> Case:
    return cell(draw, 1, 1, 1)


def sequence(draw: Draw, gates: int, states: int, bias_gates: int) -> Case:
    batch, steps, inputs, hidden = (draw(EXTENTS) for _ in range(4))
    dtype = draw(FLOATS)
    direction = draw(st.sampled_from(["forward", "reverse", "bidirectional"]))
    directions = 2 if direction == "bidirectional" else 1
    operands = [
        tensor((batch, steps, inputs), dtype),
        *[tensor((batch, directions, hidden), dtype)] * states,
        tensor((batch,), draw(INDICES)),
        tensor((directions, gates * hidden, inputs), dtype),
        tensor((directions, gates * hidden, hidden), dtype),
        tensor((directions, bias_gates * hidden), dtype),
    ]
    return Case(operands, {"hidden_size": hidden, "direction": direction})


@cases("LSTMSequence")
def lstm_sequence(draw: Draw) -> Case:
    return sequence(draw, 4, 2, 4)


@cases("GRUSequence")
def gru_sequence(draw: Draw) -> Case:
    linear = draw(st.booleans())
    case = sequence(draw, 3, 1, 4 if linear else 3)
    return Case(case.operands, {**case.attributes, "linear_before_reset": linear})


@cases("RNNSequence")
def rnn_sequence(draw: Draw) -> Case:
    return sequence(draw, 1, 1, 1)
