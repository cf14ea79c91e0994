"""Matrix products that a prediction does not charge for, and how to have them charged.

The cost model of the compiler knows no matrix engine that writes f32, though those of `NPU4000` and
newer do. The last product of a program with results in f32, such as the head of a decoder, costs
nothing but its transfers there. With results in f16 the same product is charged, and less is moved.
A program takes at least as long as the longer of both predictions.
"""

from __future__ import annotations

from pathlib import Path

from forge.backends.npu.model_files import write_model
from forge.backends.openvino import bindings
from forge.backends.openvino.files import read_ir


def write_with_f16_results(model: Path, folder: Path) -> Path:
    """Write a model with results in f16 where they were f32; the path of its `.xml` file.

    Raises:
        ForgeError: a file is missing or damaged, or cannot be written.
    """
    return write_model(bindings.with_f16_results(read_ir(model)), folder)
