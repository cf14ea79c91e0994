"""Dropout, which at inference does nothing."""

from __future__ import annotations

from xdsl.dialects.builtin import i1

from forge.dialects.aten.shapes.promotion import require_kind
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


def _require_inference(input: Shaped, p: float, train: bool) -> None:
    if train and not 0 <= p <= 1:
        raise ShapeError(f"p is a probability, got {p}")
    if train and p > 0:
        raise ShapeError("dropout in training is random: export the model in eval mode")


@shape_function("aten.dropout")
def dropout(input: Shaped, p: float, train: bool) -> Shaped:
    if not 0 <= p <= 1:
        raise ShapeError(f"p is a probability, got {p}")
    _require_inference(input, p, train)
    return Shaped(input.shape, input.dtype)


@shape_function("aten.native_dropout")
def native_dropout(input: Shaped, p: float, train: bool | None = None) -> tuple[Shaped, Shaped]:
    # Without `train` PyTorch takes it that it trains.
    if train:
        require_kind(input.dtype, "fc", "input")
    _require_inference(input, p, train is not False)
    return Shaped(input.shape, input.dtype), Shaped(input.shape, i1)
