"""Shape functions of OpenVINO's operations, one file a family; importing this registers them."""

from forge.dialects.reg.shapes import (
    convolution,
    embedding,
    generation,
    indexing,
    layout,
    matmul,
    normalization,
    pointwise,
    pooling,
    recurrent,
    reduction,
    resampling,
    signal,
    slicing,
)

__all__ = [
    "convolution",
    "embedding",
    "generation",
    "indexing",
    "layout",
    "matmul",
    "normalization",
    "pointwise",
    "pooling",
    "recurrent",
    "reduction",
    "resampling",
    "signal",
    "slicing",
]
