"""Tensors in a terminal: what they are, and enough of their values to tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from xdsl.ir import Attribute

from forge.backends.ports import Port

Array = NDArray[Any]
_SHOWN = 4


def tensor_table(title: str, arrays: Sequence[Array], ports: Sequence[Port]) -> Table:
    """A row for each tensor: its type, range, mean and first values."""
    table = Table(title=title, title_justify="left")
    table.add_column("name", overflow="fold")
    table.add_column("type", overflow="fold")
    for statistic in ("min", "max", "mean"):
        table.add_column(statistic, justify="right")
    table.add_column("first values")
    for array, port in zip(arrays, ports, strict=True):
        values = as_numbers(array, port.type.dtype)
        statistics = [f"{value:.6g}" for value in _statistics(values).values()] or [""] * 3
        table.add_row(port.name, str(port.type), *statistics, _first(values))
    return table


def tensor_to_json(array: Array, port: Port) -> dict[str, Any]:
    """The type, range and mean of a tensor for machines."""
    # JSON has no infinity and no NaN.
    statistics = {
        name: value if np.isfinite(value) else str(value)
        for name, value in _statistics(as_numbers(array, port.type.dtype)).items()
    }
    return port_to_json(port) | statistics


def port_to_json(port: Port) -> dict[str, Any]:
    """An input or output for machines."""
    return {"name": port.name, "shape": list(port.type.shape), "dtype": str(port.type.dtype)}


def as_numbers(array: Array, dtype: Attribute) -> Array:
    """Values to compute with: bf16 comes as its bits, which are the upper half of an f32."""
    if str(dtype) == "bf16":
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _statistics(values: Array) -> dict[str, float]:
    """Minimum, maximum and mean; of the magnitudes, where values are complex."""
    if values.size == 0:
        return {}
    real = np.abs(values) if np.iscomplexobj(values) else values
    return {
        "min": float(real.min()),
        "max": float(real.max()),
        "mean": float(real.mean(dtype=np.float64)),
    }


def _first(values: Array) -> str:
    shown = ", ".join(_number(value) for value in values.reshape(-1)[:_SHOWN])
    return shown + (", …" if values.size > _SHOWN else "")


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, np.inexact) else str(value)
