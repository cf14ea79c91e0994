"""Rounding to few levels and back."""

from __future__ import annotations

import torch
from torch import Tensor

from forge.dialects import reg
from forge.interpreters.registry import Values, interprets

_FLOAT8 = {"f8e4m3": torch.float8_e4m3fn, "f8e5m2": torch.float8_e5m2}


@interprets(reg.FakeQuantizeOp)
def fake_quantize(op: reg.FakeQuantizeOp, values: Values) -> Tensor:
    """The operand clipped to bounds, rounded to one of so many levels, spread over other bounds."""
    x, in_low, in_high, out_low, out_high = (values[operand] for operand in op.operands)
    steps = op.get("levels") - 1
    level = ((x - in_low) / (in_high - in_low) * steps).round()
    quantized = level / steps * (out_high - out_low) + out_low
    low, high = torch.minimum(in_low, in_high), torch.maximum(in_low, in_high)
    return torch.where(x <= low, out_low, torch.where(x > high, out_high, quantized)).to(x.dtype)


@interprets(reg.FakeConvertOp)
def fake_convert(op: reg.FakeConvertOp, values: Values) -> Tensor:
    """(x·scale − shift) rounded to an 8-bit float, and back."""
    x, scale = values[op.data], values[op.scale]
    shift = values.optional(op.shift)
    float8 = _FLOAT8[op.get("destination_type")]
    largest = torch.finfo(float8).max
    y = x * scale if shift is None else x * scale - shift
    # By way of f16, in which OpenVINO rounds a second time.
    y = y.to(torch.float16).clamp(-largest, largest).to(float8).to(x.dtype)
    return (y if shift is None else y + shift) / scale
