"""Loading a program that torch.export saved."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from torch import Generator, Tensor
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind
from torch.utils import _pytree as pytree

from forge.errors import ForgeError
from forge.importer import complete_shapes, specialize_shapes
from forge.zoo.model import ZooModel, number_of_parameters

# What reading an archive with a bad record, JSON, pickle or zip entry raises.
_DAMAGE = (
    RuntimeError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    EOFError,
    zipfile.BadZipFile,
    pickle.UnpicklingError,
)

_HOW_TO_SAVE = "write it with torch.export.save(torch.export.export(model, args), path)"


def load_exported_file(path: Path, shapes: Mapping[str, Sequence[int]] | None = None) -> ZooModel:
    """The program in a `.pt2` file, with the inputs it was exported with.

    Args:
        path: the file.
        shapes: of inputs by name, for a program that was exported for several; its inputs are then
            random ones of these shapes.

    Raises:
        ForgeError: there is no such file, or it holds no exported program, or is damaged; or there
            is no such input, or none of that shape.
    """
    _check_archive(path)
    try:
        program = torch.export.load(path)
    except _DAMAGE as error:
        raise ForgeError(
            f"{path} is a damaged exported program: {_first_line(error)}", hint=_HOW_TO_SAVE
        ) from error
    module = program.module()
    if shapes:
        args, kwargs = _shaped_inputs(path, program, shapes)
        program = specialize_shapes(program, args, kwargs)
    else:
        args, kwargs = program.example_inputs or (_random_inputs(path, program), {})
    return ZooModel(
        name=path.stem,
        module=module,
        example_args=args,
        example_kwargs=kwargs,
        description="a program exported by torch.export",
        source=str(path),
        parameters=number_of_parameters(module),
        exported=program,
    )


def _check_archive(path: Path) -> None:
    """What can be told without torch, which logs a traceback before it raises."""
    if not path.is_file():
        raise ForgeError(f"there is no file {path}", hint=_HOW_TO_SAVE)
    if path.stat().st_size == 0:
        raise ForgeError(f"{path} is empty", hint=_HOW_TO_SAVE)
    if not zipfile.is_zipfile(path):
        raise ForgeError(
            f"{path} is damaged or cut short: it is not the archive that a .pt2 file is",
            hint=_HOW_TO_SAVE,
        )
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
    if not any(member.endswith("archive_format") for member in members):
        raise ForgeError(f"{path} is an archive without an exported program", hint=_HOW_TO_SAVE)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _shaped_inputs(
    path: Path, program: ExportedProgram, shapes: Mapping[str, Sequence[int]]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Random inputs; sizes that the chosen shapes leave open are those of the export."""
    example = program.example_inputs
    inputs = _input_values(program)
    old: list[Any] = [None] * len(inputs) if example is None else pytree.tree_leaves(example)
    wanted = complete_shapes(program, shapes)
    generator = Generator().manual_seed(0)
    leaves: list[Any] = []
    for (name, value), known in zip(inputs.items(), old, strict=True):
        if not isinstance(value, Tensor):
            leaves.append(known)
            continue
        sizes = wanted[name]
        if known is not None:
            extents: Sequence[int] = known.shape
            sizes = [k if s is None else s for s, k in zip(sizes, extents, strict=True)]
        leaves.append(_random_tensor(path, sizes, value.dtype, generator))
    args, kwargs = pytree.tree_unflatten(leaves, cast(Any, program.call_spec.in_spec))
    return args, kwargs


def _input_values(program: ExportedProgram) -> dict[str, Any]:
    """What tracing knows of each input, by name."""
    wanted = {
        spec.arg.name
        for spec in program.graph_signature.input_specs
        if spec.kind is InputKind.USER_INPUT
    }
    placeholders = program.graph.find_nodes(op="placeholder")
    return {node.name: node.meta["val"] for node in placeholders if node.name in wanted}


def _random_inputs(path: Path, program: ExportedProgram) -> tuple[Any, ...]:
    """Inputs of the right shapes, for a program that was saved without its own."""
    generator = Generator().manual_seed(0)
    return tuple(
        _random_tensor(
            path,
            list(value.shape) if isinstance(value, Tensor) else [None],
            value.dtype,
            generator,
        )
        for value in _input_values(program).values()
    )


def _random_tensor(path: Path, sizes: Sequence[Any], dtype: Any, generator: Generator) -> Tensor:
    if not all(isinstance(size, int) for size in sizes):
        raise ForgeError(
            f"{path} was saved without example inputs, and takes one of no fixed shape",
            hint="choose one, as in --shape input_ids=1x128",
        )
    if dtype.is_floating_point:
        return torch.randn(sizes, generator=generator).to(dtype)
    return torch.ones(sizes, dtype=dtype)  # a mask that hides nothing, or a token id
