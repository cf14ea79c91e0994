"""The table of `forge bench weights`, and the part of a page that it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forge.tools.bench.grid import Grid

_MARK = "<!-- From here on, forge bench weights --markdown writes this page. -->"
_EXPLANATION = """\
## Accuracy and predicted latency of models

This is what one command wrote:

    {command}

- **Bytes** are those of all weights, the ones that are left alone included.
- **Error** is the largest difference from the outputs of the program whose weights are as they
  are, as a share of the largest output; **KL** the divergence of the distributions that logits
  stand for, in nats, the mean over all positions; **top 1** how often both have the same largest
  logit. All of it on OpenVINO's CPU, in f32. MiniLM has its pretrained weights and reads sentences;
  the others have random weights, for which both measures are harsher.
- **Latencies** are predicted by Intel's NPU compiler for the default pipeline of the platform, in
  µs and without the embedding. Nothing was measured on silicon. Of a decoder's head with results in
  f32 only transfers are charged on `NPU4000` and newer: fewer bits may save less there than shown.
"""
_NONE = "–"


@dataclass(frozen=True)
class Row:
    """A model in one form of its weights.

    Attributes:
        form: what its weights are held in.
        weight_bytes: what all of them take.
        error: the largest difference, as a share of the largest output.
        kl_divergence: in nats; `None` for outputs that are no logits.
        agreement: how often the largest logit is the same, from 0 to 1; `None` likewise.
        predicted: latencies in µs by platform; `None` where the compiler refuses.
    """

    model: str
    layers: int
    form: str
    weight_bytes: int
    error: float
    kl_divergence: float | None
    agreement: float | None
    predicted: Mapping[str, float | None]


def table(rows: Sequence[Row]) -> Grid:
    """All rows, with a column for each platform that one of them has."""
    platforms = list(dict.fromkeys(platform for row in rows for platform in row.predicted))
    return Grid(
        "Weights in fewer bits",
        ("model", "weights", "layers", "MB", "error", "KL", "top 1", *platforms),
        [_texts(row, platforms) for row in rows],
    )


def document(rows: Sequence[Row], command: str, page: str) -> str:
    """A page whose part behind the mark is written anew.

    Args:
        rows: what was measured.
        command: what measured it.
        page: the page as it is; what people wrote in front of the mark stays.
    """
    start = page.partition(_MARK)[0]
    return f"{start}{_MARK}\n\n{_EXPLANATION.format(command=command)}\n{table(rows).to_markdown()}"


def _texts(row: Row, platforms: Sequence[str]) -> list[str]:
    kl = _NONE if row.kl_divergence is None else f"{row.kl_divergence:.1e}"
    agreement = _NONE if row.agreement is None else f"{100 * row.agreement:.0f} %"
    sizes = (str(row.layers), f"{row.weight_bytes / 1e6:.1f}", f"{row.error:.1e}")
    return [row.model, row.form, *sizes, kl, agreement, *(_time(row, p) for p in platforms)]


def _time(row: Row, platform: str) -> str:
    if platform not in row.predicted:
        return _NONE
    latency = row.predicted[platform]
    return "refused" if latency is None else f"{latency:.0f}"
