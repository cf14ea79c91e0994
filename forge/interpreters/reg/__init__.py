"""What the instructions of the reg dialect mean: OpenVINO's specification, computed by PyTorch.

https://docs.openvino.ai/2026/documentation/openvino-ir-format/operation-sets/operation-specs.html
"""

from __future__ import annotations

from forge.interpreters.reg import (
    embedding,
    images,
    indexing,
    layout,
    linear_algebra,
    placement,
    pointwise,
    pooling,
    quantization,
    random,
    recurrent,
    reduction,
    resampling,
    scattering,
    signal,
    slicing,
)

__all__ = [
    "embedding",
    "images",
    "indexing",
    "layout",
    "linear_algebra",
    "placement",
    "pointwise",
    "pooling",
    "quantization",
    "random",
    "recurrent",
    "reduction",
    "resampling",
    "scattering",
    "signal",
    "slicing",
]
