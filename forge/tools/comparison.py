"""How far two computations of one program are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from forge.backends.ports import Port
from forge.errors import ForgeError
from forge.tools.tensor_table import as_numbers

Array = NDArray[Any]


@dataclass(frozen=True)
class Difference:
    """One output, computed twice.

    Attributes:
        output: its name.
        max_abs: the largest absolute difference; infinite where only one of them is NaN.
        largest: the largest expected magnitude, to judge the difference by.
        kl_divergence: of the distributions over the last axis that the outputs are the logits
            of, the mean over all positions, in nats; only asked for where that means something.
    """

    output: str
    max_abs: float
    largest: float
    kl_divergence: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The fields that have a value."""
        return {
            name: value if not isinstance(value, float) or np.isfinite(value) else str(value)
            for name, value in asdict(self).items()
            if value is not None
        }


def compare(
    expected: Sequence[Array], actual: Sequence[Array], ports: Sequence[Port], *, logits: bool
) -> list[Difference]:
    """The difference of each output.

    Args:
        expected: the outputs of one computation; bf16 as its bits.
        actual: those of the other.
        ports: their names and element types.
        logits: whether to compute the Kullback-Leibler divergence, too.

    Raises:
        ForgeError: the computations have different numbers or shapes of outputs.
    """
    if len(expected) != len(ports) or len(actual) != len(ports):
        raise ForgeError(f"{len(expected)} outputs cannot be compared with {len(actual)}")
    return [
        _difference(as_numbers(a, port.type.dtype), as_numbers(b, port.type.dtype), port, logits)
        for a, b, port in zip(expected, actual, ports, strict=True)
    ]


def _difference(expected: Array, actual: Array, port: Port, logits: bool) -> Difference:
    if expected.shape != actual.shape:
        raise ForgeError(f"output {port.name!r} has shape {actual.shape}, not {expected.shape}")
    if expected.size == 0:
        return Difference(port.name, 0.0, 0.0)
    wide = np.complex128 if np.iscomplexobj(expected) else np.float64
    a, b = expected.astype(wide), actual.astype(wide)
    # Equal infinities have no difference, nor has a NaN from a NaN.
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    distance = np.abs(np.where(same, 0, a - b))
    kl = _kl_divergence(a, b) if logits and a.ndim and wide is np.float64 else None
    return Difference(
        port.name,
        float(np.nan_to_num(distance, nan=np.inf).max()),
        float(np.nan_to_num(np.abs(a), posinf=0.0).max()),
        kl,
    )


def _kl_divergence(expected: Array, actual: Array) -> float:
    # Σ p·(log p − log q), where p = softmax(expected), q = softmax(actual)
    log_p, log_q = _log_softmax(expected), _log_softmax(actual)
    return float((np.exp(log_p) * (log_p - log_q)).sum(axis=-1).mean())


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def difference_table(title: str, differences: Sequence[Difference]) -> Table:
    """A row for each output."""
    has_kl = any(difference.kl_divergence is not None for difference in differences)
    table = Table(title=title, title_justify="left")
    table.add_column("output", overflow="fold")
    table.add_column("max abs difference", justify="right")
    table.add_column("largest value", justify="right")
    if has_kl:
        table.add_column("KL divergence", justify="right")
    for difference in differences:
        row = [difference.output, f"{difference.max_abs:.2e}", f"{difference.largest:.4g}"]
        if has_kl:
            kl = difference.kl_divergence
            row.append("" if kl is None else f"{kl:.2e}")
        table.add_row(*row)
    return table
