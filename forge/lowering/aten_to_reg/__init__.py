"""What `aten` operators mean in OpenVINO's instructions, one module a family.

A conversion checks what the instruction needs and refuses the rest by reason; an operator that none
of these modules mentions has no instruction, and runs on the host.
"""

from __future__ import annotations

from forge.lowering.aten_to_reg import (
    activations,
    arithmetic,
    attention,
    comparisons,
    convolution,
    creation,
    indexing,
    linear_algebra,
    normalization,
    pointwise,
    pooling,
    rearrangement,
    reductions,
    resampling,
    scattering,
    sorting,
    views,
)
from forge.lowering.conversion import ConversionPatterns

PATTERNS = ConversionPatterns(
    activations.PATTERNS,
    arithmetic.PATTERNS,
    attention.PATTERNS,
    comparisons.PATTERNS,
    convolution.PATTERNS,
    creation.PATTERNS,
    indexing.PATTERNS,
    linear_algebra.PATTERNS,
    normalization.PATTERNS,
    pointwise.PATTERNS,
    pooling.PATTERNS,
    rearrangement.PATTERNS,
    reductions.PATTERNS,
    resampling.PATTERNS,
    scattering.PATTERNS,
    sorting.PATTERNS,
    views.PATTERNS,
)

__all__ = ["PATTERNS"]
