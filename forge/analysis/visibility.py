"""What an attention mask hides: nothing, the future, what is too long ago, or something else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from xdsl.ir import Attribute

from forge.analysis.folding import Array
from forge.analysis.folding.elements import is_exact, lowest


@dataclass(frozen=True)
class Band:
    """The keys that a query sees by its place alone.

    Attributes:
        causal: query i sees keys j ≤ i; otherwise it sees all.
        window: how many of them, i − window < j ≤ i; `None` for all.
    """

    causal: bool
    window: int | None = None

    def visible(self, length: int, source: int) -> Array:
        """`[length, source]`: whether a query sees a key."""
        if not self.causal:
            return np.broadcast_to(np.True_, (length, source))
        visible = np.tri(length, source, dtype=np.bool_)
        if self.window is not None and self.window < length:
            visible &= ~np.tri(length, source, -self.window, dtype=np.bool_)
        return visible


def band_of(mask: Array, dtype: Attribute, length: int, source: int, own: Band) -> Band | str:
    """What an attention that sees `own` sees with a known mask: another band, or why it is none.

    Args:
        mask: broadcast to `[…, length, source]`: true where a query sees a key, or numbers that
            are added to its score.
        dtype: the mask's element type.
        length: how many queries there are.
        source: how many keys there are.
        own: what the attention sees without the mask.

    Returns:
        the band; or, where there is none, the reason in words.
    """
    if not mask.size or not length or not source:
        return "the mask has no elements"
    # What is repeated is looked at once.
    once = mask[tuple(slice(None, 1 if stride == 0 else None) for stride in mask.strides)]
    if (sees := _sees(once, dtype)) is None:
        return "the mask adds numbers other than 0 and minus infinity"
    if sees.ndim < 2:
        sees = sees.reshape(1, -1)
    first = sees[(0,) * (sees.ndim - 2)]
    if sees.size != first.size and not bool(np.all(sees == first)):
        return "the mask differs between heads or batches"
    visible = np.broadcast_to(first, (length, source)) & own.visible(length, source)
    if not is_exact(mask) and not bool(np.all(np.any(visible, axis=-1))):
        # The smallest number hides nothing from a query that sees nothing else.
        return "there is a query that the mask hides everything from"
    return _as_band(visible) or "the mask hides something, and is no band along the diagonal"


def _sees(mask: Array, dtype: Attribute) -> Array | None:
    """Where a query sees a key; `None` if the mask does more than hide."""
    if mask.dtype == np.bool_:
        return mask
    if is_exact(mask):
        return None
    hidden = mask <= lowest(dtype)
    return ~hidden if bool(np.all(hidden | (mask == 0))) else None


def _as_band(visible: Array) -> Band | None:
    if bool(np.all(visible)):
        return Band(causal=False)
    # The first key is seen by as many queries as the window has places.
    seen_first = int(np.count_nonzero(visible[:, 0]))
    if not seen_first:
        return None
    length, source = visible.shape
    band = Band(causal=True, window=seen_first if seen_first < length else None)
    return band if bool(np.array_equal(visible, band.visible(length, source))) else None
