"""Memory that it takes to bring a big model to OpenVINO from weights that are never all in memory.

    python benchmarks/memory_mapped.py                # Llama-3.1-8B: 32 GB of f32 weights
    python benchmarks/memory_mapped.py gpt2

The model is exported with fake weights, which have shapes and no values. Its weights are then a
memory-mapped safetensors file; here a sparse one, all zeros, which takes no room on the disk. The
program goes through the default pipeline, to level `reg`, and becomes an `ov.Model`. Each step's
time and the process's peak memory after it are shown; device compilation is left out, since the
CPU plugin packs every weight anew.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from xdsl.dialects.builtin import ModuleOp

from forge import zoo
from forge.backends.openvino.backend import translate_program
from forge.compiler import default_pipeline
from forge.importer import capture, import_program
from forge.ir.tensors import Shaped, numpy_dtype
from forge.ir.text import make_context
from forge.pipeline import build_pipeline, run_pipeline
from forge.weights import SafetensorsWeights, weight_uses


def peak_gigabytes() -> float:
    """The most memory that the process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def write_sparse_weights(module: ModuleOp, path: Path) -> int:
    """A safetensors file of zeros with the program's weights; returns its size in bytes."""
    types: dict[str, Shaped] = {name: type for _, name, type in weight_uses(module)}
    names = {"f32": "F32", "f16": "F16", "bf16": "BF16", "i64": "I64", "i1": "BOOL"}
    header: dict[str, Any] = {}
    position = 0
    for name, type in types.items():
        end = position + type.numel * numpy_dtype(type.dtype).itemsize
        dtype = names[str(type.dtype)]
        header[name] = {"dtype": dtype, "shape": type.shape, "data_offsets": [position, end]}
        position = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + position)
    return position


class Steps:
    """Times steps, and notes the peak memory after each."""

    def __init__(self, title: str) -> None:
        self.table = Table(title=title, title_justify="left")
        self.table.add_column("step")
        self.table.add_column("seconds", justify="right")
        self.table.add_column("peak memory, GB", justify="right")

    def run(self, name: str, step: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = step()
        seconds = time.perf_counter() - start
        self.table.add_row(name, f"{seconds:.2f}", f"{peak_gigabytes():.2f}")
        return result


def measure(name: str, dtype: torch.dtype, folder: Path) -> Table:
    """Bring one model to OpenVINO, step by step."""
    steps = Steps(f"{name}, {dtype}")
    model = steps.run(
        "imports and model, fake weights", lambda: zoo.build(name, dtype=dtype, weights="fake")
    )
    exported = steps.run("torch.export", lambda: capture(model.module, model.example_args))
    module = steps.run("import", lambda: import_program(exported)).module
    size = write_sparse_weights(module, folder / "model.safetensors")
    passes = build_pipeline(default_pipeline("CPU"))
    steps.run("passes and lowering", lambda: run_pipeline(module, passes, make_context()))
    weights = SafetensorsWeights(folder / "model.safetensors")
    translated = steps.run("translation", lambda: translate_program(module, weights))
    steps.table.caption = (
        f"{size / 1e9:.1f} GB of weights, {translated.instructions} instructions; "
        f"what is left in pieces or on the host: {len(translated.host_kernels)}"
    )
    return steps.table


def main() -> None:
    parser = argparse.ArgumentParser(description="Peak memory with memory-mapped weights.")
    parser.add_argument("model", nargs="?", default="llama-3.1-8b", help="a name in the zoo")
    parser.add_argument("--dtype", default="float32", choices=("float32", "bfloat16", "float16"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = measure(options.model, getattr(torch, options.dtype), Path(folder))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
