"""Who the benchmarks compare: each takes a model, or its exported program, to what runs."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import onnxruntime
import openvino as ov
import torch
from torch import nn

import forge
from forge import zoo

Run = Callable[..., Any]
"""Takes the model's tensors, gives its output."""

FORGE = "Forge"
FORGE_HOST = "Forge host"
OPENVINO = "OpenVINO"
ONNX_RUNTIME = "ONNX Runtime"
EAGER = "eager"
INDUCTOR = "Inductor"

CPU_CONFIG = {"INFERENCE_PRECISION_HINT": "f32"}


def export(model: zoo.ZooModel) -> torch.export.ExportedProgram:
    with torch.no_grad():
        return torch.export.export(model.module, model.example_args)


def forge_from(source: Any, args: Sequence[torch.Tensor], device: str) -> Run:
    return forge.compile(source, tuple(args), device=device)


def openvino_from(program: torch.export.ExportedProgram, args: Sequence[torch.Tensor]) -> Run:
    """OpenVINO's own converter, made static in its shapes."""
    model = ov.convert_model(program)
    model.reshape({port: list(arg.shape) for port, arg in zip(model.inputs, args, strict=True)})
    compiled = ov.Core().compile_model(model, "CPU", CPU_CONFIG)
    return lambda *inputs: torch.from_numpy(compiled([value.numpy() for value in inputs])[0])


def onnxruntime_from(source: Any, args: Sequence[torch.Tensor], folder: Path) -> Run:
    path = folder / "model.onnx"
    exported = torch.onnx.export(source, tuple(args), dynamo=True, verbose=False)
    assert exported is not None
    exported.save(path, external_data=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]

    def run(*inputs: torch.Tensor) -> torch.Tensor:
        feed = {name: value.numpy() for name, value in zip(names, inputs, strict=True)}
        return torch.from_numpy(session.run(None, feed)[0])

    return run


def eager_from(module: nn.Module) -> Run:
    def run(*inputs: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            return first_tensor(module(*inputs))

    return run


def inductor_from(module: nn.Module, args: Sequence[torch.Tensor]) -> Run:
    """`torch.compile` with the weights as constants; it is ready when it has run once."""
    torch.compiler.reset()
    compiled = torch.compile(module, options={"freezing": True})

    def run(*inputs: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return first_tensor(compiled(*inputs))

    run(*args)
    return run


def cpp_compiler() -> str | None:
    """The C++ compiler that Inductor would use, if there is one."""
    names = (os.environ.get("CXX"), "g++", "clang++")
    return next((name for name in names if name and shutil.which(name)), None)


def first_tensor(output: Any) -> torch.Tensor:
    """What `torch.export` has as the first output."""
    leaves = torch.utils._pytree.tree_leaves(output)
    return next(leaf for leaf in leaves if isinstance(leaf, torch.Tensor))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the exporters' progress and warnings off the terminal."""
    logging.disable(logging.WARNING)
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)


def versions() -> str:
    return (
        f"torch {torch.__version__}, OpenVINO {ov.__version__.split('-')[0]}, "
        f"ONNX Runtime {onnxruntime.__version__}, {torch.get_num_threads()} threads"
    )
