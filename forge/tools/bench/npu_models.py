"""Write a model as files for the NPU's compiler: as Forge makes it for each platform, and as
OpenVINO's own converter does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from torch.export import ExportedProgram
from torch.utils import _pytree as pytree

from forge.backends.npu import model_files
from forge.backends.npu.bound import read_traffic
from forge.compiler import translated_for
from forge.errors import ForgeError
from forge.importer import capture
from forge.tools.bench.npu_results import FLOAT_MASK, FORGE, OPENVINO, Sources
from forge.tools.bench.results import Job
from forge.zoo import build

_HIDDEN = -65504.0
"""What a float mask has where a boolean one hides: the least number of f16."""


def write_sources(job: Job) -> Sources:
    """Export a model once, and write it as each side makes it into the job's folder."""
    model = build(job.model, job.layers, job.tokens, cache=job.cache)
    exported = capture(model.module, model.example_args)
    folder = Path(job.folder)
    files: dict[str, str] = {}
    failures: dict[str, str] = {}

    def write(name: str, make: Callable[[Path], Path | None]) -> None:
        place = folder / name
        place.mkdir()
        try:
            path = make(place)
        except (ForgeError, RuntimeError) as error:
            failures[name] = str(error).partition("\n")[0]
            return
        if path is not None:
            files[name] = str(path)

    write(OPENVINO, lambda place: write_openvinos(exported, place))
    if OPENVINO in files:
        write(FLOAT_MASK, lambda place: _write_with_float_masks(Path(files[OPENVINO]), place))
    for platform in job.platforms:
        write(f"{FORGE}-{platform}", lambda place, p=platform: write_forges(exported, p, place))
    traffic = read_traffic(Path(next(iter(files.values())))) if files else None
    return Sources(
        files,
        failures,
        traffic.weights if traffic else 0,
        traffic.ports if traffic else 0,
        model.layers or 0,
    )


def write_forges(exported: ExportedProgram, platform: str, folder: Path) -> Path:
    """Write what Forge's default pipeline makes of a program for a platform.

    Raises:
        ForgeError: it cannot be compiled, or not all of it is for the NPU.
    """
    return model_files.write_model(translated_for(platform, exported).single_model(), folder)


def write_openvinos(exported: ExportedProgram, folder: Path) -> Path:
    """Write what OpenVINO's own converter makes of a program: static shapes, weights in f16.

    Raises:
        RuntimeError: it cannot convert the program; the message is OpenVINO's.
    """
    openvino: Any = import_module("openvino")
    model = openvino.convert_model(exported)
    arguments: Any = exported.example_inputs
    shapes = [list(tensor.shape) for tensor in pytree.tree_leaves(arguments)]
    model.reshape(dict(zip(model.inputs, shapes, strict=True)))
    return _save(openvino, model, folder)


def _write_with_float_masks(path: Path, folder: Path) -> Path | None:
    """Write a model whose attention adds a mask instead of choosing by it; `None` if all do."""
    openvino: Any = import_module("openvino")
    opset: Any = import_module("openvino.opset13")
    model = openvino.Core().read_model(path)
    masks = [op.input(3) for op in model.get_ops() if _has_boolean_mask(op)]
    zero, hidden = (opset.constant(value, openvino.Type.f32) for value in (0.0, _HIDDEN))
    for mask in masks:
        chosen = opset.select(mask.get_source_output(), zero, hidden)
        mask.replace_source_output(chosen.output(0))
    if not masks:
        return None
    model.validate_nodes_and_infer_types()
    return _save(openvino, model, folder)


def _has_boolean_mask(op: Any) -> bool:
    inputs: Sequence[Any] = op.inputs()
    return (
        op.get_type_name() == "ScaledDotProductAttention"
        and len(inputs) > 3
        and inputs[3].get_element_type().get_type_name() == "boolean"
    )


def _save(openvino: Any, model: Any, folder: Path) -> Path:
    path = folder / "model.xml"
    openvino.save_model(model, path, compress_to_fp16=True)
    return path
